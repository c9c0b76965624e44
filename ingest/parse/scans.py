"""Scanned pages: turned upright, read, and laid out as lines and rules like those of a printed page."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from copilot.pagetext import PageText, union
from copilot.types import Box
from ingest.parse import ocr
from ingest.parse.pdf_lines import CLOSING, Line, join_texts

_TURN_FROM = 0.3  # degrees of skew that are put right
_NOISY = 0.004  # share of lone dark pixels from which on a median filter helps
_RULE_IN = 0.4  # inches of an unbroken dark run that make a rule
_GAP_EM = 1.1
_MIN_CONFIDENCE = 45
_MOST_RULES = 1500


@dataclass(frozen=True, slots=True)
class Scan:
    """A page that was read. Lines and rules lie in the points of the page as it was turned for reading;
    ``place`` brings a box back to the page as it is shown. ``confidence`` is the mean over the letters, 0 to 100.
    """

    page: PageText
    lines: list[Line]
    across: list[Box]
    down: list[Box]
    place: Callable[[Box], Box]
    language: str
    confidence: float


def read_scan(image: Image.Image, per_point: tuple[float, float], number: int, language: str) -> Scan | None:
    """Read an image of a page; None where it holds no text.

    ``per_point`` is pixels per point across and down; an empty ``language`` is found out. Raises ParseError
    (missing_dependency) where tesseract or its data are not there.
    """
    scale = ocr.DPI / 72
    wanted = (max(1, round(image.width / per_point[0] * scale)), max(1, round(image.height / per_point[1] * scale)))
    grey = _flattened(image)
    if wanted != grey.size:
        grey = grey.resize(wanted, Image.Resampling.LANCZOS)
    if _is_noisy(grey):
        grey = grey.filter(ImageFilter.MedianFilter(3))
    turn = ocr.orientation(grey)
    upright = grey.rotate(turn, expand=True) if turn else grey
    tilt = ocr.skew(upright)
    if abs(tilt) <= _TURN_FROM:
        tilt = 0.0
    straight = upright.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=255) if tilt else upright
    language = language if language in ocr.PACKAGES else ocr.page_language(straight)
    across, down = _rules(straight)
    words = list(ocr.recognise(_erased(straight, across, down), language, ocr.has_columns(straight)))
    letters = sum(len(word.text) for word in words)
    if not letters:
        return None
    confidence = sum(word.confidence * len(word.text) for word in words) / letters
    if confidence < _MIN_CONFIDENCE:
        return None
    page, lines = _lines(words, straight.size, number)
    return Scan(page, lines, across, down, _placement(grey.size, upright.size, turn, tilt), language, confidence)


def _flattened(image: Image.Image) -> Image.Image:
    """Grey, with transparency on white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("L")


def _is_noisy(image: Image.Image) -> bool:
    """Whether many dark pixels stand alone."""
    dark = np.asarray(image.crop(_centre(image.size))) < 110
    around = np.zeros_like(dark, dtype=np.uint8)
    for down, across in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        around += np.roll(dark, (down, across), (0, 1))
    return float((dark & (around == 0)).mean()) > _NOISY


def _centre(size: tuple[int, int]) -> tuple[int, int, int, int]:
    width, height = size
    return width // 4, height // 4, width * 3 // 4, height * 3 // 4


def _placement(size: tuple[int, int], upright: tuple[int, int], turn: int, tilt: float) -> Callable[[Box], Box]:
    """From points of the page as read to points of the page as shown: the tilt undone, then the quarter turns."""
    scale = ocr.DPI / 72
    width, height = upright[0] / scale, upright[1] / scale
    cosine, sine = math.cos(math.radians(tilt)), math.sin(math.radians(tilt))

    def back(x: float, y: float) -> tuple[float, float]:
        from_x, from_y = x - width / 2, y - height / 2
        x, y = cosine * from_x - sine * from_y + width / 2, sine * from_x + cosine * from_y + height / 2
        if turn == 90:
            return size[0] / scale - y, x
        if turn == 180:
            return size[0] / scale - x, size[1] / scale - y
        return (y, size[1] / scale - x) if turn == 270 else (x, y)

    def place(box: Box) -> Box:
        middle_x, middle_y = back((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        # A word's box keeps its size: the corners of a box that is turned by a degree would take in its neighbours.
        across, along = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        if turn in (90, 270):
            across, along = along, across
        return (round(middle_x - across, 2), round(middle_y - along, 2),
                round(middle_x + across, 2), round(middle_y + along, 2))

    return place


def _lines(words: Sequence[ocr.Word], size: tuple[int, int], number: int) -> tuple[PageText, list[Line]]:
    """The words as a page (every second item a space) and its lines, parted at wide gaps, top down."""
    scale = ocr.DPI / 72
    text: list[str] = []
    boxes: list[Box] = []
    for word in words:
        x0, y0, x1, y1 = (round(value / scale, 2) for value in word.box)
        text += [word.text, " "]
        boxes += [(x0, y0, x1, y1), (0.0, 0.0, 0.0, 0.0)]
    runs: list[list[int]] = []
    for index, word in enumerate(words):
        before = words[index - 1] if index else None
        if before is None or before.line != word.line or word.box[0] - before.box[2] > _GAP_EM * _em(word):
            runs.append([])
        runs[-1].append(index * 2)
    page = PageText(tuple(text), tuple(boxes), size[0] / scale, size[1] / scale)
    found = [_line(run, page, _em(words[run[0] // 2]) / scale, number) for run in runs]
    return page, _row_by_row(found)


def _row_by_row(lines: Sequence[Line]) -> list[Line]:
    """Lines top down, those of one base line from the left: a scan's base lines agree only nearly."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.base):
        if rows and line.base - rows[-1][0].base <= 0.35 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.box[0])]


def _em(word: ocr.Word) -> float:
    """The font size that a line's height stands for, in pixels."""
    return max(word.size * 0.95, 8.0)


def _line(run: list[int], page: PageText, size: float, number: int) -> Line:
    box = union(page.boxes[index] for index in run)
    middles = sorted(page.boxes[index][3] for index in run)
    return Line(join_words([page.text[index] for index in run]), box, number, round(size, 1), False,
                middles[len(middles) // 2], run[0], tuple(run))


def join_words(words: Sequence[str]) -> str:
    """Words of one line with the spaces that belong between them."""
    text = ""
    for word in words:
        text += (join_texts(text, word) if text and not CLOSING.match(word) else "") + word
    return text


def _rules(image: Image.Image) -> tuple[list[Box], list[Box]]:
    """The drawn lines of a scan, across and down, in points."""
    dark = np.asarray(image.reduce(2)) < 170
    run = int(ocr.DPI / 2 * _RULE_IN)
    per_point = ocr.DPI / 2 / 72
    across = [(x0 / per_point, y / per_point, x1 / per_point, y / per_point) for y, x0, x1 in _runs(dark, run)]
    down = [(x / per_point, y0 / per_point, x / per_point, y1 / per_point) for x, y0, y1 in _runs(dark.T, run)]
    return across, down


def _erased(image: Image.Image, across: Sequence[Box], down: Sequence[Box]) -> Image.Image:
    """The image without its drawn lines, which are read as letters where they touch a word."""
    clean = image.copy()
    brush = ImageDraw.Draw(clean)
    scale = ocr.DPI / 72
    for x0, y0, x1, y1 in (*across, *down):
        brush.rectangle((x0 * scale - 3, y0 * scale - 3, x1 * scale + 5, y1 * scale + 5), fill=255)
    return clean


def _runs(dark: npt.NDArray[np.bool_], least: int) -> list[tuple[int, int, int]]:
    """(row, start, end) of the dark runs of at least ``least`` pixels, one for each rule; none on a picture."""
    # A tilt of a tenth of a degree shifts a rule by a row every few inches: a run may change to the next row.
    near = dark.copy()
    near[1:] |= dark[:-1]
    found: list[tuple[int, int, int]] = []
    above: list[tuple[int, int, int]] = []
    for row in np.nonzero(near.sum(axis=1) >= least)[0]:
        edges = np.flatnonzero(np.diff(np.concatenate(([0], near[row].view(np.int8), [0]))))
        here = [(int(row), int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)
                if end - start >= least]
        above = [run for run in above if run[0] >= row - 2]
        found += [run for run in here if not any(_same(run, other) for other in above)]
        above += here
    return found if len(found) <= _MOST_RULES else []


def _same(run: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return abs(run[1] - other[1]) < 12 and abs(run[2] - other[2]) < 12
