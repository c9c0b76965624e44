"""The context of a table row as one text: the caption, a line break, the header cells joined by tabs."""

from __future__ import annotations

from collections.abc import Iterable


def row_context(caption: str, header: Iterable[str]) -> str:
    """What a row inherits; empty where there is neither caption nor header."""
    cells = "\t".join(" ".join(cell.split()) for cell in header)
    return f"{' '.join(caption.split())}\n{cells}" if caption.strip() or cells.strip() else ""


def split_context(context: str) -> tuple[str, tuple[str, ...]]:
    """The caption and the header cells of a row's context."""
    caption, _, header = context.partition("\n")
    return caption, tuple(header.split("\t")) if header.strip() else ()
