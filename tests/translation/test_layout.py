"""A text comes apart into pieces and together again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.translation.layout import MAX_CHARS, MAX_WORDS, pieces, unwrapped


def _translatable(text: str) -> list[str]:
    return [piece.text for piece in pieces(text, "de") if piece.translatable]


@given(st.text(alphabet=st.sampled_from("aB1 .,;\n\r\t|-#*`拧。"), max_size=300))
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text)) == text


@pytest.mark.parametrize("text", ["wort " * 4000, "拧紧螺栓" * 4000, "a" * 50_000, "Eins, zwei, " * 3000])
def test_no_piece_is_longer_than_a_model_can_hold(text: str) -> None:
    found = _translatable(text)
    assert "".join(piece.text for piece in pieces(text)) == text
    assert max(map(len, found)) <= MAX_CHARS and max(len(piece.split()) for piece in found) <= MAX_WORDS


def test_lists_tables_headings_and_code_keep_their_marks() -> None:
    text = "# Titel\n\n- Erster Punkt.\n  2. Zweiter\n| Teil | Wert |\n|---|---|\nA\tB\n```\nx = 1\n```\n"
    assert _translatable(text) == ["Titel", "Erster Punkt.", "Zweiter", "Teil", "Wert", "A", "B"]


def test_a_wrapped_line_goes_on_and_a_short_one_ends() -> None:
    wrapped = "Dies ist eine lange Zeile, die der Schreiber hier umgebrochen\nhat. Ende."
    assert _translatable(wrapped) == [wrapped[: -len(" Ende.")], "Ende."]
    assert _translatable("Dichtung\nschraube") == ["Dichtung", "schraube"]


def test_a_sentence_over_two_lines_is_one_for_the_model() -> None:
    assert unwrapped("Die Hochvolt-\n  batterie\nist schwer.") == "Die Hochvoltbatterie ist schwer."
    assert unwrapped("Teil PPR-9087\nund mehr") == "Teil PPR-9087 und mehr"
