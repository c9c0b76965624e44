"""Elements between unstructured's types and ours: how a partitioner says where its text stands, and the conversion."""

from __future__ import annotations

import html as html_text
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from copilot.types import Box, Element, ElementKind, Span
from ingest.parse.context import row_context
from ingest.parse.grid import Grid, header_rows, read_html_table
from ingest.parse.offline import install_offline

install_offline()

from unstructured.documents import elements as _unstructured  # noqa: E402

Lines = tuple[tuple[int, int, int, Box], ...]

_KINDS = {
    "Title": ElementKind.TITLE, "ListItem": ElementKind.LIST_ITEM, "Table": ElementKind.TABLE,
    "Image": ElementKind.FIGURE_TEXT, "FigureCaption": ElementKind.FIGURE_TEXT,
}
_FURNITURE = {"Header": "header", "Footer": "footer"}
_CAPTION = re.compile(
    r"^(?:table|tabelle|tab\.|tableau|tabella|tabla|cuadro|tabela|quadro|表)\s*(?:[\d.\-]+\s*)?[:：.–—]\s*\S",
    re.IGNORECASE)
_MAX_CAPTION = 200
_MAX_HTML_ROWS = 5000


@dataclass(frozen=True, slots=True)
class Row:
    """One table row: its cells, where it stands, and (start, end, page, box) pieces of the cells joined by tabs."""

    cells: tuple[str, ...]
    span: Span = Span()
    lines: Lines = ()

    @property
    def text(self) -> str:
        """The cells joined by tabs."""
        return "\t".join(self.cells)


@dataclass(frozen=True, slots=True)
class Placement:
    """What unstructured's metadata has no field for; it travels as ``metadata.placement``."""

    span: Span
    level: int = 0
    lines: Lines = ()
    rows: tuple[Row, ...] = ()
    header: tuple[str, ...] = ()
    caption: str = ""


def make(category: str, text: str, span: Span, *, level: int = 0, lines: Lines = ()) -> Any:
    """An unstructured element of that class name (Title, NarrativeText, ListItem, Text, Image ...) with its place."""
    element = getattr(_unstructured, category)(text)
    element.metadata.page_number = span.page
    if category == "Title":
        element.metadata.category_depth = max(level - 1, 0)
    element.metadata.placement = Placement(span, level, lines)
    return element


def make_table(
    rows: Sequence[Row], span: Span, *, header: Sequence[str] = (), caption: str = "", html: str = "",
    lines: Lines = (),
) -> Any:
    """An unstructured Table; ``rows`` without the header, whose cells go into each row's context.

    ``lines`` are the pieces of the caption.
    """
    table = _unstructured.Table("\n".join(row.text for row in rows))
    table.metadata.page_number = span.page
    table.metadata.text_as_html = html or (table_html(header, rows) if len(rows) <= _MAX_HTML_ROWS else "")
    table.metadata.placement = Placement(span, 0, lines, tuple(rows), tuple(header), caption)
    return table


def table_html(header: Sequence[str], rows: Sequence[Row]) -> str:
    """The table as HTML; cells are escaped."""
    parts = ["<table>"]
    if header:
        parts.append("<tr>" + "".join(f"<th>{html_text.escape(cell)}</th>" for cell in header) + "</tr>")
    for row in rows:
        parts.append("<tr>" + "".join(f"<td>{html_text.escape(cell)}</td>" for cell in row.cells) + "</tr>")
    return "".join([*parts, "</table>"])


def from_unstructured(
    elements: Iterable[Any], *, captions: Collection[str] = (), headers: Sequence[int] = (), page: int = 0,
) -> list[Element]:
    """Our elements, in order; each table becomes a TABLE (its text the caption) and a TABLE_ROW for each row.

    Where an element carries no placement, its locator is the path of the titles above it. ``captions`` holds texts
    known to be captions; ``headers`` the number of header rows of each table in order, where known (-1: not);
    ``page`` is given to all where it is not 0.
    """
    return list(_Conversion(captions, headers, page).run(list(elements)))


class _Conversion:
    """One pass over a document's elements, with the path of titles above the present one."""

    def __init__(self, captions: Collection[str], headers: Sequence[int], page: int) -> None:
        self._captions = captions
        self._headers = headers
        self._page = page
        self._path: list[tuple[int, str]] = []
        self._tables = 0
        self._furniture: set[tuple[str, str]] = set()

    def run(self, elements: list[Any]) -> Iterator[Element]:
        caption = ""
        for number, element in enumerate(elements):
            following = elements[number + 1] if number + 1 < len(elements) else None
            text = (element.text or "").strip()
            if element.category == "Table":
                yield from self._table(element, caption)
                caption = ""
            elif following is not None and following.category == "Table" and self._is_caption(element, text):
                caption = text
            elif text and element.category != "PageBreak" and not self._is_repeated(element, text):
                yield self._plain(element, text)

    def _is_caption(self, element: Any, text: str) -> bool:
        placed = getattr(element.metadata, "placement", None)
        if placed is not None or element.category == "ListItem" or not 0 < len(text) <= _MAX_CAPTION:
            return False
        return text in self._captions or bool(_CAPTION.match(text))

    def _is_repeated(self, element: Any, text: str) -> bool:
        """Whether a page header or footer was there before, as each section of a document repeats it."""
        if element.category not in _FURNITURE:
            return False
        known = (element.category, text) in self._furniture
        self._furniture.add((element.category, text))
        return known

    def _plain(self, element: Any, text: str) -> Element:
        kind = _KINDS.get(element.category, ElementKind.TEXT)
        placed = getattr(element.metadata, "placement", None)
        if placed is not None:
            if kind is ElementKind.TITLE:
                self._enter(placed.level or 1, text)
            return Element(kind, element.text, placed.span, level=placed.level, lines=placed.lines)
        level = 0
        if kind is ElementKind.TITLE:
            level = (element.metadata.category_depth or 0) + 1
            self._enter(level, text)
        locator = _FURNITURE.get(element.category) or self._locator()
        return Element(kind, text, Span(self._page_of(element), None, locator), level=level)

    def _table(self, element: Any, caption: str) -> Iterator[Element]:
        placed = getattr(element.metadata, "placement", None)
        source = element.metadata.text_as_html or ""
        self._tables += 1
        if placed is None:
            placed = self._place(read_html_table(source), element, caption)
        yield Element(ElementKind.TABLE, placed.caption, placed.span, html=source, lines=placed.lines,
                      context=row_context("", placed.header))
        context = row_context(placed.caption, placed.header)
        for row in placed.rows:
            if row.text.strip():
                yield Element(ElementKind.TABLE_ROW, row.text, row.span, context=context, lines=row.lines)

    def _place(self, grid: Grid, element: Any, caption: str) -> Placement:
        """Rows of a table that is known by its HTML only; its rows count from 1, header included."""
        page = self._page_of(element)
        known = self._headers[self._tables - 1] if self._tables <= len(self._headers) else -1
        count = known if known >= 0 else grid.headers or header_rows(grid.cells)
        header = merge_header(grid.cells[:count]) if count < len(grid.cells) else ()
        count = count if header else 0
        name = " > ".join(part for part in (self._locator(), f"table {self._tables}") if part)
        rows = tuple(
            Row(cells, Span(page, None, f"{name}, row {number}"))
            for number, cells in enumerate(grid.cells[count:], start=count + 1)
        )
        return Placement(Span(page, None, name), rows=rows, header=header, caption=caption or grid.caption)

    def _enter(self, level: int, text: str) -> None:
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        self._path.append((level, " ".join(text.split())))

    def _locator(self) -> str:
        return " > ".join(text for _, text in self._path)

    def _page_of(self, element: Any) -> int:
        return self._page or element.metadata.page_number or 1


def merge_header(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Header rows as one: the different texts of each column, from the top."""
    width = max((len(row) for row in rows), default=0)
    merged = []
    for column in range(width):
        texts = dict.fromkeys(row[column].strip() for row in rows if column < len(row))
        merged.append(" ".join(text for text in texts if text))
    return tuple(merged) if any(merged) else ()
