"""PDFs: each page read with pypdfium2, or by OCR where its text layer cannot be used."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from copilot.errors import ParseError
from copilot.pages import open_pdf
from copilot.pagetext import PageText, read_characters
from copilot.types import Element
from ingest.parse import ocr
from ingest.parse.layout import Sheet, elements_of, printed_sheet, scanned_sheet
from ingest.parse.pdf_layer import Layer, judge
from ingest.parse.pdf_lines import read_lines
from ingest.parse.pdf_tables import rules
from ingest.parse.scans import Scan, read_scan

_OCR_BEATS_LAYER = 75  # mean confidence from which OCR is believed more than an old invisible layer
_log = logging.getLogger(__name__)


def parse(path: Path, media_type: str, language: str) -> list[Element]:
    """The elements of a PDF in reading order, each line (table: each line of a cell, scan: each word) with its box.

    ``language`` is a hint for OCR and is noted on the elements. Raises ParseError: empty, encrypted, broken, and
    missing_dependency where nothing can be read without OCR.
    """
    document = open_pdf(path)
    try:
        if not len(document):
            raise ParseError("broken", f"{path.name} has no pages.", "Check the file in a PDF viewer.")
        reading = _Reading(path, language)
        sheets = [reading.sheet(document[index], index + 1) for index in range(len(document))]
    finally:
        document.close()
    if reading.failure is not None and not any(sheet.lines or sheet.tables for sheet in sheets):
        raise reading.failure
    return elements_of(sheets, language)


class _Reading:
    """One pass over the pages of a document; keeps why OCR could not run and which language it found."""

    def __init__(self, path: Path, language: str) -> None:
        self._path = path
        self._language = language
        self.failure: ParseError | None = None

    def sheet(self, page: Any, number: int) -> Sheet:
        """Page ``number`` read the better way."""
        textpage = page.get_textpage()
        text = read_characters(page, textpage)
        layer = judge(page, textpage, text)
        scan = self._scan(page, number) if layer is not Layer.GOOD else None
        if scan is not None and (layer is not Layer.OLD_OCR or scan.confidence >= _OCR_BEATS_LAYER):
            return scanned_sheet(number, page.get_size(), scan)
        if layer is Layer.UNUSABLE:
            return Sheet(number, page.get_size(), [], [])
        return self._printed(page, textpage, text, number)

    def _printed(self, page: Any, textpage: Any, text: PageText, number: int) -> Sheet:
        across, down = rules(page)
        return printed_sheet(number, text, read_lines(text, page, textpage, number), across, down)

    def _scan(self, page: Any, number: int) -> Scan | None:
        if self.failure is not None:
            return None
        scale = ocr.DPI / 72
        try:
            scan = read_scan(page.render(scale=scale, grayscale=True).to_pil(), (scale, scale), number, self._language)
        except ParseError as error:
            self.failure = error
            _log.warning("%s, page %d: %s", self._path.name, number, error)
            return None
        self._language = self._language or (scan.language if scan else "")
        return scan
