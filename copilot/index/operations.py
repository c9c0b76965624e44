"""What reading and writing mean over any engine's points; the engines add only how a generation comes and goes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from qdrant_client import models

from copilot.errors import FingerprintMismatch
from copilot.index.schema import (
    SCHEMA_VERSION,
    Row,
    any_of,
    check_dense,
    check_points,
    check_sparse,
    chunk_of,
    found_of,
    is_cut_in_tie,
    is_id,
    matches_nothing,
    of_another_policy,
    other_revisions_filter,
    permits,
    positions_filter,
    ranked,
    revision_filter,
    where_filter,
)
from copilot.index.statistics import TermStatistics, count_terms
from copilot.types import Chunk, Found, Point, SparseVector, Where

_BATCH = 256


class Points(Protocol):
    """An engine's points: a shard in this process, or a collection on a server."""

    def upsert(self, points: Sequence[Point]) -> None:
        """Add or replace points that were checked."""
        ...

    def set_policy(self, filter_: models.Filter, policy: str) -> None:
        """Give the points that pass the filter this policy."""
        ...

    def delete(self, filter_: models.Filter) -> None:
        """Delete the points that pass the filter."""
        ...

    def count(self, filter_: models.Filter | None = None) -> int:
        """How many points pass."""
        ...

    def scroll(self, filter_: models.Filter | None, payload: list[str] | bool, sparse: bool = False) -> Iterator[Row]:
        """All points that pass; score 0."""
        ...

    def retrieve(self, ids: Sequence[str]) -> list[Row]:
        """The points of these ids as far as they are there, with payload and sparse vector; score 0."""
        ...

    def search(
        self, vector: Sequence[float] | SparseVector, filter_: models.Filter, limit: int, payload: bool,
        sparse: bool = False,
    ) -> list[Row]:
        """The nearest points by the dense or the sparse vector, best first."""
        ...


def meta_of(dimension: int, fingerprint: str) -> dict[str, Any]:
    """What an index says of itself."""
    return {"schema": SCHEMA_VERSION, "dimension": dimension, "fingerprint": fingerprint}


def check_meta(meta: Mapping[str, Any], dimension: int, fingerprint: str, what: str) -> None:
    """Raise FingerprintMismatch unless an index was built by this schema, this embedder and this analysis."""
    if meta.get("schema") != SCHEMA_VERSION:
        raise FingerprintMismatch(
            f"{what} was written in version {meta.get('schema')} of the index; this program reads version "
            f"{SCHEMA_VERSION}.", "Ingest again with --rebuild.",
        )
    if (meta.get("dimension"), meta.get("fingerprint")) != (dimension, fingerprint):
        raise FingerprintMismatch(
            f"{what} was built with {meta.get('fingerprint')} ({meta.get('dimension')} dimensions), but the settings "
            f"name {fingerprint} ({dimension} dimensions).",
            "Ingest again with --rebuild, or set the embedder back.",
        )


def count_points(points: Points) -> TermStatistics:
    """The statistics of all points as they are stored now."""
    return count_terms(_terms(points.scroll(None, ["language", "policy"], sparse=True)))


def _terms(rows: Iterable[Row]) -> Iterator[tuple[str, str, Sequence[int]]]:
    for row in rows:
        yield row.payload["language"], row.payload["policy"], row.sparse.indices if row.sparse else ()


class PointsWriter:
    """The changes of the protocol IndexWriter, applied one at a time."""

    def __init__(self, points: Points, dimension: int) -> None:
        self._points = points
        self._dimension = dimension
        self._calls = threading.RLock()

    def _will_change(self) -> None:
        """Called before each change, so that the engine can note that something is unpublished."""
        raise NotImplementedError

    def upsert(self, points: Sequence[Point]) -> None:
        """Add or replace points by chunk id; all are checked before any is applied (ValueError)."""
        check_points(points, self._dimension)
        unique = list({point.chunk.id: point for point in points}.values())
        with self._calls:
            for start in range(0, len(unique), _BATCH):
                self._will_change()
                self._points.upsert(unique[start:start + _BATCH])

    def supersede(self, document_id: str, sha256: str, policy: str) -> None:
        """Give every point of that document whose revision is not ``sha256`` the policy ``policy``."""
        self._give(other_revisions_filter(document_id, sha256), policy)

    def set_policy(self, document_id: str, sha256: str, policy: str) -> None:
        """Give every point of that revision the policy ``policy``."""
        self._give(revision_filter(document_id, sha256), policy)

    def _give(self, points: models.Filter, policy: str) -> None:
        if not policy:
            raise ValueError("An empty policy cannot be given to points.")
        changing = of_another_policy(points, policy)
        with self._calls:
            if self._points.count(changing):
                self._will_change()
                self._points.set_policy(changing, policy)

    def remove(self, document_ids: Sequence[str]) -> None:
        """Delete every point of those documents, all revisions."""
        going = models.Filter(must=[any_of("document", document_ids)])
        with self._calls:
            if document_ids and self._points.count(going):
                self._will_change()
                self._points.delete(going)

    def documents(self) -> Mapping[tuple[str, str], int]:
        """(document id, sha256) -> number of points, as stored now."""
        with self._calls:
            rows = self._points.scroll(None, ["document", "sha256"])
            return dict(Counter((row.payload["document"], row.payload["sha256"]) for row in rows))


class PointsReader:
    """The questions of the protocol IndexReader."""

    def __init__(self, points: Points, dimension: int, name: str, statistics: TermStatistics) -> None:
        self._points = points
        self._dimension = dimension
        self._name = name
        self._statistics = statistics

    @property
    def generation(self) -> str:
        """The name of the generation."""
        return self._name

    @property
    def statistics(self) -> TermStatistics:
        """Its statistics."""
        return self._statistics

    def sparse(self, vector: SparseVector, where: Where, top_k: int, with_vectors: bool = False) -> list[Found]:
        """The best by dot product of sparse vectors, exact; ties by chunk id; no common term: absent."""
        check_sparse(vector)
        return self._search(vector, where, top_k, with_vectors) if vector.indices else []

    def dense(self, vector: Sequence[float], where: Where, top_k: int, with_vectors: bool = False) -> list[Found]:
        """The best by cosine, best first; ``with_vectors`` returns the stored sparse vectors."""
        check_dense(vector, self._dimension)
        return self._search(vector, where, top_k, with_vectors)

    def _search(
        self, vector: Sequence[float] | SparseVector, where: Where, top_k: int, with_vectors: bool,
    ) -> list[Found]:
        if top_k < 1:
            raise ValueError(f"top_k is {top_k}; it must be at least 1.")
        if matches_nothing(where):
            return []
        filter_ = where_filter(where)
        rows = self._points.search(vector, filter_, top_k + 1, True, with_vectors)
        if is_cut_in_tie(rows, top_k):
            rows = self._untie(vector, where, top_k, {row.id: row for row in rows}, with_vectors)
        return [found_of(row) for row in ranked(rows, top_k)]

    def _untie(
        self, vector: Sequence[float] | SparseVector, where: Where, top_k: int, known: dict[str, Row],
        with_vectors: bool,
    ) -> list[Row]:
        # Many rows may tie (a table of equal lines): their ids and scores come alone, their texts only if they stay.
        limit, filter_ = 4 * top_k + 64, where_filter(where)
        rows = self._points.search(vector, filter_, limit, False)
        while len(rows) == limit and is_cut_in_tie(rows, top_k):
            limit *= 4
            rows = self._points.search(vector, filter_, limit, False)
        rows = ranked(rows, top_k)
        for row in self._points.retrieve([row.id for row in rows if row.id not in known]):
            if permits(where, row.payload):
                known[row.id] = row if with_vectors else replace(row, sparse=None)
        return [replace(known[row.id], score=row.score) for row in rows if row.id in known]

    def get(self, chunk_ids: Sequence[str], where: Where) -> list[Found]:
        """These chunks as far as ``where`` permits them, with sparse vectors; score 0. Unknown ids are left out."""
        ids = sorted({chunk_id for chunk_id in chunk_ids if is_id(chunk_id)})
        if not ids or matches_nothing(where):
            return []
        return [found_of(row) for row in self._points.retrieve(ids) if permits(where, row.payload)]

    def neighbours(self, document_id: str, sha256: str, first: int, last: int, where: Where) -> list[Chunk]:
        """The chunks of that revision at positions first..last as far as ``where`` permits, by position."""
        if matches_nothing(where):
            return []
        rows = self._points.scroll(positions_filter(document_id, sha256, first, last, where), True)
        return sorted((chunk_of(row) for row in rows), key=lambda chunk: chunk.position)
