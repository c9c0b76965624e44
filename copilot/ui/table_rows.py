"""A table's row with the header cells it stands under, for drawing: the quote itself stays as it is."""

from __future__ import annotations

from copilot.ui.markup import escaped


def as_table(header: tuple[str, ...], row: str) -> str:
    """A Markdown table of one row."""
    cells = row.split("\t")
    kept = [index for index, cell in enumerate(cells) if cell.strip()]
    lines = (
        [escaped(header[index]) or " " for index in kept],
        ["---"] * len(kept),
        [escaped(cells[index]) for index in kept],
    )
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
