"""The numbers and codes of a text, so that they can be compared whatever the language writes them like."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from copilot.language import fold

_COMMA_DECIMALS = frozenset(("de", "es", "fr", "it", "pl", "pt"))
_POINT_DECIMALS = frozenset(("en", "zh"))
_SPACED_THOUSANDS = re.compile(r"(?<![\w.,])(\d{1,3})((?:[\u00a0\u202f\u2009 '\u2019]\d{3})+)(?!\d)")
_HAN = r"\u3400-\u9fff\uf900-\ufaff"
# Letters and digits tied together: a code ("PPR-9087"), a number with its unit ("24Nm"), or plain numbers ("20-25").
_GROUP = re.compile(rf"(?:[^\W_{_HAN}])+(?:[-_/.:,](?:[^\W_{_HAN}])+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ATOM = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_WITH_UNIT = re.compile(r"\d+(?:[.,]\d+)*[^\W\d_]{1,4}")
_PIECE = re.compile(rf"[^\W_{_HAN}]+")
_PAIR = re.compile(r"(?<![\w-])(\d+)-(\d+)(?![\w-])")  # "2025-17" may be a part number, or the week 17
_NAME_BEFORE = re.compile(r"(?<![^\W_])([A-Z]{2,12})[ \u00a0]$")
_LONGEST_CODE_LETTERS = 5  # longer letters beside digits are a word ("M8-Schrauben")

# By number from 2 (one is an article in most languages), as engineers write them out.
_WRITTEN = {
    "2": "two zwei deux due dos dwa dwie dwóch dois duas", "3": "three drei trois tre tres trzy trzech três",
    "4": "four vier quatre quattro cuatro cztery czterech quatro", "5": "five fünf cinq cinque cinco pięć pięciu",
    "6": "six sechs sei seis sześć sześciu", "7": "seven sieben sept sette siete siedem siedmiu sete",
    "8": "eight acht huit otto ocho osiem ośmiu oito", "9": "nine neun neuf nove nueve dziewięć dziewięciu",
    "10": "ten zehn dix dieci diez dziesięć dziesięciu dez", "11": "eleven elf onze undici once jedenaście",
    "12": "twelve zwölf douze dodici doce dwanaście dwunastu doze",
}  # fmt: skip
_WORDS = {word: number for number, words in _WRITTEN.items() for word in words.split()}
_HAN_DIGITS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or a code as it stands in the text; two are the same where their ``readings`` meet."""

    source: str
    readings: frozenset[str]
    code: bool = False


def figures(text: str, language: str = "") -> tuple[Figure, ...]:
    """The numbers and codes in order; ``language`` decides what a mark means ("1.200"), without it both hold.

    Codes are compared without marks, spaces and case; numbers by value with their sign, without trailing zeros.
    """
    found: list[Figure] = []
    text = _normalise(text)
    for match in _GROUP.finditer(text):
        group = match.group()
        if not any(char.isdigit() for char in group):
            continue
        sign = "-" if _negative(text, match.start()) else ""
        made = _of_group(group, sign, language)
        name = _NAME_BEFORE.search(text, 0, match.start())
        if name and made and not made[0].code:  # "PPR 9087" may be the code PPR-9087, "DC 400" is a number
            code = fold(name.group(1)) + group.replace(",", ".")
            made[0] = Figure(f"{name.group(1)} {group}", made[0].readings | {code}, code=True)
        found.extend(made)
    return tuple(found)


def lacking(wanted: Iterable[Figure], text: str, language: str = "") -> list[str]:
    """Those of ``wanted`` that the text does not hold, as they were written."""
    present = {reading for figure in figures(text, language) for reading in figure.readings} | _in_words(text)
    present |= {_plain("", part, "") for pair in _PAIR.findall(_normalise(text)) for part in pair}
    codes: frozenset[str] | None = None
    missing = []
    for figure in wanted:
        if figure.readings & present:
            continue
        if figure.code:
            codes = _codes(text) if codes is None else codes
            if figure.readings & codes:
                continue
        missing.append(figure.source)
    return missing


def _in_words(text: str) -> set[str]:
    """The small numbers that the text writes as words."""
    lowered = _normalise(text).lower()
    found = {_WORDS[word] for word in re.findall(r"[^\W\d_]+", lowered) if word in _WORDS}
    return found | {str(_HAN_DIGITS[char]) for char in lowered if char in _HAN_DIGITS}


@functools.lru_cache(maxsize=512)
def _codes(text: str) -> frozenset[str]:
    """Every run of up to four neighbouring pieces of letters and digits, joined: codes however they are parted."""
    pieces = [fold(piece) for piece in _PIECE.findall(_normalise(text))]
    return frozenset(
        "".join(pieces[start : start + count]) for count in range(1, 5) for start in range(len(pieces) - count + 1)
    )


def _of_group(group: str, sign: str, language: str) -> list[Figure]:
    atoms = _ATOM.findall(group)
    parts = group.split("-")
    if len(parts) == 2 and all(part.isdigit() for part in parts) and int(parts[0]) > int(parts[1]):
        return [Figure(group, frozenset(("".join(parts),)), code=True)]  # no range: the part number 4471-318
    if all(atom[0].isdigit() for atom in atoms) or _WITH_UNIT.fullmatch(group):
        numbers = _NUMBER.findall(group)
        signs = [sign] + [""] * (len(numbers) - 1)
        return [Figure(mark + number, _readings(number, mark, language))
                for mark, number in zip(signs, numbers, strict=True)]
    if any(len(atom) > _LONGEST_CODE_LETTERS and atom.isalpha() for atom in atoms):
        runs = [run for run in _runs(atoms) if any(atom[0].isdigit() for atom in run)]
        return [figure for run in runs for figure in _of_group("-".join(run), "", language)]
    return [Figure(group, frozenset((fold("".join(atoms)),)), code=True)]


def _runs(atoms: list[str]) -> list[list[str]]:
    runs: list[list[str]] = [[]]
    for atom in atoms:
        if len(atom) > _LONGEST_CODE_LETTERS and atom.isalpha():
            runs.append([])
        else:
            runs[-1].append(atom)
    return runs


def _normalise(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    return _SPACED_THOUSANDS.sub(lambda match: match.group(1) + re.sub(r"\D", "", match.group(2)), text)


def _negative(text: str, start: int) -> bool:
    before = text[start - 1 : start]
    return before == "-" and not text[max(0, start - 2) : start - 1].strip(" \t\n(,;:|/[")


def _readings(number: str, sign: str, language: str) -> frozenset[str]:
    marks = {char for char in number if char in ".,"}
    decimal = "," if language in _COMMA_DECIMALS else "." if language in _POINT_DECIMALS else ""
    pieces = re.split(r"[.,]", number)
    grouped = len(pieces) > 1 and 0 < len(pieces[0]) <= 3 and all(len(piece) == 3 for piece in pieces[1:])
    if not marks:
        return frozenset((_plain(sign, number, ""),))
    if len(marks) == 2:
        return frozenset((_plain(sign, "".join(pieces[:-1]), pieces[-1]),))
    if len(pieces) > 2:  # 1.234.567, or a date or a clause of a standard: kept with points
        return frozenset((_plain(sign, "".join(pieces), ""),)) if grouped else frozenset((".".join(pieces),))
    values = set()
    if not grouped or decimal in ("", number[len(pieces[0])]) or pieces[0] == "0":
        values.add(_plain(sign, *pieces))
    if grouped and pieces[0] != "0" and decimal != number[len(pieces[0])]:
        values.add(_plain(sign, "".join(pieces), ""))
    return frozenset(values)


def _plain(sign: str, whole: str, fraction: str) -> str:
    fraction = fraction.rstrip("0")
    value = (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
    return value if value == "0" else sign + value
