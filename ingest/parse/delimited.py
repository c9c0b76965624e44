"""Delimited tables (CSV, TSV): character set and delimiter found out, every cell kept as it is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from copilot.types import Element, Span
from ingest.parse.charsets import read_text
from ingest.parse.elements import Row, from_unstructured, make, make_table
from ingest.parse.grid import header_rows

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 200
_MAX_FIELD = 10_000_000


def parse_delimited(path: Path) -> list[Element]:
    """One table; rows carry the locator "row N", counted as lines of the table from 1, header included."""
    csv.field_size_limit(_MAX_FIELD)
    text = read_text(path)
    delimiter = sniff(text, "\t" if path.suffix.lower() in (".tsv", ".tab") else "")
    rows = [(number, tuple(" ".join(cell.split()) for cell in row))
            for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1)]
    rows = [(number, row) for number, row in rows if any(row)]
    width = max((len(row) for _, row in rows[:_SAMPLE_ROWS]), default=0)
    lead = 0
    while lead < len(rows) - 1 and width > 1 and sum(bool(cell) for cell in rows[lead][1]) == 1:
        lead += 1
    caption = rows[lead - 1][1][0] if lead else ""
    before = [make("NarrativeText", "".join(row), Span(1, None, f"row {number}")) for number, row in rows[:lead][:-1]]
    table = rows[lead:]
    count = _header([row for _, row in table[:_SAMPLE_ROWS]])
    body = [Row(row + ("",) * (width - len(row)), Span(1, None, f"row {number}")) for number, row in table[count:]]
    header = table[0][1] if count else ()
    last = table[-1][0] if table else 1
    span = Span(1, None, f"rows {table[0][0] if table else 1}-{last}")
    return from_unstructured([*before, make_table(body, span, header=header, caption=caption)])


def _header(rows: Sequence[Sequence[str]]) -> int:
    return header_rows(rows) if rows else 0


def sniff(text: str, preferred: str = "") -> str:
    """The delimiter that parts the first rows most evenly into the most columns."""
    sample = text[:200_000]
    best, best_score = preferred or ",", -1.0
    for delimiter in ([preferred] if preferred else []) + [one for one in _DELIMITERS if one != preferred]:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths: list[int] = []
        try:
            for row in reader:
                if row:
                    widths.append(len(row))
                if len(widths) >= _SAMPLE_ROWS:
                    break
        except csv.Error:
            continue
        if not widths:
            continue
        common = max(set(widths), key=widths.count)
        score = widths.count(common) / len(widths) * (1 + min(common, 50) / 100) if common > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best
