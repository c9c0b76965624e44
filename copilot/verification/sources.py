"""A passage cut into the sentences and rows that a claim is held against, each with its words and figures."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from copilot.answering.text import Bag, union
from copilot.language import sentences
from copilot.verification.engineering import full_bag
from copilot.verification.figures import Figures, figures
from copilot.verification.polarity import Polarity, polarity

_CELL = re.compile(r"\t| ?\| ?")
_LONGEST_LINE = 60  # characters: a shorter line that ends without a stop is a line of its own, not half a sentence


@dataclass(frozen=True, slots=True)
class Source:
    """What a sentence cites: a text, its language, and what it inherits without being quoted (headings, header)."""

    text: str
    language: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence or row of a source."""

    text: str
    language: str
    bag: Bag
    figures: Figures
    polarity: Polarity
    row: bool


@functools.lru_cache(maxsize=1024)
def texts_of(source: Source) -> tuple[str, ...]:
    """The sentences and rows of a source in order, as text only."""
    whole = _unwrapped(source.text)
    return tuple(whole[start:end] for start, end in sentences(whole, source.language))


@functools.lru_cache(maxsize=1024)
def pieces(source: Source) -> tuple[Piece, ...]:
    """The pieces of a source in order; a row's words include those of its table's header."""
    header, found = "", []
    for text in texts_of(source):
        row = _CELL.search(text) is not None
        if row and not header:
            header = text if not re.search(r"\d", text) else " "
        header = header if row else ""
        inherited = full_bag(f"{source.context}\n{header if row and header != text else ''}", source.language)
        found.append(Piece(
            text, source.language, union([full_bag(text, source.language), inherited]), figures(text, source.language),
            polarity(text, source.language), row,
        ))
    return tuple(found)


def _unwrapped(text: str) -> str:
    """Lines that go on in the next one are joined: a long line without a stop, before lower case."""
    lines = text.split("\n")
    for place in range(len(lines) - 1, 0, -1):
        before, after = lines[place - 1].rstrip(), lines[place].lstrip()
        long = len(before) >= _LONGEST_LINE and before[-1] not in ".!?:;。！？：；|" and "\t" not in before + after
        if long and "|" not in before + after and after[:1].islower():
            lines[place - 1 : place + 1] = [f"{before} {after}"]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Window:
    """One piece, or two that follow each other, with what they hold together."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """Their text."""
        return "\n".join(piece.text for piece in self.pieces)

    @property
    def language(self) -> str:
        """Their language."""
        return self.pieces[0].language
