"""Tables without vertical rules: rows of text whose parts stand in columns that no row crosses."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.pagetext import union
from ingest.parse.pdf_lines import BULLET, Line
from ingest.parse.pdf_tables import Cell, PageTable

Row = list[Line]  # the runs on one base line, left to right
Columns = list[tuple[float, float]]

_MIN_GAP_PT = 3.0
_WRAP_PITCH = 1.7  # em; a lone run further down starts no continuation of a cell
_MAX_PITCH = 3.6
_CLEAR_STEP = 1.12


def unruled_tables(lines: Sequence[Line], number: int) -> list[PageTable]:
    """The tables among the lines of one column of a page; header rows are still among the rows."""
    rows = _base_lines(lines)
    tables = []
    index = 0
    while index < len(rows):
        zone = _zone(rows, index)
        table = _table(zone, number) if _is_table(zone) else None
        if table is None:
            index += 1
        else:
            tables.append(table)
            index += len(zone)
    return tables


def _base_lines(lines: Sequence[Line]) -> list[Row]:
    rows: list[Row] = []
    for line in sorted(lines, key=lambda item: (item.base, item.box[0])):
        if rows and abs(rows[-1][0].base - line.base) <= 0.3 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda item: item.box[0]) for row in rows]


def _zone(rows: Sequence[Row], start: int) -> list[Row]:
    """The rows from ``start`` on that keep to common columns; empty where the first has one part only."""
    if len(rows[start]) < 2:
        return []
    zone = [rows[start]]
    columns = _columns(zone)
    for row in rows[start + 1:]:
        step = (row[0].base - zone[-1][0].base) / max(row[0].size, 1)
        if step > _MAX_PITCH or abs(row[0].size - zone[0][0].size) > 0.2 * zone[0][0].size:
            break
        merged = _columns([*zone, row])
        if len(row) == 1 and (step > _WRAP_PITCH or len(merged) < len(columns) or _outside(row[0], columns)):
            break
        if len(merged) < 2 or len(merged) < len(columns) - (len(columns) > 3):
            break
        zone.append(row)
        columns = merged
    return zone


def _outside(line: Line, columns: Columns) -> bool:
    """Whether a lone run begins left of all columns or ends right of them."""
    return line.box[0] < columns[0][0] - 2 or line.box[2] > columns[-1][1] + 2


def _columns(rows: Sequence[Row]) -> Columns:
    """The intervals that the runs cover, merged where they overlap or nearly touch."""
    merged: list[list[float]] = []
    for x0, x1 in sorted((line.box[0], line.box[2]) for row in rows for line in row):
        if merged and x0 - merged[-1][1] < _MIN_GAP_PT:
            merged[-1][1] = max(merged[-1][1], x1)
        else:
            merged.append([x0, x1])
    return [(x0, x1) for x0, x1 in merged]


def _is_table(zone: Sequence[Row]) -> bool:
    several = [row for row in zone if len(row) >= 2]
    columns = _columns(zone) if zone else []
    if len(columns) < 2 or len(several) < (3 if len(columns) == 2 else 2):
        return False
    marks = sum(bool(BULLET.match(row[0].text)) and len(row[0].text) <= 4 for row in several)
    if marks * 2 > len(several):
        return False  # a list whose marks stand apart
    return not _is_prose(several, columns)


def _is_prose(rows: Sequence[Row], columns: Columns) -> bool:
    """Two wide columns whose lines are all full: text beside text, not a table."""
    if len(columns) > 2:
        return False
    full = 0
    for x0, x1 in columns:
        runs = [line for row in rows for line in row if x0 - 1 <= line.box[0] <= x1]
        full += sum(line.box[2] > x1 - 0.15 * (x1 - x0) for line in runs) > 0.6 * len(runs) \
            and sum(len(line.text) for line in runs) > 30 * len(runs)
    return full == 2


def _table(zone: list[Row], number: int) -> PageTable | None:
    columns = _columns(zone)
    rows = [_cells(group, columns) for group in _groups(zone, len(columns))]
    if len(rows) < 2:
        return None
    lines = [line for row in zone for line in row]
    return PageTable(number, union(line.box for line in lines), rows, min(line.first for line in lines))


def _cells(group: Sequence[Row], columns: Columns) -> tuple[Cell, ...]:
    parts: list[list[Line]] = [[] for _ in columns]
    for row in group:
        for line in row:
            middle = (line.box[0] + line.box[2]) / 2
            owner = min(range(len(columns)), key=lambda index: _distance(middle, columns[index]))
            parts[owner].append(line)
    return tuple(Cell(tuple(part)) for part in parts)


def _distance(x: float, column: tuple[float, float]) -> float:
    return max(column[0] - x, x - column[1], 0.0)


def _groups(zone: Sequence[Row], width: int) -> list[list[Row]]:
    """Base lines grouped to table rows: by clear steps where there are such, else by what the first column says."""
    steps = [after[0].base - before[0].base for before, after in zip(zone, zone[1:], strict=False)]
    least = min(steps, default=0.0)
    size = zone[0][0].size
    clear = [step > _CLEAR_STEP * least for step in steps]
    by_step = least <= _WRAP_PITCH * size and any(clear) and not all(clear)
    if by_step:
        groups = _cut(zone, clear)
        wrapped = [row for group in groups for row in group[1:]]
        if sum(len(row) for row in wrapped) < 0.75 * width * len(wrapped):
            return groups
    left = min(row[0].box[0] for row in zone)
    starts = [row[0].box[0] < left + 3 for row in zone[1:]]
    return _cut(zone, starts if sum(starts) * 3 >= len(starts) else [True] * len(starts))


def _cut(zone: Sequence[Row], cuts: Sequence[bool]) -> list[list[Row]]:
    groups = [[zone[0]]]
    for row, cut in zip(zone[1:], cuts, strict=True):
        if cut:
            groups.append([row])
        else:
            groups[-1].append(row)
    return groups
