"""Whether a value is said of what its source says it of, where one sentence gives values to several things."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.verification.engineering import full_bag
from copilot.verification.figures import Figure, figures, plain
from copilot.verification.sources import Source, pieces
from copilot.verification.wording import Word, Wording, words

_BREAK = re.compile(
    r"[,;，；、]\s?(?!\d)|\s(?:and|und|et|e|ed|y|i|oraz|whereas|while|während)\s|(?<=[.!?])\s|[和与而]|\n",
    re.IGNORECASE,
)
_LETTER = re.compile(r"(?<![\w.'’°/+-])(?<!\d )([A-Z])(?![\w'’/-])")
_HELD = 0.5


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a sentence with one value: its words, the letters and identifiers that name its thing."""

    text: str
    language: str
    value: Figure
    words: tuple[Word, ...]
    names: frozenset[str]


@functools.lru_cache(maxsize=2048)
def parts(text: str, language: str) -> tuple[Part, ...]:
    """The stretches that give exactly one value with a unit."""
    found = []
    for piece in _BREAK.split(plain(text)):
        read = figures(piece, language)
        measured = [number for number in read.numbers if number.unit]
        if len(measured) == 1:
            bare = {number.value for number in read.numbers if not number.unit and not number.spoken}
            names = {letter for letter in _LETTER.findall(piece)} | {form for form, _ in read.identifiers} | bare
            shown = measured[0].text
            kept = tuple(word for word in words(piece, language) if word.surface not in shown and len(word.surface) > 1)
            found.append(Part(piece, language, measured[0], kept, frozenset(names)))
    return tuple(found)


def swapped(wording: Wording, sentence: str, language: str, sources: Sequence[Source]) -> str:
    """The fault, with its code first, of a value that its source gives to another of the things it tells apart.

    Two stretches of one sentence tell apart by all in which they differ, two of a passage by names of one kind; a
    sentence that holds what tells the other one and nothing of what tells the value's own one has the wrong value.
    """
    for claim in parts(sentence, language):
        for source in sources:
            told = [
                (place, part) for place, piece in enumerate(pieces(source))
                for part in parts(piece.text, piece.language) if part.value.unit == claim.value.unit
            ]
            own = [item for item in told if item[1].value.value == claim.value.value]
            others = [item for item in told if item[1].value.value != claim.value.value]
            if len(own) == 1 and any(
                _renamed(claim, own[0][1], part) or place == own[0][0] and _reworded(wording, claim, own[0][1], part)
                for place, part in others
            ):
                return f"number: {claim.value.text} {claim.value.unit}"
    return ""


def _renamed(claim: Part, own: Part, other: Part) -> bool:
    """Whether a sentence names the other stretch's thing, and not that of the value, by a name of the same kind."""
    mine, its = own.names - other.names - claim.names, (other.names - own.names) & claim.names
    kept = (own.names - other.names) & claim.names
    return not kept and bool({_shape(name) for name in mine} & {_shape(name) for name in its})


def _shape(name: str) -> str:
    return re.sub(r"\d+", "0", name) if len(name) > 1 else re.sub(r"[^\W\d]", "A", re.sub(r"\d", "0", name))


def _reworded(wording: Wording, claim: Part, own: Part, other: Part) -> bool:
    if own.language != claim.language or own.names != other.names:
        return False
    left, right = _beyond(wording, own, other), _beyond(wording, other, own)
    if not left or not right:
        return False
    return all(_has(wording, word, claim) for word in right) and not any(_has(wording, word, claim) for word in left)


def _beyond(wording: Wording, one: Part, other: Part) -> list[Word]:
    return [word for word in one.words if not _has(wording, word, other)]


def _has(wording: Wording, word: Word, part: Part) -> bool:
    return wording.held(word, part.language, full_bag(part.text, part.language), part.language) >= _HELD
