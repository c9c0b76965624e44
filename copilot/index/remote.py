"""One collection on a Qdrant server: its calls, made again while it is busy, and its errors with their cures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException, UnexpectedResponse

from copilot.errors import IndexError_
from copilot.index.schema import DENSE, SPARSE, AnyOf, Between, Condition, Filter, Row, Vector, payload_of
from copilot.types import Point, SparseVector

_PAGE = 1_000
_BUSY = (429, 502, 503, 504)
WAITS_S = (0.2, 0.5, 1.0, 2.0)
Result = TypeVar("Result")


def connect(url: str, api_key: str, timeout_s: float) -> QdrantClient:
    """A client; nothing is asked of the server yet."""
    # check_compatibility would ask the server at once, and only warn.
    return QdrantClient(url=url, api_key=api_key or None, timeout=max(1, round(timeout_s)), check_compatibility=False)


class Server:
    """Calls to one server."""

    def __init__(self, client: QdrantClient, name: str, waits_s: Sequence[float] = WAITS_S) -> None:
        self.client = client
        self._name = name
        self._waits_s = waits_s

    def call(self, function: Callable[..., Result], *args: Any, **keywords: Any) -> Result:
        """Do it, and again while the server is busy (each call means the same when done twice)."""
        for wait_s in (*self._waits_s, None):
            try:
                return function(*args, **keywords)
            except (ApiException, ResourceExhaustedResponse) as error:
                if wait_s is None or not _is_busy(error):
                    raise self._said(error) from error
                time.sleep(wait_s)
        raise AssertionError("unreachable")

    def _said(self, error: Exception) -> IndexError_:
        if isinstance(error, ResponseHandlingException):
            return IndexError_(f"The Qdrant server at {self._name} cannot be reached: {error.source}.",
                               "Start it, correct COPILOT_INDEX__URL, or unset that to use the embedded index.")
        status = error.status_code if isinstance(error, UnexpectedResponse) else 429
        if status in (401, 403):
            return IndexError_(f"The Qdrant server at {self._name} refuses the API key.",
                               "Set COPILOT_INDEX__API_KEY to a key that may read, and for an ingest write.")
        if status in _BUSY:
            return IndexError_(f"The Qdrant server at {self._name} is too busy (status {status}, tried "
                               f"{len(self._waits_s) + 1} times).", "Try again later, or give it more resources.")
        if status == 404:
            return IndexError_(f"The Qdrant server at {self._name} does not hold the collection any more: it was "
                               "rebuilt or deleted.", "Open the index anew; if nothing is there, ingest again.")
        text = error.content.decode(errors="replace") if isinstance(error, UnexpectedResponse) else str(error)
        return IndexError_(f"The Qdrant server at {self._name} answered with status {status}: {text[:300]}.",
                           "Check the server's log and its version (1.16 or newer is expected).")


def _condition(condition: Condition) -> models.Condition:
    if isinstance(condition, AnyOf):
        return models.FieldCondition(key=condition.key, match=models.MatchAny(any=list(condition.values)))
    if isinstance(condition, Between):
        return models.FieldCondition(key=condition.key, range=models.Range(gte=condition.first, lte=condition.last))
    return server_filter(condition)


def server_filter(filter_: Filter) -> models.Filter:
    """The filter in the client's own classes."""
    # An empty list under should would match every point: an absent one is None.
    must, should, must_not = (
        [_condition(item) for item in items] or None for items in (filter_.must, filter_.should, filter_.must_not)
    )
    return models.Filter(must=must, should=should, must_not=must_not)


def _filter(filter_: Filter | None) -> models.Filter | None:
    return None if filter_ is None else server_filter(filter_)


def _is_busy(error: Exception) -> bool:
    return isinstance(error, ResourceExhaustedResponse) or (
        isinstance(error, UnexpectedResponse) and error.status_code in _BUSY
    )


class Collection:
    """The points of one collection; see ``operations.Points``."""

    def __init__(self, server: Server, name: str) -> None:
        self.name = name
        self._server = server
        self._client = server.client

    def create(self, dimension: int) -> None:
        """Make it with its vectors and payload indexes, unless it is there."""
        call = self._server.call
        if not call(self._client.collection_exists, self.name):
            call(
                self._client.create_collection, self.name,
                vectors_config={DENSE: models.VectorParams(size=dimension, distance=models.Distance.COSINE)},
                sparse_vectors_config={SPARSE: models.SparseVectorParams()},
            )
        # All fields that filters name: a server in strict mode refuses to filter by others.
        keyword, integer = models.PayloadSchemaType.KEYWORD, models.PayloadSchemaType.INTEGER
        for field in ("document", "language", "policy", "scope", "sha256", "position"):
            schema = integer if field == "position" else keyword
            call(self._client.create_payload_index, self.name, field_name=field, field_schema=schema, wait=True)

    def drop(self) -> None:
        """Delete the collection; nothing happens where there is none."""
        self._server.call(self._client.delete_collection, self.name)

    def upsert(self, points: Sequence[Point]) -> None:
        """Add or replace points that were checked."""
        structs = [
            models.PointStruct(
                id=point.chunk.id, payload=payload_of(point),
                vector={
                    DENSE: list(map(float, point.dense)),
                    SPARSE: models.SparseVector(indices=list(point.sparse.indices),
                                                values=list(map(float, point.sparse.values))),
                },
            )
            for point in points
        ]
        self._server.call(self._client.upsert, self.name, points=structs, wait=True)

    def set_payload(self, filter_: Filter, payload: Mapping[str, str]) -> None:
        """Give the points that pass the filter these values."""
        selector = models.FilterSelector(filter=server_filter(filter_))
        self._server.call(self._client.set_payload, self.name, payload=dict(payload), points=selector, wait=True)

    def delete(self, filter_: Filter) -> None:
        """Delete the points that pass the filter."""
        selector = models.FilterSelector(filter=server_filter(filter_))
        self._server.call(self._client.delete, self.name, points_selector=selector, wait=True)

    def count(self, filter_: Filter | None = None) -> int:
        """How many points pass."""
        return self._server.call(self._client.count, self.name, count_filter=_filter(filter_), exact=True).count

    def scroll(
        self, filter_: Filter | None, payload: list[str] | bool, sparse: bool = False
    ) -> Iterator[Row]:
        """All points that pass, in the order of their ids; score 0."""
        offset: Any = None
        while True:
            records, offset = self._server.call(
                self._client.scroll, self.name, scroll_filter=_filter(filter_), limit=_PAGE, offset=offset,
                with_payload=payload, with_vectors=[SPARSE] if sparse else False,
            )
            yield from (_row(record, 0.0) for record in records)
            if offset is None:
                return

    def retrieve(self, ids: Sequence[str], payload: bool = True, sparse: bool = False) -> list[Row]:
        """The points of these ids as far as they are there; score 0."""
        if not ids:
            return []
        records = self._server.call(
            self._client.retrieve, self.name, ids=list(ids), with_payload=payload,
            with_vectors=[SPARSE] if sparse else False,
        )
        return [_row(record, 0.0) for record in records]

    def search(self, asked: Sequence[tuple[Vector, Filter]], limit: int, sparse: bool = False) -> list[list[Row]]:
        """For each the nearest points by the dense or the sparse vector, best first, without payload; one request."""
        requests = [
            models.QueryRequest(**_query(vector), filter=server_filter(filter_), limit=limit, with_payload=False,
                                with_vector=[SPARSE] if sparse else False)
            for vector, filter_ in asked
        ]
        found = self._server.call(self._client.query_batch_points, self.name, requests=requests)
        return [[_row(point, float(point.score)) for point in item.points] for item in found]


def _query(vector: Vector) -> dict[str, Any]:
    if isinstance(vector, SparseVector):
        sparse = models.SparseVector(indices=list(vector.indices), values=list(map(float, vector.values)))
        return {"query": sparse, "using": SPARSE}
    # Without ACORN a graph's recall falls to .65 under two conditions; with it, .99 was measured.
    acorn = models.SearchParams(acorn=models.AcornSearchParams(enable=True))
    return {"query": list(map(float, vector)), "using": DENSE, "params": acorn}


def _row(record: Any, score: float) -> Row:
    stored = record.vector.get(SPARSE) if isinstance(record.vector, dict) else None
    sparse = SparseVector(tuple(stored.indices), tuple(stored.values)) if stored is not None else None
    return Row(str(record.id), score, record.payload or {}, sparse)
