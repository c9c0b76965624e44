"""Every quote is read again before it leaves: from the stored text, and from the file inside its boxes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace

from copilot.types import Citation, Claim, Element, Support

_SPACE = re.compile(r"\s+")
_UNPRINTED = str.maketrans("", "", "\u00ad\ufffe\u200b\ufeff\x02")

StoredText = Callable[[Citation], str | None]
"""The stored text of the cited pages (of the whole document where there are none), or None where it is gone."""
BoxText = Callable[[Citation], Sequence[str]]
"""The readings of the boxes: by the text layer, by the stored words of the OCR; none if both are gone."""


def plain(text: str) -> str:
    """NFKC without white space and unprinted characters: the form in which quotes are compared."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text).translate(_UNPRINTED))


def stored_text(elements: Sequence[Element], pages: Sequence[int]) -> str:
    """The text of the elements that touch these pages, in order."""
    wanted = set(pages)
    return "\n".join(
        element.text
        for element in elements
        if element.span.page in wanted or any(page in wanted for _, _, page, _ in element.lines)
    )


def verify(claims: Sequence[Claim], stored: StoredText, boxed: BoxText) -> tuple[list[Claim], list[str]]:
    """The claims whose quotes stand, without the citations that do not, and a line for each that was dropped."""
    kept, warnings = [], []
    for claim in claims:
        standing = []
        for citation in claim.citations:
            fault = _fault(citation, stored, boxed)
            if fault:
                warnings.append(f"A quote from '{citation.document.title}' was dropped: {fault}.")
            else:
                standing.append(citation)
        if standing:
            how = "quote read again from the file" if standing[0].boxes else "quote read again from the stored text"
            if claim.kind in ("generated", "unsupported"):
                how = claim.support.reason  # what says how far the quote supports the sentence
            kept.append(replace(claim, citations=tuple(standing), support=Support(claim.support.score, how)))
    return kept, warnings


def _fault(citation: Citation, stored: StoredText, boxed: BoxText) -> str:
    quote = plain(citation.quote)
    text = stored(citation)
    if text is None:
        return "its stored text is gone; ingest the document again"
    if not quote or quote not in plain(text):
        return "the stored text does not hold it"
    if citation.boxes:
        readings = boxed(citation)
        if readings and all(plain(reading) != quote for reading in readings):
            return "the text inside its box differs"
    return ""
