"""The seam for a reader: a cross-encoder that reads question and passage together and orders each list's best."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from copilot.embedding.pairs import open_cross_encoder
from copilot.retrieval.hits import Lists
from copilot.types import Hit, Leg


class Reranker(Protocol):
    """Reads a question with each passage."""

    def scores(self, question: str, passages: Sequence[str]) -> Sequence[float]:
        """One score a passage, higher is better; any scale."""
        ...


class CrossEncoderReranker:
    """Any sentence-transformers CrossEncoder by path or name, loaded at the first question. Thread-safe."""

    def __init__(self, model: str) -> None:
        self._name = model
        self._model: Any = None
        self._lock = threading.Lock()

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """The model's relevance of each passage; ModelError where it cannot be loaded."""
        with self._lock:
            model = self._model = self._model or open_cross_encoder(self._name)
            found = model.predict([(question, passage) for passage in passages], show_progress_bar=False)
        return [float(score) for score in found]


def reranked(lists: Lists, question: str, reader: Reranker) -> Lists:
    """Each list in the reader's order; every hit is read once, and tells its rank and score as the leg "reader"."""
    hits = {hit.chunk.id: hit for part in (lists.merged, lists.own, lists.others) for hit in part}
    if not hits:
        return lists
    scores = dict(zip(hits, reader.scores(question, [hit.chunk.embed_text for hit in hits.values()]), strict=True))

    def ordered(part: Sequence[Hit]) -> tuple[Hit, ...]:
        best = sorted(part, key=lambda hit: (-scores[hit.chunk.id], hit.chunk.id))
        return tuple(
            replace(hit, legs={**hit.legs, "reader": Leg(rank, scores[hit.chunk.id])})
            for rank, hit in enumerate(best, start=1)
        )

    return Lists(ordered(lists.merged), ordered(lists.own), ordered(lists.others))
