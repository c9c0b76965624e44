"""Workbooks: every sheet's cells as they are shown, cut into the tables that stand on it."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from copilot.errors import ParseError
from copilot.types import Element, Span
from ingest.parse.delimited import parse_delimited
from ingest.parse.elements import Row, from_unstructured, make, make_table, merge_header
from ingest.parse.formats import shown
from ingest.parse.grid import blocks, header_rows

Cells = Mapping[tuple[int, int], str]
_NUMBERED = re.compile(r"^\d{1,3}[.)]\s")
_MANY_BYTES = 12_000_000
_MAX_BYTES = 900_000_000
_MAX_CELLS = 3_000_000


def parse(path: Path, media_type: str, language: str) -> list[Element]:
    """The tables of a workbook or a delimited file; page = the sheet's number, locator "Sheet!A5:D5"."""
    if media_type.startswith("text/"):
        return parse_delimited(path)
    _guard(path)
    elements: list[Any] = []
    for number, (name, cells, bold) in enumerate(_sheets(path), start=1):
        elements.append(make("Title", name, Span(number, None, f"{name}!"), level=1))
        for block in blocks(set(cells)):
            elements.extend(_region(name, number, cells, bold, block))
    return from_unstructured(elements)


def _guard(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        size = sum(part.file_size for part in archive.infolist())
    if size > _MAX_BYTES:
        raise ParseError("too_large", f"{path.name} unpacks to {size // 1_000_000} MB.",
                         "Split the workbook, or save it as CSV.")


def _sheets(path: Path) -> Iterator[tuple[str, Cells, set[tuple[int, int]]]]:
    """(name, texts by row and column from 1, which of them are bold) of each sheet with content."""
    with zipfile.ZipFile(path) as archive:
        size = sum(part.file_size for part in archive.infolist() if "worksheets/" in part.filename)
    if size > _MANY_BYTES:
        try:
            yield from _by_calamine(path)
            return
        except BaseException as error:  # its aborts are no Exceptions; openpyxl reads what it cannot
            if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError | ParseError):
                raise
    yield from _by_openpyxl(path, read_only=size > _MANY_BYTES)


def _by_openpyxl(path: Path, read_only: bool) -> Iterator[tuple[str, Cells, set[tuple[int, int]]]]:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, read_only=read_only, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            cells: dict[tuple[int, int], str] = {}
            bold: set[tuple[int, int]] = set()
            for cell in _cells(sheet, read_only):
                text = shown(cell.value, cell.number_format)
                if text:
                    cells[cell.row, cell.column] = text
                    if cell.font is not None and cell.font.b:
                        bold.add((cell.row, cell.column))
                if len(cells) > _MAX_CELLS:
                    raise _too_many(path)
            if not read_only:
                _merged(sheet, cells, bold)
            if cells:
                yield sheet.title, cells, bold
    finally:
        book.close()


def _cells(sheet: Any, read_only: bool) -> Iterator[Any]:
    # iter_rows of a sheet in memory makes every cell up to its last corner, which may lie 17 billion cells away.
    found = (cell for row in sheet.iter_rows() for cell in row) if read_only else iter(sheet._cells.values())
    return (cell for cell in found if cell.value is not None)


def _merged(sheet: Any, cells: dict[tuple[int, int], str], bold: set[tuple[int, int]]) -> None:
    """Repeat a merged cell's text downwards, where it stands for several rows, and across other header cells."""
    for area in sheet.merged_cells.ranges:
        text = cells.get((area.min_row, area.min_col))
        wide = area.max_col - area.min_col + 1
        if not text or (area.max_row - area.min_row + 1) * wide > 5000:
            continue
        below = any((area.max_row + 1, column) in cells for column in range(area.min_col + 1, area.max_col + 1))
        alone = not any((area.min_row, column) in cells and not area.min_col <= column <= area.max_col
                        for column in range(1, sheet.max_column + 1))
        if wide > 1 and (alone or not below):
            continue  # a caption over the whole table
        for row in range(area.min_row, area.max_row + 1):
            for column in range(area.min_col, area.max_col + 1):
                cells[row, column] = text
                if (area.min_row, area.min_col) in bold:
                    bold.add((row, column))


def _by_calamine(path: Path) -> Iterator[tuple[str, Cells, set[tuple[int, int]]]]:
    """Large workbooks: twelve times faster, without number formats."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(path))
    loaded = []
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        top, left = sheet.start or (0, 0)
        cells = {
            (top + down + 1, left + across + 1): shown(value, "General")
            for down, row in enumerate(sheet.to_python(skip_empty_area=True))
            for across, value in enumerate(row) if value not in ("", None)
        }
        if len(cells) > _MAX_CELLS:
            raise _too_many(path)
        if cells:
            loaded.append((name, cells, set[tuple[int, int]]()))
    yield from loaded


def _too_many(path: Path) -> ParseError:
    return ParseError("too_large", f"{path.name} has a sheet of more than {_MAX_CELLS} cells.",
                      "Split the sheet, or save it as CSV.")


def _region(
    name: str, page: int, cells: Cells, bold: set[tuple[int, int]], block: tuple[int, int, int, int],
) -> Iterator[Any]:
    """One block: lines of text as paragraphs, the rest as a table with its caption and header."""
    top, left, bottom, right = block
    rows = [(number, tuple(cells.get((number, column), "") for column in range(left, right + 1)))
            for number in range(top, bottom + 1)]
    lines: list[tuple[int, str]] = []
    prose = left == right and not header_rows([row for _, row in rows])
    while rows and (prose or left < right and rows[0][1][0] and not any(rows[0][1][1:])):
        lines.append((rows[0][0], rows[0][1][0]))
        rows.pop(0)
    caption = lines.pop()[1] if rows and lines else ""
    for number, text in lines:
        category = "ListItem" if _NUMBERED.match(text) else "NarrativeText"
        yield make(category, text, Span(page, None, _locator(name, number, left, number, left)))
    if not rows:
        return
    grid = [row for _, row in rows]
    count = _headers(grid, rows[0][0], left, bold)
    body = [Row(row, Span(page, None, _locator(name, number, left, number, right))) for number, row in rows[count:]]
    span = Span(page, None, _locator(name, rows[0][0], left, bottom, right))
    yield make_table(body, span, header=merge_header(grid[:count]), caption=caption)


def _headers(grid: Sequence[Sequence[str]], first: int, left: int, bold: set[tuple[int, int]]) -> int:
    """How many rows are the header: those bold throughout above one that is not, else as their texts tell."""
    width = len(grid[0])
    marked = 0
    for down, row in enumerate(grid):
        filled = [column for column in range(width) if row[column]]
        if not filled or not all((first + down, left + column) in bold for column in filled):
            break
        marked += 1
    return marked if 0 < marked < len(grid) and marked <= 3 else header_rows(grid)


def _locator(name: str, top: int, left: int, bottom: int, right: int) -> str:
    first, last = f"{column_name(left)}{top}", f"{column_name(right)}{bottom}"
    return f"{name}!{first}" if first == last else f"{name}!{first}:{last}"


def column_name(number: int) -> str:
    """The letters of a column counted from 1: A, B, ... Z, AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
