"""Where sentences begin and end, in our eight languages, without a model."""

from __future__ import annotations

import re

from copilot.language.words import ABBREVIATIONS

_BREAK = re.compile(r"[.!?…]+[\"'»”’)\]]*(?=\s|$)|[。！？；]+[”』」）]*|\n+")
_LAST_WORD = re.compile(r"([^\W\d_](?:[\w.°]*[^\W_])?|\d+)\.$")
_ORDINAL = re.compile(
    r"\b(?:am|zum|vom|bis|ab|seit|der|dem|den|die|das|im|beim|und|jeder|jede|dnia|od|do)\s+\d{1,2}\.$", re.IGNORECASE
)
_PARTED = re.compile(r"[^\W\d_][-\u2010]\n(?=[^\W\d_A-Z\u3400-\u9fff])")
_NEXT = re.compile(r"\s*([\"'«„“(\[]*)(\S)")


def sentences(text: str, language: str = "") -> list[tuple[int, int]]:
    """(start, end) of each sentence, in order, without surrounding white space; a line break ends one.

    Where a line breaks after the hyphen of a word that goes on in lower case, the sentence goes on.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _BREAK.finditer(text):
        if match.group()[0] == "." and not _ends(text, start, match):
            continue
        if match.group()[0] == "\n" and _PARTED.match(text, max(match.start() - 2, 0)):
            continue
        _add(spans, text, start, match.end())
        start = match.end()
    _add(spans, text, start, len(text))
    return spans


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether this full stop ends a sentence: not after an abbreviation, an initial or a number before lower case."""
    following = _NEXT.match(text, match.end())
    if following is None or "\n" in text[match.end() : following.start(2)]:
        return True
    word = _LAST_WORD.search(text[max(start, match.start() - 24) : match.start() + 1])
    last = word.group(1).lower() if word else ""
    upper = following.group(2).isupper() or following.group(1) != ""
    if last in ABBREVIATIONS or last.split(".")[-1] in ABBREVIATIONS and len(last) < 6:
        return False
    if len(last) == 1 and last.isalpha():
        return False
    if last.isdigit() and len(last) <= 2 and text[start : match.start()].strip() == last:
        return False  # "3. Remove ...": the number of a step
    if last.isdigit() and len(last) <= 2 and _ORDINAL.search(text[start : match.start() + 1]):
        return False  # "bis zum 5. April", "der 3. Versuch"
    return upper or following.group(2).isdigit() and not last.isdigit() or not following.group(2).isalnum()


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        spans.append((start, end))
