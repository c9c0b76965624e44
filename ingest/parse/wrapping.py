"""Undoes hard wrapping: which lines of a plain text are one paragraph that its writer's program broke."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MIN_WIDTH = 40  # below, a line was ended by its writer: an address, a signature, a value
_SLACK = 4  # columns of an indent or a bullet that are gone
_LABEL = re.compile(r"^[^\W\d_][^.!?:：\n]{0,30}[:：](?:\s|$)")
_OWN = re.compile(r"^(?:[>|+*=_~#]|--|\d{1,4}[.\-/:]\d)")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]")
_WORD = re.compile(r"\S+")
_PARTED = re.compile(r"[^\W\d_][-\u2010]$")


def unwrap(lines: Sequence[str]) -> str:
    """The lines as one text: a blank where a paragraph goes on, a line break where the writer began a new line.

    Nothing but white space is changed, so that a quote is found again in the file.
    """
    lines = [line.strip() for line in lines]
    width = max(map(_width, lines), default=0)
    text = lines[0] if lines else ""
    for before, line in zip(lines, lines[1:], strict=False):
        text += (_joint(before, line) if _goes_on(before, line, width) else "\n") + line
    return text


def _goes_on(before: str, line: str, width: int) -> bool:
    """Whether a paragraph of lines up to ``width`` goes on: the line's first word had no room before it."""
    if not before or not line or _OWN.match(line) or _OWN.match(before) or _LABEL.match(line) or before[-1] in ":：":
        return False
    if "  " in before or "\t" in before or "  " in line or "\t" in line:
        return False
    if line[0].islower() and not _LABEL.match(before) and before[-1] not in ".!?":
        return True
    word = line[0] if _WIDE.match(line) else _WORD.match(line).group()  # type: ignore[union-attr]
    return width >= _MIN_WIDTH and _width(before) + 1 + _width(word) > width - _SLACK


def _joint(before: str, line: str) -> str:
    """A blank; after a hyphen the line break stays, since only with it can the word be made whole for searching."""
    return "\n" if _PARTED.search(before) and line[0].islower() else " "


def _width(text: str) -> int:
    """Columns: Chinese signs take two."""
    return len(text) + len(_WIDE.findall(text))
