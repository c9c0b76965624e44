"""What no wording can mend: a number, unit, date or identifier that the source lacks or says of something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.language import terms
from copilot.verification.counting import spoken
from copilot.verification.figures import Figure, Figures, figures
from copilot.verification.ranges import Range, ranges, single
from copilot.verification.sources import Source, Window

_ALIKE = (frozenset({"K", "degC"}), frozenset({"deg", "degC"}), frozenset({"deg", "degF"}))
_COPIED = 0.8  # coverage from which a sentence tells what its window tells


@dataclass(frozen=True, slots=True)
class Held:
    """What all sources of a sentence hold together."""

    figures: tuple[Figures, ...]
    terms: frozenset[str]
    spoken: frozenset[str]
    text: str
    ranges: tuple[Range, ...] = ()

    @property
    def values(self) -> Counter[str]:
        """How often each value stands there; the parts of dates count."""
        counts: Counter[str] = sum((item.values for item in self.figures), Counter())
        for item in self.figures:
            for date in item.dates:
                counts.update(str(part) for part in (date.year, date.month, date.day) if part)
        return counts

    @property
    def numbers(self) -> list[Figure]:
        """All numbers; those before the last of a range or list have its unit."""
        starts = {(item.first.value, item.first.start): item.first for item in self.ranges}
        return [starts.get((number.value, number.start), number) for item in self.figures for number in item.numbers]


def held(sources: Sequence[Source]) -> Held:
    """Read the sources, their context included."""
    texts = [(f"{source.context}\n{source.text}", source.language) for source in sources]
    return Held(
        tuple(figures(text, language) for text, language in texts),
        frozenset().union(*(terms(text, language) for text, language in texts)),
        frozenset().union(*(spoken(text, language) for text, language in texts)),
        "\n".join(text for text, _ in texts),
        sum((ranges(text, language) for text, language in texts), ()),
    )


def figure_faults(claimed: Figures, sources: Held) -> list[str]:
    """The identifiers, dates, numbers and units of a sentence that its sources lack, each with its code."""
    found = [f"identifier: {shown}" for form, shown in claimed.identifiers if form not in sources.terms]
    values, numbers = sources.values, sources.numbers
    names = {form for item in sources.figures for form, _ in item.identifiers}
    names |= {form for item in sources.figures for form, _, _ in item.pairs}
    for form, shown, parts in claimed.pairs:
        if form not in sources.terms and form not in names and not all(part in values for part in parts):
            found.append(f"identifier: {shown}")
    letters = {letter for item in sources.figures for letter in item.letters}
    letters |= {letter for letter in set(claimed.letters) if f" {letter} " in f" {sources.text} "}
    found += [f"identifier: {letter}" for letter in claimed.letters if letter not in letters and letters]
    dates = [date for item in sources.figures for date in item.dates]
    for date in claimed.dates:
        if not any(date.within(other) for other in dates):
            told = [str(part) for part in (date.year, date.month, date.day) if part]
            if dates or not all(part in values for part in told):
                found.append(f"number: {date.text}")
    return found + [fault for number in claimed.numbers if (fault := _number_fault(number, numbers, values, sources))]


def _number_fault(number: Figure, numbers: Sequence[Figure], values: Counter[str], sources: Held) -> str:
    shown = f"{number.text} {number.unit}".strip()
    magnitude = number.value.lstrip("-")
    same = [other for other in numbers if other.value.lstrip("-") == magnitude]
    if not same:
        tied = {item.first.unit for item in sources.ranges if item.tied and magnitude in item.values}
        if number.unit and tied and not any(_alike(number.unit, unit) for unit in tied):
            return f"unit: {shown}"
        return "" if magnitude in values or magnitude in sources.spoken else f"number: {shown}"
    if number.unit in ("degC", "degF", "K") and all(
        other.value.startswith("-") != number.value.startswith("-") for other in same
    ):
        return f"number: {number.value} {number.unit}"
    units = {other.unit for other in same}
    if number.unit and "" not in units and not any(_alike(number.unit, unit) for unit in units):
        return f"unit: {shown}"
    return ""


def _alike(a: str, b: str) -> bool:
    return a == b or any({a, b} <= group for group in _ALIKE)


def replaced(claimed: Figures, window: Window, coverage: float) -> str:
    """A number or identifier that stands elsewhere, where the sentence lacks the one of its own window."""
    if coverage < _COPIED:
        return ""
    nearest = min(window.pieces, key=lambda piece: _distance(claimed, piece.figures))
    for mine, its, code in (
        (_values(claimed), _values(nearest.figures), "number"),
        (_forms(claimed), _forms(nearest.figures), "identifier"),
    ):
        more, less = mine - its, its - mine
        if more and less and sum(mine.values()) == sum(its.values()):
            return f"{code}: {next(iter(more))} instead of {next(iter(less))}"
    return ""


def _distance(a: Figures, b: Figures) -> int:
    mine, its = _values(a), _values(b)
    return sum((mine - its).values()) + sum((its - mine).values())


def _values(item: Figures) -> Counter[str]:
    return Counter(number.value for number in item.numbers)


def _forms(item: Figures) -> Counter[str]:
    return Counter([*(form for form, _ in item.identifiers), *(form for form, _, _ in item.pairs)])


def half_ranges(sentence: str, language: str, sources: Held) -> list[str]:
    """The numbers that a sentence gives as a single value, and its sources only as the start of a range."""
    claimed = figures(sentence, language)
    open_ones = [item for item in sources.ranges if item.open]
    starts = {(item.first.value, item.first.start) for item in open_ones}
    alone = {number.value for item in sources.figures for number in item.numbers
             if (number.value, number.start) not in starts}
    alone |= {value for item in sources.figures for _, _, tied in item.pairs for value in tied} - {
        item.first.value for item in open_ones if item.tied
    }
    said = {number.value for number in claimed.numbers} | set(claimed.values)
    return [
        f"number: {number.text} {number.unit} of a range"
        for number in claimed.numbers
        if number.value not in alone and single(number, sentence, language)
        and any(item.first.value == number.value and not item.values <= said for item in open_ones)
    ]
