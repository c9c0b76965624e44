"""The contract that every index keeps: inherit ``IndexContract`` in a test file and say how an index is opened."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.errors import FingerprintMismatch, IndexLocked, IndexMissing
from copilot.protocols import Index, IndexReader
from copilot.testing_points import (
    DIMENSION,
    DOCUMENTS,
    OPEN,
    POLICIES,
    SPOKEN,
    expected_dense,
    expected_sparse,
    fill,
    make_point,
    many_points,
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
examples = settings(max_examples=60, deadline=None, derandomize=True,
                    suppress_health_check=[HealthCheck.function_scoped_fixture])


class Corpus:
    """Points, and a reader over them. Not a dataclass: Hypothesis would print every point of it."""

    def __init__(self, points: list[Point], reader: IndexReader) -> None:
        self.points = points
        self.reader = reader


class IndexContract:
    """Inherit and define the fixture ``open_index``: (dimension, fingerprint) -> Index over one fresh place."""

    readers_keep_their_generation: ClassVar[bool] = True

    @pytest.fixture
    def index(self, open_index: Callable[[int, str], Index]) -> Index:
        """An empty index."""
        return open_index(DIMENSION, "fp")

    # What is stored

    def test_stored_chunk_comes_back_whole(self, index: Index) -> None:
        point = make_point(terms={0: 0.5, 2**32 - 1: 2.0})
        with reading(index, [point]) as reader:
            (found,) = reader.get([point.chunk.id], OPEN)
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

    @pytest.fixture
    def corpus(self, index: Index) -> Iterator[Corpus]:
        """Sixty points and a reader over them."""
        points = many_points()
        with reading(index, points) as reader:
            yield Corpus(points, reader)

    # Questions

    def test_ties_at_the_cut_are_broken_by_id(self, index: Index) -> None:
        points = [make_point(position=number) for number in range(90)]
        with reading(index, points) as reader:
            found = reader.sparse(SparseVector((1,), (1.0,)), OPEN, 3, with_vectors=True)
            assert [hit.chunk.id for hit in found] == sorted(point.chunk.id for point in points)[:3]
            assert all(hit.sparse == points[0].sparse for hit in found)

    def test_vectors_come_where_they_are_asked_for(self, index: Index) -> None:
        point = make_point(terms={5: 0.5, 7: 1.5})
        with reading(index, [point]) as reader:
            for search, query in ((reader.sparse, point.sparse), (reader.dense, point.dense)):
                assert search(query, OPEN, 1, with_vectors=True)[0].sparse == point.sparse  # type: ignore[operator]
                assert search(query, OPEN, 1)[0].sparse is None  # type: ignore[operator]

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

    # Statistics

    def test_statistics_count_only_what_the_policies_permit(self, index: Index) -> None:
        points = [
            make_point(position=0, terms={1: 1.0, 2: 1.0}), make_point(position=1, terms={1: 1.0}),
            make_point("d2", 0, terms={1: 1.0, 2**32 - 1: 2.0}, policy="secret"),
            make_point("d3", 0, terms={7: 1.0}, language="zh"),
        ]
        both, one = frozenset({"open", "secret"}), frozenset({"open"})
        with reading(index, points) as reader:
            statistics = reader.statistics
            assert statistics.frequencies("en", one, [2, 1, 3, 2**32 - 1]) == [1, 2, 0, 0]
            assert statistics.frequencies("en", both, [1, 2**32 - 1]) == [3, 1]
            assert (statistics.chunks("en", one), statistics.chunks("en", both)) == (2, 3)
            assert statistics.languages(both) == {"en": 3, "zh": 1}
            assert statistics.languages(frozenset({"secret"})) == {"en": 1}
            assert statistics.languages(frozenset()) == {}
            assert (statistics.chunks("pl", both), statistics.frequencies("pl", both, [1])) == (0, [0])

    def test_statistics_equal_a_count_by_hand(self, corpus: Corpus) -> None:
        points, reader = corpus.points, corpus.reader
        terms = list(range(14))
        for language in SPOKEN:
            for policies in (frozenset(POLICIES), frozenset(POLICIES[:1]), frozenset(POLICIES[1:])):
                counted = [p for p in points if p.chunk.language == language and p.policy in policies]
                assert reader.statistics.chunks(language, policies) == len(counted)
                assert reader.statistics.frequencies(language, policies, terms) == [
                    sum(term in p.sparse.indices for p in counted) for term in terms
                ]

    # Changes

    def test_superseded_revisions_change_their_policy_and_the_newest_keeps_its_own(self, index: Index) -> None:
        old, new, other = make_point(sha256="s1"), make_point(sha256="s2"), make_point("d2", sha256="s1")
        with closing(index.writer()) as writer:
            writer.upsert([old, new, other])
            writer.supersede("d1", "s2", "old")
            writer.publish()
        with reading(index) as reader:
            query = SparseVector((1,), (1.0,))
            assert {hit.chunk.id for hit in reader.sparse(query, OPEN, 9)} == {new.chunk.id, other.chunk.id}
            superseded = reader.sparse(query, Where(frozenset({"old"})), 9)
            assert [hit.chunk for hit in superseded] == [old.chunk]
            assert reader.statistics.chunks("en", frozenset({"old"})) == 1

    def test_policy_is_set_on_one_revision(self, index: Index) -> None:
        points = [make_point(sha256="s1"), make_point(sha256="s2")]
        with closing(index.writer()) as writer:
            writer.upsert(points)
            writer.set_policy("d1", "s2", "secret")
            writer.publish()
        with reading(index) as reader:
            ids = [point.chunk.id for point in points]
            assert [hit.chunk.sha256 for hit in reader.get(ids, OPEN)] == ["s1"]
            assert [hit.chunk.sha256 for hit in reader.get(ids, Where(frozenset({"secret"})))] == ["s2"]

    def test_removed_documents_are_gone_in_all_revisions(self, index: Index) -> None:
        points = [make_point(sha256="s1"), make_point(sha256="s2"), make_point("d2"), make_point("d3")]
        with closing(index.writer()) as writer:
            writer.upsert(points)
            writer.remove(["d1", "d3", "absent"])
            writer.remove([])
            assert writer.documents() == {("d2", "s1"): 1}
            writer.publish()
        with reading(index) as reader:
            assert {hit.chunk.document_id for hit in reader.dense((1.0, 0.0, 0.0), OPEN, 9)} == {"d2"}
            assert reader.statistics.languages(OPEN.policies) == {"en": 1}

    # Generations, locks, fingerprints

    def test_nothing_published_is_said_with_its_cure(self, index: Index) -> None:
        assert index.current() == ""
        with pytest.raises(IndexMissing, match="copilot ingest"):
            index.reader()

    def test_publish_names_a_new_generation_only_after_a_change(self, index: Index) -> None:
        with closing(index.writer()) as writer:
            writer.upsert([make_point()])
            first = writer.publish()
            assert (writer.publish(), index.current()) == (first, first)
            writer.set_policy("d1", "s1", "open")
            writer.supersede("d1", "s1", "old")
            writer.remove(["absent"])
            assert writer.publish() == first
            writer.set_policy("d1", "s1", "secret")
            second = writer.publish()
            assert second != first and index.current() == second
        with closing(index.writer()) as writer:
            assert writer.publish() == second

    def test_unpublished_change_of_an_ended_writer_is_published_by_the_next(self, index: Index) -> None:
        first = fill(index, [make_point()])
        with closing(index.writer()) as writer:
            writer.upsert([make_point("d2")])
        assert index.current() == first
        with closing(index.writer()) as writer:
            assert writer.documents() == {("d1", "s1"): 1, ("d2", "s1"): 1}
            assert writer.publish() != first

    def test_reader_keeps_its_generation_while_others_are_published(self, index: Index) -> None:
        if not self.readers_keep_their_generation:
            pytest.skip("a server's collection is live")
        query = SparseVector((1,), (1.0,))
        with reading(index, [make_point()]) as reader:
            fill(index, [make_point("d2")])
            fill(index, [make_point("d3")])
            assert len(reader.sparse(query, OPEN, 9)) == 1
            with reading(index) as newer:
                assert len(newer.sparse(query, OPEN, 9)) == 3
                assert newer.generation == index.current() != reader.generation

    def test_second_writer_is_refused_and_told_who_writes(self, index: Index) -> None:
        with closing(index.writer()), pytest.raises(IndexLocked, match=r"process \d+ \(.+\) since 20\d\d-"):
            index.writer()
        index.writer().close()

    def test_another_fingerprint_is_refused_with_the_cure(
        self, index: Index, open_index: Callable[[int, str], Index]
    ) -> None:
        fill(index, [make_point()])
        for other in (open_index(DIMENSION, "another"), open_index(DIMENSION + 1, "fp")):
            with pytest.raises(FingerprintMismatch, match="--rebuild, or set the embedder back"):
                other.reader()
            with pytest.raises(FingerprintMismatch, match="--rebuild, or set the embedder back"):
                other.writer()
        index.writer().close()

    def test_rebuild_begins_empty_with_a_new_fingerprint(
        self, index: Index, open_index: Callable[[int, str], Index]
    ) -> None:
        first = fill(index, [make_point()])
        other: Any = open_index(DIMENSION + 1, "another")
        with closing(other.rebuild()) as writer:
            assert writer.documents() == {}
            writer.upsert([make_point("d2", dense=(1.0, 0.0, 0.0, 0.0))])
            assert writer.publish() != first
        with reading(other) as reader:
            assert len(reader.dense((1.0, 0.0, 0.0, 0.0), OPEN, 5)) == 1
        with pytest.raises(FingerprintMismatch):
            index.reader()
