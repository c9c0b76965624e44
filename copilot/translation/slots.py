"""Sentences with slots: what stays put is swapped for symbols, put back from what a model made of them, and checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.translation.masks import Protected, numbers, protected
from copilot.translation.numerals import same_numbers

# Names that a model should not have made up: those of the target that the source does not hold.
_NAMING = frozenset({"part", "url", "mail", "file", "norm", "code"})
_SYMBOL_START = 11  # "X11", "X12": capital and digits, which most models copy


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of a sentence and the text that stands for it in the translation."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Job:
    """A sentence, what it must keep byte for byte, and the terms that are to be put in (apart from those)."""

    source: str
    kept: tuple[Protected, ...] = ()
    terms: tuple[Slot, ...] = ()

    def slots(self) -> list[Slot]:
        """Everything that a model need not see: what is kept, the plain numbers, the terms; in order, apart."""
        found = [Slot(item.start, item.end, item.text) for item in self.kept] + list(self.terms)
        covered = [Protected(item.start, item.end, item.text, "name") for item in found]
        found += [Slot(item.start, item.end, item.text) for item in numbers(self.source, covered)]
        return sorted(found, key=lambda slot: slot.start)

    def with_terms(self) -> str:
        """The sentence with the terms already in their places."""
        return filled(self.source, list(self.terms), [slot.text for slot in self.terms])


def filled(text: str, slots: Sequence[Slot], fillings: Sequence[str]) -> str:
    """The text with each slot (in order) replaced."""
    parts, end = [], 0
    for slot, filling in zip(slots, fillings, strict=True):
        parts += [text[end : slot.start], filling]
        end = slot.end
    return "".join([*parts, text[end:]])


def symbols(job: Job, own: Sequence[str], count: int) -> list[str] | None:
    """As many symbols as there are slots, none of which stands in the sentence; None where the package has too few."""
    if own:
        free = [symbol for symbol in own if symbol not in job.source]
        return free[:count] if len(free) >= count else None
    found: list[str] = []
    number = _SYMBOL_START
    while len(found) < count:
        if f"X{number}" not in job.source.upper():
            found.append(f"X{number}")
        number += 1
    return found


def restored(made: str, names: Sequence[str], slots: Sequence[Slot]) -> str | None:
    """The slots' texts in the places of their symbols; None unless each symbol stands there exactly once."""
    places: list[tuple[int, int, str]] = []
    for name, slot in zip(names, slots, strict=True):
        found = list(_symbol(name).finditer(made))
        if len(found) != 1:
            return None
        places.append((found[0].start(), found[0].end(), slot.text))
    parts: list[str] = []
    end = 0
    for start, stop, text in sorted(places):
        if start < end:
            return None
        parts += [made[end:start], text]
        end = stop
    return _spaced([*parts, made[end:]])


def _symbol(name: str) -> re.Pattern[str]:
    """The symbol with what decoding does to it: blanks between its signs, small letters."""
    signs = r"\s?".join(re.escape(part) for part in re.findall(r"[A-Za-z]+|\d+|.", name))
    return re.compile(rf"(?<![0-9A-Za-z]){signs}(?![0-9])", re.IGNORECASE)


def _spaced(parts: Sequence[str]) -> str:
    """Joined, with a blank where two words would grow together."""
    text = ""
    for part in parts:
        if text and part and _latin(text[-1]) and _latin(part[0]):
            text += " "
        text += part
    return text


def _latin(char: str) -> bool:
    return char.isalnum() and not "\u3400" <= char <= "\u9fff"


def keeps(job: Job, target: str, languages: tuple[str, str]) -> bool:
    """Whether the target holds what must be kept as often as the source, the terms, the same numbers, no new names."""
    found = located(target, Counter([item.text for item in job.kept]))
    if found is None or any(slot.text.casefold() not in target.casefold() for slot in job.terms):
        return False
    own = protected(target, {item.text for item in job.kept})
    taken = {(item.start, item.end) for item in found}
    source = job.with_terms()
    for item in own:
        inside = any(start <= item.start and item.end <= end for start, end in taken)
        if item.kind in _NAMING and not inside and item.text not in source:
            return False
    kept = located(source, Counter([item.text for item in job.kept]), True) or []
    return same_numbers(source, target, languages, (kept, found))


def located(text: str, wanted: Counter[str], more: bool = False) -> list[Protected] | None:
    """Where each text stands, the longest first; None where one stands there less (or, unless ``more``, more) often."""
    taken = bytearray(len(text))
    found: list[Protected] = []
    for piece, count in sorted(wanted.items(), key=lambda item: -len(item[0])):
        places = [start for start in _places(text, piece) if not any(taken[start : start + len(piece)])]
        if len(places) < count or len(places) > count and not more:
            return None
        for start in places[:count]:
            taken[start : start + len(piece)] = b"\1" * len(piece)
            found.append(Protected(start, start + len(piece), piece, "name"))
    return found


def _places(text: str, piece: str) -> list[int]:
    before = r"(?<![0-9A-Za-z\u00c0-\u024f_])" if piece[0].isalnum() else ""
    after = r"(?![0-9A-Za-z\u00c0-\u024f_])" if piece[-1].isalnum() else ""
    return [match.start() for match in re.finditer(before + re.escape(piece) + after, text)]
