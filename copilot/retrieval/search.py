"""The search: one sparse leg per language of the permitted text and one dense leg, rescored and fused."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.language import term_id
from copilot.protocols import Embedder, IndexReader
from copilot.retrieval.fusion import Candidate, character_grams, fuse, gram_coverage
from copilot.retrieval.query import dot, query_vector, weigh
from copilot.retrieval.weights import leg_weights
from copilot.types import Found, QueryTerm, SparseVector, Where


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a search found: candidates in one list, the question's concepts per language, and where time went."""

    candidates: tuple[Candidate, ...]
    weighted: Mapping[str, tuple[QueryTerm, ...]]
    timings_s: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Query:
    """A question in one language: its sparse vector, and the ids of the identifiers that it names."""

    vector: SparseVector = SparseVector((), ())
    identifiers: frozenset[int] = frozenset()

    @classmethod
    def of(cls, asked: Sequence[QueryTerm], unseen: bool) -> _Query:
        named = frozenset(term_id(term.term) for term in asked if term.kind == "identifier")
        return cls(query_vector(asked, unseen), named)


class Search:
    """Searches one generation of an index. Thread-safe where the reader and the embedder are."""

    def __init__(self, reader: IndexReader, embedder: Embedder | None, candidates: int = 50) -> None:
        self._reader = reader
        self._embedder = embedder
        self._depth = candidates

    def run(self, text: str, language: str, where: Where, translations: Mapping[str, str] | None = None) -> Ranked:
        """Rank the permitted chunks for a question; ``language`` is the question's.

        ``translations`` holds the question in other languages; a language without one is asked as it stands.
        """
        texts = translations or {}
        started = time.perf_counter()
        statistics = self._reader.statistics
        present = [
            item for item in statistics.languages(where.policies) if not where.languages or item in where.languages
        ]
        overlaid = bool(where.include) and not present
        languages = present or ([language] if overlaid else [])
        weighted = {
            item: tuple(weigh(texts.get(item, text), item, statistics, where.policies, language)) for item in languages
        }
        queries = {item: _Query.of(weighted[item], bool(where.include)) for item in languages}
        found = self._sparse(queries, where)
        sparse_done = time.perf_counter()
        weights = {item: leg_weights(language, item) for item in languages}
        found += self._dense(text, where, weights)
        dense_done = time.perf_counter()
        candidates = _candidates(found, queries, text, self._default_query(queries, language))
        weights.update({item.chunk.language: leg_weights(language, item.chunk.language) for item in candidates})
        ranked = fuse(candidates, weights)
        done = time.perf_counter()
        timings = {"sparse": sparse_done - started, "dense": dense_done - sparse_done, "fuse": done - dense_done}
        return Ranked(tuple(ranked), weighted, timings)

    @staticmethod
    def _default_query(queries: Mapping[str, _Query], language: str) -> _Query:
        return queries.get(language) or next(iter(queries.values()), _Query())

    def _sparse(self, queries: Mapping[str, _Query], where: Where) -> list[tuple[str, Found]]:
        found = []
        for language, query in queries.items():
            if query.vector.indices:
                bounded = replace(where, languages=(language,))
                hits = self._reader.sparse(query.vector, bounded, self._depth, with_vectors=True)
                found += [("sparse", hit) for hit in hits]
        return found

    def _dense(self, text: str, where: Where, weights: Mapping[str, Mapping[str, float]]) -> list[tuple[str, Found]]:
        wanted = [language for language, legs in weights.items() if legs.get("dense", 0.0) > 0]
        if self._embedder is None or not wanted:
            return []  # no language here gains from it: the model is not even loaded
        vector = self._embedder.get_query_embedding(text)
        bounded = replace(where, languages=tuple(sorted(wanted)))
        hits = self._reader.dense(vector, bounded, self._depth, with_vectors=True)
        return [("dense", hit) for hit in hits]


def _candidates(
    found: Sequence[tuple[str, Found]], queries: Mapping[str, _Query], text: str, default: _Query
) -> list[Candidate]:
    """One candidate a chunk, with its exact sparse score and the share of the question's 4-grams that it holds."""
    merged: dict[str, Candidate] = {}
    grams = character_grams(text)
    for leg, hit in found:
        candidate = merged.get(hit.chunk.id)
        if candidate is None:
            candidate = merged[hit.chunk.id] = Candidate(hit.chunk)
            if hit.sparse is not None:
                _score_words(candidate, queries.get(hit.chunk.language, default), hit.sparse)
            candidate.raw["grams"] = gram_coverage(grams, character_grams(hit.chunk.embed_text))
        if leg == "dense":
            candidate.raw["dense"] = hit.score
    return list(merged.values())


def _score_words(candidate: Candidate, query: _Query, stored: SparseVector) -> None:
    candidate.raw["sparse"] = dot(query.vector, stored)
    if query.identifiers:
        candidate.named = len(query.identifiers.intersection(stored.indices)) / len(query.identifiers)
