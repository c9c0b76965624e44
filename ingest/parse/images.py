"""Scans and photographs of pages: each frame is one page, read by OCR.

Boxes are in points: pixels of the image (as its EXIF tag turns it) divided by ``copilot.pages.pixels_per_point``,
which takes the image's own dpi, and 200 dpi where it names none or less than 50.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, UnidentifiedImageError

from copilot.errors import ParseError
from copilot.pages import load_image, page_count, pixels_per_point
from copilot.types import Element
from ingest.parse.layout import Sheet, elements_of, scanned_sheet
from ingest.parse.scans import read_scan

_MOST_PIXELS = 150_000_000


def parse(path: Path, media_type: str, language: str) -> list[Element]:
    """The elements of an image; each word with its box. Raises ParseError: broken, too_large, missing_dependency."""
    try:
        count = page_count(path)
        sheets = [_sheet(path, number, language) for number in range(1, count + 1)]
    except (UnidentifiedImageError, SyntaxError, OSError, ValueError) as error:
        raise ParseError("broken", f"{path.name} cannot be read as an image: {error}.",
                         "Open it in the program that made it and save it again.") from error
    except Image.DecompressionBombError as error:
        raise ParseError("too_large", f"{path.name} has too many pixels: {error}.",
                         "Scan it at 300 dpi, page by page.") from error
    return elements_of([sheet for sheet in sheets if sheet is not None], language)


def _sheet(path: Path, number: int, language: str) -> Sheet | None:
    image = load_image(path, number)
    if image.width * image.height > _MOST_PIXELS:
        raise ParseError("too_large", f"{path.name} has {image.width} x {image.height} pixels.",
                         "Scan it at 300 dpi, page by page.")
    per_point = pixels_per_point(image)
    scan = read_scan(image, per_point, number, language)
    if scan is None:
        return None
    return scanned_sheet(number, (image.width / per_point[0], image.height / per_point[1]), scan)
