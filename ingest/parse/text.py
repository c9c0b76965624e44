"""Plain text: paragraphs, headings told by simple rules, lists, and tables in aligned columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.types import Element, Span
from ingest.parse.charsets import read_text
from ingest.parse.elements import Row, from_unstructured, make, make_table, merge_header
from ingest.parse.grid import header_rows
from ingest.parse.wrapping import unwrap

_UNDERLINE = re.compile(r"^[ \t]*([=\-~*#_^])\1{2,}[ \t]*$")
_NUMBERED = re.compile(r"^(\d{1,2}(?:\.\d{1,3}){0,4})\.?[ \t]+(\S.*)$")
_ITEM = re.compile(
    r"^[ \t]*(?:(?:[-*–]|\d{1,3}[.)]|[a-z][.)])[ \t]+|(?:[•▪◦·]|[（(]\d{1,2}[）)]|\d{1,2}[、）])[ \t]*)(?=\S)")
_BULLET = re.compile(r"^[ \t]*(?:[-*•–▪◦·][ \t]+)(?=\S)")
_GAP = re.compile(r"(?<=\S)(?:\t+| {2,})(?=\S)")
_END = re.compile(r"[.!?。！？;；:：,，]$")
_PAGE = "\f"
_MAX_HEADING = 90


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines between two empty ones, with the number of the first (from 1)."""

    lines: tuple[str, ...]
    first: int


def parse(path: Path, media_type: str, language: str) -> list[Element]:
    """The elements of a text file; a locator is the path of headings, for table rows also the line's number."""
    return parse_text(read_text(path))


def parse_text(text: str) -> list[Element]:
    """The elements of a plain text."""
    return from_unstructured(_elements(text))


def _elements(text: str) -> Iterator[Any]:
    path: list[tuple[int, str]] = []
    for block in _blocks(text):
        for element in _of_block(block, path):
            placed = element.metadata.placement
            if element.category == "Title":
                path[:] = [entry for entry in path if entry[0] < placed.level] + [(placed.level, element.text)]
                element = make("Title", element.text, Span(1, None, _locator(path)), level=placed.level)
            yield element


def _locator(path: list[tuple[int, str]]) -> str:
    return " > ".join(text for _, text in path)


def _blocks(text: str) -> Iterator[_Block]:
    lines: list[str] = []
    first = 1
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text.replace(_PAGE, "\n")), start=1):
        if line.strip():
            if not lines:
                first = number
            lines.append(line.rstrip())
        elif lines:
            yield _Block(tuple(lines), first)
            lines = []
    if lines:
        yield _Block(tuple(lines), first)


def _of_block(block: _Block, path: list[tuple[int, str]]) -> Iterator[Any]:
    lines = list(block.lines)
    if len(lines) >= 2 and _UNDERLINE.match(lines[1]) and len(lines[0]) <= _MAX_HEADING:
        level = 1 if lines[1].strip()[0] in "=#*" else 2
        yield make("Title", lines[0].strip(), Span(), level=level)
        if len(lines) > 2:
            yield from _of_block(_Block(tuple(lines[2:]), block.first + 2), [*path, (level, lines[0].strip())])
        return
    table = _table(block, path)
    if table is not None:
        yield table
        return
    heading = _heading(lines)
    if heading is not None:
        yield heading
        return
    yield from _prose(lines, Span(1, None, _locator(path)))


def _heading(lines: list[str]) -> Any:
    """A block of one short line without a full stop that is numbered or all in capitals."""
    if len(lines) != 1 or len(lines[0].strip()) > _MAX_HEADING or _END.search(lines[0].strip()):
        return None
    line = lines[0].strip()
    numbered = _NUMBERED.match(line)
    if numbered and numbered.group(2)[0].isupper() and len(line.split()) <= 10:
        return make("Title", line, Span(), level=numbered.group(1).count(".") + 2)
    if line.startswith("#") and line.lstrip("#").startswith(" "):
        return make("Title", line.lstrip("# "), Span(), level=min(len(line) - len(line.lstrip("#")), 6))
    letters = [char for char in line if char.isalpha()]
    if len(letters) >= 4 and line == line.upper() and line != line.lower() and len(line.split()) > 1:
        return make("Title", line, Span(), level=2)
    return None


def _prose(lines: list[str], span: Span) -> Iterator[Any]:
    """Lines of one paragraph joined; a line that starts like a list item begins one."""
    parts: list[tuple[str, list[str]]] = []
    for line in lines:
        if _ITEM.match(line):
            parts.append(("ListItem", [_BULLET.sub("", line).strip()]))
        elif parts and not _UNDERLINE.match(line):
            parts[-1][1].append(line.strip())
        elif not _UNDERLINE.match(line):
            parts.append(("NarrativeText", [line.strip()]))
    for category, texts in parts:
        yield make(category, unwrap(texts), span)


def _table(block: _Block, path: list[tuple[int, str]]) -> Any:
    """A table where at least three lines, or two below a caption, part into the same number of columns."""
    rows = [tuple(cell.strip() for cell in _GAP.split(line.strip())) for line in block.lines]
    widths = [len(row) for row in rows]
    start = 1 if len(rows) > 2 and widths[0] == 1 else 0
    width = max(widths[start:], default=0)
    if width < 2 or len(rows) - start < 2 or sum(size == width for size in widths[start:]) < 0.6 * (len(rows) - start):
        return None
    if any(_ITEM.match(line) and not _NUMBERED.match(line) for line in block.lines[start:]):
        return None
    cells = _by_columns(block.lines[start:], width) or [row + ("",) * (width - len(row)) for row in rows[start:]]
    count = header_rows(cells)
    name = _locator(path)
    placed = [
        Row(row, Span(1, None, " > ".join(part for part in (name, f"line {block.first + start + number}") if part)))
        for number, row in enumerate(cells) if number >= count
    ]
    caption = rows[0][0] if start else ""
    return make_table(placed, Span(1, None, name), header=merge_header(cells[:count]), caption=caption)


def _by_columns(lines: tuple[str, ...], width: int) -> list[tuple[str, ...]]:
    """The cells cut where the columns of the widest lines begin; empty where a cell would be cut through."""
    starts: list[int] = []
    for line in lines:
        found = [0, *(match.end() for match in _GAP.finditer(line))]
        if len(found) == width:
            starts = found if not starts else [min(pair) for pair in zip(starts, found, strict=True)]
    if not starts:
        return []
    rows = []
    for line in lines:
        if any(0 < start < len(line) and line[start - 1] not in " \t" for start in starts):
            return []
        ends = [*starts[1:], len(line)]
        rows.append(tuple(line[start:end].strip() for start, end in zip(starts, ends, strict=True)))
    return rows
