"""Blocks and tables of pages as unstructured's elements, with coordinates and our pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from copilot.pagetext import PageText, union
from copilot.types import Box, Span
from ingest.parse.elements import Lines, Row, make, make_table
from ingest.parse.pdf_blocks import Block, join_lines
from ingest.parse.pdf_lines import Line
from ingest.parse.pdf_tables import Cell, PageTable

_CATEGORIES = {"title": "Title", "list": "ListItem", "text": "NarrativeText", "figure": "Image"}


@dataclass(frozen=True, slots=True)
class Paper:
    """What placing an element on its page needs: sizes in points by page, and how scans map to their pages.

    ``words`` holds a scan's words; ``turned`` brings a box on a scan that was turned for reading back to its page.
    """

    sizes: Mapping[int, tuple[float, float]]
    words: Mapping[int, PageText]
    turned: Mapping[int, Callable[[Box], Box]]
    languages: Mapping[int, str]

    def pieces(self, pieces: Iterable[tuple[int, int, Line]]) -> Lines:
        """(start, end, page, box) for each line, on scans for each word."""
        return tuple(piece for item in pieces for piece in self._of(*item))

    def box(self, page: int, box: Box) -> Box:
        """A box on its page as the page is shown."""
        return self.turned[page](box) if page in self.turned else box

    def _of(self, start: int, end: int, line: Line) -> Iterator[tuple[int, int, int, Box]]:
        words = self.words.get(line.page)
        if words is None:
            yield start, end, line.page, line.box
            return
        offset = 0
        for position in line.positions:
            word = words.text[position]
            offset = line.text.index(word, offset)
            yield start + offset, start + offset + len(word), line.page, self.box(line.page, words.boxes[position])
            offset += len(word)


def block_element(block: Block, paper: Paper) -> Any:
    """A block as Title, ListItem, NarrativeText or Image."""
    text, pieces = join_lines(block.lines)
    lines = paper.pieces(pieces)
    element = make(_CATEGORIES[block.kind], text, _span(lines), level=block.level, lines=lines)
    return _placed(element, paper)


def table_element(table: PageTable, paper: Paper) -> Any:
    """A table as an unstructured Table; each line of each cell is a piece of its row, on scans each word."""
    rows = [_row(cells, table, number, paper) for number, cells in enumerate(table.rows, start=table.offset + 1)]
    caption, pieces = join_lines(table.caption)
    span = Span(table.page, paper.box(table.page, table.box), table.name)
    element = make_table(rows, span, header=table.header, caption=caption or table.inherited_caption,
                         lines=paper.pieces(pieces))
    return _placed(element, paper)


def _row(cells: Sequence[Cell], table: PageTable, number: int, paper: Paper) -> Row:
    texts = []
    lines: list[tuple[int, int, int, Box]] = []
    offset = 0
    for cell in cells:
        text, pieces = join_lines(cell.lines)
        lines.extend(paper.pieces((offset + start, offset + end, line) for start, end, line in pieces))
        texts.append(text)
        offset += len(text) + 1
    box = union(piece[3] for piece in lines) if lines else None
    return Row(tuple(texts), Span(table.page, box, f"{table.name}, row {number}"), tuple(lines))


def _span(lines: Lines) -> Span:
    """The first page that the lines stand on, and the box around those of them that stand there."""
    page = lines[0][2]
    return Span(page, union(box for _, _, number, box in lines if number == page))


def _placed(element: Any, paper: Paper) -> Any:
    from unstructured.documents.coordinates import PointSpace
    from unstructured.documents.elements import CoordinatesMetadata

    span = element.metadata.placement.span
    language = paper.languages.get(span.page, "")
    element.metadata.languages = [language] if language else None
    if span.box is not None:
        x0, y0, x1, y1 = span.box
        element.metadata.coordinates = CoordinatesMetadata(
            points=((x0, y0), (x0, y1), (x1, y1), (x1, y0)), system=PointSpace(*paper.sizes[span.page]))
    return element
