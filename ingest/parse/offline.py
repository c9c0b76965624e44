"""Keeps unstructured offline: its word splitter is replaced before any partitioner is imported."""

from __future__ import annotations

import os
import re
import sys
import types

HOOK = "unstructured.nlp.tokenize"
FUNCTIONS = ("sent_tokenize", "word_tokenize", "pos_tag")
_SWITCHES = {"SCARF_NO_ANALYTICS": "true", "DO_NOT_TRACK": "true", "UNSTRUCTURED_DISABLE_NOTICE": "1"}
_WORD = re.compile(r"\w+|[^\w\s]")
_SENTENCE = re.compile(r"[^.!?。！？]*[.!?。！？]+|[^.!?。！？]+$")


def install_offline() -> None:
    """Put our word splitter where unstructured looks for its own, and switch its reports off.

    Its own loads a spaCy model for English, which it downloads at first use. Call this before any import of a
    partitioner; calling it again does nothing.
    """
    for name, value in _SWITCHES.items():
        os.environ[name] = value
    if getattr(sys.modules.get(HOOK), "ours", False):
        return
    module = types.ModuleType(HOOK)
    module.__dict__.update(
        ours=True, sent_tokenize=_sent_tokenize, word_tokenize=_word_tokenize, pos_tag=_pos_tag,
    )
    sys.modules[HOOK] = module


def _sent_tokenize(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE.findall(text) if part.strip()]


def _word_tokenize(text: str) -> list[str]:
    return _WORD.findall(text)


def _pos_tag(text: str) -> list[tuple[str, str]]:
    # A tag is asked for only to tell prose from titles; our own rules do that, so every word is a noun.
    return [(word, "NN") for word in _word_tokenize(text)]
