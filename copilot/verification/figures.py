"""Numbers, units, dates and identifiers of a sentence, each in one form whatever the language."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from copilot.language import fold
from copilot.verification.calendars import Date, dates
from copilot.verification.counting import counted
from copilot.verification.units import unit_of

_COMMA_GROUPS = frozenset({"en", "zh"})  # elsewhere the comma is the decimal mark
_SPACED = re.compile(r"(?<![\d.,\w])(\d{1,3})((?:[\u00a0\u202f\u2009 '\u2019]\d{3})+)(?![\d\w])")
_HAN = r"\u3400-\u9fff\uf900-\ufaff"
_GROUP = re.compile(rf"[^\W_{_HAN}]+(?:[-_/.:,\u00b7][^\W_{_HAN}]+)*")
_ATOM = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MEASURE = re.compile(r"(\d+(?:[.,]\d+)*)[-\u00b7]?([^\W\d_]+)")
_LATIN = rf"[^\W\d_{_HAN}]"
_UNIT = re.compile(
    rf"\s?(?:[\u00b0\u03a9\u00b5\u03bc\u20ac$]?{_LATIN}+(?:[\u00b7./*]{_LATIN}+)*(?:-?[23](?!\d))?(?!\w(?<![{_HAN}]))|[%\u2030\u00b0\u20ac$])"
)
_DIGITS_ONLY = re.compile(r"\d+(?:[-/:.,]\d+)+")
_SUPERSCRIPT = str.maketrans("\u00b2\u00b3\u00b9", "231")
_UPPER = re.compile(r"(?<![\w.])([A-Z]{2,6})\s(?=\d)")
_LETTER = re.compile(r"(?<![\w.'\u2019\u00b0\u00b7/+-])(?<!\d )([B-DF-HJ-NP-RT-VXYZ])(?![\w'\u2019]|\.\s?[A-Z])")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number: its value in plain form ("-20", "1690", "0.5"), its unit if known, and where it stands."""

    value: str
    unit: str
    start: int
    end: int
    text: str
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """What a text counts, measures, dates and names."""

    numbers: tuple[Figure, ...]
    identifiers: tuple[tuple[str, str], ...]
    """(joined form, as written)"""
    pairs: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Numbers tied by a mark ("20-25", "5/10", "5520-117"): (joined form, as written, the numbers' values)"""
    dates: tuple[Date, ...]
    letters: tuple[str, ...]
    """Single capitals that tell things apart ("class B"), not at the beginning"""

    order: tuple[str, ...] = ()
    """Numbers and identifiers as they follow each other"""

    @property
    def values(self) -> Counter[str]:
        """How often each value stands there, those inside tied numbers and dates included."""
        counts = Counter(item.value.lstrip("-") for item in self.numbers)
        counts.update(value for _, _, values in self.pairs for value in values)
        return counts


def plain(text: str) -> str:
    """NFKC but for superscripts, one kind of dash, no soft hyphens: lengths may change."""
    text = unicodedata.normalize("NFKC", text.translate(_SUPERSCRIPT).replace("\u00ad", "").replace("\ufffe", ""))
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    return _SPACED.sub(lambda found: found.group(1) + re.sub(r"\D", "", found.group(2)), text)


def value(text: str, language: str) -> str:
    """A number as its language writes it, in plain form: "1.690" is 1690 in German and 1.69 in English."""
    group, decimal = (",", ".") if language in _COMMA_GROUPS else (".", ",")
    marks = [char for char in text if char in ".,"]
    if not marks:
        return text.lstrip("0") or "0"
    if len(set(marks)) == 2:
        decimal = marks[-1]
        group = "," if decimal == "." else "."
    parts = text.split(group)
    if group in marks and len(set(marks)) == 1:
        grouped = len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:]) and parts[0] != "0"
        if not grouped and len(marks) > 1:
            return text  # a version or a section: "4.3.0"
        decimal = decimal if grouped else group
        group = group if grouped else decimal
    elif len(marks) > 1 and len(set(marks)) == 1:
        return text
    whole, _, fraction = text.partition(decimal)
    whole = re.sub(r"[.,]", "", whole).lstrip("0") or "0"
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


@functools.lru_cache(maxsize=8192)
def figures(text: str, language: str) -> Figures:
    """Read a text."""
    shown = plain(text)
    found_dates, rest = dates(shown, language)
    numbers: list[Figure] = []
    identifiers: list[tuple[str, str]] = []
    pairs: list[tuple[str, str, tuple[str, ...]]] = []
    for match in _GROUP.finditer(rest):
        for piece, start in _pieces(match.group(), match.start()):
            _sort_in(piece, start, rest, language, numbers, identifiers, pairs)
    for figure_value, start, end in counted(rest, language):
        numbers.append(Figure(figure_value, unit_after(rest, end), start, end, rest[start:end], True))
    identifiers += _over_a_blank(rest)
    letters = tuple(found.group(1) for found in _LETTER.finditer(rest) if rest[: found.start()].strip(" -*\u2022("))
    letters = letters if not rest.isupper() else ()
    numbers.sort(key=lambda item: item.start)
    placed = [(item.start, item.value) for item in numbers]
    placed += [(rest.find(shown), form) for form, shown in identifiers] + [(rest.find(p[1]), p[0]) for p in pairs]
    order = tuple(form for _, form in sorted(placed))
    return Figures(tuple(numbers), tuple(identifiers), tuple(pairs), found_dates, letters, order)


def _pieces(group: str, start: int) -> Iterator[tuple[str, int]]:
    """The stretches of a group that hold digits, without the words that hyphens tie to them ("M8-Schraube")."""
    run, begin, place = "", 0, start
    for part in re.split(r"(-)", group):
        word = part.isalpha() and (len(part) > 4 and not part.isupper() or len(part) > 1 and part.islower())
        if word and not (run and unit_of(part) and run.rstrip("-").isdigit()):
            if any(char.isdigit() for char in run):
                yield run.rstrip("-"), begin
            run = ""
        else:
            begin = place if not run.strip("-") else begin
            run = (run + part) if run or part != "-" else ""
        place += len(part)
    if any(char.isdigit() for char in run):
        yield run.rstrip("-"), begin


def _sort_in(
    piece: str, start: int, text: str, language: str, numbers: list[Figure],
    identifiers: list[tuple[str, str]], pairs: list[tuple[str, str, tuple[str, ...]]],
) -> None:
    end = start + len(piece)
    measure = _MEASURE.fullmatch(piece)
    if _NUMBER.fullmatch(piece):
        numbers.append(Figure(_signed(piece, start, text, language), unit_after(text, end), start, end, piece))
    elif measure and (unit_of(measure.group(2)) or measure.group(2).islower() and len(measure.group(2)) > 1):
        shown = _signed(measure.group(1), start, text, language)
        numbers.append(Figure(shown, unit_of(measure.group(2)), start, end, piece))
    elif _DIGITS_ONLY.fullmatch(piece):
        values = tuple(value(part, language) for part in re.split(r"[-/:]", piece))
        pairs.append((joined(piece), piece, values))
    else:
        identifiers.append((joined(piece), piece))


def joined(text: str) -> str:
    """An identifier without its marks, folded: the form that the search's analysis gives it, too."""
    return fold("".join(_ATOM.findall(text))).replace(",", ".")


def _signed(piece: str, start: int, text: str, language: str) -> str:
    shown = value(piece, language)
    before = text[max(0, start - 7) : start]
    minus = re.search(r"(?:^|[\s(\[~|\u2026\u3400-\u9fff])-$|\bminus\s$|\bmeno\s$|\bmoins\s$|\bmenos\s$|零下$", before)
    return f"-{shown}" if minus else shown


def unit_after(text: str, end: int) -> str:
    """The unit that stands where a number ends; an empty string for none."""
    found = _UNIT.match(text, end)
    shown = found.group().strip() if found else ""
    known = unit_of(shown)
    if not known and shown:
        known = unit_of(re.split(r"[-.]", shown)[0])
    if not known:
        two = re.match(r"\s?[^\W\d_]+[ -][^\W\d_]+", text[end : end + 40])
        known = unit_of(two.group().strip()) if two else ""
    if not known:
        han = re.match(rf"\s?([{_HAN}]{{1,3}})", text[end : end + 5])
        known = next((unit_of(han.group(1)[:n]) for n in (3, 2, 1) if unit_of(han.group(1)[:n])), "") if han else ""
    return known


def _over_a_blank(text: str) -> Iterator[tuple[str, str]]:
    """"ISO 26262": capitals with the number after them; not in a text all in capitals."""
    if text.isupper() and len(text.split()) > 3:
        return
    for match in _UPPER.finditer(text):
        number = _GROUP.match(text, match.end())
        atoms = _ATOM.findall(number.group()) if number else []
        if atoms and not unit_of(match.group(1)):
            yield fold(match.group(1)) + atoms[0].replace(",", "."), f"{match.group(1)} {atoms[0]}"
