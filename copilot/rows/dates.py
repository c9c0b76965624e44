"""Days, weeks and months in cells and in questions, as eight languages write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.rows.vocabulary import PERIODS

_MONTHS = {
    month: number
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
        "styczniu lutym marcu kwietniu maju czerwcu lipcu sierpniu wrześniu październiku listopadzie grudniu",
    )
    for number, month in enumerate(names.split(), start=1)
}
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"
_NUMERIC = r"(?P<a>\d{1,2})[./-](?P<b>\d{1,2})[./-](?P<y2>\d{4}|\d{2})"
_TIME = r"(?:[T ]+(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2}))?(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_CELL = re.compile(rf"^(?:{_ISO}|{_NUMERIC}){_TIME}$")
_SPELLED = re.compile(
    rf"(?:(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th|er|º|°)?\s+(?:de\s+|of\s+)?)?(?P<n>{_NAME})\.?"
    rf"(?:\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d))?(?:,?\s+(?:de\s+|del\s+)?(?P<y>\d{{4}}))?(?![^\W\d_])",
    re.IGNORECASE,
)
_HAN = re.compile(r"(?:(?P<y>\d{4})\s?年)?\s?(?P<m>\d{1,2})\s?月(?:\s?(?P<d>\d{1,2})\s?[日号])?")
_WEEK = re.compile(
    rf"(?:第\s?(?P<n2>\d{{1,2}})\s?周|(?<![^\W\d_])(?:{PERIODS['week']})\s?(?:nr\.?|no\.?|n[.º°]?|número)?\s?(?P<n>\d{{1,2}})(?!\d)"
    r"(?:\s?[/,]?\s?(?:of |de |del |von )?(?P<y>20\d\d))?|(?P<y2>20\d\d)-?(?:W|KW|CW)\s?(?P<n3>\d{1,2}))",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?<!\w)(?:in|im|en|nel|em|w|roku|jahr|year|l'année|año|anno|ano)\s(?P<y>(?:19|20)\d\d)(?![\w-])|"
    r"(?P<y2>(?:19|20)\d\d)\s?年(?!\s?\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days that a question names: first and last day; ``week`` where it is a week of no known year.

    A date without its year has ``year`` 0 in ``month`` and ``day``.
    """

    start: int
    end: int
    first: dt.date | None = None
    last: dt.date | None = None
    week: int = 0
    month: int = 0
    day: int = 0


def parse_date(text: str, day_first: bool) -> dt.datetime | None:
    """The moment that a cell holds and nothing else."""
    match = _CELL.match(text.strip())
    if match is None:
        spelled = _SPELLED.fullmatch(text.strip()) or _HAN.fullmatch(text.strip())
        made = _spelled(spelled) if spelled else None
        return dt.datetime.combine(made.first, dt.time()) if made and made.first and made.first == made.last else None
    parts = match.groupdict()
    if parts["y"]:
        year, month, day = int(parts["y"]), int(parts["m"]), int(parts["d"])
    else:
        first, second = int(parts["a"]), int(parts["b"])
        day, month = (first, second) if day_first or "." in text else (second, first)
        year = int(parts["y2"]) + (2000 if len(parts["y2"]) == 2 else 0)
    try:
        return dt.datetime(year, month, day, int(parts["h"] or 0), int(parts["min"] or 0), int(parts["s"] or 0))
    except ValueError:
        return None


def reads_day_first(texts: Sequence[str], language: str) -> bool | None:
    """Whether 04/05/2025 is a day of May; None where neither the column nor its language tells."""
    slashed = [match for text in texts if (match := _CELL.match(text.strip())) and match["a"] and "." not in text]
    first, second = (max((int(match[name]) for match in slashed), default=0) for name in "ab")
    if first > 12 and second > 12:
        return None
    if first > 12 or not slashed:
        return True
    if second > 12:
        return False
    return True if language not in ("en", "und", "", "zh") else None


def periods(text: str, language: str) -> list[Period]:
    """The days, weeks, months and years that a question names, in order."""
    found: list[Period] = []
    for match in re.finditer(rf"(?<![\w.])(?:{_ISO}|{_NUMERIC})(?![\w])", text):
        moment = parse_date(match.group(), reads_day_first([match.group()], language) is not False)
        if moment:
            found.append(Period(match.start(), match.end(), moment.date(), moment.date()))
    for match in _WEEK.finditer(text):
        found += [_week(match)] if not _within(found, match) else []
    for pattern in (_SPELLED, _HAN):
        for match in pattern.finditer(text):
            made = _spelled(match)
            if made and not _within(found, match) and (language == "zh" or pattern is _SPELLED):
                found.append(made)
    for match in _YEAR.finditer(text):
        if not _within(found, match):
            year = int(match["y"] or match["y2"])
            found.append(Period(match.start(), match.end(), dt.date(year, 1, 1), dt.date(year, 12, 31)))
    return sorted(found, key=lambda item: item.start)


def _within(found: Sequence[Period], match: re.Match[str]) -> bool:
    return any(item.start < match.end() and match.start() < item.end for item in found)


def _week(match: re.Match[str]) -> Period:
    number = int(match["n"] or match["n2"] or match["n3"])
    year = match["y"] or match["y2"]
    if year and 1 <= number <= 53:
        first = dt.date.fromisocalendar(int(year), min(number, 52), 1)
        return Period(match.start(), match.end(), first, first + dt.timedelta(days=6), week=number)
    return Period(match.start(), match.end(), week=number)


def _spelled(match: re.Match[str]) -> Period | None:
    """A day or a month by name; ambiguous words ("may", "mars") count only with a day or a year."""
    parts = match.groupdict()
    month = int(parts["m"]) if parts.get("m") else _MONTHS.get((parts.get("n") or "").casefold(), 0)
    day = int(parts.get("d") or parts.get("d2") or 0)
    year = int(parts["y"] or 0)
    if (
        not 1 <= month <= 12
        or day > 31
        or not (day or year)
        and (parts.get("n") or "").casefold() in ("may", "mai", "mars")
    ):
        return None
    if not year:
        return Period(match.start(), match.end(), month=month, day=day)
    try:
        first = dt.date(year, month, day or 1)
    except ValueError:
        return None
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return Period(match.start(), match.end(), first, first if day else following - dt.timedelta(days=1))
