"""Which passages of two editions of one document say the same: found by their order, numbers, names and lengths."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.language import normalise_number
from copilot.types import Element

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"\b(?=[\w/-]*\d)(?=[\w/-]*[A-Z])[\w/-]+\b|\b[A-Z]{2,6}\b")
_BAND = 250  # how far apart in their order two passages may stand
_GAP = -0.1
_LEAST = 0.1
# How long a text is in characters where the English one has 1.0: only the ratio of two of them counts.
_LENGTH = {"zh": 0.33}
_LENGTH_DEFAULT = 1.1


@dataclass(frozen=True, slots=True)
class _Traits:
    anchors: frozenset[str]
    kind: str
    level: int
    size: float


def align(
    left: Sequence[Element], right: Sequence[Element], left_language: str, right_language: str
) -> list[tuple[Element, Element]]:
    """Pairs of elements in order, each at most once (Needleman and Wunsch 1970, in a band)."""
    ours = [_traits(element, left_language) for element in left]
    theirs = [_traits(element, right_language) for element in right]
    if not ours or not theirs:
        return []
    back = _table(ours, theirs)
    pairs = []
    row, column = len(ours), len(theirs)
    while row and column:
        step = back[row].get(column, "u")
        if step == "d":
            if _likeness(ours[row - 1], theirs[column - 1]) >= _LEAST:
                pairs.append((left[row - 1], right[column - 1]))
            row, column = row - 1, column - 1
        elif step == "u":
            row -= 1
        else:
            column -= 1
    return pairs[::-1]


def _table(ours: Sequence[_Traits], theirs: Sequence[_Traits]) -> list[dict[int, str]]:
    """Per row the way that led to each column within the band: d (both), u (ours alone), l (theirs alone)."""
    slope = len(theirs) / len(ours)
    above = {column: _GAP * column for column in range(min(len(theirs), _BAND) + 1)}
    back: list[dict[int, str]] = [dict.fromkeys(above, "l")]
    for row, item in enumerate(ours, start=1):
        middle = int(row * slope)
        first, last = max(0, middle - _BAND), min(len(theirs), middle + _BAND)
        here: dict[int, float] = {}
        ways: dict[int, str] = {}
        for column in range(first, last + 1):
            best, way = above.get(column, -math.inf) + _GAP, "u"
            if column and here.get(column - 1, -math.inf) + _GAP > best:
                best, way = here[column - 1] + _GAP, "l"
            if column and column - 1 in above:
                both = above[column - 1] + _likeness(item, theirs[column - 1])
                if both >= best:
                    best, way = both, "d"
            here[column], ways[column] = best, way
        back.append(ways)
        above = here
    return back


def _traits(element: Element, language: str) -> _Traits:
    text = element.text
    names = {name.upper() for name in _NAME.findall(text)}
    numbers = {normalise_number(number)[-1] for number in _NUMBER.findall(text)}
    size = max(len(text), 1) / _LENGTH.get(language, _LENGTH_DEFAULT)
    return _Traits(frozenset(names | numbers), element.kind.value, element.level, size)


def _likeness(left: _Traits, right: _Traits) -> float:
    """Above 0 where two passages may say the same; about 1 where they share what no translation changes."""
    apart = abs(math.log(left.size / right.size))
    score = (0.35 if left.kind == right.kind and left.level == right.level else -0.4) - 0.3 * min(apart, 3.0)
    count = len(left.anchors) + len(right.anchors)
    if count:
        score += 1.2 * 2 * len(left.anchors & right.anchors) / count - 0.3
    return score
