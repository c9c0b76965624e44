"""Whether a page's text layer can be used, or the page has to be read as a picture."""

from __future__ import annotations

import enum
import re
import unicodedata
from typing import Any

from copilot.language import function_words
from copilot.pagetext import PageText
from copilot.types import LANGUAGES

_FEW = 30
_IMAGE_SHARE = 0.5
_MAX_UNMAPPED = 0.1
_MAX_ODD = 0.05
_MIN_WORDS = 60
_MIN_FUNCTION_SHARE = 0.07
_INVISIBLE = 3
_SAMPLE = 400
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_HAN = re.compile(r"[\u3400-\u9fff]")


class Layer(enum.Enum):
    """What a text layer is worth."""

    GOOD = "good"
    ABSENT = "absent"
    OLD_OCR = "old_ocr"
    UNUSABLE = "unusable"


def judge(page: Any, textpage: Any, text: PageText) -> Layer:
    """What the text layer of a pypdfium2 page is worth.

    Thresholds: fewer than 30 characters under an image of half the page; a tenth of them without a Unicode mapping;
    a twentieth private, replaced or control characters; under 7 % function words among 60 Latin words.
    """
    letters = "".join(letter for letter in text.text if not letter.isspace())
    if len(letters) < _FEW:
        return Layer.ABSENT if image_share(page) > _IMAGE_SHARE else Layer.GOOD
    if _unmapped(textpage, text) > _MAX_UNMAPPED or _odd(letters) > _MAX_ODD or _is_gibberish("".join(text.text)):
        return Layer.UNUSABLE
    if _is_invisible(textpage, text) and image_share(page) > _IMAGE_SHARE:
        return Layer.OLD_OCR
    return Layer.GOOD


def image_share(page: Any) -> float:
    """The share of the page that its largest image covers."""
    import pypdfium2.raw as pdfium

    left, bottom, right, top = page.get_bbox()
    whole = max((right - left) * (top - bottom), 1.0)
    largest = 0.0
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        x0, y0, x1, y1 = item.get_bounds()
        area = max(0.0, min(x1, right) - max(x0, left)) * max(0.0, min(y1, top) - max(y0, bottom))
        largest = max(largest, area / whole)
    return float(largest)


def _printed(text: PageText) -> list[int]:
    places = [index for index, letter in enumerate(text.text) if not letter.isspace()]
    return places[::max(1, len(places) // _SAMPLE)]


def _unmapped(textpage: Any, text: PageText) -> float:
    import pypdfium2.raw as pdfium

    places = _printed(text)
    bad = [index for index in places if pdfium.FPDFText_HasUnicodeMapError(textpage.raw, index) == 1]
    return len(bad) / len(places)


def _odd(letters: str) -> float:
    odd = sum(letter == "\ufffd" or unicodedata.category(letter) in ("Co", "Cc", "Cn") for letter in letters)
    return odd / len(letters)


def _is_gibberish(text: str) -> bool:
    """Whether a page of prose has hardly any of the small words that every Latin language needs."""
    words = [word.lower() for word in _LATIN_WORD.findall(text)]
    prose = [word for word in words if not any(letter.isdigit() for letter in word)]
    if len(prose) < _MIN_WORDS or len(_HAN.findall(text)) > len(prose):
        return False
    known = frozenset().union(*(function_words(language) for language in LANGUAGES))
    return sum(word in known for word in prose) < _MIN_FUNCTION_SHARE * len(prose) and _is_prose(text)


def _is_prose(text: str) -> bool:
    """Whether most lines are long: tables and parts lists have few function words and are fine."""
    lines = [line for line in text.splitlines() if line.strip()]
    return sum(len(line) > 50 for line in lines) * 2 > len(lines)


def _is_invisible(textpage: Any, text: PageText) -> bool:
    import pypdfium2.raw as pdfium

    places = _printed(text)[::20]
    modes = [pdfium.FPDFTextObj_GetTextRenderMode(item) for index in places
             if (item := pdfium.FPDFText_GetTextObject(textpage.raw, index))]
    return bool(modes) and sum(mode == _INVISIBLE for mode in modes) * 2 > len(modes)
