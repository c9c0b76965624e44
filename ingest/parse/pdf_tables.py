"""What a table on a page is, and which pages may hold one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from copilot.pagetext import placement
from copilot.types import Box
from ingest.parse.pdf_lines import Line

_RULE_PT = 3.0
_MIN_ACROSS, _MIN_DOWN = 3, 2
_MIN_ROWS = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """The lines of text in one cell, top down."""

    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """Its lines joined by spaces."""
        return " ".join(line.text for line in self.lines)


@dataclass(slots=True)
class PageTable:
    """A table on one page. ``rows`` hold no header; ``first`` is its place in the content stream;
    ``offset`` counts its rows on the pages before.
    """

    page: int
    box: Box
    rows: list[tuple[Cell, ...]]
    first: int
    header: tuple[str, ...] = ()
    header_lines: tuple[Line, ...] = ()
    caption: tuple[Line, ...] = ()
    inherited_caption: str = ""
    name: str = ""
    offset: int = 0

    @property
    def width(self) -> int:
        """The number of its columns."""
        return max((len(row) for row in self.rows), default=len(self.header))


def rules(sheet: Any) -> tuple[list[Box], list[Box]]:
    """The thin drawn lines of a page: those that run across, those that run down; a frame counts as four."""
    import pypdfium2.raw as pdfium

    place = placement(sheet)
    across: list[Box] = []
    down: list[Box] = []
    for item in sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=4):
        x0, y0, x1, y1 = place(*item.get_bounds())
        if y1 - y0 <= _RULE_PT < x1 - x0:
            across.append((x0, y0, x1, y1))
        elif x1 - x0 <= _RULE_PT < y1 - y0:
            down.append((x0, y0, x1, y1))
        elif x1 - x0 > _RULE_PT and y1 - y0 > _RULE_PT:
            across += [(x0, y0, x1, y0), (x0, y1, x1, y1)]
            down += [(x0, y0, x0, y1), (x1, y0, x1, y1)]
    return across, down


def may_hold_ruled(across: Sequence[Box], down: Sequence[Box]) -> bool:
    """Whether the rules of a page could be a table's: three at different heights and two at different sides."""
    heights = {round(box[1] / 4) for box in across}
    sides = {round(box[0] / 4) for box in down}
    return len(heights) >= _MIN_ACROSS and len(sides) >= _MIN_DOWN


def may_hold_unruled(lines: Sequence[Line]) -> bool:
    """Whether at least three lines of type hold runs side by side whose left edges agree."""
    rows: dict[int, list[Line]] = {}
    for line in lines:
        rows.setdefault(round(line.base), []).append(line)
    edges: dict[int, int] = {}
    for row in rows.values():
        for line in sorted(row, key=lambda item: item.box[0])[1:]:
            edges[round(line.box[0] / 4)] = edges.get(round(line.box[0] / 4), 0) + 1
    return any(count >= _MIN_ROWS for count in edges.values())
