"""One Qdrant Edge shard in this process: its calls, one at a time, and our filters in its classes."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import qdrant_edge as edge

from copilot.errors import IndexError_
from copilot.index.schema import (
    DENSE,
    INDEXED_FIELDS,
    SPARSE,
    AnyOf,
    Between,
    Condition,
    Filter,
    Row,
    Vector,
    payload_of,
)
from copilot.types import Point, SparseVector

_PAGE = 2_000
_FULL_SCAN = 4_000


def _config(dimension: int) -> Any:
    # m=0: no graph, every search is exact. Up to some 300,000 chunks that is quick, and its recall is 1 under any
    # access filter, where a graph's fell to .65.
    exact = edge.HnswIndexConfig(m=0, ef_construct=100, full_scan_threshold=10_000, payload_m=0)
    return edge.EdgeConfig(
        vectors={DENSE: edge.EdgeVectorParams(size=dimension, distance=edge.Distance.Cosine, hnsw_config=exact)},
        # So few permitted points are all read (.3 us each); through the postings each term's points of everybody are
        # checked: for 45 terms 3.5 ms where 2 % of 100,000 points are permitted.
        sparse_vectors={
            SPARSE: edge.EdgeSparseVectorParams(full_scan_threshold=_FULL_SCAN, memory=edge.Memory.Cached),
        },
        hnsw_config=exact,
        # Mapped, not read into memory of its own: 45 MB less at 100,000 points, and no slower.
        id_tracker_memory=edge.Memory.Cached,
    )


def _condition(condition: Condition) -> Any:
    if isinstance(condition, AnyOf):
        return edge.FieldCondition(key=condition.key, match=edge.MatchAny(any=list(condition.values)))
    if isinstance(condition, Between):
        return edge.FieldCondition(key=condition.key, range=edge.RangeFloat(gte=condition.first, lte=condition.last))
    return edge_filter(condition)


def edge_filter(filter_: Filter) -> Any:
    """The filter in Edge's own classes."""
    # An empty list under should would match every point: an absent one is None.
    must, should, must_not = (
        [_condition(item) for item in items] or None for items in (filter_.must, filter_.should, filter_.must_not)
    )
    return edge.Filter(must=must, should=should, must_not=must_not)


def _query(vector: Vector) -> Any:
    if isinstance(vector, SparseVector):
        native = edge.SparseVector(list(vector.indices), list(map(float, vector.values)))
        return edge.Query.Nearest(native, using=SPARSE)
    return edge.Query.Nearest(list(map(float, vector)), using=DENSE)


class Shard:
    """An open shard. Thread-safe: the engine holds the GIL in each call, so a lock costs nothing more."""

    def __init__(self, shard: Any) -> None:
        self._shard = shard
        self._lock = threading.Lock()
        self._pid = os.getpid()

    @classmethod
    def create(cls, path: Path, dimension: int) -> Shard:
        """Make an empty shard in an empty or missing folder."""
        shard = cls(edge.EdgeShard.create(str(path), _config(dimension)))
        for field in INDEXED_FIELDS:
            shard._apply(edge.UpdateOperation.create_field_index(field, edge.KeywordIndexParams()))
        shard.flush()
        return shard

    @classmethod
    def load(cls, path: Path) -> Shard:
        """Open a shard; IndexError_ if its files are damaged or another process has it open."""
        try:
            return cls(edge.EdgeShard.load(str(path)))
        except Exception as error:
            raise IndexError_(
                f"The index in {path} cannot be opened: {str(error).splitlines()[0][:200]}.",
                "Run the ingest again; if that does not help, with --rebuild.",
            ) from error

    @property
    def is_ours(self) -> bool:
        """Whether this process opened it, and not the one that it was forked from."""
        return os.getpid() == self._pid

    def _use(self) -> Any:
        if self._shard is None:
            raise IndexError_("This index was closed.", "Open a reader or writer anew.")
        if not self.is_ours:
            raise IndexError_("This index was opened before the process forked.", "Open it in the child.")
        return self._shard

    def _apply(self, operation: Any) -> None:
        with self._lock:
            self._use().update(operation)

    def upsert(self, points: Sequence[Point]) -> None:
        """Add or replace points that were checked."""
        self._apply(edge.UpdateOperation.upsert_points([
            edge.Point(
                id=point.chunk.id,
                vector={DENSE: list(map(float, point.dense)), SPARSE: edge.SparseVector(
                    indices=list(point.sparse.indices), values=list(map(float, point.sparse.values)))},
                payload=payload_of(point),
            )
            for point in points
        ]))

    def set_payload(self, filter_: Filter, payload: Mapping[str, str]) -> None:
        """Give the points that pass the filter these values."""
        self._apply(edge.UpdateOperation.set_payload_by_filter(edge_filter(filter_), dict(payload)))

    def delete(self, filter_: Filter) -> None:
        """Delete the points that pass the filter."""
        self._apply(edge.UpdateOperation.delete_points_by_filter(edge_filter(filter_)))

    def count(self, filter_: Filter | None = None) -> int:
        """How many points pass."""
        with self._lock:
            request = edge.CountRequest(exact=True, filter=edge_filter(filter_) if filter_ else None)
            return int(self._use().count(request))

    def scroll(self, filter_: Filter | None, payload: list[str] | bool, sparse: bool = False) -> Iterator[Row]:
        """All points that pass, in the order of their ids; score 0."""
        offset, native = None, edge_filter(filter_) if filter_ else None
        while True:
            with self._lock:
                records, offset = self._use().scroll(edge.ScrollRequest(
                    offset=offset, limit=_PAGE, filter=native, with_payload=payload,
                    with_vector=[SPARSE] if sparse else False,
                ))
            yield from (_row(record, 0.0) for record in records)
            if offset is None:
                return

    def retrieve(self, ids: Sequence[str], payload: bool = True, sparse: bool = False) -> list[Row]:
        """The points of these ids as far as they are there; score 0."""
        with self._lock:
            records = self._use().retrieve(list(ids), payload, [SPARSE] if sparse else False)
        return [_row(record, 0.0) for record in records]

    def search(self, asked: Sequence[tuple[Vector, Filter]], limit: int, sparse: bool = False) -> list[list[Row]]:
        """For each the nearest points by the dense or the sparse vector, exact, best first, without payload."""
        requests = [
            edge.QueryRequest(
                limit=limit, query=_query(vector), filter=edge_filter(filter_), with_payload=False,
                with_vector=[SPARSE] if sparse else False, params=edge.SearchParams(exact=True),
            )
            for vector, filter_ in asked
        ]
        with self._lock:
            # One by one: asked as a batch they took as long.
            found = [self._use().query(request) for request in requests]
        if sparse:
            return [[_row(point, point.score) for point in points] for points in found]
        return [[Row(str(point.id), point.score, {}) for point in points] for points in found]

    def optimize(self) -> None:
        """Merge segments and drop deleted points; blocks every thread of this process meanwhile."""
        with self._lock:
            self._use().optimize()

    def flush(self) -> None:
        """Make durable what was applied."""
        with self._lock:
            self._use().flush()

    def close(self) -> None:
        """Flush and let go; closing again does nothing."""
        with self._lock:
            if self._shard is not None and self.is_ours:
                self._shard.close()
            self._shard = None


def _row(record: Any, score: float) -> Row:
    vectors = record.vector  # read once: each time the engine's numbers are made into Python's
    stored = vectors.get(SPARSE) if isinstance(vectors, dict) else None
    sparse = SparseVector(tuple(stored.indices), tuple(stored.values)) if stored is not None else None
    return Row(str(record.id), score, record.payload or {}, sparse)
