"""A table's row with the header cells it stands under, for drawing: the quote itself stays as it is."""

from __future__ import annotations

import re

from copilot.types import Chunk, ElementKind
from copilot.ui.markup import escaped


def header_of(chunk: Chunk) -> tuple[str, ...]:
    """The header cell of each cell of a row's chunk, empty where it has none; () if the chunk is no such row.

    A row's ``embed_text`` ends with "header: cell" pairs of its filled cells, parted by semicolons.
    """
    cells = chunk.text.split("\t")
    if chunk.kind is not ElementKind.TABLE_ROW or len(cells) < 2 or "\n" in chunk.text:
        return ()
    filled = [cell for cell in cells if cell.strip()]
    pattern = "; ".join(rf"(?:(.+?): )?{re.escape(cell)}" for cell in filled)
    found = re.fullmatch(pattern, chunk.embed_text.rsplit("\n", 1)[-1])
    if found is None or not any(found.groups()):
        return ()
    names = iter(found.groups())
    return tuple((next(names) or "") if cell.strip() else "" for cell in cells)


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
