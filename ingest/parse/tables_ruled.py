"""Tables with drawn rules: pdfplumber's lattice over the rules that pdfium reports, filled with our characters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from copilot.pagetext import PageText, union
from copilot.types import Box
from ingest.parse.pdf_lines import Line, part_of
from ingest.parse.pdf_tables import Cell, PageTable

_SNAP_PT = 3.0
_EDGE_PT = 3.0
_MIN_FILLED = 0.4


def ruled_tables(
    across: Sequence[Box], down: Sequence[Box], page: PageText, lines: Sequence[Line], number: int,
) -> list[PageTable]:
    """The tables that the rules of a page draw; header rows are still among the rows."""
    tables = []
    for cells in _lattices(across, down):
        table = _fill(cells, page, lines, number)
        if table is not None:
            tables.append(table)
    return tables


def _lattices(across: Sequence[Box], down: Sequence[Box]) -> list[list[Box]]:
    """The cells of each table, as pdfplumber finds them where rules cross."""
    from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

    edges = [_edge(box, "h") for box in across] + [_edge(box, "v") for box in down]
    merged = merge_edges(edges, _SNAP_PT, _SNAP_PT, _SNAP_PT, _SNAP_PT)
    crossings = edges_to_intersections([edge for edge in merged if _length(edge) >= _EDGE_PT], _SNAP_PT, _SNAP_PT)
    return [list(table) for table in cells_to_tables(intersections_to_cells(crossings))]


def _edge(box: Box, orientation: str) -> dict[str, Any]:
    x0, y0, x1, y1 = box
    if orientation == "h":
        y0 = y1 = (y0 + y1) / 2
    else:
        x0 = x1 = (x0 + x1) / 2
    return {"x0": x0, "x1": x1, "top": y0, "bottom": y1, "width": x1 - x0, "height": y1 - y0,
            "orientation": orientation, "object_type": "line"}


def _length(edge: dict[str, Any]) -> float:
    return float(max(edge["x1"] - edge["x0"], edge["bottom"] - edge["top"]))


def _fill(cells: list[Box], page: PageText, lines: Sequence[Line], number: int) -> PageTable | None:
    """The table of these cells, or None where they frame no table."""
    tops, lefts = _marks(box[1] for box in cells), _marks(box[0] for box in cells)
    if len(tops) < 2 or len(lefts) < 2:
        return None
    frame = union(cells)
    filled = _assign(cells, [line for line in lines if _meets(line.box, frame)], page)
    grid: dict[tuple[int, int], Cell] = {}
    for box, parts in zip(cells, filled, strict=True):
        cell = Cell(tuple(sorted(parts, key=lambda line: (round(line.base), line.box[0]))))
        left = _covered(lefts, box[0], box[2])[0]
        for top in _covered(tops, box[1], box[3]):
            grid[top, left] = cell
    columns = sorted({column for (_, column), cell in grid.items() if cell.lines})
    rows = [tuple(grid.get((row, column), Cell()) for column in columns) for row in range(len(tops))]
    rows = [row for row in rows if any(cell.lines for cell in row)]
    return _checked(rows, frame, number)


def _checked(rows: list[tuple[Cell, ...]], frame: Box, number: int) -> PageTable | None:
    if len(rows) < 2 or len(rows[0]) < 2:
        return None
    full = [sum(bool(cell.lines) for cell in row) for row in rows]
    if sum(count >= 2 for count in full) < 2 or sum(full) < _MIN_FILLED * len(rows) * len(rows[0]):
        return None
    first = min(line.first for row in rows for cell in row for line in cell.lines)
    return PageTable(number, frame, rows, first)


def _marks(values: Any) -> list[float]:
    """Different positions, ascending, those closer than the snap taken as one."""
    marks: list[float] = []
    for value in sorted(values):
        if not marks or value - marks[-1] > _SNAP_PT:
            marks.append(value)
    return marks


def _covered(marks: Sequence[float], low: float, high: float) -> list[int]:
    return [index for index, mark in enumerate(marks) if low - _SNAP_PT <= mark < high - _SNAP_PT] or [0]


def _meets(box: Box, frame: Box) -> bool:
    middle = (box[1] + box[3]) / 2
    return frame[1] <= middle <= frame[3] and box[0] < frame[2] and box[2] > frame[0]


def _assign(cells: Sequence[Box], lines: Sequence[Line], page: PageText) -> list[list[Line]]:
    """For each cell its lines; a line that runs over several cells is cut at their borders."""
    parts: list[list[Line]] = [[] for _ in cells]
    for line in lines:
        groups: dict[int, list[int]] = {}
        for position in line.positions:
            x0, y0, x1, y1 = page.boxes[position]
            owner = _cell_at(cells, (x0 + x1) / 2, (line.box[1] + line.box[3]) / 2)
            if owner >= 0:
                groups.setdefault(owner, []).append(position)
        for owner, positions in groups.items():
            parts[owner].append(part_of(page, line, positions))
    return parts


def _cell_at(cells: Sequence[Box], x: float, y: float) -> int:
    for index, (x0, y0, x1, y1) in enumerate(cells):
        if x0 <= x <= x1 and y0 <= y <= y1:
            return index
    return -1
