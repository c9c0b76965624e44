"""Ranges and lists of numbers that share the unit of their last one ("10 to 25 °C", "5, 8 und 12 bar")."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace

from copilot.verification.figures import Figure, figures, plain, unit_after
from copilot.verification.polarity import polarity

_TO = re.compile(
    r"\s?(?:to|through|up to|bis(?: zu)?|à|jusqu'à|al?|ai|fino a|do|até|hasta|-|~|至|到)\s?[+-]?", re.IGNORECASE
)
_AND = re.compile(r"\s?(?:and|or|und|oder|et|ou|e|o|y|i|lub|和|与|或)\s?[+-]?|[,、/]\s?", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\b(?:between|zwischen|entre|tra|fra|między|pomiędzy)\s?(?:the|les?|los|las|i|os|as)?\s?$|[在介]于?$",
    re.IGNORECASE,
)
_END = re.compile(
    r"\b(?:from|between|starts? at|begins? at|to|down to|lower|lowest|above|over|ab|von|vom|zwischen|über|unter\w*|bis|"
    r"dès|partir de|de|entre|à|inférieur\w*|da|dal|tra|fra|a|desde|hasta|até|od|między|do|ponad|pod)\s?-?$|"
    r"[从自由在至到]$", re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Range:
    """Its first number with the unit of the last, and all values; ``tied`` by a mark ("10-25"), ``open`` in between."""

    first: Figure
    values: frozenset[str]
    tied: bool
    open: bool


@functools.lru_cache(maxsize=4096)
def ranges(text: str, language: str) -> tuple[Range, ...]:
    """The ranges and lists of a text; of a list each number but the last stands as a first one."""
    shown, read = plain(text), figures(text, language)
    found, unit, values = [], "", frozenset[str]()
    for number, after in zip(reversed(read.numbers[:-1]), reversed(read.numbers[1:]), strict=True):
        joint = shown[number.end : after.start]
        unit, values = (after.unit, frozenset({after.value})) if after.unit else (unit, values)
        spans = _TO.fullmatch(joint) is not None or (
            _AND.fullmatch(joint) is not None and _BETWEEN.search(shown[: number.start]) is not None
        )
        if number.unit or not unit or not (spans or _AND.fullmatch(joint)):
            unit = ""
            continue
        found.append(Range(replace(number, unit=unit), values | {number.value}, False, spans))
    for _, written, parts in read.pairs:
        place = shown.find(written)
        unit = unit_after(shown, place + len(written)) if place >= 0 and len(parts) == 2 else ""
        if unit:
            first = Figure(parts[0], unit, place, place + len(written), written)
            found.append(Range(first, frozenset(parts), True, "-" in written))
    return tuple(found)


def single(number: Figure, sentence: str, language: str) -> bool:
    """Whether a sentence gives a number as a single value: without a bound or a word that makes it an end."""
    bounded = any(pair == 0 for pair, _ in polarity(sentence, language).sides)
    return bool(number.unit) and not bounded and not _END.search(plain(sentence)[: number.start])
