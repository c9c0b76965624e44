"""Blocks and tables of pages as unstructured's elements, with coordinates and our pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from copilot.pagetext import union
from copilot.types import Box, Span
from ingest.parse.elements import Lines, Row, make, make_table
from ingest.parse.pdf_blocks import Block, join_lines
from ingest.parse.pdf_lines import Line
from ingest.parse.pdf_tables import Cell, PageTable

_CATEGORIES = {"title": "Title", "list": "ListItem", "text": "NarrativeText", "figure": "Image"}


def block_element(block: Block, size: tuple[float, float], language: str) -> Any:
    """A block as Title, ListItem, NarrativeText or Image; ``size`` is its page's width and height in points."""
    text, pieces = join_lines(block.lines)
    lines = _lines(pieces)
    element = make(_CATEGORIES[block.kind], text, _span(lines), level=block.level, lines=lines)
    return _placed(element, size, language)


def table_element(table: PageTable, size: tuple[float, float], language: str) -> Any:
    """A table as an unstructured Table; each line of each cell is a piece of its row."""
    rows = [_row(cells, table, number) for number, cells in enumerate(table.rows, start=table.offset + 1)]
    caption, pieces = join_lines(table.caption)
    span = Span(table.page, table.box, table.name)
    element = make_table(rows, span, header=table.header, caption=caption or table.inherited_caption,
                         lines=_lines(pieces))
    return _placed(element, size, language)


def _row(cells: Sequence[Cell], table: PageTable, number: int) -> Row:
    texts = []
    lines: list[tuple[int, int, int, Box]] = []
    offset = 0
    for cell in cells:
        text, pieces = join_lines(cell.lines)
        lines.extend((offset + start, offset + end, line.page, line.box) for start, end, line in pieces)
        texts.append(text)
        offset += len(text) + 1
    box = union(piece[3] for piece in lines) if lines else None
    return Row(tuple(texts), Span(table.page, box, f"{table.name}, row {number}"), tuple(lines))


def _lines(pieces: Iterable[tuple[int, int, Line]]) -> Lines:
    return tuple((start, end, line.page, line.box) for start, end, line in pieces)


def _span(lines: Lines) -> Span:
    """The first page that the lines stand on, and the box around those of them that stand there."""
    page = lines[0][2]
    return Span(page, union(box for _, _, number, box in lines if number == page))


def _placed(element: Any, size: tuple[float, float], language: str) -> Any:
    from unstructured.documents.coordinates import PointSpace
    from unstructured.documents.elements import CoordinatesMetadata

    element.metadata.languages = [language] if language else None
    box = element.metadata.placement.span.box
    if box is not None:
        x0, y0, x1, y1 = box
        element.metadata.coordinates = CoordinatesMetadata(
            points=((x0, y0), (x0, y1), (x1, y1), (x1, y0)), system=PointSpace(*size))
    return element
