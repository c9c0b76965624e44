"""The list of German words that stand alone, by which compounds are split."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from copilot.language import function_words, stem
from copilot.language.compounds import SHORT_PARTS, split

LEAST_SEEN, SHORTEST = 5, 4
_WORD = re.compile(r"[^\W\d_]+")


def standing_alone(texts: Iterable[str]) -> dict[str, int]:
    """Stems of German words with their counts: those seen five times, and nouns that were all of a text once.

    Such a noun (a dictionary's headword, a column's title) counts only if it is no compound itself.
    """
    counts: Counter[str] = Counter()
    nouns = set()
    for text in texts:
        counts.update(_WORD.findall(text.lower()))
        if text.isalpha() and text[0].isupper() and len(text) > SHORTEST:
            nouns.add(text.lower())
    stops = function_words("de")
    stems: Counter[str] = Counter()
    for word, count in counts.items():
        if (len(word) >= SHORTEST and word not in stops) or word in SHORT_PARTS:
            stems[stem(word, "de")] += count
    short = {stem(word, "de") for word in SHORT_PARTS}
    stems = Counter({item: count for item, count in stems.items() if len(item) > 2 or item in short})
    often = {item for item, count in stems.items() if count >= LEAST_SEEN or item in short}
    rare = {stem(word, "de") for word in nouns if not split(word, stems)} & stems.keys()
    return {item: stems[item] for item in sorted(often | rare)}


def write(path: Path, counts: dict[str, int]) -> None:
    """Write the list, the same bytes for the same counts."""
    lines = "".join(f"{item} {count}\n" for item, count in counts.items())
    path.write_bytes(gzip.compress(lines.encode("utf-8"), mtime=0))
