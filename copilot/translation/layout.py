"""A text as pieces that can be translated one by one, and the layout between them that stays as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from copilot.language import sentences

# Longer sentences are cut at a pause: a model's memory ends, and its cost grows with the square.
MAX_WORDS, MAX_CHARS = 60, 500
_CUT_WORDS, _CUT_CHARS = 45, 360
_FENCE = re.compile(r"^ *(?:```|~~~)")
_RULER = re.compile(r"[\s|:+=*_#>~.-]*")
_MARK = re.compile(
    r"\s*(?:(?:[-*+•▪‣◦–—·>]|#{1,6}|\(?(?:\d{1,3}|[A-Za-z])[.)](?=\s)|\d{1,2}(?:\.\d{1,2})+\.?(?=\s)|\[[ xX]\])\s+)+"
)
_CELL = re.compile(r"[^\t]+")
_BAR = re.compile(r"(?:\\\||[^|])+")
_SOFT_MIN = 50  # a shorter line was ended by its writer
_SOFT = re.compile(r"(?<=[^\s.!?:;。！？：；])[ ]?\n(?=[^\W\d_A-Z\u3400-\u9fff])")
_PAUSE = re.compile(r"[;；:：](?=\s|[\u3400-\u9fff])|[,，、](?=\s|[\u3400-\u9fff])|\s[-–—]\s")
_PARTED = re.compile(r"(?<=[^\W\d_])[-\u2010][ \t]*(?:\r\n|\r|\n)[ \t]*(?=[^\W\d_A-Z])")
_WRAPPED = re.compile(r"[ \t]*(?:\r\n|\r|\n)[ \t]*")
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text: a sentence or cell to translate, or layout."""

    text: str
    translatable: bool


def pieces(text: str, language: str = "") -> list[Piece]:
    """The whole text in order: joined again, the pieces are the text, byte for byte.

    Lines, list marks, table cells (by TAB, or by bars in a line that begins with one), code blocks and white space
    are layout; a line that was only wrapped goes on in the next.
    """
    found: list[Piece] = []
    fenced = False
    for block in _blocks(text):
        fence = _FENCE.match(block) is not None
        if fence or fenced or _RULER.fullmatch(block):
            found.append(Piece(block, False))
            fenced = fenced != fence
            continue
        found += _line(block, language)
    return _merged(found)


def unwrapped(sentence: str) -> str:
    """A sentence that goes over several lines on one, a word that was parted there whole again."""
    return _WRAPPED.sub(" ", _PARTED.sub("", sentence)) if "\n" in sentence or "\r" in sentence else sentence


def _blocks(text: str) -> list[str]:
    """Lines with their ends; a line that was wrapped stays with the next."""
    blocks: list[str] = []
    start = 0
    for match in re.finditer(r"\r\n|\r|\n", text):
        line = text[max(text.rfind("\n", 0, match.start()), text.rfind("\r", 0, match.start())) + 1 : match.start()]
        if len(line) >= _SOFT_MIN and _SOFT.match(text, match.start()) and not _MARK.match(text, match.end()):
            continue
        blocks.append(text[start : match.end()])
        start = match.end()
    return [*blocks, text[start:]] if start < len(text) else blocks


def _line(line: str, language: str) -> list[Piece]:
    mark = _MARK.match(line)
    start = mark.end() if mark else 0
    found = [Piece(line[:start], False)]
    cell = _BAR if line.lstrip().startswith("|") else _CELL
    for match in cell.finditer(line, start):
        found.append(Piece(line[start : match.start()], False))
        found += _sentences(match.group(), language)
        start = match.end()
    return [*found, Piece(line[start:], False)]


def _sentences(text: str, language: str) -> list[Piece]:
    found: list[Piece] = []
    end = 0
    # A wrapped line's end reads as a blank here, so that it ends no sentence; the piece keeps what was written.
    for start, stop in sentences(re.sub(r"[\r\n]", " ", text), language):
        found.append(Piece(text[end:start], False))
        found += _short(text[start:stop])
        end = stop
    return [*found, Piece(text[end:], False)]


def _short(sentence: str) -> list[Piece]:
    """The sentence in parts of bounded length, cut at pauses where there are some, else between words."""
    found: list[Piece] = []
    rest = sentence
    while len(rest) > MAX_CHARS or rest.count(" ") >= MAX_WORDS:
        cut = _cut(rest)
        part = rest[:cut].rstrip()
        blank = _BLANK.match(rest, len(part))
        after = blank.end() if blank else len(part)
        found += [Piece(part, True), Piece(rest[len(part) : after], False)]
        rest = rest[after:]
    return [*found, Piece(rest, True)]


def _cut(text: str) -> int:
    """Where to cut: after the last pause in reach, else after the last word in reach, else in the word."""
    reach = min(_CUT_CHARS, len(text))
    words = [match.start() for match in _BLANK.finditer(text, 0, reach)]
    if len(words) > _CUT_WORDS:
        reach = words[_CUT_WORDS]
    pauses = [match.end() for match in _PAUSE.finditer(text, reach // 3, reach)]
    if pauses:
        return pauses[-1]
    before = [start for start in words if 0 < start <= reach]
    return before[-1] if before else reach


def _merged(found: list[Piece]) -> list[Piece]:
    """Empty pieces dropped, neighbouring layout joined."""
    merged: list[Piece] = []
    for piece in found:
        if not piece.text:
            continue
        if merged and not piece.translatable and not merged[-1].translatable:
            merged[-1] = Piece(merged[-1].text + piece.text, False)
        else:
            merged.append(piece)
    return merged
