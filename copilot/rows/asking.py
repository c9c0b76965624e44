"""What a question over rows asks for: operations, comparisons, periods, what to group by, and the words left over."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from copilot.language import concepts, fold, function_words
from copilot.quantities import Quantity, parse_number, quantities
from copilot.quantities.numbers import NUMBER
from copilot.rows import vocabulary as words
from copilot.rows.dates import Period, periods

_TAKEN = "\x01"
_WORD = re.compile(r"[^\W_\u3400-\u9fff]+(?:[-./'’][^\W_\u3400-\u9fff]+)*|[\u3400-\u9fff]+")
_PLAIN_NUMBER = NUMBER.replace("([", "(?P<group>[", 1).replace(r"\1", "(?P=group)")
_ARTICLE = r"\s*(?:the |der |die |den |dem |les? |la |los |las |el |il |gli |i |o |a |os |as |of |von |de |di )?\s*"
_AFTER = r"(?:after|nach|après|después del?|tras|dopo(?: il)?|após|depois de|po|晚于)"
_SINCE = r"(?:since|from|starting|ab|seit|von|depuis|à partir d[eu]|desde|a partir del?|dal?|a partire dal?|od|自从?|从)"
_BEFORE = r"(?:before|vor|avant|antes del?|prima del?|przed|早于)"
_UNTIL = r"(?:until|till|up to|through|bis(?: zum)?|jusqu['’]au?|hasta(?: el)?|fino al?|até|do|截至|到)"
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


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question that no operation took, where it stands, and its search terms."""

    text: str
    start: int
    terms: frozenset[str]
    plain: bool = False
    """Whether every question may have it: it need not be explained."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question over rows, as far as no table is needed to read it."""

    text: str
    language: str
    operations: frozenset[str]
    comparisons: tuple[Comparison, ...]
    days: tuple[Days, ...]
    words: tuple[Word, ...]
    groups: tuple[int, ...]
    """The places in ``words`` of what may be to group by; a period's name stands in ``period`` instead."""
    period: str
    which: int | None
    counted: int | None
    listed: bool
    """Whether rows are asked for by name: "which ...", "list ..."."""
    status: str
    negated: bool


def read_question(text: str, language: str) -> Asked | None:
    """The question over rows that ``text`` is; None where no word asks for a computation."""
    work = _Work(text.replace("’", "'"), language)
    if re.search(_edge(words.of(words.READ, language), language), text, re.IGNORECASE):
        return None
    comparisons = tuple(sorted(_comparisons(work), key=lambda item: item.start))
    days = tuple(_days(work))
    grouped, period = _group(work)
    operations = _operations(work)
    which = work.take(rf"{_edge(words.of(words.WHICH, language), language)}")
    listed = work.take(_edge(words.of(words.LIST, language), language)) if which is None else which
    status = _status(work)
    if not (operations or comparisons or listed is not None and (days or status)):
        return None
    left = _words(work)
    plain = _no_words(left, work)
    first = _place(left, which)
    counted = _place(left, work.spots.get("count"))
    return Asked(
        text, language, frozenset(operations), comparisons, days, left, _places(left, grouped), period, first, counted,
        listed is not None, status, plain,
    )  # fmt: skip


class _Work:
    """A question of which more and more is taken."""

    def __init__(self, text: str, language: str) -> None:
        self.whole = text
        self.text = text
        self.language = language
        self.spots: dict[str, int] = {}

    def mask(self, start: int, end: int) -> None:
        self.text = self.text[:start] + _TAKEN * (end - start) + self.text[end:]

    def take(self, pattern: str) -> int | None:
        """Take the first match; where it ended."""
        match = re.search(pattern, self.text, re.IGNORECASE)
        if match is None:
            return None
        self.mask(*match.span())
        return match.end()


def _edge(pattern: str, language: str) -> str:
    """Whole words only, where the language parts words."""
    return f"(?:{pattern})" if language == "zh" else rf"(?<![^\W_])(?:{pattern})(?:(?<=['’ ])|(?![^\W_]))"


def _comparisons(work: _Work) -> Iterator[Comparison]:
    dated = periods(work.text, work.language)
    found = [*quantities(work.text, work.language)]
    yield from _between(work, dated, found)
    for operator, table in words.COMPARISONS.items():
        pattern = re.compile(
            rf"(?<![^\W_])(?:{words.of(table, work.language)}){_ARTICLE}(?P<n>[+-]?{_PLAIN_NUMBER})"
            if work.language != "zh"
            else rf"(?:{words.of(table, 'zh')})\s*(?P<n>[+-]?{_PLAIN_NUMBER})",
            re.IGNORECASE,
        )
        yield from _compared(work, pattern, operator, dated, found)
    for operator, suffix in words.SUFFIXES.items():
        pattern = re.compile(rf"(?<![\w.,])(?P<n>[+-]?{_PLAIN_NUMBER})[^\d\x01]{{0,12}}?\s*(?:{suffix})", re.IGNORECASE)
        yield from _compared(work, pattern, operator, dated, found)


def _compared(
    work: _Work, pattern: re.Pattern[str], operator: str, dated: Sequence[Period], found: Sequence[Quantity]
) -> Iterator[Comparison]:
    while match := pattern.search(work.text):
        made = _value(work, match.start("n"), match.end("n"), found)
        inside = any(item.start <= match.start("n") < item.end for item in dated)
        if made is None or inside:
            return
        work.mask(match.start(), max(match.end(), made[2]))
        yield Comparison(operator, made[0], made[1], match.start())


def _value(work: _Work, start: int, end: int, found: Sequence[Quantity]) -> tuple[float, str, int] | None:
    """The number at a place with its unit, and where it ends."""
    quantity = next((item for item in found if item.start <= start < item.end and item.upper is None), None)
    if quantity is not None:
        return float(quantity.value), quantity.unit, quantity.end
    parsed = parse_number(work.text[start:end], work.language)
    return (float(parsed.value), "", end) if parsed else None


def _between(work: _Work, dated: Sequence[Period], found: Sequence[Quantity]) -> Iterator[Comparison]:
    between, and_ = words.of(words.BETWEEN, work.language), words.of(words.AND, work.language)
    pattern = re.compile(
        rf"(?<![^\W_])(?:{between})\s*(?P<a>[+-]?\d[\d.,]*)(?:\s?[^\d\s]{{1,6}})?\s*(?:{and_})\s*(?P<b>[+-]?\d[\d.,]*)",
        re.IGNORECASE,
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


def _days(work: _Work) -> Iterator[Days]:
    """The periods with the words before them: after, since, before, until; two of them are a range."""
    found = periods(work.text, work.language)
    if len(found) == 2 and found[0].first and found[1].last and _are_range(work.text[found[0].end : found[1].start], work):
        for item in found:
            work.mask(item.start, item.end)
        _mask_before(work, found[0].start, rf"(?:{words.of(words.BETWEEN, work.language)}|{_SINCE})(?: de[nmrs]| the| le| el| il| o)?")
        _mask_before(work, found[1].start, rf"(?:{words.of(words.AND, work.language)}|{_UNTIL})(?: zum| the| le| el| il| o)?")
        yield Days(found[0].first, found[1].last, text=f"{found[0].first} – {found[1].last}")
        return
    for item in found:
        text = work.text[item.start : item.end]
        after = work.text[item.end : item.end + 3]
        first, last = item.first, item.last
        one = dt.timedelta(days=1)
        if first and last and (_mask_before(work, item.start, _AFTER) or _HAN_AFTER.match(after)):
            first, last = last + one, None
        elif first and (_mask_before(work, item.start, _SINCE)):
            last = None
        elif first and (_mask_before(work, item.start, _BEFORE) or _HAN_BEFORE.match(after)):
            first, last = None, first - one
        elif last and _mask_before(work, item.start, _UNTIL):
            first = None
        work.mask(item.start, item.end)
        yield Days(first, last, item.week, item.month, item.day, text)


def _are_range(between: str, work: _Work) -> bool:
    tie = rf"{words.of(words.AND, work.language)}|{_UNTIL}"
    return re.fullmatch(rf"\s*(?:(?:{tie})(?: zum| the| le| el| il| o)?|[-–])\s*", between, re.IGNORECASE) is not None


def _mask_before(work: _Work, position: int, pattern: str) -> bool:
    """Take the words right before a place, if they are there."""
    match = re.search(rf"(?<![^\W_])(?:{pattern})(?: the| dem| le| el| il| o| dniu)?\s*$", work.text[:position], re.IGNORECASE)
    if match is None:
        return False
    work.mask(match.start(), match.end())
    return True


def _group(work: _Work) -> tuple[list[int], str]:
    """Where phrases that group end, or the period that one names."""
    pattern = _edge(words.of(words.GROUP, work.language), work.language)
    ends = []
    for match in re.finditer(pattern, work.text, re.IGNORECASE):
        following = work.text[match.end() :]
        for period, names in words.PERIODS.items():
            named = re.match(rf"\s*(?:{names})(?![^\W_])" if work.language != "zh" else rf"\s*(?:{names})", following, re.I)
            if named:
                work.mask(match.start(), match.end())
                return [match.end()], period
        if re.match(r"\s*[^\W\d_]", following):
            ends.append(match.end())
    return ends, ""


def _operations(work: _Work) -> set[str]:
    tables = {
        "mean": words.MEAN, "count": words.COUNT, "sum": words.SUM, "highest": words.HIGHEST, "lowest": words.LOWEST,
        "most": words.MOST, "fewest": words.FEWEST, "different": words.DISTINCT,
    }  # fmt: skip
    found = []
    for name, table in tables.items():
        pattern = _edge(words.of(table, work.language), work.language)
        if name == "count" and work.language == "fr":
            pattern = rf"(?<![^\W_])(?:{words.of(table, 'fr')})"
        found += [(match.start(), match.end(), name) for match in re.finditer(pattern, work.text, re.IGNORECASE)]
    taken: list[tuple[int, int, str]] = []
    for start, end, name in sorted(found, key=lambda item: (item[0] - item[1], item[0])):
        if not any(start < other[1] and other[0] < end for other in taken):
            taken.append((start, end, name))
    for start, end, name in taken:
        work.mask(start, end)
        work.spots[name] = end
    made = {name for _, _, name in taken}
    return made - {"count"} if work.language == "zh" and made & {"mean", "highest", "lowest"} else made


def _status(work: _Work) -> str:
    for name, pattern in (("failed", words.FAILED), ("passed", words.PASSED)):
        edges = pattern if work.language == "zh" else rf"(?<![^\W_])(?:{pattern})(?![^\W_])"
        match = re.search(edges, work.text, re.IGNORECASE)
        if match:
            work.spots["status"] = match.start()
            return name
    return ""


@functools.cache
def _plain_words(language: str) -> frozenset[str]:
    return frozenset(words.of(words.PLAIN, language).split())


def _words(work: _Work) -> tuple[Word, ...]:
    """The words that are left, without those of grammar."""
    plain, stops = _plain_words(work.language), function_words(work.language)
    grouping = re.compile(words.of(words.GROUP, work.language), re.IGNORECASE)
    found: list[Word] = []
    for match in _WORD.finditer(work.text):
        text = match.group()
        if "\u3400" <= text[0] <= "\u9fff":
            found += [word for word in _han(text, match.start(), plain, stops) if not grouping.fullmatch(word.text)]
            continue
        bare = re.sub(r"^(?:l|d|qu|dell|nell|all|dall|sull|un|s|n|c)['’]", "", text, flags=re.IGNORECASE)
        if bare.casefold() not in stops and not grouping.fullmatch(bare) and _TAKEN not in bare:
            found.append(Word(bare, match.start(), terms_of(bare, work.language), bare.casefold() in plain))
    return tuple(found)


def _han(run: str, offset: int, plain: frozenset[str], stops: frozenset[str]) -> Iterator[Word]:
    """The longest words of a run of Chinese."""
    surfaces = [item.surface for item in concepts(run, "zh") if item.kind == "word" and item.surface not in stops]
    for text in dict.fromkeys(surfaces):
        longer = any(text != other and text in other for other in surfaces)
        if not longer:
            yield Word(text, offset + run.find(text), frozenset({text}) | terms_of(text, "zh"), text in plain)


@functools.lru_cache(maxsize=8192)
def terms_of(text: str, language: str) -> frozenset[str]:
    """The search terms of a few words, compounds' parts included, and the text itself folded."""
    found = {
        term for item in concepts(text, language) if item.kind in ("word", "part", "identifier", "number", "pair")
        for term in item.terms
    }  # fmt: skip
    return frozenset(found | {fold(text)})


def _no_words(left: Sequence[Word], work: _Work) -> bool:
    """Whether something is negated outside of what was taken ("not OK" is a state, and no negation)."""
    text = work.text
    if "status" in work.spots:
        text = re.sub(words.FAILED, " ", text, flags=re.IGNORECASE)
    return re.search(words.of(words.NEGATION, work.language), text, re.IGNORECASE) is not None


def _place(left: Sequence[Word], position: int | None) -> int | None:
    """The first word from a position on."""
    if position is None:
        return None
    return next((place for place, word in enumerate(left) if word.start >= position), None)


def _places(left: Sequence[Word], positions: Sequence[int]) -> tuple[int, ...]:
    found = (_place(left, position) for position in positions)
    return tuple(dict.fromkeys(place for place in found if place is not None))
