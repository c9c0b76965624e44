"""A table row's cells under the header cells that they stand under; the quote itself stays as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from copilot.types import Chunk, ElementKind


def columns(chunk: Chunk) -> tuple[str, ...]:
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


def labelled(row: str, heads: Sequence[str]) -> str:
    """The filled cells of a row, each behind its header cell; the row as it is where the two do not fit."""
    cells = row.split("\t")
    if len(heads) != len(cells):
        return row
    pairs = [(head.strip(), cell.strip()) for head, cell in zip(heads, cells, strict=True) if cell.strip()]
    return " | ".join(f"{head}: {cell}" if head else cell for head, cell in pairs)
