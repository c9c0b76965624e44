"""The search: per language of the permitted text a sparse and a dense leg, scored exactly and fused."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from copilot.language import term_id
from copilot.protocols import Embedder, IndexReader
from copilot.retrieval.expansion import Expander, Lexicon, NoLexicon
from copilot.retrieval.fusion import Candidate, character_grams, fuse, gram_coverage
from copilot.retrieval.query import Synonym, pooled, query_vector, weigh, with_conversions, with_synonyms
from copilot.retrieval.structured import StructuredQuery, asked_weight
from copilot.retrieval.weights import leg_weights
from copilot.types import Near, QueryTerm, SparseVector, Where

# Comparing characters is slow: only the best of each language by their words are compared.
_COMPARED = 20


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a search found: candidates in one list, the question's concepts per language, and where time went."""

    candidates: tuple[Candidate, ...]
    weighted: Mapping[str, tuple[QueryTerm, ...]]
    timings_s: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what is known of it: its language, its translations by machine, its glossary synonyms.

    ``translations`` is {language: text}, ``synonyms`` {language: terms of that language}.
    """

    text: str
    language: str
    translations: Mapping[str, str] = field(default_factory=dict)
    synonyms: Mapping[str, Sequence[Synonym]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Query:
    """A question in one language: the sparse vector that finds, the structured query that scores."""

    vector: SparseVector
    structured: StructuredQuery
    identifiers: frozenset[int]

    @classmethod
    def of(cls, asked: Sequence[QueryTerm], unseen: bool, total: float) -> _Query:
        named = frozenset(term_id(term.term) for term in asked if term.kind == "identifier")
        return cls(query_vector(asked, unseen), StructuredQuery(asked, unseen, total), named)

    def score(self, candidates: Sequence[Candidate], stored: Sequence[SparseVector]) -> None:
        """Give each candidate its words' score and the share of the identifiers that it holds."""
        for candidate, vector, score in zip(candidates, stored, self.structured.scores(stored), strict=True):
            candidate.raw["sparse"] = float(score)
            if self.identifiers:
                candidate.named = len(self.identifiers.intersection(vector.indices)) / len(self.identifiers)


class Search:
    """Searches one generation of an index. Thread-safe where the reader and the embedder are."""

    def __init__(
        self,
        reader: IndexReader,
        embedder: Embedder | None,
        candidates: int = 50,
        lexicon: Lexicon | None = None,
        weights: Callable[[str, str], Mapping[str, float]] = leg_weights,
    ) -> None:
        self._reader = reader
        self._embedder = embedder
        self._depth = candidates
        self._lexicon = lexicon or NoLexicon()
        self._weights = weights

    def run(self, asked: Asked, where: Where) -> Ranked:
        """Rank the permitted chunks for a question; ``read`` gives the texts of those that are wanted."""
        started = time.perf_counter()
        weighted = self._weighted(asked, where)
        total = max((asked_weight(terms) for terms in weighted.values()), default=0.0)
        queries = {language: _Query.of(terms, bool(where.include), total) for language, terms in weighted.items()}
        weights = {language: self._weights(asked.language, language) for language in weighted}
        analysed = time.perf_counter()
        vectors = {language: query.vector for language, query in queries.items() if query.vector.indices}
        sparse = self._reader.near_sparse(vectors, where, self._depth)
        sparse_done = time.perf_counter()
        dense = self._dense(asked.text, where, weights)
        dense_done = time.perf_counter()
        grams = character_grams(asked.text)
        candidates: list[Candidate] = []
        for language, query in queries.items():
            made = _candidates(language, sparse.get(language, ()), dense.get(language, ()), query)
            if weights[language].get("grams", 0.0) > 0:
                self._compare(made, grams, where)
            candidates += made
        ranked = fuse(candidates, weights)
        done = time.perf_counter()
        timings = {
            "analyse": analysed - started,
            "sparse": sparse_done - analysed,
            "dense": dense_done - sparse_done,
            "fuse": done - dense_done,
        }
        return Ranked(tuple(ranked), weighted, timings)

    def _weighted(self, asked: Asked, where: Where) -> dict[str, tuple[QueryTerm, ...]]:
        """The question's terms per language of the permitted text."""
        statistics = self._reader.statistics
        counts = statistics.languages(where.policies)
        present = [item for item in counts if not where.languages or item in where.languages]
        if not present and where.include:
            present = [asked.language]  # a document that just became readable: nothing is known of its language
        # English words turn up in any question, also where no document is in English.
        expander = Expander(self._lexicon, ["en", *sorted(item for item in counts if item != "en")])
        weighted: dict[str, tuple[QueryTerm, ...]] = pooled(
            {
                language: weigh(asked.text, language, statistics, where.policies, asked.language, expander)
                for language in present
            },
            statistics,
            where.policies,
        )
        return {language: tuple(self._widened(asked, language, terms, where)) for language, terms in weighted.items()}

    def _widened(self, asked: Asked, language: str, terms: Sequence[QueryTerm], where: Where) -> Sequence[QueryTerm]:
        """The terms with what machine translation and glossary add; a translation and the table count half each."""
        statistics, policies = self._reader.statistics, where.policies
        translated = asked.translations.get(language)
        if translated is not None and language != asked.language:
            found = weigh(translated, language, statistics, policies, language)
            terms = [replace(item, weight=item.weight / 2) for item in (*terms, *found)]
        terms = with_conversions(terms, asked.text, asked.language, language, statistics, policies)
        synonyms = asked.synonyms.get(language, ())
        own = language == asked.language
        return with_synonyms(terms, synonyms, language, statistics, policies, own) if synonyms else terms

    def read(self, candidates: Sequence[Candidate], where: Where) -> None:
        """Give candidates their chunks; one that ``where`` does not permit stays without."""
        waiting = {item.id: item for item in candidates if item.chunk is None}
        for found in self._reader.get(list(waiting), where) if waiting else ():
            waiting[found.chunk.id].chunk = found.chunk

    def _dense(
        self, text: str, where: Where, weights: Mapping[str, Mapping[str, float]]
    ) -> Mapping[str, Sequence[Near]]:
        wanted = [language for language, legs in weights.items() if legs.get("dense", 0.0) > 0]
        if self._embedder is None or not wanted:
            return {}  # no language here gains from it: the model is not even loaded
        return self._reader.near_dense(self._embedder.get_query_embedding(text), wanted, where, self._depth)

    def _compare(self, candidates: Sequence[Candidate], grams: frozenset[str], where: Where) -> None:
        """Compare the characters of the best by their words with the question's."""
        best = sorted(candidates, key=lambda item: (-item.raw["sparse"], item.id))[:_COMPARED]
        self.read(best, where)
        for candidate in best:
            text = candidate.chunk.embed_text if candidate.chunk else ""
            candidate.raw["grams"] = gram_coverage(grams, character_grams(text))


def _candidates(language: str, sparse: Sequence[Near], dense: Sequence[Near], query: _Query) -> list[Candidate]:
    """One candidate a chunk of one language, with its exact word score and its cosine where that leg found it."""
    merged: dict[str, Candidate] = {}
    stored: list[SparseVector] = []
    for hit in (*sparse, *dense):
        if hit.id not in merged:
            merged[hit.id] = Candidate(hit.id, language)
            stored.append(hit.sparse)
    for hit in dense:
        merged[hit.id].raw["dense"] = hit.score
    candidates = list(merged.values())
    query.score(candidates, stored)
    return candidates
