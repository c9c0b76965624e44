"""The elements around a quote, for formats that have no pages to show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from copilot.types import Element, ElementKind

_BEFORE, _AFTER = 8, 8
_SPACE = re.compile(r"\s+")
_MAX_CHARS = 1500


def surroundings(elements: Sequence[Element], quote: str, page: int = 1) -> dict[str, Any]:
    """What the panel draws: the elements near the quote as text, which of them hold it, and where in them.

    ``parts`` are the text in pieces, [piece, whether it is quoted]; a table row has its heading cells as ``context``.
    """
    first, last = _quoted(elements, quote, page)
    if first is None or last is None:
        return {"elements": [], "before": 0, "after": 0}
    start, stop = max(0, first - _BEFORE), min(len(elements), last + _AFTER + 1)
    drawn = [_drawn(elements[index], quote, first <= index <= last) for index in range(start, stop)]
    return {"elements": [item for item in drawn if item["parts"]], "before": start, "after": len(elements) - stop}


def _quoted(elements: Sequence[Element], quote: str, page: int) -> tuple[int | None, int | None]:
    """The first and the last element that the quote touches; those of the page first, then any."""
    wanted = _key(quote)
    for only_page in (True, False):
        for index, element in enumerate(elements):
            if not only_page or element.span.page == page:
                if wanted and wanted in _key(element.text):
                    return index, index
        found = _over_several(elements, wanted, page if only_page else None)
        if found is not None:
            return found
    return None, None


def _over_several(elements: Sequence[Element], wanted: str, page: int | None) -> tuple[int, int] | None:
    """Where a quote runs from one element into the next."""
    keys = [_key(item.text) if page is None or item.span.page == page else "" for item in elements]
    for index, key in enumerate(keys):
        joined, last = key, index
        while joined and wanted and len(joined) < len(wanted) + len(key) and last + 1 < len(keys):
            last += 1
            joined += keys[last]
            if wanted in joined:
                return _tight(keys, wanted, index, last)
    return None


def _tight(keys: Sequence[str], wanted: str, first: int, last: int) -> tuple[int, int]:
    """Without elements before the quote's first word."""
    while first < last and wanted in "".join(keys[first + 1 : last + 1]):
        first += 1
    return first, last


def _drawn(element: Element, quote: str, quoted: bool) -> dict[str, Any]:
    text = element.text if quoted else element.text[:_MAX_CHARS]
    number = [[f"{element.context} ", False]] if element.kind is ElementKind.LIST_ITEM and element.context else []
    return {
        "kind": element.kind.value,
        "level": element.level,
        "parts": number + (_parts(text, quote) if quoted else [[text, False]] if text else []),
        "context": element.context if element.kind is ElementKind.TABLE_ROW else "",
        "locator": element.span.locator,
        "quoted": quoted,
    }


def _parts(text: str, quote: str) -> list[list[Any]]:
    """The text parted at the quote, white space aside; all of it is quoted where it is a part of the quote."""
    words = [re.escape(word) for word in quote.split()]
    found = re.search(r"\s*".join(words), text) if words else None
    if found is None:
        return [[text, True]]
    pieces = [[text[: found.start()], False], [found.group(), True], [text[found.end() :], False]]
    return [piece for piece in pieces if piece[0]]


def _key(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))
