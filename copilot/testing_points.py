"""Points for tests with numbers that a reader can check in the head, and what an index must answer, in plain Python."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from copilot.ids import chunk_id
from copilot.protocols import Index, IndexReader
from copilot.types import Chunk, ElementKind, Point, Span, SparseVector, Where

DIMENSION = 3
OPEN = Where(frozenset({"open"}))
POLICIES = ("open", "secret", "purchasing")
DOCUMENTS = tuple(f"d{number}" for number in range(8))
SPOKEN = ("de", "en", "zh")


def make_point(
    document: str = "d1", position: int = 0, *, dense: Sequence[float] = (1.0, 0.0, 0.0),
    terms: dict[int, float] | None = None, policy: str = "open", language: str = "en", sha256: str = "s1",
) -> Point:
    """A point whose text names it; ``terms`` maps term ids to weights (default: term 1 of weight 1)."""
    weights = {1: 1.0} if terms is None else terms
    text = f"{document} {sha256} {position}"
    chunk = Chunk(
        id=chunk_id(document, sha256, position), document_id=document, sha256=sha256, position=position, text=text,
        embed_text=f"Heading {text} 扭矩", headings=("Heading", "Drehmoment"), language=language,
        kind=ElementKind.TABLE_ROW if position % 2 else ElementKind.TEXT,
        pieces=((0, 2, Span(3, (1.5, 2.25, 30.0, 40.125), "sheet!A5:D5")), (2, len(text), Span(4, None, ""))),
    )
    return Point(chunk, tuple(dense), SparseVector(tuple(sorted(weights)), tuple(weights[term]
                 for term in sorted(weights))), policy)


def passes(point: Point, where: Where) -> bool:
    """What ``Where`` means, in plain Python."""
    document = point.chunk.document_id
    if document in where.exclude or not (point.policy in where.policies or document in where.include):
        return False
    if where.languages and point.chunk.language not in where.languages:
        return False
    return not where.documents or document in where.documents


def expected_sparse(points: Sequence[Point], query: SparseVector, where: Where) -> list[tuple[float, str]]:
    """(score, chunk id) of all points with a common term, best first, ties by id."""
    weights = dict(zip(query.indices, query.values, strict=True))
    scored = []
    for point in points:
        own = dict(zip(point.sparse.indices, point.sparse.values, strict=True))
        if passes(point, where) and own.keys() & weights.keys():
            scored.append((sum(weights[term] * own[term] for term in own.keys() & weights.keys()), point.chunk.id))
    return sorted(scored, key=lambda pair: (-pair[0], pair[1]))


def expected_dense(points: Sequence[Point], query: Sequence[float], where: Where) -> list[tuple[float, str]]:
    """(cosine, chunk id) of all points that pass, best first."""
    scored = []
    for point in points:
        if passes(point, where):
            product = sum(a * b for a, b in zip(query, point.dense, strict=True))
            scored.append((product / math.hypot(*query) / math.hypot(*point.dense), point.chunk.id))
    return sorted(scored, key=lambda pair: (-pair[0], pair[1]))


def many_points(count: int = 60, seed: int = 7) -> list[Point]:
    """Points over all documents, policies and languages; weights are quarters, so that many scores tie."""
    dice = random.Random(seed)
    return [
        make_point(
            document := DOCUMENTS[number % len(DOCUMENTS)], number,
            dense=[dice.choice((-1.0, -0.5, 0.5, 1.0, 2.0)) for _ in range(DIMENSION)],
            terms={term: dice.choice((0.25, 0.5, 1.0)) for term in dice.sample(range(1, 12), dice.randint(1, 6))},
            policy=POLICIES[DOCUMENTS.index(document) % len(POLICIES)] if number % 5 else dice.choice(POLICIES),
            language=dice.choice(SPOKEN),
        )
        for number in range(count)
    ]


def fill(index: Index, points: Sequence[Point]) -> str:
    """Write and publish; return the generation."""
    with closing(index.writer()) as writer:
        writer.upsert(points)
        return writer.publish()


@contextmanager
def reading(index: Index, points: Sequence[Point] = ()) -> Iterator[IndexReader]:
    """Write and publish the points, if any, and read."""
    if points:
        fill(index, points)
    with closing(index.reader()) as reader:
        yield reader
