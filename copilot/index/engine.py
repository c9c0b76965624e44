"""One Qdrant Edge shard in this process: its calls, one at a time, from ``qdrant_client.models`` to its classes."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import qdrant_edge as edge
from qdrant_client import models

from copilot.errors import IndexError_
from copilot.index.schema import DENSE, INDEXED_FIELDS, SPARSE, Row, payload_of
from copilot.types import Point, SparseVector

_PAGE = 2_000


def _config(dimension: int) -> Any:
    # m=0: no graph, every search is exact. Up to some 300,000 chunks that is quick, and its recall is 1 under any
    # access filter, where a graph's fell to .65.
    exact = edge.HnswIndexConfig(m=0, ef_construct=100, full_scan_threshold=10_000, payload_m=0)
    return edge.EdgeConfig(
        vectors={DENSE: edge.EdgeVectorParams(size=dimension, distance=edge.Distance.Cosine, hnsw_config=exact)},
        # Below this many permitted points the engine would read all of them: 1.3 ms where the postings take .2 ms.
        sparse_vectors={SPARSE: edge.EdgeSparseVectorParams(full_scan_threshold=1)},
        hnsw_config=exact,
    )


def _condition(condition: Any) -> Any:
    if isinstance(condition, models.Filter):
        return edge_filter(condition)
    if isinstance(condition, models.FieldCondition) and isinstance(condition.match, models.MatchAny):
        values: Any = condition.match.any
        return edge.FieldCondition(key=condition.key, match=edge.MatchAny(any=list(values)))
    if isinstance(condition, models.FieldCondition) and isinstance(condition.range, models.Range):
        bounds = condition.range
        return edge.FieldCondition(
            key=condition.key, range=edge.RangeFloat(gte=bounds.gte, gt=bounds.gt, lte=bounds.lte, lt=bounds.lt),
        )
    raise TypeError(f"A condition that the embedded engine is not given: {condition!r}")


def _conditions(conditions: Any) -> list[Any] | None:
    return None if conditions is None else [_condition(condition) for condition in conditions]


def edge_filter(filter_: models.Filter) -> Any:
    """The filter in Edge's own classes; TypeError for a condition that our schema does not use."""
    if filter_.min_should is not None:
        raise TypeError("min_should is not used by our schema.")
    if filter_.should is not None and not filter_.should:
        raise TypeError("An empty should would match every point.")
    return edge.Filter(
        must=_conditions(filter_.must), should=_conditions(filter_.should), must_not=_conditions(filter_.must_not),
    )


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

    def set_policy(self, filter_: models.Filter, policy: str) -> None:
        """Give the points that pass the filter this policy."""
        self._apply(edge.UpdateOperation.set_payload_by_filter(edge_filter(filter_), {"policy": policy}))

    def delete(self, filter_: models.Filter) -> None:
        """Delete the points that pass the filter."""
        self._apply(edge.UpdateOperation.delete_points_by_filter(edge_filter(filter_)))

    def count(self, filter_: models.Filter | None = None) -> int:
        """How many points pass."""
        with self._lock:
            request = edge.CountRequest(exact=True, filter=edge_filter(filter_) if filter_ else None)
            return int(self._use().count(request))

    def scroll(self, filter_: models.Filter | None, payload: list[str] | bool, sparse: bool = False) -> Iterator[Row]:
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

    def retrieve(self, ids: Sequence[str]) -> list[Row]:
        """The points of these ids as far as they are there, with payload and sparse vector; score 0."""
        with self._lock:
            return [_row(record, 0.0) for record in self._use().retrieve(list(ids), True, [SPARSE])]

    def search(
        self, vector: Sequence[float] | SparseVector, filter_: models.Filter, limit: int, payload: bool,
        sparse: bool = False,
    ) -> list[Row]:
        """The nearest points by the dense or the sparse vector, exact, best first."""
        if isinstance(vector, SparseVector):
            native = edge.SparseVector(list(vector.indices), list(map(float, vector.values)))
            query = edge.Query.Nearest(native, using=SPARSE)
        else:
            query = edge.Query.Nearest(list(map(float, vector)), using=DENSE)
        request = edge.QueryRequest(
            limit=limit, query=query, filter=edge_filter(filter_), with_payload=payload,
            with_vector=[SPARSE] if sparse else False, params=edge.SearchParams(exact=True),
        )
        with self._lock:
            return [_row(point, float(point.score)) for point in self._use().query(request)]

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
    stored = (record.vector or {}).get(SPARSE) if isinstance(record.vector, dict) else None
    sparse = SparseVector(tuple(stored.indices), tuple(stored.values)) if stored is not None else None
    return Row(str(record.id), score, record.payload or {}, sparse)
