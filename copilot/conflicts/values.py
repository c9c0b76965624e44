"""The values of a text: what it measures, counts and dates, with where each stands."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from copilot.quantities import UNITS, Quantity, quantities
from copilot.verification.figures import Figure, figures
from copilot.verification.polarity import frequency

COUNT, DATE, SPAN = "count", "date", "span"
_DAYS = {"d": Decimal(1), "wk": Decimal(7), "mo": Decimal("30.4375"), "yr": Decimal("365.25")}
_OFTEN = ("", "1", "7", "30.4375", "365.25")


@dataclass(frozen=True, slots=True)
class Value:
    """A value where it stands; ``kind`` is the dimension of its unit, count, date or span."""

    kind: str
    unit: str
    low: Decimal
    high: Decimal
    start: int
    end: int
    shown: str
    quantity: Quantity | None
    found: bool = True


@functools.lru_cache(maxsize=8192)
def values_of(text: str, language: str) -> tuple[Value, ...]:
    """Quantities, spans of days, weeks, months and years, dates, and bare numbers that count something."""
    return tuple(_values(text, language))


def _values(text: str, language: str) -> Iterator[Value]:
    taken: list[tuple[int, int]] = []
    for number in figures(text, language).numbers:
        if number.unit in _DAYS and re.fullmatch(r"\d+(?:\.\d+)?", number.value):
            days = Decimal(number.value) * _DAYS[number.unit]
            taken.append((number.start, number.end))
            end = max(number.end, _unit_end(text, number.end))
            yield Value(SPAN, "d", days, days, number.start, end, text[number.start : end], None)
    for start, end, rank in frequency(text, language):
        if rank:
            days = Decimal(_OFTEN[rank])
            yield Value(SPAN, "d", days, days, start, end, text[start:end], None)
    for item in quantities(text, language):
        if any(start < item.end and item.start < end for start, end in taken):
            continue
        high = item.value if item.upper is None else item.upper
        low = item.value
        if item.tolerance is not None:
            low, high = low - item.tolerance, high + item.tolerance
        taken.append((item.start, item.end))
        yield Value(UNITS[item.unit].kind, item.unit, low, high, item.start, item.end, item.source, item)
    for number in figures(text, language).numbers:
        inside = any(start <= number.start < end for start, end in taken)
        if inside or not re.fullmatch(r"-?\d+(?:\.\d+)?", number.value):
            continue
        counted = _counted(number, text)
        if counted:
            value = Decimal(number.value)
            yield Value(COUNT, "", value, value, number.start, number.end, number.text, None)
    for date in figures(text, language).dates:
        if date.day and date.month:
            place = text.find(date.text)
            ordinal = Decimal(date.year * 372 + date.month * 31 + date.day)
            yield Value(DATE, "", ordinal, ordinal, place, place + len(date.text), date.text, None)


def _unit_end(text: str, end: int) -> int:
    found = re.match(r"[\s-]?(?:[A-Za-zÀ-ž]+|个?[年月周天])", text[end:])
    return end + found.end() if found else end


def _counted(number: Figure, text: str) -> bool:
    """Whether a bare number counts or rates something: a word follows it, or a cell ends there."""
    after = text[number.end : number.end + 24]
    return bool(re.match(r"\s?[^\W\d_]{2,}", after)) or not after.strip(" .|;") or after.lstrip()[:1] in ",;"
