"""Tables on PDF pages: candidate pages are told cheaply, then cut into cells; headers and captions found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from copilot.pagetext import PageText
from copilot.types import Box
from ingest.parse.elements import merge_header
from ingest.parse.grid import header_rows
from ingest.parse.pdf_lines import BULLET, Line
from ingest.parse.pdf_order import column_of, find_gutters
from ingest.parse.pdf_tables import PageTable, may_hold_ruled, may_hold_unruled
from ingest.parse.tables_ruled import ruled_tables
from ingest.parse.tables_unruled import unruled_tables

_CAPTION = re.compile(
    r"^(?:table|tabelle|tab\.|tableau|tabella|tabla|cuadro|tabela|quadro|表)\s*[\w.\-]*\s*(?:[:：.–—-]|\s)\s*\S",
    re.IGNORECASE)
_NUMBERED = re.compile(r"^\d{1,2}(?:\.\d{1,3})*\.?\s")
_MAX_CAPTION_LINES = 3
_MAX_HEADER_ROWS = 3


def find_tables(
    across: Sequence[Box], down: Sequence[Box], page: PageText, lines: Sequence[Line], number: int,
) -> list[PageTable]:
    """The tables of a page, top down, with header and caption taken apart from the rows.

    ``across`` and ``down`` are the rules drawn on the page, ``lines`` its lines of text before wide gaps are closed.
    """
    tables: list[PageTable] = []
    if may_hold_ruled(across, down):
        tables += ruled_tables(across, down, page, lines, number)
    rest = [line for line in lines if not any(_within(line.box, table.box) for table in tables)]
    if may_hold_unruled(rest):
        gutters = find_gutters(rest, page.width)
        for column in range(-1, len(gutters) + 1):
            tables += unruled_tables([line for line in rest if column_of(line.box, gutters) == column], number)
    for table in tables:
        _take_header(table)
    free = [line for line in lines if not any(_within(line.box, table.box) for table in tables)]
    for table in tables:
        _take_caption(table, free)
    return sorted(tables, key=lambda table: table.box[1])


def taken_positions(table: PageTable) -> set[int]:
    """The stream positions of all characters that a table holds."""
    lines = [*table.header_lines, *table.caption]
    lines += [line for row in table.rows for cell in row for line in cell.lines]
    return {position for line in lines for position in line.positions}


def _within(box: Box, frame: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return frame[0] - 1 <= x <= frame[2] + 1 and frame[1] - 1 <= y <= frame[3] + 1


def _take_header(table: PageTable) -> None:
    """Move the header rows out: those in bold above rows that are not, else what the texts tell."""
    bold = [all(line.bold for cell in row for line in cell.lines) for row in table.rows]
    count = next((index for index, is_bold in enumerate(bold) if not is_bold), 0)
    if not 0 < count <= _MAX_HEADER_ROWS:
        count = header_rows([[cell.text for cell in row] for row in table.rows])
    head, body = table.rows[:count], table.rows[count:]
    if not body or not head:
        return
    table.header = merge_header([[cell.text for cell in row] for row in head])
    table.header_lines = tuple(line for row in head for cell in row for line in cell.lines)
    table.rows = body


def _take_caption(table: PageTable, free: Sequence[Line]) -> None:
    """The lines right above a table (or below, where they say so) that name it."""
    over = [line for line in free if _beside(line.box, table.box)]
    above = sorted((line for line in over if line.box[3] <= table.box[1] + 2), key=lambda line: -line.base)
    usual = Counter(round(line.size * 2) / 2 for line in free).most_common(1)
    body = usual[0][0] if usual else 10.0
    caption: list[Line] = []
    edge = table.box[1]
    for line in above[:_MAX_CAPTION_LINES + 1]:
        if edge - line.box[3] > 1.4 * line.size or not _names(line, caption, body):
            break
        caption.insert(0, line)
        edge = line.box[1]
    if len(caption) <= _MAX_CAPTION_LINES and caption:
        table.caption = tuple(caption)
        return
    below = sorted((line for line in over if line.box[1] >= table.box[3] - 2), key=lambda line: line.base)
    if below and _CAPTION.match(below[0].text) and below[0].box[1] - table.box[3] < 1.8 * below[0].size:
        table.caption = (below[0],)


def _beside(box: Box, frame: Box) -> bool:
    return box[0] < frame[2] and box[2] > frame[0] and box[0] > frame[0] - 20 and box[2] < frame[2] + 60


def _names(line: Line, caption: Sequence[Line], body: float) -> bool:
    if BULLET.match(line.text) or _NUMBERED.match(line.text) or line.size > 1.04 * body and not caption:
        return bool(_CAPTION.match(line.text))
    if caption:
        return line.bold == caption[0].bold and abs(line.size - caption[0].size) < 0.3 \
            and not _CAPTION.match(caption[0].text)
    return line.bold or bool(_CAPTION.match(line.text))


def link_tables(tables: Sequence[PageTable]) -> None:
    """Name the tables of a document in order; one that goes on on the next page keeps name, header and caption."""
    count = 0
    before: PageTable | None = None
    for table in tables:
        if before is not None and _goes_on(before, table):
            if not table.header:
                table.header = before.header
            table.name, table.offset = before.name, before.offset + len(before.rows)
            table.inherited_caption = " ".join(line.text for line in before.caption) or before.inherited_caption
        else:
            count += 1
            table.name = f"table {count}"
        before = table


def _goes_on(before: PageTable, table: PageTable) -> bool:
    """Whether a table is the rest of the one before: atop the next page, or of the next column with equal header."""
    if table.caption or table.width != before.width:
        return False
    same_header = table.header != () and table.header == before.header
    if table.page == before.page:
        return same_header and table.box[3] < before.box[3] and table.box[0] > before.box[2] - 2
    if table.page != before.page + 1:
        return False
    if abs(table.box[0] - before.box[0]) > 6 or abs(table.box[2] - before.box[2]) > 6:
        return same_header
    return not table.header or same_header
