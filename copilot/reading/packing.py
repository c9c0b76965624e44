"""How a question and the sentences of a passage stand in the reader's window; the training packs them the same way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST, ASKED, PLACED = 256, 40, 24
BEGIN, PART, PAD = -1, -2, -3
"""Marks among the pieces: below zero, as pieces count from 0."""
MARK, QUESTION, PLACE, FIRST = -1, 0, 1, 2
"""Segments of the pieces; sentences count from FIRST."""


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces with their segments; ``first`` numbers the passage's sentence that stands in segment FIRST."""

    pieces: tuple[int, ...]
    segments: tuple[int, ...]
    first: int
    count: int


def windows(asked: Sequence[int], place: Sequence[int], sentences: Sequence[Sequence[int]]) -> list[Window]:
    """The passage in as many windows as it needs, whole sentences each; what is longer than a window is cut."""
    asked, place = asked[:ASKED], place[:PLACED]
    head = [BEGIN, *asked, PART, *place, PART]
    parts = [MARK, *[QUESTION] * len(asked), MARK, *[PLACE] * len(place), MARK]
    room = LONGEST - len(head)
    found: list[Window] = []
    pieces, segments, first = list(head), list(parts), 0
    for number, sentence in enumerate(sentences):
        told = sentence[:room]
        if len(pieces) + len(told) > LONGEST:
            found.append(Window(tuple(pieces), tuple(segments), first, number - first))
            pieces, segments, first = list(head), list(parts), number
        pieces += told
        segments += [FIRST + number - first] * len(told)
    if first < len(sentences):
        found.append(Window(tuple(pieces), tuple(segments), first, len(sentences) - first))
    return found
