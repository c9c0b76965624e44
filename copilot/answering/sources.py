"""Where quotes are read again: the stored elements and the original file, under the principal's rights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from copilot.answering.citations import cite
from copilot.answering.verification import stored_text
from copilot.errors import CopilotError
from copilot.library import Library
from copilot.types import Box, Citation, Claim, Document, Element, ElementKind, Hit, Passage, Principal

_PDF = "application/pdf"


class QuoteSources:
    """Reads stored text and boxes for one principal; made for one answer."""

    def __init__(self, library: Library, principal: Principal) -> None:
        self._library = library
        self._principal = principal
        self._elements: dict[tuple[str, str], list[Element]] = {}
        self._rows: dict[tuple[str, str], set[tuple[str, str]]] = {}
        self._paths: dict[tuple[str, str], Path | None] = {}

    def elements(self, document: Document) -> Sequence[Element]:
        """All elements of a document in reading order; none where they are gone or not for this principal."""
        return self._kept(document.id, document.sha256)

    def stored(self, citation: Citation) -> str | None:
        """The stored text of the cited pages; None where it is gone or not for this principal."""
        elements = self._stored_elements(citation)
        if self._is_row(citation):
            return citation.quote  # of a long table not every row is read for each row that counts
        return stored_text(elements, citation.pages) if elements else None

    def boxed(self, citation: Citation) -> list[str]:
        """What stands inside the boxes: in the PDF's text layer, and in the stored words; [] if the file is gone."""
        path = self._path(citation.document.id, citation.document.sha256)
        readings = []
        if path is not None:
            from copilot.pages import read_box

            texts = [read_box(path, _PDF, item.page, item.box) for item in citation.boxes]
            readings += ["".join(texts)] if any(text.strip() for text in texts) else []
        words = [
            element.text[start:end]
            for element in self._stored_elements(citation)
            for start, end, page, place in element.lines
            if any(page == item.page and _inside(place, item.box) for item in citation.boxes)
        ]
        return [*readings, *([" ".join(words)] if words else [])]

    def tightened(self, claim: Claim, passages: Sequence[Passage]) -> Claim:
        """The claim with boxes around just the quoted characters where a quote begins or ends inside a line."""
        hits = {hit.chunk.id: hit for item in passages for hit in item.hits}
        return replace(
            claim, citations=tuple(self._tight(citation, hits.get(citation.chunk_id)) for citation in claim.citations)
        )

    def _tight(self, citation: Citation, hit: Hit | None) -> Citation:
        if hit is None or not citation.boxes:
            return citation
        path = self._path(hit.document.id, hit.document.sha256)
        start = hit.chunk.text.find(citation.quote)
        if path is None or start < 0:
            return citation

        def tighten(page: int, box: Box, text: str, first: int, last: int) -> Sequence[Box]:
            from copilot.pages import quote_boxes

            return quote_boxes(path, page, box, text, first, last)

        made = cite(hit, start, start + len(citation.quote), citation.marker, tighten)
        return replace(citation, boxes=made.boxes)

    def _path(self, document_id: str, sha256: str) -> Path | None:
        """The original, if it is a PDF and still there."""
        key = (document_id, sha256)
        if key not in self._paths:
            try:
                original = self._library.original(document_id, self._principal, sha256)
                self._paths[key] = original.path if original.media_type == _PDF else None
            except CopilotError:
                self._paths[key] = None
        return self._paths[key]

    def _is_row(self, citation: Citation) -> bool:
        """Whether a stored row with just that text stands at the citation's locator."""
        key = (citation.document.id, citation.document.sha256)
        if key not in self._rows:
            rows = (item for item in self._stored_elements(citation) if item.kind is ElementKind.TABLE_ROW)
            self._rows[key] = {(item.span.locator, item.text) for item in rows if item.span.locator}
        return (citation.locator, citation.quote) in self._rows[key]

    def _stored_elements(self, citation: Citation) -> list[Element]:
        return self._kept(citation.document.id, citation.document.sha256)

    def _kept(self, document_id: str, sha256: str) -> list[Element]:
        key = (document_id, sha256)
        if key not in self._elements:
            try:
                self._elements[key] = self._library.elements(key[0], self._principal, key[1])
            except CopilotError:
                self._elements[key] = []
        return self._elements[key]


def _inside(inner: Box, outer: Box) -> bool:
    """Whether a box's centre lies in another."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]
