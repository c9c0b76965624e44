"""Citations: a quote's pages, boxes and locator, taken from the pieces of its chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from copilot.answering.columns import columns
from copilot.types import Box, Chunk, Citation, CitedDocument, Document, Element, Hit, PageBox, Span

Tighten = Callable[[int, Box, str, int, int], Sequence[Box]]
"""(page, box of a piece, text of the piece, start, end) -> tight boxes of those characters."""


def cited_document(document: Document) -> CitedDocument:
    """What a citation tells of a document."""
    return CitedDocument(
        document.id,
        document.uri,
        document.title,
        document.language,
        document.revision,
        document.status,
        document.sha256,
        document.owner,
        document.effective,
        document.applicability,
    )


def cite(hit: Hit, start: int, end: int, marker: int, tighten: Tighten | None = None) -> Citation:
    """The citation of ``hit.chunk.text[start:end]``."""
    touched = list(_touched(hit.chunk, start, end))
    pages = tuple(sorted({span.page for _, _, span in touched})) or (1,)
    locator = next((span.locator for _, _, span in touched if span.locator), " > ".join(hit.chunk.headings))
    boxes = tuple(_merged(list(_boxes(hit.chunk, touched, start, end, tighten))))
    quote = hit.chunk.text[start:end]
    heads = columns(hit.chunk) if quote == hit.chunk.text else ()
    return Citation(
        marker, cited_document(hit.document), pages, boxes, locator, quote, chunk_id=hit.chunk.id, columns=heads
    )


def cite_element(hit: Hit, element: Element, marker: int) -> Citation:
    """The citation of a whole element of the hit's document; ``chunk_id`` is that of the hit that led to it."""
    boxes = [PageBox(page, box) for _, _, page, box in element.lines]
    if not boxes and element.span.box is not None:
        boxes = [PageBox(element.span.page, element.span.box)]
    pages = tuple(sorted({item.page for item in boxes})) or (element.span.page,)
    document = cited_document(hit.document)
    locator = element.span.locator
    return Citation(marker, document, pages, tuple(_merged(boxes)), locator, element.text, chunk_id=hit.chunk.id)


def _touched(chunk: Chunk, start: int, end: int) -> Iterator[tuple[int, int, Span]]:
    for first, last, span in chunk.pieces:
        if first < end and last > start:
            yield first, last, span


def _boxes(
    chunk: Chunk, touched: Sequence[tuple[int, int, Span]], start: int, end: int, tighten: Tighten | None
) -> Iterator[PageBox]:
    for first, last, span in touched:
        if span.box is None:
            continue
        inside = (max(start, first) - first, min(end, last) - first)
        text = chunk.text[first:last]
        partial = text[: inside[0]].strip() or text[inside[1] :].strip()
        tight = tighten(span.page, span.box, text, *inside) if partial and tighten else [span.box]
        for box in tight or [span.box]:
            yield PageBox(span.page, box)


def _merged(boxes: Sequence[PageBox]) -> Iterator[PageBox]:
    """Neighbouring boxes of one line become one: words of a scan, say. Cells of a table stay apart."""
    current: PageBox | None = None
    for item in boxes:
        if current is not None and _beside(current, item):
            a, b = current.box, item.box
            current = PageBox(item.page, (a[0], min(a[1], b[1]), b[2], max(a[3], b[3])))
            continue
        if current is not None:
            yield current
        current = item
    if current is not None:
        yield current


def _beside(left: PageBox, right: PageBox) -> bool:
    if left.page != right.page:
        return False
    a, b = left.box, right.box
    height = max(a[3] - a[1], b[3] - b[1])
    overlap = min(a[3], b[3]) - max(a[1], b[1])
    return overlap > 0.6 * min(a[3] - a[1], b[3] - b[1]) and -0.2 * height <= b[0] - a[2] <= 0.8 * height
