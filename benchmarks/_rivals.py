"""What the product is compared with: plain BM25, MiniLM's cosine, and both by reciprocal ranks at equal weights."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from _judged import Item, Query

from copilot.language import terms
from copilot.language.analysis import concepts

K1, B = 1.2, 0.75
_RRF_K = 60


class Bm25:
    """The usual BM25 (Robertson and Zaragoza 2009) over the product's analysis, k1 1.2 and b .75.

    Each passage is analysed in its language, the question in its own; nothing is translated.
    """

    name = "bm25"

    def __init__(self, items: Sequence[Item]) -> None:
        self._terms = [terms(embed_text(item), item.language) for item in items]

    def pool(self, members: Sequence[int]) -> Bm25Pool:
        """The index of some of the passages, by their numbers."""
        return Bm25Pool([self._terms[number] for number in members])


class Bm25Pool:
    """One pool with statistics of its own."""

    def __init__(self, counted: Sequence[Counter[str]]) -> None:
        self._size = len(counted)
        lengths = np.array([sum(item.values()) for item in counted], dtype=np.float32)
        norms = K1 * (1 - B + B * lengths / max(1.0, float(lengths.mean())))
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, item in enumerate(counted):
            for term, count in item.items():
                postings[term].append((number, count))
        self._postings = {term: _weights(found, norms, self._size) for term, found in postings.items()}

    def scores(self, query: Query) -> Any:
        """One score for each passage of the pool."""
        made = np.zeros(self._size, dtype=np.float32)
        for alternatives in _asked(query.text, query.language):
            known = next((term for term in alternatives if term in self._postings), None)
            if known is not None:
                numbers, weights = self._postings[known]
                made[numbers] += weights
        return made


@functools.lru_cache(maxsize=65536)
def _asked(text: str, language: str) -> tuple[tuple[str, ...], ...]:
    """What a question asks for, each thing once, as the terms that may stand for it; function words aside."""
    found = concepts(text, language)
    return tuple(dict.fromkeys(concept.terms for concept in found if concept.kind != "function"))


def _weights(found: Sequence[tuple[int, int]], norms: Any, size: int) -> tuple[Any, Any]:
    numbers = np.array([number for number, _ in found])
    counts = np.array([count for _, count in found], dtype=np.float32)
    idf = np.log(1 + (size - len(found) + 0.5) / (len(found) + 0.5))
    return numbers, idf * counts * (K1 + 1) / (counts + norms[numbers])


class Cosine:
    """The cosine of an embedder alone."""

    def __init__(self, name: str, embedder: Any, items: Sequence[Item]) -> None:
        self.name = name
        self._embedder = embedder
        self._vectors = _in_batches(embedder, [embed_text(item) for item in items])
        self._asked: dict[str, Any] = {}

    def pool(self, members: Sequence[int]) -> CosinePool:
        """Some of the passages, by their numbers."""
        return CosinePool(self._vectors[list(members)], self)

    def vector(self, text: str) -> Any:
        """The question's vector, made once."""
        if text not in self._asked:
            self._asked[text] = np.array(self._embedder.get_query_embedding(text), dtype=np.float32)
        return self._asked[text]


class CosinePool:
    """One pool of vectors."""

    def __init__(self, vectors: Any, owner: Cosine) -> None:
        self._vectors = vectors
        self._owner = owner

    def scores(self, query: Query) -> Any:
        """One score for each passage of the pool."""
        return self._vectors @ self._owner.vector(query.text)


class Rrf:
    """Reciprocal rank fusion (Cormack et al. 2009) at equal weights, k 60; equal scores share their mean rank."""

    name = "rrf"

    def __init__(self, legs: Sequence[Bm25 | Cosine]) -> None:
        self._legs = legs

    def pool(self, members: Sequence[int]) -> RrfPool:
        """Some of the passages, by their numbers."""
        return RrfPool([leg.pool(members) for leg in self._legs])


class RrfPool:
    """One pool for each leg."""

    def __init__(self, legs: Sequence[Bm25Pool | CosinePool]) -> None:
        self._legs = legs

    def scores(self, query: Query) -> Any:
        """One score for each passage of the pool."""
        from scipy.stats import rankdata

        return sum(1 / (_RRF_K + rankdata(-leg.scores(query))) for leg in self._legs)


def embed_text(item: Item) -> str:
    """What of an item is searched: its title, where it has one, and its text."""
    return f"{item.title}\n{item.text}" if item.title.strip() else item.text


def _in_batches(embedder: Any, texts: Sequence[str]) -> Any:
    """Vectors in the order of the texts, made shortest first, which saves half of the padding."""
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    made = embedder.get_text_embedding_batch([texts[number] for number in order])
    vectors = np.zeros((len(texts), len(made[0])), dtype=np.float32)
    vectors[order] = np.array(made, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
