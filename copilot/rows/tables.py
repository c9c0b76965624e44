"""The tables of a document with typed columns: numbers in one unit, dates, values; read from its parsed elements."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from copilot.quantities import decimal_mark, parse_number, split_head, unit_named
from copilot.quantities.spellings import UNITS
from copilot.quantities.units import convert
from copilot.rows.dates import parse_date, reads_day_first
from copilot.types import Document, Element, ElementKind

EMPTY = frozenset(
    {"", "-", "–", "—", "n/a", "N/A", "NA", "n.a.", "null", "None", "/", "无", "k. A.", "k.A.", "b.d.", "s/d"}
)
_MOSTLY = 0.8  # of the filled cells, from which share on a column is one of numbers or dates
_NUMBER_CELL = re.compile(r"^([+\-–]?\s?[\d.,\u00a0\u202f\u2009 '’]*\d)\s*(\D.*)?$")
_SIMPLE = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_UNIT_HEADS = frozenset("unit units einheit unité unidad unità unidade jednostka 单位".split())


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells and the element that it is."""

    cells: tuple[str, ...]
    element: Element


@dataclass(frozen=True)
class Table:
    """A table of one document, its rows of all pages together; ``language`` is that of its words."""

    document: Document
    caption: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    language: str
    heading: str = ""
    _columns: dict[int, Column] = field(default_factory=dict, compare=False)

    def column(self, place: int) -> Column:
        """The column at ``place``, typed; read once."""
        if place not in self._columns:
            self._columns[place] = read_column(
                self.header[place], [row.cells[place] for row in self.rows], self.language
            )
        return self._columns[place]

    def name(self, place: int) -> str:
        """The name of the column at ``place``, without its unit."""
        return split_head(self.header[place], self.language)[0]

    @property
    def heterogeneous(self) -> bool:
        """Whether a column of units says that each row measures something else."""
        return any(name.strip().casefold() in _UNIT_HEADS for name in self.header)


@dataclass(frozen=True)
class Column:
    """A column: its name without the unit, the unit of its numbers, and its cells as texts, numbers and dates.

    ``numbers`` and ``dates`` are None where a cell is empty or none; ``odd`` holds the rows whose filled cell is no
    number in a column of numbers.
    """

    name: str
    unit: str
    texts: Sequence[str]
    numbers: Sequence[float | None] | None = None
    dates: Sequence[dt.datetime | None] | None = None
    odd: frozenset[int] = frozenset()

    @functools.cached_property
    def counts_rows(self) -> bool:
        """Whether its numbers just number the rows: nobody adds them up."""
        filled = [number for number in self.numbers or () if number is not None]
        return not self.unit and len(filled) > 2 and all(b - a == 1 for a, b in zip(filled, filled[1:], strict=False))

    @functools.cached_property
    def is_label(self) -> bool:
        """Whether its numbers name things (pins, versions, codes), so that "how many" counts rows and adds up none."""
        filled = [number for number in self.numbers or () if number is not None]
        if self.unit or len(filled) < 2:
            return False
        steps = [b - a for a, b in zip(filled, filled[1:], strict=False)]
        ordered = len(filled) > 3 and (all(step > 0 for step in steps) or all(step < 0 for step in steps))
        return self.numbers_things or ordered or any(number != int(number) for number in filled)

    @functools.cached_property
    def numbers_things(self) -> bool:
        """Whether its numbers mostly go up by one, as those of pins or steps do, maybe more than once."""
        filled = [number for number in self.numbers or () if number is not None]
        steps = [b - a for a, b in zip(filled, filled[1:], strict=False)]
        return not self.unit and len(filled) > 2 and 2 * steps.count(1) >= len(steps)

    @functools.cached_property
    def mostly_differs(self) -> bool:
        """Whether hardly a value comes twice, as in a column of codes."""
        filled = [text for text in self.texts if text not in EMPTY]
        return len(self.values) >= 0.9 * len(filled)

    @functools.cached_property
    def values(self) -> dict[str, str]:
        """Every different filled text, folded -> as written."""
        return {" ".join(text.casefold().split()): text for text in self.texts if text not in EMPTY}


def tables(document: Document, elements: Sequence[Element], language: str) -> list[Table]:
    """The tables with a header, in order; rows under the same caption and header belong to one table."""
    grouped: dict[str, list[Row]] = {}
    headings: dict[str, str] = {}
    heading = ""
    for element in elements:
        if element.kind is ElementKind.TITLE:
            heading = element.text
        elif element.kind is ElementKind.TABLE_ROW and "\n" in element.context:
            width = element.context.count("\t") + 1
            cells = tuple(cell.strip() for cell in element.text.split("\t"))
            if len(cells) == width:
                grouped.setdefault(element.context, []).append(Row(cells, element))
                headings.setdefault(element.context, heading)
    made = []
    for context, rows in grouped.items():
        caption, _, header = context.partition("\n")
        if header.strip() and len(rows) > 1:
            names = tuple(header.split("\t"))
            made.append(Table(document, caption, names, tuple(rows), language, headings[context]))
    return made


def read_column(head: str, texts: Sequence[str], language: str) -> Column:
    """A column's name, unit and typed cells."""
    name, unit = split_head(head, language)
    filled = [text for text in texts if text not in EMPTY]
    dates = _dates(texts, len(filled), language)
    if dates is not None:
        return Column(name, "", texts, None, dates)
    numeric = [text for text in filled if _NUMBER_CELL.match(text)]
    if not filled or len(numeric) < _MOSTLY * len(filled):
        return Column(name, unit, texts)
    try:
        mark = decimal_mark(list(dict.fromkeys(numeric)), language)
    except ValueError:
        return Column(name, unit, texts)
    read = [None if text in EMPTY else _number(text, language, mark) for text in texts]
    spoken = [symbol for item in read if item is not None for symbol in [item[1]] if symbol]
    unit = unit or (spoken[0] if spoken else "")
    numbers = [_in_unit(item, unit) for item in read]
    odd = frozenset(
        place for place, text in enumerate(texts) if numbers[place] is None and any(char.isdigit() for char in text)
    )  # words in place of a number say that there is none
    return Column(name, unit, texts, numbers, None, odd)


def _number(text: str, language: str, mark: str) -> tuple[float, str] | None:
    """The number of a cell and its own unit; None where the cell says more than that."""
    other = "," if mark == "." else "."
    if text.isdigit() or mark and other not in text and _SIMPLE.fullmatch(text):
        return float(text.replace(",", ".")), ""  # most cells of a long table
    found = _NUMBER_CELL.match(text)
    parsed = parse_number(found.group(1), language, mark) if found else None
    if found is None or parsed is None:
        return None
    rest = (found.group(2) or "").strip()
    symbol = unit_named(rest, language) if rest else ""
    return None if symbol is None else (float(parsed.value), symbol)


def _in_unit(item: tuple[float, str] | None, unit: str) -> float | None:
    """The number in the column's unit; None where it cannot be converted."""
    if item is None:
        return None
    value, own = item
    if not own or own == unit:
        return value
    if not unit or UNITS[own].kind != UNITS[unit].kind:
        return None
    from decimal import Decimal

    return float(convert(Decimal(repr(value)), own, unit))


def _dates(texts: Sequence[str], filled: int, language: str) -> list[dt.datetime | None] | None:
    """The cells as moments, where nearly all of them are dates and it is certain which number is the day."""
    if not filled or not any(parse_date(text, True) for text in texts[:20] if text not in EMPTY):
        return None
    day_first = reads_day_first([text for text in texts if text not in EMPTY], language)
    if day_first is None:
        return None
    found = [parse_date(text, day_first) for text in texts]
    return found if sum(item is not None for item in found) >= _MOSTLY * filled else None
