"""Pages as a reader sees them: counted, rendered, and read or marked inside a box. PDFs and images."""

from __future__ import annotations

import atexit
import functools
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PIL import Image, ImageOps, ImageSequence

from copilot.errors import ParseError
from copilot.pagetext import PageText, inside, read_characters, read_positions, union
from copilot.types import Box

POINTS_PER_INCH = 72.0
ASSUMED_DPI = 200.0
_LOWEST_DPI = 50.0  # below it an image's resolution is a screen's or a default, not a scanner's
_OPEN_DOCUMENTS = 4
_KEPT_PAGES = 64
_PDF_MAGIC = b"%PDF-"

Key = TypeVar("Key")
Value = TypeVar("Value")

_lock = threading.RLock()  # pdfium may run in one thread at a time
_documents: OrderedDict[tuple[str, int, int], Any] = OrderedDict()
_pages: OrderedDict[tuple[str, int, int, int], PageText] = OrderedDict()


def page_count(path: Path) -> int:
    """Pages of a PDF, frames of an image (TIFF), 1 for any other file. Raises ParseError: encrypted, broken."""
    if is_pdf(path):
        with _lock:
            return len(_document(path))
    if is_image(path):
        with Image.open(path) as image:
            return int(getattr(image, "n_frames", 1))
    return 1


def render_page(path: Path, page: int, scale: float = 2.0) -> tuple[Image.Image, float, float]:
    """The page (from 1) as an RGB image, its width and its height in points; ``scale`` is pixels per point.

    Raises IndexError for a page that is not there, ParseError for a file that has no pages to show.
    """
    if is_pdf(path):
        with _lock:
            sheet = _document(path)[_checked(page, len(_document(path)))]
            width, height = sheet.get_size()
            return sheet.render(scale=scale).to_pil().convert("RGB"), width, height
    if is_image(path):
        image = load_image(path, page)
        per_point_x, per_point_y = pixels_per_point(image)
        width, height = image.width / per_point_x, image.height / per_point_y
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        return image.convert("RGB").resize(size, Image.Resampling.LANCZOS), width, height
    raise ParseError("unsupported", f"{path.name} has no pages that can be shown.", "Open the original.")


def read_box(path: Path, media_type: str, page: int, box: Box) -> str:
    """The text of a PDF inside a box: characters whose centre lies inside, in the order of the content stream.

    Spaces and line ends stand where pdfium puts them. Empty for images and every other format: a scan's words are
    kept with its elements only.
    """
    if media_type not in ("application/pdf", ""):
        return ""
    if not is_pdf(path):
        return ""
    text = _page_text(path, page)
    return read_positions(text, inside(text, box))


def quote_boxes(path: Path, page: int, box: Box, line_text: str, start: int, end: int) -> list[Box]:
    """The tight boxes of the characters start..end of a line of text that stands in ``box``.

    One box, or one for each word where one box would take in other characters. The whole ``box`` where the page
    has no text layer that says the same (scans: a word is the smallest piece).
    """
    whole = not line_text[:start].strip() and not line_text[end:].strip()
    if whole or not line_text[start:end].strip() or not is_pdf(path):
        return [box]
    text = _page_text(path, page)
    places = inside(text, box)
    if [text.text[index] for index in places] != [letter for letter in line_text if not letter.isspace()]:
        return [box]
    first = sum(not letter.isspace() for letter in line_text[:start])
    chosen = places[first:first + sum(not letter.isspace() for letter in line_text[start:end])]
    tight = union(text.boxes[index] for index in chosen)
    if inside(text, tight) == chosen:
        return [tight]
    return [union(text.boxes[index] for index in word) for word in _words(text, chosen)]


def _words(text: PageText, places: list[int]) -> list[list[int]]:
    words: list[list[int]] = []
    for index in places:
        if words and words[-1][-1] == index - 1:
            words[-1].append(index)
        else:
            words.append([index])
    return words


def is_pdf(path: Path) -> bool:
    """Whether the file starts as a PDF does; originals carry no ending."""
    with path.open("rb") as file:
        return _PDF_MAGIC in file.read(1024)


def is_image(path: Path) -> bool:
    """Whether it is an image that can be opened."""
    try:
        with Image.open(path):
            return True
    except (OSError, ValueError, Image.DecompressionBombError):
        return False


def load_image(path: Path, page: int) -> Image.Image:
    """Frame ``page`` (from 1) of an image, in memory, upright as its EXIF tag says; its dpi stays in ``info``."""
    with Image.open(path) as image:
        number = _checked(page, int(getattr(image, "n_frames", 1)))
        frame = ImageSequence.Iterator(image)[number] if number else image
        upright = ImageOps.exif_transpose(frame)
        upright.info.update({key: value for key, value in frame.info.items() if key == "dpi"})
        return upright


def pixels_per_point(image: Image.Image) -> tuple[float, float]:
    """Pixels per point across and down: the rule by which a scan's pixels become points.

    The image's own dpi where it names one of at least 50; else 200 dpi is assumed. A box on a scan is its pixels
    divided by these, and a page is width and height divided by these.
    """
    across, down = (float(value) for value in image.info.get("dpi", (0.0, 0.0)))
    if across < _LOWEST_DPI or down < _LOWEST_DPI:
        across = down = ASSUMED_DPI
    return across / POINTS_PER_INCH, down / POINTS_PER_INCH


def _checked(page: int, count: int) -> int:
    if not 1 <= page <= count:
        raise IndexError(f"page {page} is not there: the document has {count} pages")
    return page - 1


def open_pdf(path: Path) -> Any:
    """A pypdfium2 document of the file. Raises ParseError: empty, encrypted, broken."""
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if path.stat().st_size == 0:
            raise ParseError("empty", f"{path.name} is empty.", "Copy the file again from where it came.") from error
        if "password" in str(error).lower():
            raise ParseError("encrypted", f"{path.name} is protected by a password.",
                             "Save it without the password and ingest it again.") from error
        raise ParseError("broken", f"{path.name} cannot be opened as a PDF: {error}.",
                         "Open it in the program that made it and save it again.") from error


def _document(path: Path) -> Any:
    document = _kept(_documents, _key(path), lambda: open_pdf(path), _OPEN_DOCUMENTS)
    _close_at_exit()
    return document


@functools.cache
def _close_at_exit() -> None:
    """Registered once a document is open: what is registered after pypdfium2's own handler runs before it."""
    atexit.register(_close_documents)


def _close_documents() -> None:
    with _lock:
        for document in _documents.values():
            document.close()
        _documents.clear()


def _page_text(path: Path, page: int) -> PageText:
    def read() -> PageText:
        document = _document(path)
        sheet = document[_checked(page, len(document))]
        return read_characters(sheet, sheet.get_textpage())

    with _lock:
        return _kept(_pages, (*_key(path), page), read, _KEPT_PAGES)


def _key(path: Path) -> tuple[str, int, int]:
    state = path.stat()
    return str(path), state.st_mtime_ns, state.st_size


def _kept(cache: OrderedDict[Key, Value], key: Key, make: Callable[[], Value], most: int) -> Value:
    """The cached value, made where it is missing; the longest unused goes. Call it with the lock held."""
    if key not in cache:
        cache[key] = make()
        while len(cache) > most:
            cache.popitem(last=False)
    cache.move_to_end(key)
    return cache[key]
