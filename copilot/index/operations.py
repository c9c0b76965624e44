"""What reading and writing mean over any engine's points; the engines add only how a generation comes and goes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from copilot.errors import FingerprintMismatch
from copilot.index.schema import (
    SCHEMA_VERSION,
    Filter,
    Row,
    Vector,
    any_of,
    check_dense,
    check_points,
    check_sparse,
    chunk_of,
    is_cut_in_tie,
    is_id,
    matches_nothing,
    of_another_policy,
    other_revisions_filter,
    permits,
    positions_filter,
    ranked,
    revision_filter,
    scope_of,
    where_filter,
)
from copilot.index.statistics import TermStatistics, count_terms
from copilot.index.vectors import StoredVectors
from copilot.types import Chunk, Found, Near, Point, SparseVector, Where

_BATCH = 256


class Points(Protocol):
    """An engine's points: a shard in this process, or a collection on a server."""

    def upsert(self, points: Sequence[Point]) -> None:
        """Add or replace points that were checked."""
        ...

    def set_payload(self, filter_: Filter, payload: Mapping[str, str]) -> None:
        """Give the points that pass the filter these values."""
        ...

    def delete(self, filter_: Filter) -> None:
        """Delete the points that pass the filter."""
        ...

    def count(self, filter_: Filter | None = None) -> int:
        """How many points pass."""
        ...

    def scroll(self, filter_: Filter | None, payload: list[str] | bool, sparse: bool = False) -> Iterator[Row]:
        """All points that pass; score 0."""
        ...

    def retrieve(self, ids: Sequence[str], payload: bool = True, sparse: bool = False) -> list[Row]:
        """The points of these ids as far as they are there; score 0."""
        ...

    def search(self, asked: Sequence[tuple[Vector, Filter]], limit: int, sparse: bool = False) -> list[list[Row]]:
        """For each the nearest points by the dense or the sparse vector, best first, without payload."""
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


def count_points(points: Points, keep: Callable[[str, SparseVector | None], None] | None = None) -> TermStatistics:
    """The statistics of all points as they are stored now; ``keep`` is given each one's id and sparse vector."""
    return count_terms(_terms(points.scroll(None, ["language", "policy"], sparse=True), keep))


def _terms(
    rows: Iterable[Row], keep: Callable[[str, SparseVector | None], None] | None
) -> Iterator[tuple[str, str, Sequence[int]]]:
    for row in rows:
        if keep is not None:
            keep(row.id, row.sparse)
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

    def _give(self, points: Filter, policy: str) -> None:
        if not policy:
            raise ValueError("An empty policy cannot be given to points.")
        changing = of_another_policy(points, policy)
        with self._calls:
            languages = {row.payload["language"] for row in self._points.scroll(changing, ["language"])}
            for language in sorted(languages):
                self._will_change()
                some = Filter((changing, any_of("language", [language])))
                self._points.set_payload(some, {"policy": policy, "scope": scope_of(language, policy)})

    def remove(self, document_ids: Sequence[str]) -> None:
        """Delete every point of those documents, all revisions."""
        going = Filter((any_of("document", document_ids),))
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

    def __init__(
        self, points: Points, dimension: int, name: str, statistics: TermStatistics,
        vectors: StoredVectors | None = None,
    ) -> None:
        self._points = points
        self._dimension = dimension
        self._name = name
        self._statistics = statistics
        self._vectors = vectors

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
        return self._found(vector, where, top_k, with_vectors) if vector.indices else []

    def dense(self, vector: Sequence[float], where: Where, top_k: int, with_vectors: bool = False) -> list[Found]:
        """The best by cosine, best first; ``with_vectors`` returns the stored sparse vectors."""
        check_dense(vector, self._dimension)
        return self._found(vector, where, top_k, with_vectors)

    def near_sparse(
        self, queries: Mapping[str, SparseVector], where: Where, top_k: int
    ) -> dict[str, list[Near]]:
        """As ``sparse``, for each language its own query over the chunks of that language; without their texts."""
        for vector in queries.values():
            check_sparse(vector)
        return self._near({language: vector for language, vector in queries.items() if vector.indices}, where, top_k)

    def near_dense(
        self, vector: Sequence[float], languages: Sequence[str], where: Where, top_k: int
    ) -> dict[str, list[Near]]:
        """As ``dense``, over the chunks of each of these languages; without their texts."""
        check_dense(vector, self._dimension)
        return self._near(dict.fromkeys(languages, vector), where, top_k)

    def _near(self, asked: Mapping[str, Vector], where: Where, top_k: int) -> dict[str, list[Near]]:
        within = [(vector, replace(where, languages=(language,))) for language, vector in asked.items()]
        lists = self._nearest(within, top_k, sparse=self._vectors is None)
        rows = [row for found in lists for row in found]
        if self._vectors is None:
            stored = [row.sparse or SparseVector((), ()) for row in rows]
        else:
            stored = self._vectors.of([row.id for row in rows])
        near = iter([Near(row.id, row.score, vector) for row, vector in zip(rows, stored, strict=True)])
        return {language: [next(near) for _ in found] for language, found in zip(asked, lists, strict=True)}

    def _found(self, vector: Vector, where: Where, top_k: int, with_vectors: bool) -> list[Found]:
        (rows,) = self._nearest([(vector, where)], top_k, sparse=False)
        found = {item.chunk.id: item for item in self.get([row.id for row in rows], where, with_vectors)}
        return [replace(found[row.id], score=row.score) for row in rows if row.id in found]

    def _nearest(self, asked: Sequence[tuple[Vector, Where]], top_k: int, sparse: bool) -> list[list[Row]]:
        """For each question the best rows, ties by id, without payload."""
        if top_k < 1:
            raise ValueError(f"top_k is {top_k}; it must be at least 1.")
        if any(matches_nothing(where) for _, where in asked):
            return [[] for _ in asked]
        filtered = [(vector, where_filter(where)) for vector, where in asked]
        found = self._points.search(filtered, top_k + 1, sparse) if filtered else []
        return [
            self._untied(*question, top_k, rows, sparse) if is_cut_in_tie(rows, top_k) else ranked(rows, top_k)
            for question, rows in zip(filtered, found, strict=True)
        ]

    def _untied(self, vector: Vector, filter_: Filter, top_k: int, seen: Sequence[Row], sparse: bool) -> list[Row]:
        # Many rows may tie (a table of equal lines): their ids and scores come alone, their vectors only if they stay.
        limit = 4 * top_k + 64
        (rows,) = self._points.search([(vector, filter_)], limit)
        while len(rows) == limit and is_cut_in_tie(rows, top_k):
            limit *= 4
            (rows,) = self._points.search([(vector, filter_)], limit)
        best = ranked(rows, top_k)
        if not sparse:
            return best
        stored = {row.id: row.sparse for row in seen}
        missing = [row.id for row in best if row.id not in stored]
        stored |= {row.id: row.sparse for row in self._points.retrieve(missing, payload=False, sparse=True)}
        return [row._replace(sparse=stored[row.id]) for row in best if row.id in stored]

    def get(self, chunk_ids: Sequence[str], where: Where, with_vectors: bool = False) -> list[Found]:
        """These chunks as far as ``where`` permits them; score 0. Unknown ids are left out."""
        ids = sorted({chunk_id for chunk_id in chunk_ids if is_id(chunk_id)})
        if not ids or matches_nothing(where):
            return []
        rows = self._points.retrieve(ids, sparse=with_vectors)
        return [Found(chunk_of(row), row.score, row.sparse) for row in rows if permits(where, row.payload)]

    def neighbours(self, document_id: str, sha256: str, first: int, last: int, where: Where) -> list[Chunk]:
        """The chunks of that revision at positions first..last as far as ``where`` permits, by position."""
        if matches_nothing(where):
            return []
        rows = self._points.scroll(positions_filter(document_id, sha256, first, last, where), True)
        return sorted((chunk_of(row) for row in rows), key=lambda chunk: chunk.position)
