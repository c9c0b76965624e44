"""Where the static embedder starts: an English model's vectors of English pieces, carried to the other languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from training.embedder_batches import Store
from training.embedder_tokens import PREFIX, Texts

Encode = Callable[[Sequence[str]], np.ndarray]

_SIF = 3e-4
_TAUGHT = 15_000
_ENGLISH = 0


def start_vectors(tokenizer: Any, store: Store, dimension: int, encode: Encode) -> np.ndarray:
    """(pieces, dimension) float32.

    The pieces most frequent in English: ``encode`` of the piece, its principal components, weighted a / (a + frequency)
    (Arora et al. 2017). Others: the mean of the English sides of the messages in which they stand.
    """
    size = tokenizer.get_vocab_size()
    english = store.messages[:, _ENGLISH]
    counts = _counts(store.texts, english, size)
    everywhere = np.bincount(store.texts.pieces, minlength=size)
    known = np.sort(np.argsort(-counts, kind="stable")[:_TAUGHT])
    pieces = [tokenizer.id_to_token(int(number)).removeprefix(PREFIX) for number in known]
    vectors = np.zeros((size, dimension), dtype=np.float32)
    vectors[known] = _unit(_principal(encode(pieces), dimension))
    weights = (_SIF / (_SIF + everywhere / everywhere.sum())).astype(np.float32)[:, None]
    sentences = _means(store.texts, english, vectors * weights)
    carried = _carry(store, _unit(sentences - sentences.mean(0)), size)
    missing = np.setdiff1d(np.arange(size), known)
    vectors[missing] = _unit(carried[missing])
    vectors[~vectors.any(1)] = np.random.default_rng(0).normal(size=(1, dimension)) / dimension**0.5
    return vectors * weights * dimension**0.5


def _principal(vectors: np.ndarray, dimension: int) -> np.ndarray:
    centred = vectors - vectors.mean(0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    return centred @ axes[:, ::-1][:, :dimension]


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def _incidence(texts: Texts, rows: np.ndarray, size: int) -> Any:
    """Texts by pieces, each row summing to one, as a sparse matrix."""
    from scipy.sparse import csr_matrix

    lengths = texts.starts[rows + 1] - texts.starts[rows]
    pieces, _ = texts.slices(texts.starts[rows], lengths)
    shares = np.repeat(1 / lengths, lengths).astype(np.float32)
    return csr_matrix((shares, pieces, np.r_[0, np.cumsum(lengths)]), shape=(len(rows), size))


def _counts(texts: Texts, rows: np.ndarray, size: int) -> np.ndarray:
    pieces, _ = texts.slices(texts.starts[rows], texts.starts[rows + 1] - texts.starts[rows])
    return np.bincount(pieces, minlength=size)


def _means(texts: Texts, rows: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    return np.asarray(_incidence(texts, rows, len(vectors)) @ vectors, dtype=np.float32)


def _carry(store: Store, sentences: np.ndarray, size: int) -> np.ndarray:
    """Each piece's mean over the English vectors of the translated messages in which it stands."""
    total = np.zeros((size, sentences.shape[1]), dtype=np.float32)
    for column in range(store.messages.shape[1]):
        known = np.flatnonzero(store.messages[:, column] >= 0)
        incidence = _incidence(store.texts, store.messages[known, column], size)
        total += incidence.T @ sentences[known]
    return total
