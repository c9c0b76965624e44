"""RTF, OpenDocument text and EPUB, read without pandoc."""

from __future__ import annotations

import posixpath
import urllib.parse
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from copilot.errors import ParseError
from copilot.types import Element, Span
from ingest.parse.charsets import decode
from ingest.parse.elements import Row, from_unstructured, make, make_table, merge_header
from ingest.parse.grid import header_rows
from ingest.parse.html import parse_html
from ingest.parse.text import parse_text

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DROPPED = (_TEXT + "tracked-changes", _OFFICE + "annotation", _TEXT + "table-of-content")
_MAX_REPEATED = 1000
_MAX_BYTES = 400_000_000


def parse(path: Path, media_type: str, language: str) -> list[Element]:
    """The elements of an .rtf, .odt or .epub file."""
    if media_type == "text/rtf":
        return _rtf(path)
    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MAX_BYTES:
            raise ParseError("too_large", f"{path.name} unpacks to more than {_MAX_BYTES // 1_000_000} MB.",
                             "Split it into smaller documents.")
        if media_type == "application/epub+zip":
            return [element for page in _chapters(archive) for element in parse_html(page)]
        return from_unstructured(_odt(_xml(archive.read("content.xml"))))


def _rtf(path: Path) -> list[Element]:
    from striprtf.striprtf import rtf_to_text  # type: ignore[import-untyped,unused-ignore]

    return parse_text(rtf_to_text(path.read_bytes().decode("latin-1"), errors="ignore"))


def _xml(source: bytes) -> Any:
    return etree.fromstring(source, etree.XMLParser(resolve_entities=False, huge_tree=True))


def _chapters(archive: zipfile.ZipFile) -> Iterator[str]:
    """The pages of a book in the order of its spine."""
    container = _xml(archive.read("META-INF/container.xml"))
    package = next(node.get("full-path") for node in container.iter("{*}rootfile"))
    book = _xml(archive.read(package))
    items = {node.get("id"): node.get("href") for node in book.iter("{*}item")}
    for reference in book.iter("{*}itemref"):
        href = items.get(reference.get("idref"))
        if href:
            name = posixpath.normpath(posixpath.join(posixpath.dirname(package), urllib.parse.unquote(href)))
            yield decode(archive.read(name))


def _odt(root: Any) -> Iterator[Any]:
    for node in list(root.iter(*_DROPPED)):
        if node.getparent() is not None:
            node.getparent().remove(node)
    path: list[tuple[int, str]] = []
    tables = 0
    for node in _walk(root.find(f"{_OFFICE}body/{_OFFICE}text")):
        locator = " > ".join(text for _, text in path)
        text = _text(node)
        if node.tag == _TABLE + "table":
            tables += 1
            yield from _odt_table(node, " > ".join(part for part in (locator, f"table {tables}") if part))
        elif node.tag == _TEXT + "h" and text:
            level = int(node.get(_TEXT + "outline-level", "1"))
            path[:] = [entry for entry in path if entry[0] < level] + [(level, text)]
            yield make("Title", text, Span(1, None, " > ".join(title for _, title in path)), level=level)
        elif text:
            item = any(parent.tag == _TEXT + "list-item" for parent in node.iterancestors())
            yield make("ListItem" if item else "NarrativeText", text, Span(1, None, locator))


def _walk(node: Any) -> Iterator[Any]:
    """Headings, paragraphs and tables in reading order; tables are not looked into."""
    for child in node:
        if child.tag in (_TEXT + "h", _TEXT + "p", _TABLE + "table"):
            yield child
        elif isinstance(child.tag, str):
            yield from _walk(child)


def _text(node: Any) -> str:
    parts: list[str] = []
    for event, child in etree.iterwalk(node, events=("start", "end")):
        if event == "start":
            if child.tag in (_TEXT + "s", _TEXT + "tab", _TEXT + "line-break", _TEXT + "p"):
                parts.append(" ")
            parts.append(child.text or "")
        elif child is not node:
            parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def _odt_table(table: Any, name: str) -> Iterator[Any]:
    rows = []
    for row in table.iter(_TABLE + "table-row"):
        cells: list[str] = []
        for cell in row:
            if cell.tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
                repeated = int(cell.get(_TABLE + "number-columns-repeated", "1"))
                cells.extend([_text(cell)] * min(repeated, _MAX_REPEATED))
        rows.append(cells)
    width = max((max((place + 1 for place, cell in enumerate(row) if cell), default=0) for row in rows), default=0)
    grid = [tuple((row + [""] * width)[:width]) for row in rows]
    count = header_rows(grid)
    body = [Row(row, Span(1, None, f"{name}, row {number}")) for number, row in enumerate(grid, 1) if number > count]
    yield make_table(body, Span(1, None, name), header=merge_header(grid[:count]))
