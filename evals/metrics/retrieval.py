"""Metrics of the search: is what answers among the first hits."""

from __future__ import annotations

import math
from collections.abc import Callable

from copilot.types import Hit, SearchResult
from evals.metrics.matching import first_ranks, known_as, place_of_hit
from evals.types import Observation, Score

Ranking = Callable[[SearchResult], tuple[Hit, ...]]


def merged(result: SearchResult) -> tuple[Hit, ...]:
    """The one list."""
    return result.hits


def own(result: SearchResult) -> tuple[Hit, ...]:
    """The list of the question's own language."""
    return result.own


def others(result: SearchResult) -> tuple[Hit, ...]:
    """The list of the other languages."""
    return result.others


def recall(observation: Observation, top_k: int, ranking: Ranking = merged) -> Score | None:
    """The share of what is wanted that is among the first ``top_k`` hits; recall at k (Manning et al. 2008, ch. 8).

    Wanted is each group of sources that answer alike; a group is found by the first hit that serves any of them.
    """
    ranks = _ranks(observation, ranking)
    if ranks is None:
        return None
    found = sum(rank is not None and rank <= top_k for rank in ranks)
    return Score(found / len(ranks), f"{found} of {len(ranks)} among the first {top_k}")


def mrr(observation: Observation) -> Score | None:
    """One over the rank of the first hit that is right, 0 without one (Voorhees 1999)."""
    ranks = _ranks(observation, merged)
    if ranks is None:
        return None
    first = min((rank for rank in ranks if rank is not None), default=None)
    return Score(1 / first, f"first at rank {first}") if first else Score(0.0, "not among the hits")


def ndcg_at_10(observation: Observation) -> Score | None:
    """Normalised discounted cumulative gain of the first ten hits (Järvelin and Kekäläinen 2002), gains 0 or 1.

    A hit gains where it is the first to serve a group of sources, since more of the same adds nothing for a reader
    (alpha-nDCG with alpha 1, Clarke et al. 2008); the ideal list serves a new group at each rank from 1.
    """
    ranks = _ranks(observation, merged)
    if ranks is None:
        return None
    gained = sum(1 / math.log2(rank + 1) for rank in ranks if rank is not None and rank <= 10)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, len(ranks) + 1))
    # One hit may serve two groups at once: no list can be better than that.
    return Score(min(1.0, gained / ideal), f"ranks {', '.join(str(rank or '-') for rank in ranks)}")


def own_recall_at_10(observation: Observation) -> Score | None:
    """Recall in the list of the question's own language, for cases that a document in this language answers."""
    return recall(observation, 10, own) if _in_own_language(observation) else None


def others_recall_at_10(observation: Observation) -> Score | None:
    """Recall in the list of the other languages, for cases that only documents in these answer."""
    return recall(observation, 10, others) if _in_own_language(observation) is False else None


def _ranks(observation: Observation, ranking: Ranking) -> list[int | None] | None:
    """The first rank by group; None where nothing was searched or nothing can be found."""
    if observation.search is None or not observation.case.answerable:
        return None
    return list(first_ranks(observation, [place_of_hit(hit) for hit in ranking(observation.search)]))


def _in_own_language(observation: Observation) -> bool | None:
    """Whether a source is in the question's language; None where the documents are not known."""
    languages = {
        document.language for source in observation.case.sources
        for document in known_as(observation.documents, source.document)
    }
    return observation.case.language in languages if languages else None
