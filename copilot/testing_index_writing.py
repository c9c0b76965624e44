"""The half of the index contract that is about changes: statistics, policies, generations, locks, fingerprints."""

# ruff: noqa: D102 -- a test's name is its sentence

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, ClassVar

import pytest

from copilot.errors import FingerprintMismatch, IndexLocked, IndexMissing
from copilot.protocols import Index, IndexReader
from copilot.testing_points import DIMENSION, OPEN, POLICIES, SPOKEN, fill, make_point, many_points, reading
from copilot.types import Point, SparseVector, Where


class Corpus:
    """Points, and a reader over them. Not a dataclass: Hypothesis would print every point of it."""

    def __init__(self, points: list[Point], reader: IndexReader) -> None:
        self.points = points
        self.reader = reader


class WritingContract:
    """See ``testing_index.IndexContract``."""

    readers_keep_their_generation: ClassVar[bool] = True

    @pytest.fixture
    def index(self, open_index: Callable[[int, str], Index]) -> Index:
        """An empty index."""
        return open_index(DIMENSION, "fp")

    @pytest.fixture
    def corpus(self, index: Index) -> Iterator[Corpus]:
        """Sixty points and a reader over them."""
        points = many_points()
        with reading(index, points) as reader:
            yield Corpus(points, reader)

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

    def test_changed_policy_holds_in_each_language(self, index: Index) -> None:
        points = [make_point(language="de"), make_point(position=1, language="en"), make_point("d2", language="de")]
        with closing(index.writer()) as writer:
            writer.upsert(points)
            writer.set_policy("d1", "s1", "secret")
            writer.publish()
        with reading(index) as reader:
            def found(policy: str) -> list[list[str]]:
                where, query = Where(frozenset({policy})), points[0].sparse
                near = reader.near_sparse({"de": query, "en": query}, where, 5)
                return [[item.id for item in near[language]] for language in ("de", "en")]

            assert found("open") == [[points[2].chunk.id], []]
            assert found("secret") == [[points[0].chunk.id], [points[1].chunk.id]]

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
