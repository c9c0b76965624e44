"""Reads a language model's reply as it comes: sentences with their markers, tolerant of how small models write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from copilot.answering.llm.prompts import MISSING, NOT_FOUND
from copilot.language import sentences

_THINK, _THOUGHT = "<think>", "</think>"
_ONE = r"[\[【]\s*\^?(?:passages?|sources?|nos?\.?|p\.)?\s*\d{1,3}(?:\s*(?:[,;、–-]|and)\s*\d{1,3})*\s*[\]】]"
_MARKS = re.compile(rf"{_ONE}(?:\s*[,;]?\s*{_ONE})*", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,3})\s*[–-]\s*(\d{1,3})|(\d{1,3})")
_BULLET = re.compile(
    r"""^\s*(?:[-*•·–]\s+|#{1,6}\s+|(?:\d{1,2}[.)]|step\s+\d{1,2}[.:])\s+(?=[^\W\d]|[("'„“«*]))+""", re.IGNORECASE
)
_BOLD = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_CLOSING = re.compile(r"^\s*[.!?。！？]+")
_NEXT = re.compile(r"^\s*[.!?。！？]*\s*[^\s\[【.!?。！？,;]")
_LONGEST = 2000
_WIDEST_RANGE = 10


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a model wrote in one sentence, without its markers; ``markers`` in their order, each once."""

    text: str
    markers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What the model says no passage answers; empty: it found nothing at all."""

    text: str = ""


def parsed(pieces: Iterator[str], language: str) -> Iterator[Sentence | Missing]:
    """The reply's sentences, each as soon as it is complete."""
    buffer = ""
    for piece in _visible(pieces):
        buffer += piece
        while True:
            end = _complete(buffer)
            if not end:
                break
            yield from _read(buffer[:end], language)
            buffer = buffer[end:]
    yield from _read(buffer, language)


def _complete(buffer: str) -> int:
    """Where the first part that nothing can be added to ends: at a line's end, or where markers are followed on."""
    line = buffer.find("\n")
    for found in _MARKS.finditer(buffer, 0, line if line >= 0 else len(buffer)):
        rest = buffer[found.end() : line if line >= 0 else len(buffer)]
        if _NEXT.match(rest):
            closing = _CLOSING.match(rest)
            return found.end() + (closing.end() if closing else 0)
    if line >= 0:
        return line + 1
    return len(buffer) if len(buffer) > _LONGEST else 0


def _read(part: str, language: str) -> Iterator[Sentence | Missing]:
    text = _BULLET.sub("", part).strip()
    if not text:
        return
    if text.upper().replace(" ", "_").strip("*`_.!\"' ") == NOT_FOUND:
        yield Missing()
        return
    if text.upper().startswith(MISSING):
        yield Missing(_MARKS.sub("", text[len(MISSING) :]).strip(" ."))
        return
    markers = tuple(dict.fromkeys(number for found in _MARKS.findall(text) for number in numbers(found)))
    bare = _BOLD.sub(r"\2", re.sub(r"\s+([.!?。！？])", r"\1", _MARKS.sub(" ", text)))
    bare = " ".join(bare.split())
    for start, end in sentences(bare, language):
        if any(character.isalnum() for character in bare[start:end]):
            yield Sentence(bare[start:end], markers)


def numbers(marks: str) -> list[int]:
    """The numbers in markers such as [1], [2, 3] or [4-6]."""
    found: list[int] = []
    for first, last, alone in _RANGE.findall(marks):
        if alone:
            found.append(int(alone))
        elif 0 <= int(last) - int(first) <= _WIDEST_RANGE:
            found += range(int(first), int(last) + 1)
        else:
            found += [int(first), int(last)]
    return found


def _visible(pieces: Iterator[str]) -> Iterator[str]:
    """The pieces without what a reasoning model thinks aloud."""
    held, thinking = "", False
    for piece in pieces:
        held += piece
        while True:
            mark = _THOUGHT if thinking else _THINK
            before, found, after = held.partition(mark)
            if not found:
                break
            if not thinking:
                yield before
            held, thinking = after, not thinking
        kept = _begun(held, mark)
        if not thinking:
            yield held[: len(held) - kept]
        held = held[len(held) - kept :]
    if not thinking:
        yield held


def _begun(text: str, mark: str) -> int:
    """How many characters at the end may be the beginning of the mark."""
    return next((size for size in range(len(mark) - 1, 0, -1) if text.endswith(mark[:size])), 0)
