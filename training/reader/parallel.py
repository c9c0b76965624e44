"""Readings made from parallel text: some words of a sentence ask for it, or for its translation, among its neighbours.

They teach what stands for what in technical text of every pair of languages with English, before the questions proper.
"""

from __future__ import annotations

import gzip
import random
import re
from pathlib import Path

from training.reader.readings import Reading

LANGUAGES = ("de", "es", "fr", "it", "pl", "pt", "zh")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SHORTEST, _LONGEST = 30, 220
_FEWEST, _MOST = 5, 9
_SAME = 0.35


class Parallel:
    """Windows over the sentence pairs of one language with English, in the order of their files."""

    def __init__(self, folder: Path, language: str) -> None:
        self.language = language
        self._rows: list[tuple[str, str, str]] = []
        with gzip.open(folder / f"en-{language}.tsv.gz", "rt", encoding="utf-8") as file:
            next(file)
            for line in file:
                source, english, other = line.rstrip("\n").split("\t")
                if _SHORTEST <= len(english) <= _LONGEST and len(other) <= _LONGEST:
                    self._rows.append((source, english, other))

    def reading(self, rng: random.Random) -> Reading:
        """One window in one of the two languages, asked in the same or in the other."""
        count = rng.randint(_FEWEST, _MOST)
        at = rng.randrange(len(self._rows) - count)
        window = self._rows[at : at + count]
        window = [row for row in window if row[0] == window[0][0]]
        target, told = rng.randrange(len(window)), rng.randint(1, 2)
        asked = told if rng.random() < _SAME else 3 - told
        names = ("", "en", self.language)
        question = keywords(window[target][asked], rng)
        texts = tuple(row[told] for row in window)
        return Reading(question, "", texts, frozenset([target]), (names[asked], names[told]))


def keywords(text: str, rng: random.Random) -> str:
    """Some of a text's words, in or out of their order; numbers mostly left out, as who asks does not know them."""
    words = _pieces(text, rng) if _HAN.search(text) else text.split()
    share = rng.uniform(0.25, 0.7)
    kept = [
        word for word in words if rng.random() < (0.2 * share if any(map(str.isdigit, word)) else share)
    ][:12] or words[:2]
    if rng.random() < 0.3:
        rng.shuffle(kept)
    joined = ("" if _HAN.search(text) else " ").join(kept)
    return joined + (rng.choice(("?", "？")) if rng.random() < 0.4 else "")


def _pieces(text: str, rng: random.Random) -> list[str]:
    """Chinese in stretches of two to four characters."""
    found, at = [], 0
    while at < len(text):
        size = rng.randint(2, 4)
        found.append(text[at : at + size])
        at += size
    return found
