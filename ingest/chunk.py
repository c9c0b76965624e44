"""Cuts a document's elements into chunks: rows one by one, prose by headings, at ends of sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from copilot.ids import chunk_id
from copilot.language import detect
from copilot.types import UNKNOWN_LANGUAGE, Chunk, Element, ElementKind, Span
from ingest.parse.context import split_context
from ingest.passages import Slice, count_words, join_lines, pack

CHUNKER_VERSION = "3"
_SAMPLE_CHARS = 4000
_SAMPLE_ROWS = 20
_TABLE_CERTAINTY = 0.6
_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")  # where a line ended; it parts words
_TABLES = (ElementKind.TABLE, ElementKind.TABLE_ROW)
_PROSE_WORDS = 9  # below, names and numbers decide what a text seems to be
_ROW_WORDS = 20


class Chunker:
    """The Chunker of the product.

    A row makes one chunk, with title, headings, caption and "Header: cell" pairs in its embed_text. Paragraphs and
    list items between two headings make chunks of about 60 to 180 words (Chinese: 120 to 320 characters); steps of
    a list stay together where they fit. Titles without anything below them make a chunk of their own. What a page's
    header and footer repeat is left out, unless there is nothing else.
    """

    fingerprint = f"chunk-{CHUNKER_VERSION}"

    def chunk(
        self, document_id: str, sha256: str, title: str, elements: Iterable[Element], language: str,
    ) -> list[Chunk]:
        """The chunks of one document in order; ``language`` is used where a chunk's own is not certain."""
        listed = _without_furniture([element for element in elements if element.text.strip()])
        known = language if language and language != UNKNOWN_LANGUAGE else _language_of(listed)
        run = _Run(document_id, sha256, title.strip(), known)
        for element in listed:
            run.take(element)
        run.finish()
        return run.chunks


def _without_furniture(elements: list[Element]) -> list[Element]:
    """All but headers and footers of pages, which answer nothing and are found by every question."""
    headed = {element.span.locator for element in elements if element.kind is ElementKind.TITLE}
    furniture = {"header", "footer"}
    kept = [element for element in elements
            if element.span.locator.rpartition(" > ")[2] not in furniture or element.span.locator in headed]
    return kept or elements


def _language_of(elements: Sequence[Element]) -> str:
    """The document's language; a table with few words is judged by its header and first rows, less strictly."""
    sample: list[str] = []
    for element in elements:
        if sum(map(len, sample)) > _SAMPLE_CHARS:
            break
        sample.append(element.text)
    found = detect("\n".join(sample))
    if found != UNKNOWN_LANGUAGE or any(element.kind not in _TABLES for element in elements):
        return found
    headers = dict.fromkeys(element.context for element in elements[:_SAMPLE_ROWS])
    return detect("\n".join([*headers, *sample[:_SAMPLE_ROWS]]), certainty=_TABLE_CERTAINTY)


@dataclass(slots=True)
class _Heading:
    element: Element
    path: tuple[str, ...]
    used: bool = False


@dataclass(slots=True)
class _Run:
    """The state of cutting one document."""

    document_id: str
    sha256: str
    title: str
    language: str
    chunks: list[Chunk] = field(default_factory=list)
    stack: list[_Heading] = field(default_factory=list)
    section: list[Element] = field(default_factory=list)
    bare: list[_Heading] = field(default_factory=list)

    def take(self, element: Element) -> None:
        if element.kind is ElementKind.TITLE:
            self.flush()
            self.leave(element.level or 1)
            self.stack.append(_Heading(element, self.headings()))
        elif element.kind in (ElementKind.TABLE, ElementKind.TABLE_ROW):
            self.flush()
            self.add([Slice(element, 0, len(element.text))], element.kind, self.headings(), element.context)
        else:
            if self.section and not _together(self.section[-1], element):
                self.flush()
            self.section.append(element)

    def finish(self) -> None:
        self.flush()
        self.leave(0)
        self.flush_bare()

    def headings(self) -> tuple[str, ...]:
        return tuple(" ".join(heading.element.text.split()) for heading in self.stack)

    def leave(self, level: int) -> None:
        """Close the headings at or below ``level``; those that nothing stood under wait for a chunk of their own."""
        left: list[_Heading] = []
        while self.stack and (self.stack[-1].element.level or 1) >= level:
            left.append(self.stack.pop())
        self.bare.extend(heading for heading in reversed(left) if not heading.used)

    def flush(self) -> None:
        if not self.section:
            return
        elements, self.section = self.section, []
        figures = elements[0].kind is ElementKind.FIGURE_TEXT
        for slices in pack(elements, self.language):
            items = all(piece.element.kind is ElementKind.LIST_ITEM for piece in slices)
            kind = ElementKind.FIGURE_TEXT if figures else ElementKind.LIST_ITEM if items else ElementKind.TEXT
            self.add(slices, kind, self.headings())

    def flush_bare(self) -> None:
        waiting, self.bare = self.bare, []
        if waiting:
            for slices in pack([heading.element for heading in waiting], self.language):
                self.append(slices, ElementKind.TITLE, waiting[0].path)

    def add(self, slices: list[Slice], kind: ElementKind, headings: tuple[str, ...], context: str = "") -> None:
        self.flush_bare()
        for heading in self.stack:
            heading.used = True
        self.append(slices, kind, headings, context)

    def append(self, slices: list[Slice], kind: ElementKind, headings: tuple[str, ...], context: str = "") -> None:
        text, pieces = _text_and_pieces(slices)
        position = len(self.chunks)
        joined = _HAN_GAP.sub("", join_lines(*_text_and_pieces(slices, numbered=True)))
        body = _row_text(context, joined) if context else joined
        head = " > ".join(dict.fromkeys(part for part in (self.title, *headings) if part))
        self.chunks.append(Chunk(
            chunk_id(self.document_id, self.sha256, position), self.document_id, self.sha256, position, text,
            f"{head}\n{body}" if head else body, headings, pieces,
            self.language_of(text, kind), kind,
        ))

    def language_of(self, text: str, kind: ElementKind) -> str:
        """The chunk's own language where it is long enough to be certain, else the document's."""
        found = detect(text, self.language)
        rows = kind in (ElementKind.TABLE, ElementKind.TABLE_ROW, ElementKind.TITLE)
        if found in ("zh", self.language) or self.language == UNKNOWN_LANGUAGE:
            return found
        return found if count_words(text) >= (_ROW_WORDS if rows else _PROSE_WORDS) else self.language


def _together(before: Element, after: Element) -> bool:
    """Whether two elements may stand in one chunk: in one place, and not a figure's words with prose."""
    figures = (before.kind is ElementKind.FIGURE_TEXT) == (after.kind is ElementKind.FIGURE_TEXT)
    return figures and before.span.locator == after.span.locator


def _text_and_pieces(
    slices: Sequence[Slice], numbered: bool = False,
) -> tuple[str, tuple[tuple[int, int, Span], ...]]:
    """The slices joined by line breaks, and where each of their lines stands in the joined text.

    ``numbered`` puts the numbers of a list's items before them.
    """
    texts: list[str] = []
    pieces: list[tuple[int, int, Span]] = []
    offset = 0
    for one in slices:
        mark = f"{one.element.context} " if numbered and _is_numbered(one) else ""
        offset += len(mark)
        texts.append(mark + one.text)
        pieces.extend((offset + start, offset + end, span) for start, end, span in one.pieces())
        offset += len(one.text) + 1
    return "\n".join(texts), tuple(pieces)


def _is_numbered(one: Slice) -> bool:
    return one.element.kind is ElementKind.LIST_ITEM and one.start == 0 and bool(one.element.context)


def _row_text(context: str, text: str) -> str:
    """Caption, then "Header: cell" for each cell; cells without a header stand alone."""
    caption, header = split_context(context)
    cells = text.split("\t")
    if len(cells) != len(header):
        return "\n".join(part for part in (caption, "; ".join(filter(None, header)), " ".join(cells)) if part)
    pairs = [f"{name}: {cell}" if name.strip() else cell
             for name, cell in zip(header, cells, strict=True) if cell.strip()]
    return "\n".join(part for part in (caption, "; ".join(pairs)) if part)
