from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from qdrant_client import models

from copilot.index.engine import edge_filter
from copilot.index.schema import (
    Row,
    check_points,
    chunk_of,
    is_cut_in_tie,
    is_id,
    payload_of,
    permits,
    ranked,
    where_filter,
)
from copilot.testing_index import wheres
from copilot.testing_points import make_point, many_points, passes
from copilot.types import Span, Where

POINTS = many_points()


def test_chunk_survives_its_payload() -> None:
    point = make_point(position=3)
    assert chunk_of(Row(point.chunk.id, 0.0, payload_of(point))) == point.chunk


@given(where=wheres)
def test_permits_says_of_a_payload_what_where_means(where: Where) -> None:
    assert [permits(where, payload_of(point)) for point in POINTS] == [passes(point, where) for point in POINTS]


@given(where=wheres)
def test_no_filter_has_an_empty_should_or_an_except(where: Where) -> None:
    text = repr(where_filter(where))
    assert "should=[]" not in text and "MatchExcept" not in text
    assert where_filter(where).should is None and where_filter(where).must


def test_edge_refuses_a_filter_that_would_match_everything() -> None:
    with pytest.raises(TypeError, match="would match every point"):
        edge_filter(models.Filter(should=[]))
    with pytest.raises(TypeError, match="not given"):
        edge_filter(models.Filter(must=[models.HasIdCondition(has_id=[1])]))


def test_box_that_is_no_number_is_refused() -> None:
    point = make_point()
    chunk = replace(point.chunk, pieces=((0, 1, Span(1, (0.0, 0.0, float("nan"), 1.0))),))
    with pytest.raises(ValueError, match=f"Chunk '{chunk.id}' cannot be indexed: a box"):
        check_points([replace(point, chunk=chunk)], 3)


def test_ids_are_uuids_as_the_engine_writes_them() -> None:
    good = make_point().chunk.id
    assert is_id(good)
    assert not any(map(is_id, (good.upper(), good.replace("-", ""), "{" + good + "}", "", "17")))


def test_ties_are_seen_only_where_they_are_cut() -> None:
    rows = [Row("c", 2.0, {}), Row("b", 1.0, {}), Row("a", 1.0, {})]
    assert is_cut_in_tie(rows, 2) and not is_cut_in_tie(rows, 1) and not is_cut_in_tie(rows, 3)
    assert [row.id for row in ranked(rows, 2)] == ["c", "a"]
