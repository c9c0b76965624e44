"""From ranked candidates to hits: texts are read and rights checked once more, for as many as are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from copilot.retrieval.families import grouped
from copilot.retrieval.fusion import Candidate
from copilot.types import Document, Hit

Check = Callable[[Iterable[tuple[str, str]]], Mapping[tuple[str, str], Document]]
"""Those of some (document id, sha256) that may be read now, with their documents."""
Read = Callable[[Sequence[Candidate]], None]
"""Gives candidates their chunks."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The hits in one list, and apart: the question's own language and the others."""

    merged: tuple[Hit, ...]
    own: tuple[Hit, ...]
    others: tuple[Hit, ...]


def lists(candidates: Sequence[Candidate], language: str, most: int, read: Read, check: Check) -> Lists:
    """The best of each list, at most ``most``; candidates come best first."""
    order = {item.id: place for place, item in enumerate(candidates)}
    own = _first([item for item in candidates if item.language == language], most, read, check)
    # Twice as many of the others: what repeats another language's page goes behind.
    others = _first([item for item in candidates if item.language != language], 2 * most, read, check)
    merged = grouped(sorted((*own, *others), key=lambda hit: order[hit.chunk.id]))
    return Lists(tuple(merged[:most]), tuple(own[:most]), tuple(grouped(others)[:most]))


def _first(candidates: Sequence[Candidate], most: int, read: Read, check: Check) -> list[Hit]:
    hits: list[Hit] = []
    for start in range(0, len(candidates), most):
        hits += _checked(candidates[start : start + most], read, check)
        if len(hits) >= most:
            break
    return hits[:most]


def _checked(batch: Sequence[Candidate], read: Read, check: Check) -> Iterator[Hit]:
    read(batch)
    chunks = [item.chunk for item in batch if item.chunk is not None]
    documents = check({(chunk.document_id, chunk.sha256) for chunk in chunks})
    for item in batch:
        document = documents.get((item.chunk.document_id, item.chunk.sha256)) if item.chunk else None
        if item.chunk is not None and document is not None:
            yield Hit(item.chunk, document, round(item.score, 6), item.legs)
