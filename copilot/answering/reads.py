"""What the reader makes of the evidence: the score of every sentence and row, each read among its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from copilot.answering.features import Reads, units
from copilot.types import ElementKind, Evidence, Hit


class Reading(Protocol):
    """Anything that reads: see ``copilot.reading.Reader``."""

    def scores(self, question: str, place: str, sentences: Sequence[str]) -> tuple[float, ...]:
        """Of each sentence the logit against "none of these"."""


def read(evidence: Evidence, reader: Reading | None) -> Reads:
    """The scores of all units of the evidence's passages; none without a reader."""
    found: dict[tuple[str, int], float] = {}
    if reader is None:
        return found
    for group in filter(None, _groups(evidence)):
        keys = [(hit.chunk.id, start) for hit, start, _ in group]
        scores = reader.scores(evidence.question.text, _place(group[0][0]), [text for *_, text in group])
        found |= dict(zip(keys, scores, strict=True))
    return found


Unit = tuple[Hit, int, str]


def _groups(evidence: Evidence) -> Iterator[list[Unit]]:
    """The units of each passage; the rows of one table together, in their order, as they tell each other apart."""
    tables: dict[tuple[str, tuple[str, ...]], list[Hit]] = {}
    for hit in (hit for item in evidence.passages for hit in item.hits):
        if hit.chunk.kind is ElementKind.TABLE_ROW:
            tables.setdefault((hit.chunk.document_id, tuple(hit.chunk.headings)), []).append(hit)
        else:
            yield [(hit, start, hit.chunk.text[start:end]) for start, end in units(hit)]
    for rows in tables.values():
        unique = {hit.chunk.id: hit for hit in rows}
        ordered = sorted(unique.values(), key=lambda hit: hit.chunk.position)
        yield [(hit, units(hit)[0][0], _row(hit)) for hit in ordered]


def _row(hit: Hit) -> str:
    """A row's cells behind their header cells."""
    return hit.chunk.embed_text.rsplit("\n", 1)[-1]


def _place(hit: Hit) -> str:
    heading = hit.chunk.headings[-1] if hit.chunk.headings else ""
    return f"{hit.document.title}\n{heading}"
