"""Questions and passages in windows: nothing is lost, nothing is too long, and every piece knows where it belongs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copilot.reading.packing import ASKED, BEGIN, FIRST, LONGEST, MARK, PART, PLACE, PLACED, QUESTION, windows

ids = st.lists(st.integers(0, 63_999), max_size=60)
passages = st.lists(st.lists(st.integers(0, 63_999), max_size=300), max_size=30)


@given(ids, ids, passages)
def test_every_sentence_stands_in_one_window_in_order(
    asked: list[int], place: list[int], sentences: list[list[int]]
) -> None:
    found = windows(asked, place, sentences)
    numbers = [window.first + at for window in found for at in range(window.count)]
    assert numbers == list(range(len(sentences)))
    for window in found:
        assert len(window.pieces) == len(window.segments) <= LONGEST
        for at in range(window.count):
            told = [p for p, s in zip(window.pieces, window.segments, strict=True) if s == FIRST + at]
            whole = sentences[window.first + at]
            assert told == whole[: len(told)]
            assert len(told) == len(whole) or window.count == 1


@given(ids, ids)
def test_question_and_place_are_cut_and_told_apart(asked: list[int], place: list[int]) -> None:
    (window,) = windows(asked, place, [[7]])
    by = {kind: [p for p, s in zip(window.pieces, window.segments, strict=True) if s == kind]
          for kind in (MARK, QUESTION, PLACE, FIRST)}  # fmt: skip
    assert by == {MARK: [BEGIN, PART, PART], QUESTION: asked[:ASKED], PLACE: place[:PLACED], FIRST: [7]}


def test_no_sentences_make_no_window() -> None:
    assert windows([1], [2], []) == []
