from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from copilot.index.engine import edge_filter
from copilot.index.remote import server_filter
from copilot.index.schema import (
    Filter,
    Row,
    any_of,
    check_points,
    chunk_of,
    is_cut_in_tie,
    is_id,
    payload_of,
    permits,
    ranked,
    scope_of,
    where_filter,
)
from copilot.testing_index import wheres
from copilot.testing_points import make_point, many_points, passes
from copilot.types import Span, Where

POINTS = many_points()


def test_chunk_survives_its_payload() -> None:
    point = make_point(position=3)
    assert chunk_of(Row(point.chunk.id, 0.0, payload_of(point))) == point.chunk


@settings(deadline=None)
@given(where=wheres)
def test_permits_says_of_a_payload_what_where_means(where: Where) -> None:
    assert [permits(where, payload_of(point)) for point in POINTS] == [passes(point, where) for point in POINTS]


@settings(deadline=None)
@given(where=wheres)
def test_no_filter_has_an_empty_should_or_an_except(where: Where) -> None:
    filter_ = where_filter(where)
    for text in (repr(edge_filter(filter_)), repr(server_filter(filter_))):
        assert "should=[]" not in text and "MatchExcept" not in text and "except" not in text
    assert server_filter(filter_).should is None and server_filter(filter_).must


def test_filter_that_would_match_everything_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="would match every point"):
        Filter()


def test_languages_and_policies_are_one_condition() -> None:
    where = Where(frozenset({"open", "secret"}), languages=("de", "zh"))
    (only,) = where_filter(where).must
    assert only == any_of("scope", [scope_of(name, policy) for name in ("de", "zh") for policy in ("open", "secret")])


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
