"""Blocks of a PDF: lines merged to paragraphs, list items and headings, across columns and pages where they go on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingest.parse.pdf_lines import BULLET, Line, join_texts

_ENDS = re.compile(r"[.!?:;。！？：；][\"'»”’)\]』」）]*$")
_CONTINUES = re.compile(r"^[a-zà-ÿąćęłńóśźżœß(„]|^[\u3400-\u9fff]")
_NUMBERED = re.compile(r"^(\d{1,2}(?:\.\d{1,3}){0,4})\.?\s+\S")
_LETTERS = re.compile(r"[^\W\d_]")
_MAX_HEADING = 160
_LARGER = 1.12
_MAX_SHARE = 0.35  # of a document's blocks; more "headings" than that are a brochure's style


@dataclass(slots=True)
class Block:
    """Lines that belong together; ``kind`` is title, list or text; ``text`` and ``pieces`` follow from the lines."""

    kind: str
    lines: list[Line] = field(default_factory=list)
    level: int = 0

    @property
    def text(self) -> str:
        """The lines joined by what stands between them."""
        return join_lines(self.lines)[0]

    @property
    def last(self) -> Line:
        """Its last line."""
        return self.lines[-1]


def join_lines(lines: Sequence[Line]) -> tuple[str, list[tuple[int, int, Line]]]:
    """The text of lines that follow each other, and (start, end, line) for each."""
    text = ""
    pieces = []
    for line in lines:
        if text:
            text += join_texts(text, line.text)
        pieces.append((len(text), len(text) + len(line.text), line))
        text += line.text
    return text, pieces


def body_size(lines: Iterable[Line]) -> float:
    """The font size that most characters have, to half a point; 10 where there are none."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def usual_pitch(lines: Sequence[Line]) -> float:
    """The usual distance of base lines as a multiple of the font size; 1.2 where it cannot be told."""
    pitches: Counter[float] = Counter()
    for before, after in zip(lines, lines[1:], strict=False):
        step = (after.base - before.base) / max(after.size, 1)
        if before.page == after.page and 0.8 < step < 2.5 and abs(before.size - after.size) < 0.5:
            pitches[round(step, 1)] += 1
    return pitches.most_common(1)[0][0] if pitches else 1.2


def make_blocks(lines: Sequence[Line], body: float, pitch: float) -> list[Block]:
    """The lines of one column or page, in reading order, as blocks."""
    blocks: list[Block] = []
    for line in lines:
        kind = _kind(line, body)
        if blocks and _continues(blocks[-1], line, kind, pitch):
            blocks[-1].lines.append(line)
        else:
            blocks.append(Block(kind, [line]))
    for block in blocks:
        if block.kind == "title" and not _is_heading(block, body):
            block.kind = "text"
    return blocks


def _kind(line: Line, body: float) -> str:
    if line.size >= _LARGER * body or line.bold and line.size >= 0.93 * body:
        return "title"
    return "list" if BULLET.match(line.text) else "text"


def _continues(block: Block, line: Line, kind: str, pitch: float) -> bool:
    last = block.last
    if last.page != line.page or abs(last.size - line.size) > 0.12 * last.size:
        return False
    step = line.base - last.base
    if not 0.3 * line.size < step <= (pitch + 0.25) * line.size:
        return step > 0 and step <= 0.3 * line.size and block.kind == kind
    if kind == "title" or block.kind == "title":
        return block.kind == kind and last.bold == line.bold and not _NUMBERED.match(line.text)
    if kind == "list":  # a number alone at the start of a line may end the sentence before it
        return BULLET.sub("", line.text) == "" and line.text[0].isdigit() and not _ENDS.search(last.text)
    overlap = min(last.box[2], line.box[2]) - max(last.box[0], line.box[0])
    if overlap < 0.1 * min(last.box[2] - last.box[0], line.box[2] - line.box[0]):
        return False
    if block.kind == "list":
        return line.box[0] > block.lines[0].box[0] + 1 or not _ENDS.search(last.text)
    indented = line.box[0] > min(item.box[0] for item in block.lines) + 0.8 * line.size
    return not (indented and _ENDS.search(last.text))


def _is_heading(block: Block, body: float) -> bool:
    text = block.text
    if len(text) > _MAX_HEADING or len(block.lines) > 3 or not _LETTERS.search(text):
        return False
    if text.endswith((".", ",", ";", "。", "，", "；")) and not _NUMBERED.match(text):
        return False
    larger = block.lines[0].size >= _LARGER * body
    return larger or not text.endswith((":", "："))


def join_across(blocks: Sequence[Block]) -> list[Block]:
    """Paragraphs that a column's or a page's end cut in two are made one again."""
    joined: list[Block] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if before is not None and block.kind == "text" and before.kind in ("text", "list") \
                and _moved(before.last, block.lines[0]) and abs(before.last.size - block.lines[0].size) < 0.5 \
                and not _ENDS.search(before.last.text) and _CONTINUES.match(block.lines[0].text):
            before.lines.extend(block.lines)
        else:
            joined.append(block)
    return joined


def _moved(before: Line, after: Line) -> bool:
    """Whether the second line stands on the next page or higher up in another column."""
    return after.page == before.page + 1 or after.page == before.page and after.box[3] < before.box[1]


def set_levels(blocks: Sequence[Block], body: float, apart: float = 0.05) -> None:
    """Give headings their level: by size, the largest first; too many of them are made plain text.

    Sizes are of one level where they differ by less than ``apart``, as a share of the body's.
    """
    titles = [block for block in blocks if block.kind == "title"]
    if len(titles) > 4 and len(titles) > _MAX_SHARE * len(blocks):
        for block in titles:
            if block.lines[0].size < 1.3 * body and not _NUMBERED.match(block.text):
                block.kind = "text"
        titles = [block for block in titles if block.kind == "title"]
    sizes = sorted({_rounded(block) for block in titles}, reverse=True)
    merged: list[float] = []
    for size in sizes:
        if not merged or merged[-1] - size >= apart * body:
            merged.append(size)
    for block in titles:
        block.level = 1 + sum(size - _rounded(block) >= apart * body for size in merged)


def _rounded(block: Block) -> float:
    return round(block.lines[0].size * 2) / 2
