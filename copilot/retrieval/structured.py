"""Exact scores of candidates as a probabilistic structured query (Darwish and Oard 2003) over stored weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from copilot.language import NORM_ID, term_id
from copilot.language.analysis import K1 as STORED_K1
from copilot.language.analysis import B as STORED_B
from copilot.retrieval.query import counted, counted_weight
from copilot.types import QueryTerm, SparseVector

Floats = npt.NDArray[np.float64]


def asked_weight(terms: Sequence[QueryTerm]) -> float:
    """What a question weighs: the sum over its concepts."""
    return sum(counted_weight(item) for item in terms)


class StructuredQuery:
    """A question in one language, ready to score passages of that language.

    A concept's count in a passage is the sum over its terms of probability times count; BM25 saturates that sum,
    where a dot product would saturate each term apart. ``total`` is what the question weighs where it has all its
    words: a language that lacks one for a concept does not cover that concept.
    """

    def __init__(
        self,
        terms: Sequence[QueryTerm],
        unseen: bool = False,
        total: float = 0.0,
        k1: float = STORED_K1,
        b: float = STORED_B,
    ) -> None:
        kept = [item for item in terms if counted_weight(item) > 0 and (item.frequency or unseen)]
        pairs = [
            (row, term_id(term), chance)
            for row, item in enumerate(kept)
            for term, chance in (counted(item.expansions) or ((item.term, 1.0),))
        ]
        self._ids = np.unique(np.array([index for _, index, _ in pairs], dtype=np.int64))
        self._chances = np.zeros((len(kept), len(self._ids)))
        for row, index, chance in pairs:
            at = int(np.searchsorted(self._ids, index))
            self._chances[row, at] = max(self._chances[row, at], chance)
        self._weights = np.array([counted_weight(item) for item in kept])
        self._total = max(total, asked_weight(terms), 1e-9)
        self._k1, self._b = k1, b

    def scores(self, passages: Sequence[SparseVector]) -> Floats:
        """One score a passage, shape [passages]: 0 where nothing of the question stands in it.

        The sum over concepts is divided by the root of its weights' sum: the score of a passage that covers the
        question grows with the question, but slower, so that of a long question the words tell more than its meaning.
        """
        if not passages or not len(self._ids):
            return np.zeros(len(passages))
        counts, norms = self._counts(passages)
        expected = counts @ self._chances.T
        ratio = (norms / STORED_K1 - (1 - STORED_B)) / STORED_B  # length in average lengths
        norm = self._k1 * (1 - self._b + self._b * ratio)[:, None]
        saturated = expected * (self._k1 + 1) / (expected + norm)
        scored: Floats = saturated @ self._weights / ((self._k1 + 1) * np.sqrt(self._total))
        return scored

    def _counts(self, passages: Sequence[SparseVector]) -> tuple[Floats, Floats]:
        """Term counts [passages, ids], worked out from the stored weights, and length norms [passages]."""
        sizes = [len(passage.indices) for passage in passages]
        ids = np.concatenate([np.asarray(passage.indices, dtype=np.int64) for passage in passages])
        weights = np.concatenate([np.asarray(passage.values, dtype=np.float64) for passage in passages])
        rows = np.repeat(np.arange(len(passages)), sizes)
        norms = np.full(len(passages), STORED_K1)
        stored = ids == NORM_ID
        norms[rows[stored]] = weights[stored]
        at = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
        held = self._ids[at] == ids
        rows, at, weights = rows[held], at[held], weights[held]
        counts = np.zeros((len(passages), len(self._ids)))
        counts[rows, at] = weights * norms[rows] / np.maximum(STORED_K1 + 1 - weights, 1e-6)
        return counts, norms
