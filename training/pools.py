"""Dev sets in memory: passages, questions and judgements of a folder, and an index reader over them without a disk."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse as matrices

from copilot.index.statistics import TermStatistics, count_terms
from copilot.language import sparse_vector
from copilot.types import Chunk, ElementKind, Found, Near, SparseVector, Where

POLICY = "open"


@dataclass(frozen=True)
class Item:
    """A passage or a question: ``key`` is its id without the language."""

    id: str
    key: str
    language: str
    title: str
    text: str


@dataclass(frozen=True)
class DevSet:
    """A folder: corpus.jsonl, queries.jsonl, qrels.tsv; ``right`` maps a question's id to the keys that answer it."""

    name: str
    corpus: list[Item]
    queries: list[Item]
    right: Mapping[str, frozenset[str]]


def key_of(name: str) -> str:
    """An id without its last ``-xx``."""
    head, dash, tail = name.rpartition("-")
    return head if dash and len(tail) == 2 and tail.isalpha() else name


def read_set(folder: Path) -> DevSet:
    """Read a dev set."""
    right: dict[str, set[str]] = defaultdict(set)
    with (folder / "qrels.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if float(row["score"]) > 0:
                right[row["query_id"]].add(key_of(row["corpus_id"]))
    judged = {name: frozenset(keys) for name, keys in right.items()}
    return DevSet(folder.name, _items(folder / "corpus.jsonl"), _items(folder / "queries.jsonl"), judged)


def _items(path: Path) -> list[Item]:
    with path.open(encoding="utf-8") as file:
        rows: list[dict[str, Any]] = [json.loads(line) for line in file if line.strip()]
    return [Item(row["id"], key_of(row["id"]), row["lang"], row.get("title", ""), row["text"]) for row in rows]


def mixed(corpus: Sequence[Item]) -> list[Item]:
    """Each item in one language only: number md5(key) modulo its languages, in the corpus's order."""
    editions: dict[str, list[Item]] = defaultdict(list)
    for item in corpus:
        editions[item.key].append(item)
    return [own[edition(key, len(own))] for key, own in editions.items()]


def edition(key: str, languages: int) -> int:
    """Which of its languages an item stands in, in a mixed pool: md5 of its key, modulo how many it has."""
    return int(hashlib.md5(key.encode()).hexdigest(), 16) % languages


class MemoryReader:
    """Passages as an index would hold them, searched by brute force."""

    generation = "memory"

    def __init__(self, items: Sequence[Item], vectors: np.ndarray | None) -> None:
        self._rows: dict[str, list[int]] = defaultdict(list)
        self.chunks, self.sparse_vectors = [], []
        for row, item in enumerate(items):
            text = f"{item.title}\n{item.text}" if item.title else item.text
            headings = (item.title,) if item.title else ()
            chunk = Chunk(item.id, item.key, "", 0, item.text, text, headings, (), item.language, ElementKind.TEXT)
            self.chunks.append(chunk)
            self.sparse_vectors.append(sparse_vector(text, item.language))
            self._rows[item.language].append(row)
        self._vectors = vectors
        self._places = {chunk.id: row for row, chunk in enumerate(self.chunks)}
        self.statistics: TermStatistics = count_terms(
            (chunk.language, POLICY, vector.indices)
            for chunk, vector in zip(self.chunks, self.sparse_vectors, strict=True)
        )
        self._columns: dict[str, dict[int, int]] = {}
        self._postings: dict[str, matrices.csc_matrix] = {}
        for language, rows in self._rows.items():
            self._post(language, rows)

    def _post(self, language: str, rows: Sequence[int]) -> None:
        columns: dict[int, int] = {}
        entries: list[tuple[int, int, float]] = []
        for at, row in enumerate(rows):
            vector = self.sparse_vectors[row]
            for index, value in zip(vector.indices, vector.values, strict=True):
                entries.append((at, columns.setdefault(index, len(columns)), value))
        across, down, values = zip(*entries, strict=True)
        shape = (len(rows), len(columns))
        self._postings[language] = matrices.csc_matrix((values, (across, down)), shape=shape)
        self._columns[language] = columns

    def near_sparse(self, queries: Mapping[str, SparseVector], where: Where, top_k: int) -> dict[str, list[Near]]:
        """The best by dot product per language."""
        found = {}
        for language, vector in queries.items():
            columns = self._columns[language]
            known = [(columns[i], v) for i, v in zip(vector.indices, vector.values, strict=True) if i in columns]
            at, weights = zip(*known, strict=True) if known else ((), ())
            scores = self._postings[language][:, list(at)] @ np.array(weights)
            found[language] = [near for near in self._best(scores, self._rows[language], top_k) if near.score > 0]
        return found

    def near_dense(
        self, vector: Sequence[float], languages: Sequence[str], where: Where, top_k: int
    ) -> dict[str, list[Near]]:
        """The best by cosine per language."""
        assert self._vectors is not None
        asked = np.asarray(vector, dtype=np.float32)
        return {
            language: self._best(self._vectors[self._rows[language]] @ asked, self._rows[language], top_k)
            for language in languages
        }

    def get(self, chunk_ids: Sequence[str], where: Where) -> list[Found]:
        """These chunks."""
        return [Found(self.chunks[self._places[name]], 0.0) for name in chunk_ids]

    def _best(self, scores: np.ndarray, rows: Sequence[int], top_k: int) -> list[Near]:
        order = sorted(range(len(rows)), key=lambda at: (-scores[at], self.chunks[rows[at]].id))[:top_k]
        return [Near(self.chunks[rows[at]].id, float(scores[at]), self.sparse_vectors[rows[at]]) for at in order]
