"""Text recognition with tesseract: one language per page, words with their boxes and confidences."""

from __future__ import annotations

import functools
import itertools
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from copilot.errors import ParseError
from copilot.language import detect
from copilot.types import Box

DPI = 300
PACKAGES = {
    "de": "deu", "en": "eng", "es": "spa", "fr": "fra", "it": "ita", "pl": "pol", "pt": "por", "zh": "chi_sim",
}
_DATA_FOLDERS = ("/usr/share/tesseract-ocr/*/tessdata", "/usr/share/tessdata", "/usr/local/share/tessdata")
_STRIP = 0.2  # share of a page that is read in English to learn its language
_FOREIGN_CONFIDENCE = 55  # the mean below it says that a page is in no Latin script
_SPECK_CONFIDENCE = 25
_SOUND_LINE = 60
_log = logging.getLogger(__name__)
_switched_on = True


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word: its box in pixels of the image that was read, its confidence from 0 to 100, its line.

    ``size`` is the height of its line's letters in pixels; ``line`` counts lines from 0 over the page.
    """

    text: str
    box: Box
    confidence: float
    line: int
    size: float


def switch(on: bool) -> None:
    """Let scans be read in this process, or not."""
    global _switched_on
    _switched_on = on


def data_folder() -> Path:
    """Where tesseract's language data lie. Raises ParseError (missing_dependency)."""
    named = os.environ.get("TESSDATA_PREFIX", "")
    places = [Path(named)] if named else []
    for pattern in _DATA_FOLDERS:
        places += sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    for place in places:
        if any(place.glob("*.traineddata")):
            return place
    raise ParseError("missing_dependency", "Reading scans needs tesseract's language data, which are not installed.",
                     "Install the system packages 'tesseract-ocr-osd' and 'tesseract-ocr-eng', or set TESSDATA_PREFIX.")


def require(name: str) -> str:
    """``name`` as tesseract calls a language, if its data are there. Raises ParseError (missing_dependency)."""
    if not (data_folder() / f"{name}.traineddata").is_file():
        package = "tesseract-ocr-" + name.replace("_", "-")
        raise ParseError("missing_dependency", f"Reading this scan needs tesseract's data for '{name}'.",
                         f"Install the system package '{package}'.")
    return name


@functools.cache
def _engine(name: str) -> Any:
    """Tesseract with one language loaded; one per process and language."""
    if not _switched_on:
        raise ParseError("no_text", "Scans are not read: text recognition is switched off.", "Set ingest.ocr to true.")
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # more threads make it slower on a page
    try:
        import tesserocr
    except ImportError as error:
        raise ParseError("missing_dependency", "Reading scans needs the Python package 'tesserocr'.",
                         "Install the product's requirements again, and the system package 'tesseract-ocr-eng'.",
                         ) from error
    mode = tesserocr.PSM.OSD_ONLY if name == "osd" else tesserocr.PSM.AUTO
    return tesserocr.PyTessBaseAPI(path=str(data_folder()) + "/", lang=require(name), psm=mode)


def orientation(image: Image.Image) -> int:
    """Degrees (0, 90, 180, 270) by which to turn the image counterclockwise until its text stands upright."""
    engine = _engine("osd")
    engine.SetImage(image)
    engine.SetSourceResolution(DPI)
    found = engine.DetectOrientationScript()
    engine.Clear()
    if not found or found["orient_conf"] < 2:
        return 0
    return int(found["orient_deg"]) % 360


def skew(image: Image.Image) -> float:
    """Degrees by which the lines of text fall to the right (negative: rise), by projection profile, within 6."""
    factor = max(1, round(max(image.size) / 1200))
    dark = np.asarray(image.reduce(factor)) < 140
    rows, columns = np.nonzero(dark)
    if rows.size < 500:
        return 0.0
    step = max(1, rows.size // 40_000)
    rows, columns = rows[::step].astype(np.float64), columns[::step].astype(np.float64)

    def sharpness(angle: float) -> float:
        shifted = rows - columns * np.tan(np.radians(angle))
        profile = np.bincount((shifted - shifted.min()).astype(np.int64))
        return float(np.square(np.diff(profile.astype(np.float64))).sum())

    coarse = max((float(angle) for angle in np.arange(-6, 6.01, 0.5)), key=sharpness)
    return max((float(angle) for angle in np.arange(coarse - 0.5, coarse + 0.51, 0.1)), key=sharpness)


def page_language(image: Image.Image) -> str:
    """The language of a scanned page, from a strip of it read in English; Chinese shows as low confidence."""
    width, height = image.size
    strip = image.crop((0, round(height * 0.25), width, round(height * (0.25 + _STRIP))))
    words = list(recognise(strip, "en", specks=True))
    if len(words) < 12:
        words = list(recognise(image.crop((0, 0, width, height // 2)), "en", specks=True))
    letters = [word for word in words if any(letter.isalpha() for letter in word.text)]
    if not letters:
        return "en"
    trust = sum(word.confidence * len(word.text) for word in letters) / sum(len(word.text) for word in letters)
    if trust < _FOREIGN_CONFIDENCE:
        return "zh"
    return detect(" ".join(word.text for word in letters if word.confidence > 40), "en")


def has_columns(image: Image.Image) -> bool:
    """Whether a white band runs down the middle of the page through most of its lines of text."""
    dark = np.asarray(image.reduce(4)) < 140
    rows = dark[dark.any(axis=1)]
    width = dark.shape[1]
    band = max(4, int(0.12 * DPI / 4))
    if rows.shape[0] < 2 * band:
        return False
    counts: npt.NDArray[np.int64] = np.zeros((rows.shape[0], dark.shape[1] + 1), dtype=np.int64)
    np.cumsum(rows, axis=1, out=counts[:, 1:])
    for x in range(int(0.3 * width), int(0.7 * width), 3):
        beside = (counts[:, x] > 0) & (counts[:, -1] - counts[:, x + band] > 0)
        crossed = counts[:, x + band] - counts[:, x] > 0
        if (beside & ~crossed).mean() > 0.5 and crossed.mean() < 0.2:
            return True
    return False


def recognise(image: Image.Image, language: str, columns: bool = False, specks: bool = False) -> Iterator[Word]:
    """The words of an image of 300 dpi in reading order; ``specks`` keeps what is hardly text.

    ``columns`` lets tesseract look for columns, which tears the numbers of a list from their lines. Raises
    ParseError (missing_dependency).
    """
    for _, line in itertools.groupby(_words(image, language, columns), key=lambda word: word.line):
        words = list(line)
        trusted = sum(word.confidence * len(word.text) for word in words) / sum(len(word.text) for word in words)
        yield from (word for word in words if specks or _is_word(word, trusted))


def _words(image: Image.Image, language: str, columns: bool) -> Iterator[Word]:
    engine = _engine(PACKAGES.get(language, "eng"))
    import tesserocr

    engine.SetPageSegMode(tesserocr.PSM.AUTO if columns else tesserocr.PSM.SINGLE_COLUMN)
    engine.SetImage(image)
    engine.SetSourceResolution(DPI)
    engine.Recognize()
    cursor = engine.GetIterator()
    line, size = -1, 0.0
    level = tesserocr.RIL.WORD
    for item in tesserocr.iterate_level(cursor, level) if cursor is not None else ():
        if item.Empty(level):
            continue
        if item.IsAtBeginningOf(tesserocr.RIL.TEXTLINE) or line < 0:
            line += 1
            size = _letter_height(item)
        text, box = item.GetUTF8Text(level).strip(), item.BoundingBox(level)
        if text and box is not None:
            x0, y0, x1, y1 = (float(value) for value in box)
            yield Word(text, (x0, y0, x1, y1), float(item.Confidence(level)), line, size)
    engine.Clear()


def _letter_height(item: Any) -> float:
    """The height of capital letters in the line, in pixels, as tesseract fitted it."""
    rows = item.RowAttributes()
    return float(rows["row_height"])


def _is_word(word: Word, trusted: float) -> bool:
    """Whether it is text, not a speck or a piece of a rule; ``trusted`` is the mean confidence of its line."""
    if any(letter.isalnum() for letter in word.text):
        return word.confidence >= _SPECK_CONFIDENCE or trusted >= _SOUND_LINE
    if not word.text.strip("|_[]"):
        return word.confidence >= 85
    return word.confidence >= 60 or trusted >= _SOUND_LINE and word.confidence >= _SPECK_CONFIDENCE
