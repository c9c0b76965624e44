"""Table rows with the header cells that they stand under, for drawing: the quotes themselves stay as they are."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.ui.markup import escaped


def as_table(header: Sequence[str], rows: Sequence[tuple[str, str]]) -> str:
    """A Markdown table of rows, each (cells parted by tabs, Markdown of its markers) under a last column of its own.

    Columns in which no row says anything are left out.
    """
    cells = [row.split("\t") for row, _ in rows]
    kept = [index for index in range(len(header)) if any(row[index].strip() for row in cells)]
    lines = [[escaped(header[index]) or " " for index in kept] + [" "], ["---"] * (len(kept) + 1)]
    for row, (_, marks) in zip(cells, rows, strict=True):
        lines.append([escaped(row[index]) or " " for index in kept] + [marks])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
