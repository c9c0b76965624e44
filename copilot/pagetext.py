"""The characters of a PDF page with their boxes: what parsing, citing and drawing boxes must agree on."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from copilot.types import Box

LINE_END_HYPHEN = 0x02  # what pdfium gives for a printed hyphen at the end of a line
_KEPT_CONTROLS = {0x09: " ", 0x0A: "\n", 0x0D: "\n"}
_THIN_PT = 3.0  # dashes and full stops: other programs look for them in the middle of the line
_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's characters in the order of its content stream; ``text[i]`` stands in ``boxes[i]``.

    On a scan each item of ``text`` is a word, or the space between two words. Spaces and line ends have no place:
    their box is empty. ``breaks`` holds the positions of hyphens that end a line. Boxes are in points from the top
    left of the page as it is shown.
    """

    text: Sequence[str]
    boxes: Sequence[Box]
    width: float
    height: float
    breaks: frozenset[int] = frozenset()


def read_characters(page: Any, textpage: Any) -> PageText:
    """The characters of a pypdfium2 page; position i is pdfium's character index i."""
    import pypdfium2.raw as pdfium

    handle = textpage.raw
    count = pdfium.FPDFText_CountChars(handle)
    place = placement(page)
    values = (ctypes.c_double * 4)()
    start, step = ctypes.addressof(values), ctypes.sizeof(ctypes.c_double)
    left, right, bottom, top = (
        ctypes.cast(start + step * index, ctypes.POINTER(ctypes.c_double)) for index in range(4))
    get_box, get_code = pdfium.FPDFText_GetCharBox, pdfium.FPDFText_GetUnicode
    letters: list[str] = []
    boxes: list[Box] = []
    breaks = []
    for index in range(count):
        code = get_code(handle, index)
        letter = chr(code) if 0x20 <= code < 0xD800 else _letter(code)
        letters.append(letter)
        if code == LINE_END_HYPHEN:
            breaks.append(index)
        elif letter.isspace():
            boxes.append(_NOWHERE)
            continue
        get_box(handle, index, left, right, bottom, top)
        x0, x1, y0, y1 = values
        if y1 - y0 < _THIN_PT or x1 <= x0 or 0x3000 <= code < 0x3020 or 0xFF00 <= code < 0xFF66:
            x0, y0, x1, y1 = _with_body(handle, index, (x0, y0, x1, y1))
        boxes.append(place(x0, y0, x1, y1))
    width, height = page.get_size()
    return PageText("".join(letters), tuple(boxes), width, height, frozenset(breaks))


def _letter(code: int) -> str:
    """The character for a code outside the common range; surrogates cannot stand alone."""
    if code == LINE_END_HYPHEN:
        return "-"
    if code < 0x20:
        return _KEPT_CONTROLS.get(code, " ")
    if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return "\ufffd"
    return chr(code)


def _with_body(handle: Any, index: int, box: Box) -> Box:
    """The box of a small character, in page space, made to reach the middle of its line and of its own width.

    Chinese punctuation stands in a corner of its square.
    """
    import pypdfium2.raw as pdfium

    loose = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(handle, index, ctypes.byref(loose)):
        return box
    middle, reach = (loose.bottom + loose.top) / 2, abs(loose.top - loose.bottom) / 8
    x0, y0, x1, y1 = box
    if x1 <= x0:
        x0, x1 = loose.left, loose.right
    if y1 <= y0:
        y0 = y1 = middle
    centre, beside = (loose.left + loose.right) / 2, abs(loose.right - loose.left) / 16
    return min(x0, centre - beside), min(y0, middle - reach), max(x1, centre + beside), max(y1, middle + reach)


def placement(page: Any) -> Callable[[float, float, float, float], Box]:
    """The function from page space (origin bottom left, unrotated) to boxes from the top left as shown."""
    left, bottom, right, top = page.get_bbox()
    turn = page.get_rotation()

    def upright(x0: float, y0: float, x1: float, y1: float) -> Box:
        return x0 - left, top - y1, x1 - left, top - y0

    def quarter(x0: float, y0: float, x1: float, y1: float) -> Box:
        return y0 - bottom, x0 - left, y1 - bottom, x1 - left

    def half(x0: float, y0: float, x1: float, y1: float) -> Box:
        return right - x1, y0 - bottom, right - x0, y1 - bottom

    def three_quarters(x0: float, y0: float, x1: float, y1: float) -> Box:
        return top - y1, right - x1, top - y0, right - x0

    return {0: upright, 90: quarter, 180: half, 270: three_quarters}[turn]


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of them, to a hundredth of a point; there must be at least one."""
    x0s, y0s, x1s, y1s = zip(*boxes, strict=True)
    return round(min(x0s), 2), round(min(y0s), 2), round(max(x1s), 2), round(max(y1s), 2)


def inside(page: PageText, box: Box) -> list[int]:
    """The positions of the printed characters whose centre lies in ``box``, in the order of the stream."""
    x0, y0, x1, y1 = (box[0] * 2, box[1] * 2, box[2] * 2, box[3] * 2)
    return [
        index for index, (left, top, right, bottom) in enumerate(page.boxes)
        if y0 <= top + bottom <= y1 and x0 <= left + right <= x1 and not page.text[index].isspace()
    ]


def read_positions(page: PageText, positions: Iterable[int]) -> str:
    """The characters at these positions with the white space that stands between them in the stream."""
    parts: list[str] = []
    last = -1
    for index in positions:
        if last >= 0 and index > last + 1:
            between = "".join(page.text[last + 1:index])
            parts.append(between if between.isspace() else "\n")
        elif last in page.breaks:
            parts.append("\n")
        parts.append(page.text[index])
        last = index
    return "".join(parts)
