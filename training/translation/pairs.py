"""Reads parallel text, keeps what can be learned from, and holds out the development sets by source and by text."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from training.translation.recipe import CALIBRATED, DICTIONARY, HELD_SHARE, MASKS, PERMISSIVE, REPORTED, UNUSED, base

_LETTERS = re.compile(r"[^\W\d_]")
_END = re.compile(r"(?<=[.!?。！？])\s+")
# What a protected token looks like in running text: anything with a digit, an underscore or a dot inside, inner
# capitals, or capitals only. Found on both sides as written, it may become a mask.
_TOKEN = re.compile(
    r"(?<![\w.-])(?:[\w/.-]*\d(?:[\w/.%-]*[\w%])?|\w+(?:[_.]\w+)+|[a-z]+[A-Z]\w+|[A-Z][a-z]+[A-Z]\w*|[A-Z]{2,6})(?![\w-])"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of parallel text, from a foreign language into English or the other way."""

    origin: str
    source: str
    target: str


def read(path: Path) -> Iterator[tuple[str, str, str]]:
    """(origin, English, foreign) of a gzipped table with a header.

    Raises:
        ValueError: the file is not such a table.
    """
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if next(rows, [])[:1] != ["source"]:
            raise ValueError(f"{path} is no table of pairs: its header must be source<TAB>en<TAB>xx")
        for row in rows:
            if len(row) == 3 and row[1] and row[2]:
                yield row[0], row[1].strip(), row[2].strip()


def sensible(english: str, foreign: str, origin: str) -> bool:
    """Whether a pair teaches translation: letters on both sides, comparable lengths, not copied, not overlong."""
    if english == foreign or max(len(english), len(foreign)) > 400:
        return False
    if min(len(_LETTERS.findall(text)) for text in (english, foreign)) < (2 if len(english) > 3 else 1):
        return False
    if origin == DICTIONARY:
        return len(english.split()) <= 4 and len(foreign.split()) <= 4 and "(" not in english + foreign
    longer, shorter = max(len(english), len(foreign)), min(len(english), len(foreign))
    dense = any("\u3400" <= letter <= "\u9fff" for letter in foreign)
    return longer <= (6 if dense else 2.2) * shorter + 10


def held(english: str) -> bool:
    """Whether a sentence of this English text is held out, decided by the text alone."""
    keys = (" ".join(part.lower().split()) for part in _END.split(english))
    return any(len(key) > 20 and zlib.crc32(key.encode()) % HELD_SHARE == 0 for key in keys)


def split(
    rows: Iterable[tuple[str, str, str]], sources: str, into_english: bool
) -> tuple[list[Pair], dict[str, list[Pair]]]:
    """Training pairs, and development pairs by name: reported, calibrated (both by source) and slice (by text)."""
    train: list[Pair] = []
    aside: dict[str, list[Pair]] = {"reported": [], "calibrated": [], "slice": []}
    seen: set[tuple[str, str]] = set()
    for origin, english, foreign in rows:
        name = base(origin)
        if name in UNUSED or not sensible(english, foreign, name) or (english, foreign) in seen:
            continue
        seen.add((english, foreign))
        pair = Pair(origin, foreign, english) if into_english else Pair(origin, english, foreign)
        if name in REPORTED + CALIBRATED:
            aside["reported" if name in REPORTED else "calibrated"].append(pair)
        elif sources == "permissive" and name not in PERMISSIVE:
            continue
        elif name != DICTIONARY and held(english):
            aside["slice"].append(pair)
        else:
            train.append(pair)
    known = {pair.source for pair in train}
    return train, {name: [pair for pair in pairs if pair.source not in known] for name, pairs in aside.items()}


def masked(pair: Pair, seed: int) -> Pair | None:
    """The same pair with the tokens that both sides share replaced by masks; None where there is nothing to mask."""
    both = [token for token in dict.fromkeys(_TOKEN.findall(pair.source)) if _count(token, pair) == (1, 1)]
    if not both:
        return None
    source, target = pair.source, pair.target
    first = 0 if seed % 2 else seed // 2 % len(MASKS)
    for offset, token in enumerate(both[: len(MASKS)]):
        mask = MASKS[(first + offset) % len(MASKS)]
        source, target = _replace(token, mask, source), _replace(token, mask, target)
    return Pair(pair.origin, source, target)


def _count(token: str, pair: Pair) -> tuple[int, int]:
    found = [_TOKEN.findall(text).count(token) for text in (pair.source, pair.target)]
    return found[0], found[1]


def _replace(token: str, mask: str, text: str) -> str:
    return re.sub(rf"(?<![\w.-]){re.escape(token)}(?![\w-])", mask, text, count=1)
