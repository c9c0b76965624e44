"""The contract that every index keeps: inherit ``IndexContract`` in a test file and say how an index is opened."""

# ruff: noqa: D102 -- a test's name is its sentence

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.protocols import Index
from copilot.testing_index_writing import Corpus, WritingContract
from copilot.testing_points import (
    DIMENSION,
    DOCUMENTS,
    OPEN,
    POLICIES,
    SPOKEN,
    expected_dense,
    expected_sparse,
    make_point,
    passes,
    reading,
)
from copilot.types import Point, SparseVector, Where

wheres = st.builds(
    Where,
    policies=st.frozensets(st.sampled_from((*POLICIES, "unknown")), max_size=3),
    include=st.frozensets(st.sampled_from((*DOCUMENTS, "absent")), max_size=2),
    exclude=st.frozensets(st.sampled_from((*DOCUMENTS, "absent")), max_size=3),
    languages=st.lists(st.sampled_from((*SPOKEN, "fr")), max_size=2, unique=True).map(tuple),
    documents=st.lists(st.sampled_from((*DOCUMENTS, "absent")), max_size=3, unique=True).map(tuple),
)
sparse_queries = st.dictionaries(st.integers(1, 13), st.sampled_from((0.5, 1.0, 2.0)), max_size=5).map(
    lambda weights: SparseVector(tuple(sorted(weights)), tuple(weights[term] for term in sorted(weights)))
)
dense_queries = st.tuples(*[st.integers(-4, 4)] * DIMENSION).filter(any).map(lambda query: tuple(map(float, query)))
# Several classes inherit the same tests on purpose, and a corpus is made once for all examples of a test.
examples = settings(
    max_examples=60, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)


def plain(vector: SparseVector) -> SparseVector:
    """The same with tuples, which can be compared."""
    return SparseVector(tuple(vector.indices), tuple(vector.values))


class IndexContract(WritingContract):
    """Inherit and define the fixture ``open_index``: (dimension, fingerprint) -> Index over one fresh place."""

    # What is stored

    def test_stored_chunk_comes_back_whole(self, index: Index) -> None:
        point = make_point(terms={0: 0.5, 2**32 - 1: 2.0})
        with reading(index, [point]) as reader:
            (found,) = reader.get([point.chunk.id], OPEN, with_vectors=True)
            assert (found.chunk, found.sparse, found.score) == (point.chunk, point.sparse, 0.0)

    def test_upsert_replaces_the_point_of_the_same_id(self, index: Index) -> None:
        first = make_point(terms={1: 1.0}, language="de")
        second = replace(first, chunk=replace(first.chunk, text="new"), sparse=SparseVector((9,), (3.0,)))
        with closing(index.writer()) as writer:
            writer.upsert([first])
            writer.upsert([second])
            assert writer.documents() == {("d1", "s1"): 1}
            writer.publish()
        with reading(index) as reader:
            assert reader.sparse(first.sparse, OPEN, 5) == []
            assert [hit.chunk.text for hit in reader.sparse(second.sparse, OPEN, 5)] == ["new"]

    @pytest.mark.parametrize(("bad", "reason"), [
        (make_point(dense=(1.0, 0.0)), "2 numbers where the index takes 3"),
        (make_point(dense=(math.nan, 0.0, 1.0)), "NaN or infinity"),
        (make_point(dense=(math.inf, 0.0, 1.0)), "NaN or infinity"),
        (make_point(dense=(1e39, 0.0, 1.0)), "NaN or infinity"),
        (make_point(dense=(0.0, 0.0, 0.0)), "is zero"),
        (replace(make_point(), sparse=SparseVector((4, 4), (1.0, 1.0))), "without duplicates"),
        (replace(make_point(), sparse=SparseVector((4, 3), (1.0, 1.0))), "must ascend"),
        (replace(make_point(), sparse=SparseVector((1, 2), (1.0,))), "2 terms and 1 weights"),
        (replace(make_point(), sparse=SparseVector((1,), (math.nan,))), "NaN or infinite"),
        (replace(make_point(), sparse=SparseVector((-1,), (1.0,))), "32-bit"),
        (replace(make_point(), sparse=SparseVector((2**32,), (1.0,))), "32-bit"),
        (replace(make_point(), policy=""), "policy is empty"),
        (replace(make_point(), chunk=replace(make_point().chunk, id="not-a-uuid")), "not a UUID"),
        (replace(make_point(), chunk=replace(make_point().chunk, text="\ud800")), "surrogate"),
    ])
    def test_one_bad_point_refuses_the_batch_and_nothing_is_applied(
        self, index: Index, bad: Point, reason: str
    ) -> None:
        with closing(index.writer()) as writer:
            with pytest.raises(ValueError, match=reason):
                writer.upsert([make_point("d2"), bad])
            assert writer.documents() == {}

    # Access

    def test_nothing_permitted_finds_nothing(self, index: Index) -> None:
        point = make_point()
        nobody = Where(frozenset())
        with reading(index, [point]) as reader:
            assert reader.sparse(point.sparse, nobody, 5) == reader.dense(point.dense, nobody, 5) == []
            assert reader.get([point.chunk.id], nobody) == []
            assert reader.neighbours("d1", "s1", 0, 5, nobody) == []

    @examples
    @given(query=sparse_queries, where=wheres, top_k=st.integers(1, 70))
    def test_sparse_search_is_exact_and_finds_only_what_where_permits(
        self, corpus: Corpus, query: SparseVector, where: Where, top_k: int
    ) -> None:
        points, reader = corpus.points, corpus.reader
        found = reader.sparse(query, where, top_k)
        expected = expected_sparse(points, query, where)[:top_k]
        assert [hit.chunk.id for hit in found] == [name for _, name in expected]
        assert [hit.score for hit in found] == pytest.approx([score for score, _ in expected], abs=1e-4)

    @examples
    @given(query=dense_queries, where=wheres, top_k=st.integers(1, 70))
    def test_dense_search_finds_the_best_that_where_permits(
        self, corpus: Corpus, query: tuple[float, ...], where: Where, top_k: int
    ) -> None:
        points, reader = corpus.points, corpus.reader
        found = reader.dense(query, where, top_k)
        scores = {name: score for score, name in expected_dense(points, query, where)}
        best = sorted(scores.values(), reverse=True)[:top_k]
        assert len({hit.chunk.id for hit in found}) == len(best)
        assert [hit.score for hit in found] == pytest.approx(best, abs=1e-4)
        assert [scores[hit.chunk.id] for hit in found] == pytest.approx(best, abs=1e-4)

    @examples
    @given(query=sparse_queries, dense=dense_queries, where=wheres, top_k=st.integers(1, 30))
    def test_legs_without_texts_find_what_the_searches_of_their_language_find(
        self, corpus: Corpus, query: SparseVector, dense: tuple[float, ...], where: Where, top_k: int
    ) -> None:
        reader = corpus.reader
        stored = {point.chunk.id: point.sparse for point in corpus.points}
        sparse_legs = reader.near_sparse(dict.fromkeys(SPOKEN, query), where, top_k)
        dense_legs = reader.near_dense(dense, SPOKEN, where, top_k)
        assert list(dense_legs) == list(SPOKEN) and list(sparse_legs) == (list(SPOKEN) if query.indices else [])
        for language in SPOKEN:
            bounded = replace(where, languages=(language,))
            expected = [(hit.chunk.id, hit.score) for hit in reader.sparse(query, bounded, top_k)]
            assert [(near.id, near.score) for near in sparse_legs.get(language, [])] == expected
            best = [hit.score for hit in reader.dense(dense, bounded, top_k)]
            assert [near.score for near in dense_legs[language]] == pytest.approx(best, abs=1e-5)
            permitted = {name for _, name in expected_dense(corpus.points, dense, bounded)}
            assert permitted >= {near.id for near in dense_legs[language]}
            assert all(plain(near.sparse) == stored[near.id] for near in dense_legs[language])

    @examples
    @given(where=wheres, asked=st.lists(st.integers(0, 59), max_size=8), first=st.integers(-2, 60),
           length=st.integers(-1, 60), document=st.sampled_from((*DOCUMENTS, "absent")))
    def test_get_and_neighbours_return_only_what_where_permits(
        self, corpus: Corpus, where: Where, asked: list[int], first: int, length: int,
        document: str,
    ) -> None:
        points, reader = corpus.points, corpus.reader
        ids = [points[number].chunk.id for number in asked]
        permitted = {point.chunk.id for point in points if passes(point, where)}
        assert {hit.chunk.id for hit in reader.get([*ids, "no-such-id"], where)} == set(ids) & permitted
        expected = [point.chunk for point in points if passes(point, where) and
                    point.chunk.document_id == document and first <= point.chunk.position <= first + length]
        assert reader.neighbours(document, "s1", first, first + length, where) == expected
        assert reader.neighbours(document, "another", first, first + length, where) == []

    # Questions

    def test_ties_at_the_cut_are_broken_by_id(self, index: Index) -> None:
        points = [make_point(position=number) for number in range(90)]
        with reading(index, points) as reader:
            found = reader.sparse(SparseVector((1,), (1.0,)), OPEN, 3, with_vectors=True)
            assert [hit.chunk.id for hit in found] == sorted(point.chunk.id for point in points)[:3]
            assert all(hit.sparse == points[0].sparse for hit in found)
            near = reader.near_sparse({"en": SparseVector((1,), (1.0,))}, OPEN, 3)["en"]
            assert [(item.id, plain(item.sparse)) for item in near] == [(hit.chunk.id, hit.sparse) for hit in found]

    def test_vectors_come_where_they_are_asked_for(self, index: Index) -> None:
        point = make_point(terms={5: 0.5, 7: 1.5})
        with reading(index, [point]) as reader:
            assert reader.sparse(point.sparse, OPEN, 1, with_vectors=True)[0].sparse == point.sparse
            assert reader.dense(point.dense, OPEN, 1, with_vectors=True)[0].sparse == point.sparse
            assert reader.sparse(point.sparse, OPEN, 1)[0].sparse is None
            assert reader.dense(point.dense, OPEN, 1)[0].sparse is None

    def test_chunk_without_terms_is_found_by_its_meaning_only(self, index: Index) -> None:
        point = make_point(terms={})
        with reading(index, [point]) as reader:
            assert [hit.chunk for hit in reader.dense(point.dense, OPEN, 5)] == [point.chunk]
            assert reader.sparse(SparseVector((1,), (1.0,)), OPEN, 5) == []
            assert reader.sparse(SparseVector((), ()), OPEN, 5) == []

    def test_question_of_another_size_is_refused(self, index: Index) -> None:
        with reading(index, [make_point()]) as reader:
            with pytest.raises(ValueError, match="2 numbers where the index takes 3"):
                reader.dense((1.0, 0.0), OPEN, 5)
            with pytest.raises(ValueError, match="top_k is 0"):
                reader.dense((1.0, 0.0, 0.0), OPEN, 0)
