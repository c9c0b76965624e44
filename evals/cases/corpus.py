"""The text of a corpus as a case's principal may read it: which sources of a case stand where it says."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlparse

from copilot.answering.verification import plain, stored_text
from copilot.types import Document, Element, Principal
from evals.types import Case, CaseSource

if TYPE_CHECKING:
    from copilot.library import Library

_CELLS = str.maketrans("", "", "|")
_DIGITS = re.compile(r"\d+")
_MISREAD = 82.0  # of a scan's quote this per cent of its letters must stand
_SIDE_BY_SIDE = 0.5


class CorpusText:
    """What is ingested, read through the library, so that a case's principal sees what it may and no more."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._documents: dict[tuple[str, ...], dict[str, list[Document]]] = {}
        self._elements: dict[str, Sequence[Element]] = {}

    @property
    def empty(self) -> bool:
        """Whether none of the principals asked for so far may read any document: most likely nothing is ingested."""
        return not any(self._documents.values())

    def faults(self, case: Case) -> list[tuple[str, str]]:
        """What of a case does not stand in the corpus, each with its cure; empty where all does."""
        readable = self._readable(case.principal)
        found = [self._fault(source, readable, case.principal) for source in case.sources]
        for document in case.restricted:
            if _matching(document, readable):
                found.append((f"'{document}' is no restricted document for '{case.principal.id}'.",
                              "Ask as a principal who may not read it, or take it off the list."))
        return [fault for fault in found if fault is not None]

    def documents(self, case: Case) -> list[tuple[CaseSource, Document]]:
        """Each source of the case with the documents that it names, as far as its principal may read them."""
        readable = self._readable(case.principal)
        return [(source, item) for source in case.sources for item in _matching(source.document, readable)]

    def _fault(
        self, source: CaseSource, readable: dict[str, list[Document]], principal: Principal
    ) -> tuple[str, str] | None:
        documents = _matching(source.document, readable)
        if not documents:
            near = difflib.get_close_matches(_nfc(source.document), [_short(name) for name in readable], 1, 0.75)
            cure = f"Did you mean '{near[0]}'?" if near else "Check its path, its ingestion and the principal's groups."
            return f"'{source.document}' is not in the corpus, or not for '{principal.id}'.", cure
        if any(self.stands(source, item, principal) for item in documents):
            return None
        quote = source.quote if len(source.quote) <= 60 else source.quote[:59] + "…"
        pages = sorted({page for item in documents for page in self._pages(source.quote, item, principal)})
        if pages:
            where = " and ".join(str(page) for page in pages[:3])
            return f"the quote '{quote}' stands on page {where} of '{source.document}', not {source.page}.", \
                f"Write \"page\": {pages[0]}."
        count = max(max(item.pages, 1) for item in documents)
        if source.page > count:
            return f"'{source.document}' has no page {source.page} but {count}.", "Name the page of the quote."
        return f"the quote '{quote}' does not stand on page {source.page} of '{source.document}'.", \
            "Copy it from the page, cells joined with ' | '."

    def stands(self, source: CaseSource, document: Document, principal: Principal) -> bool:
        """Whether the quote stands on the source's page of this document, compared as ``form`` says."""
        return self._on_page(source.quote, self._parsed(document, principal), source.page, document.media_type)

    def _pages(self, quote: str, document: Document, principal: Principal) -> list[int]:
        elements = self._parsed(document, principal)
        numbers = {element.span.page for element in elements}
        return [page for page in sorted(numbers) if self._on_page(quote, elements, page, document.media_type)]

    @staticmethod
    def _on_page(quote: str, elements: Sequence[Element], page: int, media_type: str) -> bool:
        wanted, text = form(quote), form(stored_text(elements, [page]))
        if wanted in text:
            return True
        return (media_type.startswith("image/") or _by_words(elements)) and _misread(wanted, text)

    def _parsed(self, document: Document, principal: Principal) -> Sequence[Element]:
        if document.sha256 not in self._elements:
            self._elements[document.sha256] = self._library.elements(document.id, principal, document.sha256)
        return self._elements[document.sha256]

    def _readable(self, principal: Principal) -> dict[str, list[Document]]:
        """What the principal may read, by the path of its address."""
        asker = (principal.id, *sorted(principal.groups), *map(str, sorted(principal.attributes.items())))
        if asker not in self._documents:
            listed: dict[str, list[Document]] = {}
            for document in self._library.documents(principal):
                listed.setdefault(_nfc(unquote(urlparse(document.uri).path)), []).append(document)
            self._documents[asker] = listed
        return self._documents[asker]


def form(text: str) -> str:
    """What quotes are compared as: NFKC without white space, unprinted characters and the bars between cells."""
    return plain(text).translate(_CELLS)


def _matching(name: str, readable: dict[str, list[Document]]) -> list[Document]:
    ending = "/" + _nfc(name).lstrip("/")
    return [document for path, found in readable.items() if path.endswith(ending) for document in found]


def _short(path: str) -> str:
    return "/".join(path.rsplit("/", 2)[-2:])


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _by_words(elements: Sequence[Element]) -> bool:
    """Whether the text was read from an image: its pieces with boxes are words that stand side by side."""
    pairs = [
        (before[3], after[3])
        for element in elements
        for before, after in zip(element.lines, element.lines[1:], strict=False)
    ]
    beside = sum(after[0] >= before[2] - 1 and after[1] < before[3] for before, after in pairs)
    return len(pairs) > 0 and beside > _SIDE_BY_SIDE * len(pairs)


def _misread(quote: str, text: str) -> bool:
    """Whether a scan's text says it but for misread letters; its digits must all be there, in order."""
    from rapidfuzz import fuzz

    found = fuzz.partial_ratio_alignment(quote.casefold(), text.casefold(), score_cutoff=_MISREAD)
    if found is None:
        return False
    around = text[max(0, found.dest_start - 2):found.dest_end + 2]
    return "".join(_DIGITS.findall(quote)) in "".join(_DIGITS.findall(around))
