"""Dates of a text in one form, whatever the language writes: day, month and year where they are told."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "pl": "stycznia|styczeń|styczniu lutego|luty|lutym marca|marzec|marcu kwietnia|kwiecień|kwietniu maja|maj|maju "
          "czerwca|czerwiec|czerwcu lipca|lipiec|lipcu sierpnia|sierpień|sierpniu września|wrzesień|wrześniu "
          "października|październik|październiku listopada|listopad|listopadzie grudnia|grudzień|grudniu",
}
_NUMERIC = re.compile(
    r"(?<![\w.-])(?:(?P<y>(?:19|20)\d\d)[-./](?P<m>0?[1-9]|1[0-2])[-./](?P<d>[0-2]?\d|3[01])"
    r"|(?P<d2>[0-2]?\d|3[01])[./](?P<m2>0?[1-9]|1[0-2])[./](?P<y2>(?:19|20)\d\d))(?![\w-])"
)
_HAN = re.compile(
    r"(?:(?P<y>(?:19|20)\d\d)\s?年\s?)?(?P<m>1[0-2]|0?[1-9])\s?月(?!份?内)"
    r"(?:\s?(?P<d>3[01]|[12]\d|0?[1-9])\s?[日号])?"
)


@dataclass(frozen=True, slots=True)
class Date:
    """A date with what is told of it (0: not told), and as it was written."""

    year: int
    month: int
    day: int
    text: str

    def within(self, other: Date) -> bool:
        """Whether the other says all that this one says."""
        return all(
            not mine or mine == its
            for mine, its in ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        )


@functools.cache
def _worded(language: str) -> tuple[re.Pattern[str], dict[str, int]]:
    names = {
        name: number for number, words in enumerate(_MONTHS[language].split(), 1) for name in words.split("|")
    }
    months = "|".join(sorted(names, key=len, reverse=True))
    joint = r"(?:\s(?:de|del|di|d['’]))?"
    return re.compile(
        rf"(?:(?P<d>\d{{1,2}})(?:\.|er|º|°|st|nd|rd|th)?{joint}\s)?\b(?P<m>{months})\b"
        rf"(?:\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?=,|\s(?:19|20)\d\d))?(?:,?{joint}\s(?P<y>(?:19|20)\d\d))?",
    ), names


def dates(text: str, language: str) -> tuple[tuple[Date, ...], str]:
    """The dates of a text, and the text with blanks in their place; a bare month's name is one only with a number."""
    found: list[Date] = []
    rest = list(text)
    patterns: list[tuple[re.Pattern[str], dict[str, int]]] = [(_NUMERIC, {})]
    patterns += [(_HAN, {})] if language == "zh" else [_worded(language)] if language in _MONTHS else []
    for pattern, names in patterns:
        for match in pattern.finditer("".join(rest).lower()):
            parts = {name: part for name, part in match.groupdict().items() if part}
            if names and set(parts) == {"m"}:
                continue  # "may", "mars", "maj": a number makes it a month
            if (parts.get("d") or parts.get("d2") or "1").strip("0") == "":
                continue
            month = parts.get("m") or parts.get("m2") or "0"
            found.append(Date(
                int(parts.get("y") or parts.get("y2") or 0),
                names[month] if names else int(month),
                int(parts.get("d") or parts.get("d2") or 0),
                text[match.start() : match.end()].strip(),
            ))
            rest[match.start() : match.end()] = " " * (match.end() - match.start())
    return tuple(found), "".join(rest)
