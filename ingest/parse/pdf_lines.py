"""Lines of a PDF page: characters grouped as they were printed, with tight boxes, sizes and weights."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from copilot.pagetext import PageText, placement, union
from copilot.types import Box

BULLET = re.compile(
    r"^(?:[•▪◦‣●○■□➢✓–—*·∙-]|\(?\d{1,3}[.)）]|[（(]\d{1,3}[)）]|\d{1,2}、|[①-⑳]|\(?[a-zA-Z][.)])(?=\s|$)")
_NUMBERING = re.compile(r"^(?:\d{1,2}(?:\.\d{1,3}){0,4}\.?|[A-Z](?:\.\d{1,2}){1,3}|[IVX]{1,5}\.)$")
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef，。；：！？、）》」』]")
CLOSING = re.compile(r"^[.,;:!?)\]%。，；：）]")
_HYPHENATED = re.compile(r"\w[-\u00ad\u2010\u2011]$")
_RANGE = re.compile(r"\d\u2013$")
_CONJUNCTION = re.compile(r"(?:und|oder|bzw|sowie|and|or|to|et|ou|e|o|ed|y|u|i|lub|oraz|bis)\b", re.IGNORECASE)
_GAP_EM = 1.0  # a wider gap within a line may part two cells or two columns
_REJOIN_EM = 3.0
_BOLD = 600


@dataclass(frozen=True, slots=True)
class Line:
    """A run of characters on one base line. ``first`` is its place in the content stream; ``base`` its base line."""

    text: str
    box: Box
    page: int
    size: float
    bold: bool
    base: float
    first: int
    positions: tuple[int, ...] = ()
    angle: float = 0.0

    @property
    def height(self) -> float:
        """The height of its box in points."""
        return self.box[3] - self.box[1]


def read_lines(page: PageText, sheet: Any, textpage: Any, number: int) -> list[Line]:
    """The lines of a page in the order of its stream, parted at gaps wider than one em; rotated ones left out."""
    fonts = _Fonts(sheet, textpage)
    lines = [
        _line(page, run, fonts, number) for run in _runs(page, fonts)
    ]
    upright = [line for line in lines if line.angle < 5 or line.angle > 355]
    return upright if len(upright) * 2 >= len(lines) else lines


def _runs(page: PageText, fonts: _Fonts) -> Iterator[list[int]]:
    """Positions of printed characters, one list for each run."""
    run: list[int] = []
    spaced = False
    size = 0.0
    for index, letter in enumerate(page.text):
        if letter.isspace():
            spaced = True
            if letter == "\n" and run:
                yield run
                run = []
            continue
        if not run:
            size = fonts.size(index)
        elif _parts(page, run[-1], index, size, spaced):
            yield run
            run, size = [], fonts.size(index)
        run.append(index)
        spaced = False
    if run:
        yield run


def _parts(page: PageText, last: int, index: int, size: float, spaced: bool) -> bool:
    """Whether two characters that follow each other in the stream stand in different runs."""
    before, after = page.boxes[last], page.boxes[index]
    if last in page.breaks and (before[1] + before[3]) / 2 < after[1]:
        return True
    gap = after[0] - before[2]
    if not spaced and last not in page.breaks:
        return gap > _REJOIN_EM * size
    return gap > _GAP_EM * size or gap < -2 * size


class _Fonts:
    """Sizes, weights and base lines of single characters, asked from pdfium."""

    def __init__(self, sheet: Any, textpage: Any) -> None:
        self._text = textpage.raw
        self._place = placement(sheet)
        self._turn = sheet.get_rotation()

    def size(self, index: int) -> float:
        """The font size in points as printed."""
        import pypdfium2.raw as pdfium

        matrix = pdfium.FS_MATRIX()
        size = float(pdfium.FPDFText_GetFontSize(self._text, index))
        if not pdfium.FPDFText_GetMatrix(self._text, index, matrix):
            return size
        scale = math.hypot(matrix.c, matrix.d)
        return float(round(size * scale, 2)) if scale else size

    def bold(self, index: int) -> bool:
        """Whether the font's name or its stem weight says bold."""
        import pypdfium2.raw as pdfium

        name = ctypes.create_string_buffer(128)
        flags = ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(self._text, index, name, 128, flags)
        plain = name.value.decode("utf-8", "replace").lower()
        if any(word in plain for word in ("bold", "black", "heavy", "semib", "demi")):
            return True
        return bool(flags.value & 0x40000) and pdfium.FPDFText_GetFontWeight(self._text, index) >= _BOLD

    def base(self, index: int) -> float:
        """The base line's distance from the top of the page."""
        import pypdfium2.raw as pdfium

        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(self._text, index, x, y)
        return float(self._place(x.value, y.value, x.value, y.value)[1])

    def angle(self, index: int) -> float:
        """Degrees clockwise by which the character stands turned on the page as shown."""
        import pypdfium2.raw as pdfium

        return float(math.degrees(pdfium.FPDFText_GetCharAngle(self._text, index)) + self._turn) % 360


def _line(page: PageText, run: list[int], fonts: _Fonts, number: int) -> Line:
    middle = run[len(run) // 2]
    parts = [page.text[run[0]]]
    for last, index in zip(run, run[1:], strict=False):
        if index > last + 1:
            parts.append(" ")
        parts.append(page.text[index])
    bold = fonts.bold(run[0]) and fonts.bold(middle) and fonts.bold(run[-1])
    return Line(
        "".join(parts), union(page.boxes[index] for index in run), number, fonts.size(middle), bold,
        fonts.base(run[0]), run[0], tuple(run), fonts.angle(middle),
    )


def rejoin(lines: Iterable[Line]) -> list[Line]:
    """Runs of one base line that are no cells after all: list marks and numbers with their text, wide spaces."""
    joined: list[Line] = []
    for line in lines:
        if joined and _belong(joined[-1], line):
            joined[-1] = _merge(joined[-1], line)
        else:
            joined.append(line)
    return joined


def _belong(before: Line, after: Line) -> bool:
    if before.page != after.page or abs(before.base - after.base) > 0.35 * max(before.size, after.size):
        return False
    gap = after.box[0] - before.box[2]
    if gap < -0.2 * before.size:
        return False
    if BULLET.match(before.text) and BULLET.sub("", before.text) == "" or _NUMBERING.match(before.text):
        return gap < 6 * after.size
    return gap < _REJOIN_EM * after.size


def _merge(before: Line, after: Line) -> Line:
    near = CLOSING.match(after.text) and after.box[0] - before.box[2] < 0.5 * after.size
    return replace(
        before, text=before.text + ("" if near else " ") + after.text, box=union((before.box, after.box)),
        size=after.size if len(after.text) > len(before.text) else before.size, bold=before.bold and after.bold,
        first=min(before.first, after.first), positions=before.positions + after.positions,
    )


def join_texts(before: str, after: str) -> str:
    """What stands between two lines of one paragraph: nothing inside Chinese or after a hyphen, else a space."""
    if _HAN.match(before[-1:]) and _HAN.match(after[:1]):
        return ""
    if _HYPHENATED.search(before) and after[:1].isalnum() and not _CONJUNCTION.match(after):
        return ""
    return "" if _RANGE.search(before) and after[:1].isdigit() else " "


def part_of(page: PageText, line: Line, positions: Sequence[int]) -> Line:
    """The line cut down to some of its characters, in order."""
    if len(positions) == len(line.positions):
        return line
    parts = [page.text[positions[0]]]
    for last, index in zip(positions, positions[1:], strict=False):
        parts.append(" " + page.text[index] if index > last + 1 else page.text[index])
    return replace(line, text="".join(parts), box=union(page.boxes[index] for index in positions),
                   first=positions[0], positions=tuple(positions))
