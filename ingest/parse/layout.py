"""Pages put together: furniture out, reading order, blocks and tables, and all of it as elements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from copilot.pagetext import PageText
from copilot.types import Box, Element, ElementKind
from ingest.parse import pdf_blocks as blocks
from ingest.parse.elements import from_unstructured
from ingest.parse.pdf_blocks import Block
from ingest.parse.pdf_elements import Paper, block_element, table_element
from ingest.parse.pdf_furniture import drop_furniture
from ingest.parse.pdf_lines import Line, part_of, rejoin
from ingest.parse.pdf_order import column_of, find_gutters, reading_order
from ingest.parse.pdf_tables import PageTable
from ingest.parse.scans import Scan
from ingest.parse.tables import find_tables, link_tables, taken_positions

_SCAN_SIZES_APART = 0.25


@dataclass(slots=True)
class Sheet:
    """One page as read: its lines outside tables, its tables, its size in points; ``scan`` where OCR read it."""

    number: int
    size: tuple[float, float]
    lines: list[Line]
    tables: list[PageTable]
    scan: Scan | None = None


def printed_sheet(
    number: int, page: PageText, lines: Sequence[Line], across: Sequence[Box], down: Sequence[Box],
) -> Sheet:
    """The sheet of a page with a text layer."""
    return _sheet(number, (page.width, page.height), page, lines, across, down)


def scanned_sheet(number: int, size: tuple[float, float], scan: Scan) -> Sheet:
    """The sheet of a page that was read by OCR; ``size`` is the page's as it is shown."""
    sheet = _sheet(number, size, scan.page, scan.lines, scan.across, scan.down)
    sheet.scan = scan
    return sheet


def _sheet(
    number: int, size: tuple[float, float], page: PageText, lines: Sequence[Line], across: Sequence[Box],
    down: Sequence[Box],
) -> Sheet:
    tables = find_tables(across, down, page, lines, number)
    taken = {position for table in tables for position in taken_positions(table)}
    free = [line for line in lines if not taken.issuperset(line.positions)]
    return Sheet(number, size, [_without(page, line, taken) for line in free], tables)


def _without(page: PageText, line: Line, taken: set[int]) -> Line:
    if taken.isdisjoint(line.positions):
        return line
    return part_of(page, line, [position for position in line.positions if position not in taken])


def elements_of(sheets: Sequence[Sheet], language: str) -> list[Element]:
    """The elements of a document's pages in reading order; ``language`` is noted on pages that were not read by OCR."""
    kept = drop_furniture([sheet.lines for sheet in sheets], [sheet.size[1] for sheet in sheets])
    for sheet, lines in zip(sheets, kept, strict=True):
        sheet.lines = lines
    scans = {sheet.number: sheet.scan for sheet in sheets if sheet.scan is not None}
    printed = [line for sheet in sheets if sheet.scan is None for line in sheet.lines]
    body, pitch = blocks.body_size(printed), blocks.usual_pitch(printed)
    parts: list[Block | PageTable] = []
    for sheet in sheets:
        parts += _parts(sheet, body, pitch) if sheet.scan is None else _scanned_parts(sheet)
    parts = _join_runs(_with_parted_headers(parts, body))
    link_tables([part for part in parts if isinstance(part, PageTable)])
    _set_levels(parts, body, scans)
    paper = Paper(
        {sheet.number: sheet.size for sheet in sheets}, {number: scan.page for number, scan in scans.items()},
        {number: scan.place for number, scan in scans.items()},
        {sheet.number: sheet.scan.language if sheet.scan else language for sheet in sheets},
    )
    made: list[Any] = [
        table_element(part, paper) if isinstance(part, PageTable) else block_element(part, paper) for part in parts
    ]
    return [_without_foreign_caption(element) for element in from_unstructured(made)]


def _without_foreign_caption(element: Element) -> Element:
    """A table that goes on on a page has its caption on the one before: its rows are searched by it, it is not here."""
    return replace(element, text="") if element.kind is ElementKind.TABLE and not element.lines else element


def _set_levels(parts: Sequence[Block | PageTable], body: float, scans: dict[int, Scan]) -> None:
    titled = [part for part in parts if isinstance(part, Block)]
    blocks.set_levels([block for block in titled if block.lines[0].page not in scans], body)
    read = [block for block in titled if block.lines[0].page in scans]
    blocks.set_levels(read, blocks.body_size(line for block in read for line in block.lines),
                      _SCAN_SIZES_APART)


def _scanned_parts(sheet: Sheet) -> list[Block | PageTable]:
    """Blocks and tables of a scan, whose sizes are measured: near the body's they count as the body's."""
    body = blocks.body_size(sheet.lines)
    widest = max((line.box[2] - line.box[0] for line in sheet.lines), default=0.0)
    lines: list[Line] = []
    for line in sheet.lines:
        line = _with_usual_size(line, body, widest)
        if lines and line.size > body < lines[-1].size and abs(line.size - lines[-1].size) < 0.25 * line.size:
            line = replace(line, size=lines[-1].size)  # the second line of a heading
        lines.append(line)
    sheet.lines = lines
    return _parts(sheet, body, blocks.usual_pitch(sheet.lines))


def _with_usual_size(line: Line, body: float, widest: float) -> Line:
    full = line.box[2] - line.box[0] > 0.8 * widest
    usual = 0.82 * body <= line.size <= 1.15 * body or full and body < line.size < 1.3 * body
    return replace(line, size=body) if usual else line


def _parts(sheet: Sheet, body: float, pitch: float) -> list[Block | PageTable]:
    """Blocks and tables of one page in reading order."""
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


def _with_parted_headers(parts: Sequence[Block | PageTable], body: float) -> list[Block | PageTable]:
    """Header rows that a column's or page's end parted from their table are not told as text."""
    kept: list[Block | PageTable] = []
    for part in parts:
        if isinstance(part, PageTable) and part.header and not part.caption:
            count = _header_blocks(kept, part)
            if count:
                del kept[-count:]
                above = kept[-1] if kept else None
                if isinstance(above, Block) and above.last.bold and above.last.size < 1.04 * body:
                    part.caption = tuple(above.lines)
                    kept.pop()
        kept.append(part)
    return kept


def _header_blocks(before: Sequence[Block | PageTable], table: PageTable) -> int:
    """How many of the blocks right before a table say its header and nothing else."""
    left = Counter(" ".join(table.header).split())
    count = 0
    for part in reversed(before):
        if not isinstance(part, Block) or not left:
            break
        words = Counter(part.text.split())
        if words - left:
            break
        left -= words
        count += 1
    return 0 if left else count


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


