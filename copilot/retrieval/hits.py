"""From ranked candidates to hits: texts are read and rights checked once more, for as many as are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from copilot.retrieval.families import grouped
from copilot.retrieval.fusion import Candidate, explain
from copilot.types import Chunk, Document, Hit, Passage, SearchResult

_OWN_PASSAGES, _OTHER_PASSAGES = 6, 8

Check = Callable[[Iterable[tuple[str, str]]], Mapping[tuple[str, str], Document]]
"""Those of some (document id, sha256) that may be read now, with their documents."""
Read = Callable[[Sequence[Candidate]], None]
"""Gives candidates their chunks."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The hits in one list, and apart: the question's own language and the others.

    ``rest`` was read and may be seen, but is in no list: mostly what repeats another language's page.
    """

    merged: tuple[Hit, ...]
    own: tuple[Hit, ...]
    others: tuple[Hit, ...]
    rest: tuple[Hit, ...] = ()


def lists(candidates: Sequence[Candidate], language: str, most: int, read: Read, check: Check) -> Lists:
    """The best of each list, at most ``most``; candidates come best first."""
    order = {item.id: place for place, item in enumerate(candidates)}
    own = [item for item in candidates if item.language == language]
    # Twice as many of the others: what repeats another language's page goes behind.
    foreign = [item for item in candidates if item.language != language]
    found = _first({"own": (own, most), "others": (foreign, 2 * most)}, read, check)
    explain((item for item in candidates if item.chunk is not None), candidates)
    hits = {name: [_hit(*row) for row in rows] for name, rows in found.items()}
    merged = grouped(sorted((*hits["own"], *hits["others"]), key=lambda hit: order[hit.chunk.id]))
    others = grouped(hits["others"])
    return Lists(tuple(merged[:most]), tuple(hits["own"][:most]), tuple(others[:most]), tuple(others[most:]))


def _hit(item: Candidate, chunk: Chunk, document: Document) -> Hit:
    return Hit(chunk, document, round(item.score, 6), item.legs)


_Row = tuple[Candidate, Chunk, Document]


def _first(wanted: Mapping[str, tuple[Sequence[Candidate], int]], read: Read, check: Check) -> dict[str, list[_Row]]:
    """The first of each list that may be read; all lists are read and checked together, in rounds."""
    rows: dict[str, list[_Row]] = {name: [] for name in wanted}
    taken = dict.fromkeys(wanted, 0)
    while True:
        batches = {}
        for name, (candidates, most) in wanted.items():
            missing = most - len(rows[name])
            batches[name] = candidates[taken[name] : taken[name] + missing] if missing > 0 else []
            taken[name] += len(batches[name])
        batch = [item for items in batches.values() for item in items]
        if not batch:
            return rows
        read(batch)
        documents = check({(item.chunk.document_id, item.chunk.sha256) for item in batch if item.chunk})
        for name, items in batches.items():
            rows[name] += _checked(items, documents)


def _checked(batch: Sequence[Candidate], documents: Mapping[tuple[str, str], Document]) -> Iterator[_Row]:
    for item in batch:
        document = documents.get((item.chunk.document_id, item.chunk.sha256)) if item.chunk else None
        if item.chunk is not None and document is not None:
            yield item, item.chunk, document


def reserved(result: SearchResult) -> tuple[Hit, ...]:
    """What the answerer gets: each of the two lists has places of its own."""
    return result.own[:_OWN_PASSAGES] + result.others[:_OTHER_PASSAGES]


def passages_of(hits: Sequence[Hit]) -> tuple[Passage, ...]:
    """Hits as numbered passages."""
    return tuple(Passage(marker, (hit,)) for marker, hit in enumerate(hits, start=1))
