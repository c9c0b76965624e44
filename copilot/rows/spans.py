"""What a question says in figures: comparisons with numbers and stretches of days, taken out of its text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from copilot.quantities import Quantity, parse_number, quantities
from copilot.quantities.numbers import NUMBER
from copilot.rows import vocabulary as words
from copilot.rows.dates import Period, periods

TAKEN = "\x01"
_PLAIN_NUMBER = NUMBER.replace("([", "(?P<group>[", 1).replace(r"\1", "(?P=group)")
_ARTICLE = r"\s*(?:the |der |die |den |dem |les? |la |los |las |el |il |gli |i |o |a |os |as |of |von |de |di )?\s*"
_AFTER = r"(?:after|nach|après|después del?|tras|dopo(?: il)?|após|depois de|po|晚于)"
_SINCE = (
    r"(?:since|from|starting|ab|seit|von|depuis|à partir d[eu]|desde|a partir del?|dal?|a partire dal?|od|自从?|从)"
)
_BEFORE = r"(?:before|vor|avant|antes del?|prima del?|przed|早于)"
_UNTIL = r"(?:until|till|up to|through|bis(?: zum)?|jusqu['’]au?|hasta(?: el)?|fino al?|até|do|截至|到)"
_THE = r"(?: ?(?:zum|dem|den|der|the|les?|el|il|al|o|a|dnia|del|au|l'))?"
_HAN_BEFORE = re.compile(r"^(?:之?以?前)")
_HAN_AFTER = re.compile(r"^(?:之?以?后|以来|起)")


class Comparison(NamedTuple):
    """``operator`` (>, >=, <, <=) and a value, with its unit's symbol where it has one."""

    operator: str
    value: float
    unit: str
    start: int


class Days(NamedTuple):
    """Rows of these days: first and last (None: open), or of a week, month or day whose year is not said."""

    first: dt.date | None
    last: dt.date | None
    week: int = 0
    month: int = 0
    day: int = 0
    text: str = ""


class Work:
    """A question of which more and more is taken."""

    def __init__(self, text: str, language: str) -> None:
        self.whole = text
        self.text = text
        self.language = language
        self.spots: dict[str, int] = {}

    def mask(self, start: int, end: int) -> None:
        """Take these characters out."""
        self.text = self.text[:start] + TAKEN * (end - start) + self.text[end:]

    def take(self, pattern: str) -> int | None:
        """Take the first match; where it ended."""
        match = words.compiled(pattern).search(self.text)
        if match is None:
            return None
        self.mask(*match.span())
        return match.end()


def edge(pattern: str, language: str) -> str:
    """Whole words only, where the language parts words."""
    return f"(?:{pattern})" if language == "zh" else rf"(?<![^\W_])(?:{pattern})(?:(?<=['’ ])|(?![^\W_]))"


def comparisons(work: Work) -> Iterator[Comparison]:
    """The comparisons with numbers, which they take out of the text."""
    dated = periods(work.text, work.language)
    found = [*quantities(work.text, work.language)]
    yield from _between(work, dated, found)
    for operator, table in words.COMPARISONS.items():
        pattern = words.compiled(
            rf"(?<![^\W_])(?:{words.of(table, work.language)}){_ARTICLE}(?P<n>[+-]?{_PLAIN_NUMBER})"
            if work.language != "zh"
            else rf"(?:{words.of(table, 'zh')})\s*(?P<n>[+-]?{_PLAIN_NUMBER})"
        )
        yield from _compared(work, pattern, operator, dated, found)
    for operator, suffix in words.SUFFIXES.items():
        pattern = words.compiled(rf"(?<![\w.,])(?P<n>[+-]?{_PLAIN_NUMBER})[^\d\x01]{{0,12}}?\s*(?:{suffix})")
        yield from _compared(work, pattern, operator, dated, found)


def _compared(
    work: Work, pattern: re.Pattern[str], operator: str, dated: Sequence[Period], found: Sequence[Quantity]
) -> Iterator[Comparison]:
    while match := pattern.search(work.text):
        made = _value(work, match.start("n"), match.end("n"), found)
        inside = any(item.start <= match.start("n") < item.end for item in dated)
        if made is None or inside:
            return
        work.mask(match.start(), max(match.end(), made[2]))
        yield Comparison(operator, made[0], made[1], match.start())


def _value(work: Work, start: int, end: int, found: Sequence[Quantity]) -> tuple[float, str, int] | None:
    """The number at a place with its unit, and where it ends."""
    quantity = next((item for item in found if item.start <= start < item.end and item.upper is None), None)
    if quantity is not None:
        return float(quantity.value), quantity.unit, quantity.end
    parsed = parse_number(work.text[start:end], work.language)
    return (float(parsed.value), "", end) if parsed else None


def _between(work: Work, dated: Sequence[Period], found: Sequence[Quantity]) -> Iterator[Comparison]:
    between, and_ = words.of(words.BETWEEN, work.language), words.of(words.AND, work.language)
    pattern = words.compiled(
        rf"(?<![^\W_])(?:{between})\s*(?P<a>[+-]?\d[\d.,]*)(?:\s?[^\d\s]{{1,6}})?\s*(?:{and_})\s*(?P<b>[+-]?\d[\d.,]*)"
    )
    match = pattern.search(work.text)
    if match is None or any(item.start <= match.start("a") < item.end for item in dated):
        return
    low, high = (parse_number(match[name].rstrip(".,"), work.language) for name in "ab")
    ranged = next((item for item in found if item.start <= match.start("b") < item.end), None)
    if low is None or high is None:
        return
    unit, end = (ranged.unit, ranged.end) if ranged else ("", match.end())
    work.mask(match.start(), max(end, match.end()))
    yield Comparison(">=", float(low.value), unit, match.start())
    yield Comparison("<=", float(high.value), unit, match.start())


def days_of(work: Work) -> Iterator[Days]:
    """The periods with the words before them: after, since, before, until; two of them are a range."""
    found = periods(work.text, work.language)
    if (
        len(found) == 2
        and found[0].first
        and found[1].last
        and _are_range(work.text[found[0].end : found[1].start], work)
    ):
        for item in found:
            work.mask(item.start, item.end)
        _mask_before(work, found[0].start, rf"(?:{words.of(words.BETWEEN, work.language)}|{_SINCE}|du|dal){_THE}")
        _mask_before(work, found[1].start, rf"(?:{words.of(words.AND, work.language)}|{_UNTIL}|au|al){_THE}")
        yield Days(found[0].first, found[1].last, text=f"{found[0].first} – {found[1].last}")
        return
    for item in found:
        text = work.text[item.start : item.end]
        first, last = _bounds(work, item)
        work.mask(item.start, item.end)
        if (first is None) != (last is None):
            text = f"≥ {first}" if first else f"≤ {last}"
        yield Days(first, last, item.week, item.month, item.day, text)


def _bounds(work: Work, item: Period) -> tuple[dt.date | None, dt.date | None]:
    """The first and last day that count, by the words around a period: after, since, before, until, or just it."""
    if item.first is None or item.last is None:
        return None, None
    one = dt.timedelta(days=1)
    if _mask_before(work, item.start, _AFTER) or _mask_after(work, item.end, _HAN_AFTER):
        return item.last + one, None
    if _mask_before(work, item.start, _SINCE):
        return item.first, None
    if _mask_before(work, item.start, _BEFORE) or _mask_after(work, item.end, _HAN_BEFORE):
        return None, item.first - one
    if _mask_before(work, item.start, _UNTIL):
        return None, item.last
    return item.first, item.last


def _mask_after(work: Work, position: int, pattern: re.Pattern[str]) -> bool:
    """Take the words right behind a place, if they are there."""
    match = pattern.match(work.text[position : position + 3])
    if match is None:
        return False
    work.mask(position, position + match.end())
    return True


def _are_range(between: str, work: Work) -> bool:
    tie = rf"{words.of(words.AND, work.language)}|{_UNTIL}|au|al"
    return words.compiled(rf"\s*(?:(?:{tie}){_THE}|[-–])\s*").fullmatch(between) is not None


def _mask_before(work: Work, position: int, pattern: str) -> bool:
    """Take the words right before a place, if they are there."""
    match = words.compiled(rf"(?<![^\W_])(?:{pattern}){_THE}\s*$").search(work.text[:position])
    if match is None:
        return False
    work.mask(match.start(), match.end())
    return True
