"""Finds text that gives orders to a language model: it is data, but no proof of anything, and is not handed on."""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path

from copilot.language import sentences

_PATTERNS = tomllib.loads(Path(__file__).with_name("instructions.toml").read_text(encoding="utf-8"))
_WORD = r"\b"
_APART = r"\W+(?:[\w'’-]+\W+){0,5}?"
_BEGINS = (
    r"(?:^|[.!?:;,。！？：；，]\s*|\b(?:and|then|und|y|et|e|i|并|然后)\s*)[\"'“„«*_(\[]*"
    r"(?:please|bitte|por favor|请)?,?\s*"
)


def _orders() -> str:
    """'Ignore' with 'all previous instructions' before or after it."""
    found = []
    for words in _PATTERNS["orders"].values():
        verb, thing, which = (rf"\b(?:{words[part]})\b" for part in ("do", "what", "which"))
        both = rf"(?:{which}{_APART}{thing}|{thing}{_APART}{which})"
        found += [rf"{verb}{_APART}{both}", rf"{both}{_APART}{verb}"]
    return rf"\b(?:{'|'.join(found)})"


def _any(lists: dict[str, list[str]]) -> str:
    """All patterns; those that begin with a word share the test for its beginning: three times as fast."""
    patterns = [pattern for found in lists.values() for pattern in found]
    words = "|".join(f"(?:{item.removeprefix(_WORD)})" for item in patterns if item.startswith(_WORD))
    others = [item for item in patterns if not item.startswith(_WORD)]
    return "|".join([*others, *([rf"\b(?:{words})"] if words else [])])


_ORDER = re.compile(_orders(), re.IGNORECASE)
_ADDRESS = re.compile(_any(_PATTERNS["address"]), re.IGNORECASE | re.MULTILINE)
_SPEECH = re.compile(f"{_BEGINS}(?:{_any(_PATTERNS['speech'])})", re.IGNORECASE | re.MULTILINE)
_WARY = re.compile(
    rf"(?<![^\W_])(?:{'|'.join(words for name, words in _PATTERNS['wary'].items() if name != 'zh')})(?![^\W_])"
    rf"|{_PATTERNS['wary']['zh']}",
    re.IGNORECASE,
)


@functools.lru_cache(maxsize=4096)
def commanding(text: str) -> bool:
    """Whether the text reads like an instruction to a language model, in one of our languages."""
    return bool(_ADDRESS.search(text) or _SPEECH.search(text) or _ORDER.search(text))


@functools.lru_cache(maxsize=4096)
def wary(text: str) -> bool:
    """Whether the text speaks of answers, instructions or machines at all: it may hold an order put in other words."""
    return bool(_WARY.search(text))


def first_order(text: str, language: str) -> int:
    """Where the first sentence that gives orders to a model begins; the text's length where none does."""
    if not commanding(text):
        return len(text)
    return next((start for start, end in sentences(text, language) if commanding(text[start:end])), 0)


def clean_spans(text: str, language: str) -> list[tuple[int, int]]:
    """(start, end) of the sentences that may prove something: all, or those well before the first order to a model.

    What follows such an order belongs to it, and the sentence before may be what it points at.
    """
    spans, end = sentences(text, language), first_order(text, language)
    before = [span for span in spans if span[0] < end]
    return before if end == len(text) else before[:-1]
