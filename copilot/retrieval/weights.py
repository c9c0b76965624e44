"""Weights of the legs per (question's language, chunk's language): data with its provenance, not code."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from importlib import resources


@functools.cache
def _table() -> Mapping[str, Mapping[str, float]]:
    text = resources.files("copilot.retrieval").joinpath("weights.json").read_text(encoding="utf-8")
    table: Mapping[str, Mapping[str, float]] = json.loads(text)["pairs"]
    return table


def leg_weights(question_language: str, chunk_language: str) -> Mapping[str, float]:
    """{leg: weight} for a pair; a pair without an entry of its own takes that of "same" or "other"."""
    table = _table()
    same = question_language == chunk_language
    fallback = "same" if same else "other"
    entry = table.get(f"{question_language}>{chunk_language}")
    return entry if entry is not None else table[fallback]
