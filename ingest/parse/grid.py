"""Tables as grids of text: read from HTML, where their header ends, which blocks a sheet falls into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree, html

_NUMBER = re.compile(r"^[\s<>≤≥±+\-–(]*\d[\d.,\s'’:/x×\-–]*\s*(?:%|‰|°|°?[A-Za-zµμΩ/²³·*]{1,8})?\)?$")
_DIGIT = re.compile(r"\d")
_MAX_SPAN = 1000
_MAX_HEADER_CELL = 60


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells, rectangular, merged cells repeated; ``headers`` is the number of rows that HTML marks so."""

    cells: tuple[tuple[str, ...], ...]
    headers: int = 0
    caption: str = ""


def read_html_table(source: str) -> Grid:
    """The outermost table of ``source``; an empty grid where there is none."""
    if not source.strip():
        return Grid(())
    root = html.fromstring(source)
    table = root if root.tag == "table" else root.find(".//table")
    if table is None:
        return Grid(())
    caption = table.find("caption")
    rows = [row for row in table.iter("tr") if _owner(row) is table]
    marked = 0
    for row in rows:
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if marked < len(rows) and cells and all(cell.tag == "th" for cell in cells) or _in_head(row, table):
            marked += 1
        else:
            break
    return Grid(_fill(rows), marked, "" if caption is None else text_of(caption))


def text_of(node: html.HtmlElement) -> str:
    """All text below a node, white space collapsed; breaks and blocks count as white space."""
    parts: list[str] = []
    for event, element in etree.iterwalk(node, events=("start", "end")):
        if event == "start":
            if element.tag in ("br", "p", "div", "li", "td", "th", "tr"):
                parts.append(" ")
            if isinstance(element.tag, str):
                parts.append(element.text or "")
        else:
            if element.tag in ("p", "div", "li", "td", "th", "tr"):
                parts.append(" ")
            if element is not node:
                parts.append(element.tail or "")
    return " ".join("".join(parts).split())


def _owner(row: html.HtmlElement) -> html.HtmlElement | None:
    return next((node for node in row.iterancestors() if node.tag == "table"), None)


def _in_head(row: html.HtmlElement, table: html.HtmlElement) -> bool:
    parent = row.getparent()
    return parent is not None and parent.tag == "thead" and parent.getparent() is table


def _fill(rows: Sequence[html.HtmlElement]) -> tuple[tuple[str, ...], ...]:
    """The cells with row and column spans repeated into every place that they cover."""
    placed: dict[tuple[int, int], str] = {}
    width = 0
    for down, row in enumerate(rows):
        across = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while (down, across) in placed:
                across += 1
            text = text_of(cell)
            for below in range(min(_span(cell, "rowspan"), len(rows) - down)):
                for beside in range(_span(cell, "colspan")):
                    placed[down + below, across + beside] = text
            across += _span(cell, "colspan")
            width = max(width, across)
    return tuple(tuple(placed.get((down, across), "") for across in range(width)) for down in range(len(rows)))


def _span(cell: html.HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isdigit() else 1


def header_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the top are the header: 0 or 1, told by their texts alone.

    A header names columns: short different texts without figures, above something else.
    """
    if len(rows) < 2:
        return 0
    first = [cell.strip() for cell in rows[0]]
    named = [cell for cell in first if cell]
    if len(named) < max(1, (len(first) + 1) // 2) or len(set(named)) < len(named):
        return 0
    if any(is_figure(cell) or cell.endswith((":", "：")) or len(cell) > _MAX_HEADER_CELL for cell in named):
        return 0
    if any(_has_figures_below(rows, column) for column in range(len(first))):
        return 1
    if len(first) == 2:  # two columns of words: a header only where the first row looks unlike the others
        return int(not any(_DIGIT.search(cell) for cell in named) and _looks_apart(rows))
    return int(not any(_DIGIT.search(cell) and not re.search(r"[(\[/]", cell) for cell in named))


def is_figure(text: str) -> bool:
    """Whether a cell holds a number, with or without a unit, and nothing else."""
    return bool(_NUMBER.match(text.strip()))


def _has_figures_below(rows: Sequence[Sequence[str]], column: int) -> bool:
    below = [row[column].strip() for row in rows[1:] if column < len(row) and row[column].strip()]
    figures = sum(is_figure(cell) or bool(_DIGIT.search(cell)) for cell in below)
    return bool(below) and figures * 2 > len(below) and not _DIGIT.search(rows[0][column])


def _looks_apart(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row's cells are on average clearly shorter than those below it."""
    first = sum(len(cell) for cell in rows[0]) / max(len(rows[0]), 1)
    below = [len(cell) for row in rows[1:] for cell in row]
    return first * 1.5 < sum(below) / max(len(below), 1)


def blocks(filled: set[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """The blocks (first row, first column, last row, last column) that empty rows and columns part, top down.

    ``filled`` holds the (row, column) of cells with content. A block is cut at empty rows, then at empty
    columns, then again until neither parts it.
    """
    if not filled:
        return []
    top, bottom = min(row for row, _ in filled), max(row for row, _ in filled)
    left, right = min(column for _, column in filled), max(column for _, column in filled)
    for axis in (1, 0):  # columns first: tables that stand side by side often have gaps in different rows
        groups = _split(filled, axis)
        if len(groups) > 1:
            return sorted(block for group in groups for block in blocks(group))
    return [(top, left, bottom, right)]


def _split(filled: set[tuple[int, int]], axis: int) -> list[set[tuple[int, int]]]:
    """The cells in groups that at least one empty line of that axis parts."""
    used = sorted({cell[axis] for cell in filled})
    group_of = {used[0]: 0}
    for low, high in zip(used, used[1:], strict=False):
        group_of[high] = group_of[low] + (high - low > 1)
    groups: list[set[tuple[int, int]]] = [set() for _ in range(group_of[used[-1]] + 1)]
    for cell in filled:
        groups[group_of[cell[axis]]].add(cell)
    return groups
