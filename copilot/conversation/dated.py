"""Questions about what held in the past: the day that they mean, and the question without it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from copilot.rows.dates import periods

_WHEN = {
    (12, 31): r"(?:at the |by the )?end of|late|ende|ende des jahres|(?:à la )?fin|(?:a )?finales de|fine|fim de|"
    r"(?:no )?final de|(?:pod )?koni?ec|pod koniec|końcem",
    (8, 31): r"(?:in (?:the )?)?summer(?: of)?|im sommer|sommer|(?:à l['’]|en )?été|(?:en el )?verano de|"
    r"(?:nell['’])?estate|(?:no )?verão de|lat(?:em|o|a)|w lecie",
    (1, 31): r"(?:at the )?(?:beginning|start) of|early|anfang|début|(?:a )?(?:principios|comienzos) de|"
    r"(?:all['’])?inizio|(?:no )?(?:início|começo) de|na początku|początkiem",
    (6, 30): r"mid-?|mitte|(?:à la )?mi-|(?:a )?mediados de|metà|(?:em )?meados de|w połowie",
}
_YEAR = re.compile(
    r"(?<!\w)(?P<when>" + "|".join(f"(?:{text})" for text in _WHEN.values()) + r")[\s-]*(?P<y>(?:19|20)\d\d)(?![\w-])",
    re.IGNORECASE,
)
_HAN_YEAR = re.compile(r"(?P<y>(?:19|20)\d\d)\s?年\s?(?P<when>年?底|末|夏天?|夏季|初|年初|中|年中)")
_HAN_WHEN = {"底": (12, 31), "末": (12, 31), "夏": (8, 31), "初": (1, 31), "中": (6, 30)}
_BEFORE = re.compile(
    r"(?:\b(?:before|until|vor(?: dem)?|bis|avant(?: le)?|jusqu['’]en|antes de(?:l)?|hasta|prima d(?:i|el|ell['’])|"
    r"fino a|antes de|até|przed|do)\s*)$",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\s*\b(?:in|im|on|as of|at|during|am|en|le|el|a|nel|nell['’]|em|no|na|w|we|dnia|of|de|del|du)\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A question without its day, and the day for which it asks."""

    text: str
    as_of: dt.date


def dated(question: str, language: str, today: dt.date | None = None) -> Dated | None:
    """The last day of the one past time that a question names; None where it names none, several, or a coming one."""
    found = _named(question, language)
    if len(found) != 1:
        return None
    start, end, first, last = found[0]
    before = _BEFORE.search(question[:start])
    day = first - dt.timedelta(days=1) if before else last
    if day >= (today or dt.date.today()):
        return None
    head = question[: before.start()] if before else _IN.sub("", question[:start])
    text = re.sub(r"\s+([?？.,，])", r"\1", f"{head.rstrip()} {question[end:].lstrip()}").strip(" ,，")
    if language == "zh":
        text = text.replace(" ", "")
    return Dated(text, day) if re.search(r"\w{3}|[\u3400-\u9fff]{2}", text) else None


def _named(question: str, language: str) -> list[tuple[int, int, dt.date, dt.date]]:
    """Start, end, first and last day of each time that is named with its year."""
    found = []
    for match in (*_YEAR.finditer(question), *_HAN_YEAR.finditer(question)):
        year, when = int(match["y"]), match["when"].casefold()
        month, day = _place(when)
        found.append((match.start(), match.end(), dt.date(year, month, 1), dt.date(year, month, day)))
    for item in periods(question, language):
        inside = any(start < item.end and item.start < end for start, end, _, _ in found)
        if item.first is not None and item.last is not None and not inside:
            found.append((item.start, item.end, item.first, item.last))
    return found


def _place(when: str) -> tuple[int, int]:
    """Month and day of the end of a part of a year."""
    for sign, place in _HAN_WHEN.items():
        if sign in when:
            return place
    return next(place for place, text in _WHEN.items() if re.fullmatch(text, when.strip(" -"), re.IGNORECASE))
