"""PDFs: pages read with pypdfium2, tables and scans found on the way, put together in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.errors import ParseError
from copilot.pages import open_pdf
from copilot.pagetext import PageText, read_characters
from copilot.types import Element
from ingest.parse import pdf_blocks as blocks
from ingest.parse.elements import from_unstructured
from ingest.parse.pdf_blocks import Block
from ingest.parse.pdf_elements import block_element, table_element
from ingest.parse.pdf_furniture import drop_furniture
from ingest.parse.pdf_lines import Line, part_of, read_lines, rejoin
from ingest.parse.pdf_order import column_of, find_gutters, reading_order
from ingest.parse.pdf_tables import PageTable
from ingest.parse.tables import find_tables, link_tables, taken_positions


@dataclass(slots=True)
class Sheet:
    """One page as read: its lines outside tables, its tables, its size in points; ``scan`` where OCR read it."""

    number: int
    size: tuple[float, float]
    lines: list[Line]
    tables: list[PageTable]
    scan: list[Block] | None = None


def parse(path: Path, media_type: str, language: str) -> list[Element]:
    """The elements of a PDF in reading order, each line (table: each line of a cell, scan: each word) with its box.

    ``language`` is a hint for OCR and is noted on the elements. Raises ParseError: empty, encrypted, broken, and
    missing_dependency where every page is a scan and OCR cannot run.
    """
    document = open_pdf(path)
    try:
        if not len(document):
            raise ParseError("broken", f"{path.name} has no pages.", "Check the file in a PDF viewer.")
        sheets = [_read_sheet(document[index], index + 1, path, language) for index in range(len(document))]
    finally:
        document.close()
    return from_unstructured(_elements(sheets, language))


def _read_sheet(sheet: Any, number: int, path: Path, language: str) -> Sheet:
    textpage = sheet.get_textpage()
    page = read_characters(sheet, textpage)
    lines = read_lines(page, sheet, textpage, number)
    tables = find_tables(sheet, page, lines, number)
    taken = {position for table in tables for position in taken_positions(table)}
    free = [line for line in lines if not taken.issuperset(line.positions)]
    return Sheet(number, sheet.get_size(), [_without(page, line, taken) for line in free], tables)


def _without(page: PageText, line: Line, taken: set[int]) -> Line:
    if taken.isdisjoint(line.positions):
        return line
    return part_of(page, line, [position for position in line.positions if position not in taken])


def _elements(sheets: Sequence[Sheet], language: str) -> list[Any]:
    kept = drop_furniture([sheet.lines for sheet in sheets], [sheet.size[1] for sheet in sheets])
    for sheet, lines in zip(sheets, kept, strict=True):
        sheet.lines = lines
    printed = [line for sheet in sheets for line in sheet.lines]
    body, pitch = blocks.body_size(printed), blocks.usual_pitch(printed)
    parts: list[Block | PageTable] = []
    for sheet in sheets:
        parts += _page_parts(sheet, body, pitch)
    parts = _join_runs(parts)
    link_tables([part for part in parts if isinstance(part, PageTable)])
    blocks.set_levels([part for part in parts if isinstance(part, Block)], body)
    sizes = {sheet.number: sheet.size for sheet in sheets}
    return [
        table_element(part, sizes[part.page], language) if isinstance(part, PageTable)
        else block_element(part, sizes[part.lines[0].page], language)
        for part in parts
    ]


def _page_parts(sheet: Sheet, body: float, pitch: float) -> list[Block | PageTable]:
    """Blocks and tables of one page in reading order."""
    if sheet.scan is not None:
        return list(sheet.scan)
    gutters = find_gutters(sheet.lines, sheet.size[0])
    items: list[Line | PageTable] = [*_rejoined(sheet.lines, gutters), *sheet.tables]
    parts: list[Block | PageTable] = []
    run: list[Line] = []
    for item in reading_order(items, gutters):
        if isinstance(item, Line):
            run.append(item)
        else:
            parts += [*blocks.make_blocks(run, body, pitch), item]
            run = []
    return [*parts, *blocks.make_blocks(run, body, pitch)]


def _rejoined(lines: Sequence[Line], gutters: Sequence[float]) -> list[Line]:
    """Lines of one column joined where a wide space parted them; never over a gutter."""
    joined: list[Line] = []
    run: list[Line] = []
    for line in lines:
        if run and column_of(run[-1].box, gutters) != column_of(line.box, gutters):
            joined += rejoin(run)
            run = []
        run.append(line)
    return [*joined, *rejoin(run)]


def _join_runs(parts: Sequence[Block | PageTable]) -> list[Block | PageTable]:
    """Paragraphs joined over columns and pages, as long as no table stands between."""
    joined: list[Block | PageTable] = []
    run: list[Block] = []
    for part in parts:
        if isinstance(part, Block):
            run.append(part)
        else:
            joined += [*blocks.join_across(run), part]
            run = []
    return [*joined, *blocks.join_across(run)]


