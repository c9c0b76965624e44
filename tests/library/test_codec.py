"""The parsed cache gives elements back exactly, or says that it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.codec import (
    PART,
    atomic,
    elements_from_json,
    elements_to_json,
    parsed_file,
    pipeline_id,
    read_elements,
    sweep_parts,
    write_elements,
)
from copilot.types import Document, Element, ElementKind, Span

NUMBERS = st.floats(min_value=0, max_value=2000, allow_nan=False)
BOXES = st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
TEXTS = st.text(max_size=20)
COUNTS = st.integers(min_value=1, max_value=999)
SPANS = st.builds(Span, page=COUNTS, box=st.none() | BOXES, locator=TEXTS)
LINES = st.lists(st.tuples(COUNTS, COUNTS, COUNTS, BOXES), max_size=3).map(tuple)
ELEMENTS = st.builds(
    Element, kind=st.sampled_from(ElementKind), text=TEXTS, span=SPANS, html=TEXTS, context=TEXTS,
    level=st.integers(0, 6), lines=LINES,
)  # fmt: skip


@given(st.lists(ELEMENTS, max_size=5))
def test_elements_come_back_as_they_went_in(elements: list[Element]) -> None:
    assert elements_from_json(elements_to_json(elements)) == elements


def test_the_cache_file_round_trips_and_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    elements = [Element(ElementKind.TABLE_ROW, "M8\t24 Nm", Span(3, (1.5, 2, 3, 4), "row 2"), context="Bolt\tTorque")]
    first, second = tmp_path / "a" / "x.json.gz", tmp_path / "y.json.gz"
    write_elements(first, elements)
    write_elements(second, elements)
    assert read_elements(first) == elements
    assert first.read_bytes() == second.read_bytes()


def test_a_torn_or_missing_cache_file_is_none(tmp_path: Path) -> None:
    path = tmp_path / "x.json.gz"
    assert read_elements(path) is None
    write_elements(path, [Element(ElementKind.TEXT, "some text", Span())])
    path.write_bytes(path.read_bytes()[:-12])
    assert read_elements(path) is None
    path.write_bytes(b"not gzip at all")
    assert read_elements(path) is None


def test_an_atomic_file_leaves_the_old_one_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("old")
    with pytest.raises(RuntimeError), atomic(path) as file:
        file.write(b"half")
        raise RuntimeError("cut")
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["x"]


def test_what_a_killed_write_left_is_swept(tmp_path: Path) -> None:
    write_elements(tmp_path / "ab" / "x.json.gz", [])
    (tmp_path / "ab" / f"{PART}123").write_text("half")
    sweep_parts(tmp_path)
    assert [item.name for item in tmp_path.rglob("*") if item.is_file()] == ["x.json.gz"]


def test_the_cache_is_named_by_bytes_parser_and_type_only(tmp_path: Path) -> None:
    def named(parser: str, chunker: str, media_type: str = "text/plain") -> Path:
        pipeline = pipeline_id(parser, chunker, "e1")
        return parsed_file(tmp_path, Document("d", "k", "u", "t", "ab", media_type, pipeline=pipeline))

    assert pipeline_id("p1", "c1", "e1") != pipeline_id("p1", "c2", "e1")
    assert named("p1", "c1") == named("p1", "c2")
    assert named("p1", "c1") != named("p2", "c1")
    assert named("p1", "c1") != named("p1", "c1", "text/markdown")
