"""What a point is in Qdrant, for both engines: names, checks, payloads, and filters that each engine translates."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from copilot.types import Box, Chunk, ElementKind, Point, Span, SparseVector, Where

SCHEMA_VERSION = 2
DENSE = "dense"
SPARSE = "sparse"
INDEXED_FIELDS = ("document", "language", "policy", "scope")
_LAST_TERM = 2**32 - 1
Vector = Sequence[float] | SparseVector


class Row(NamedTuple):
    """What an engine returns for a point; ``payload`` is empty where none was asked for. A tuple: made by hundreds."""

    id: str
    score: float
    payload: Mapping[str, Any]
    sparse: SparseVector | None = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A field holds one of these values; none given: no point passes."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A field holds a number from ``first`` to ``last``, both included."""

    key: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Filter:
    """All of ``must``, none of ``must_not`` and, where there are such, one of ``should``; ValueError without any.

    Qdrant's own filters take an empty ``should`` to pass every point: here that cannot be said.
    """

    must: tuple[Condition, ...] = ()
    should: tuple[Condition, ...] = ()
    must_not: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        if not (self.must or self.should or self.must_not):
            raise ValueError("A filter without conditions would match every point.")


Condition = AnyOf | Between | Filter


def check_points(points: Sequence[Point], dimension: int) -> None:
    """Refuse, by ValueError that names the chunk, what an engine would take in silence and then answer wrongly."""
    for point in points:
        try:
            _check_chunk(point)
            check_dense(point.dense, dimension)
            check_sparse(point.sparse)
        except ValueError as error:
            raise ValueError(f"Chunk {point.chunk.id!r} cannot be indexed: {error}") from error


def check_dense(vector: Sequence[float], dimension: int) -> None:
    """Refuse a dense vector of another size, with NaN or infinity, or of length zero (ValueError)."""
    if len(vector) != dimension:
        raise ValueError(f"its dense vector has {len(vector)} numbers where the index takes {dimension}.")
    with np.errstate(over="ignore"):
        values = np.asarray(vector, dtype=np.float32)
    if not np.isfinite(values).all():
        raise ValueError("its dense vector holds NaN or infinity.")
    if not values.any():
        raise ValueError("its dense vector is zero, so it has no cosine.")


def check_sparse(vector: SparseVector) -> None:
    """Refuse terms that are not ascending, unique 32-bit numbers, or weights that are zero or not finite."""
    if len(vector.indices) != len(vector.values):
        raise ValueError(f"its sparse vector has {len(vector.indices)} terms and {len(vector.values)} weights.")
    if any(right <= left for left, right in zip(vector.indices, vector.indices[1:], strict=False)):
        raise ValueError("the terms of its sparse vector must ascend without duplicates.")
    if vector.indices and not 0 <= vector.indices[0] <= vector.indices[-1] <= _LAST_TERM:
        raise ValueError("a term of its sparse vector is not a 32-bit number.")
    if not all(math.isfinite(value) and value for value in vector.values):
        raise ValueError("a weight of its sparse vector is zero, NaN or infinite.")


def _check_chunk(point: Point) -> None:
    chunk = point.chunk
    if not is_id(chunk.id):
        raise ValueError("its id is not a UUID in lower case with hyphens.")
    for name, value in (("document id", chunk.document_id), ("sha256", chunk.sha256), ("policy", point.policy)):
        if not value:
            raise ValueError(f"its {name} is empty.")
    texts = (chunk.document_id, chunk.sha256, chunk.language, point.policy, chunk.text, chunk.embed_text)
    try:
        "".join((*texts, *chunk.headings, *(span.locator for span in chunk.spans))).encode()
    except UnicodeEncodeError as error:
        raise ValueError("its text holds half of a surrogate pair.") from error
    for span in chunk.spans:
        if span.box is not None and not all(math.isfinite(side) for side in span.box):
            raise ValueError("a box of it holds NaN or infinity.")


def is_id(text: str) -> bool:
    """Whether this is a UUID written as the engines return it."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def scope_of(language: str, policy: str) -> str:
    """Language and policy as one value: a filter by one field reads a list of points where two check each point."""
    return f"{language}\x1f{policy}"


def payload_of(point: Point) -> dict[str, Any]:
    """The payload that a point is stored with."""
    chunk = point.chunk
    return {
        "scope": scope_of(chunk.language, point.policy),
        "document": chunk.document_id, "sha256": chunk.sha256, "position": chunk.position, "policy": point.policy,
        "language": chunk.language, "kind": chunk.kind.value, "text": chunk.text, "embed_text": chunk.embed_text,
        "headings": list(chunk.headings),
        "pieces": [
            [start, end, span.page, list(map(float, span.box)) if span.box else None, span.locator]
            for start, end, span in chunk.pieces
        ],
    }


def chunk_of(row: Row) -> Chunk:
    """The chunk that was stored as this row."""
    payload = row.payload
    return Chunk(
        id=row.id, document_id=payload["document"], sha256=payload["sha256"], position=payload["position"],
        text=payload["text"], embed_text=payload["embed_text"], headings=tuple(payload["headings"]),
        pieces=tuple((start, end, Span(page, _box(box), locator))
                     for start, end, page, box, locator in payload["pieces"]),
        language=payload["language"], kind=ElementKind(payload["kind"]),
    )


def _box(values: Sequence[float] | None) -> Box | None:
    if values is None:
        return None
    x0, y0, x1, y1 = values
    return (x0, y0, x1, y1)


def is_cut_in_tie(rows: Sequence[Row], top_k: int) -> bool:
    """Whether ``top_k + 1`` or more rows, best first, tie where they would be cut: others may tie as well."""
    return len(rows) > top_k and rows[-1].score >= rows[top_k - 1].score


def ranked(rows: Iterable[Row], top_k: int) -> list[Row]:
    """The best rows; ties by id, so that two engines and two runs agree."""
    return sorted(rows, key=lambda row: (-row.score, row.id))[:top_k]


def any_of(key: str, values: Iterable[str]) -> AnyOf:
    """The condition that a field holds one of these values; none: it matches nothing."""
    return AnyOf(key, tuple(sorted(values)))


def matches_nothing(where: Where) -> bool:
    """Whether no point at all can pass."""
    return not where.policies and not where.include


def where_filter(where: Where, *more: Condition) -> Filter:
    """``where`` (and what else must hold) as a filter; access always stands under ``must``."""
    must = [_access(where), *more]
    if where.documents:
        must.append(any_of("document", where.documents))
    # A deny list is a must_not: Qdrant's MatchExcept lets an array pass where any one of its elements differs.
    return Filter(tuple(must), must_not=(any_of("document", where.exclude),) if where.exclude else ())


def _access(where: Where) -> Condition:
    """Policies or named documents, within the languages."""
    if not where.languages:
        allowed, named = any_of("policy", where.policies), any_of("document", where.include)
        return Filter(should=(allowed, named)) if where.include else allowed
    scopes = any_of("scope", (scope_of(name, policy) for name in where.languages for policy in where.policies))
    if not where.include:
        return scopes
    return Filter(should=(scopes, Filter((any_of("language", where.languages), any_of("document", where.include)))))


def permits(where: Where, payload: Mapping[str, Any]) -> bool:
    """The same as ``where_filter``, said in Python of one payload."""
    document = payload["document"]
    return (
        (payload["policy"] in where.policies or document in where.include)
        and document not in where.exclude
        and (not where.languages or payload["language"] in where.languages)
        and (not where.documents or document in where.documents)
    )


def revision_filter(document_id: str, sha256: str) -> Filter:
    """The points of one revision."""
    return Filter((any_of("document", [document_id]), any_of("sha256", [sha256])))


def other_revisions_filter(document_id: str, sha256: str) -> Filter:
    """The points of every other revision of the document."""
    return Filter((any_of("document", [document_id]),), must_not=(any_of("sha256", [sha256]),))


def of_another_policy(points: Filter, policy: str) -> Filter:
    """Those of the points whose policy is not yet this one."""
    return Filter((points,), must_not=(any_of("policy", [policy]),))


def positions_filter(document_id: str, sha256: str, first: int, last: int, where: Where) -> Filter:
    """The points of a revision at positions first..last, as far as ``where`` permits them."""
    revision = (any_of("document", [document_id]), any_of("sha256", [sha256]))
    return where_filter(where, *revision, Between("position", first, last))
