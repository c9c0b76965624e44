"""Answers as they are drawn: steps counted, rows of one table together, what is ours marked, what is missing named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from copilot.types import Answer, Citation, CitedDocument, Claim, Support, Verdict
from copilot.ui.texts import texts_of

MANUAL = CitedDocument("d1", "file:///docs/d1.pdf", "Manual", "en", "C", "released", "ab" * 32, owner="Ada, Service")


def cited(quote: str, marker: int = 1, locator: str = "5 Housing", columns: tuple[str, ...] = ()) -> Citation:
    return Citation(marker, MANUAL, (2,), (), locator, quote, columns=columns)


def said(text: str, *citations: Citation, kind: str = "original") -> Claim:
    return Claim(text, kind, citations or (cited(text),), Support(0.9, "quote"))


def answer(*claims: Claim, shape: str = "", **fields: Any) -> Answer:
    citations = tuple(citation for claim in claims for citation in claim.citations)
    text = "\n".join(claim.text for claim in claims)
    made = Answer("?", "en", Verdict.ANSWERED, text, claims, citations, shape=shape)
    return replace(made, **fields)


@pytest.fixture
def drawn(app: AppTest, written: Any) -> Any:
    """Draws an answer in the chat; returns all Markdown of the page."""

    def draw(made: Answer) -> str:
        written.make = lambda question: replace(made, question=question)
        return str(written.shown(written.ask(app.run(), "Which one?")))

    return draw


def test_steps_are_an_ordered_list_with_the_numbers_of_their_source(drawn: Any) -> None:
    text = drawn(answer(said("3. Open it."), said("4. Close it."), shape="steps"))
    assert "3. Open it\\.\u00a0[1](#cite-t1-c1)\n4. Close it\\.\u00a0[1](#cite-t1-c2)" in text


def test_steps_without_numbers_are_counted(drawn: Any) -> None:
    text = drawn(answer(said("Open it."), said("Close it."), shape="steps"))
    assert "1. Open it\\." in text and "2. Close it\\." in text


def test_sentences_of_several_places_are_not_counted(drawn: Any) -> None:
    far = said("Close it.", cited("Close it.", 2, "9 Hitch"))
    text = drawn(answer(said("Open it."), far, shape="steps"))
    assert "1. " not in text and "Open it\\." in text and "Close it\\." in text


def test_numbers_that_jump_stay_in_their_sentences(drawn: Any) -> None:
    text = drawn(answer(said("2. Open it."), said("5. Close it.")))
    assert "2\\. Open it\\." in text and "5\\. Close it\\." in text


def test_a_value_that_begins_a_sentence_is_not_taken_for_a_number(drawn: Any) -> None:
    text = drawn(answer(said("1.5 mm is the gap."), said("2.5 mm is the limit.")))
    assert "1\\.5 mm" in text and "2\\.5 mm" in text


def test_a_list_has_a_bullet_for_each_item(drawn: Any) -> None:
    text = drawn(answer(said("Grease."), said("Gauge."), shape="list"))
    assert "- Grease\\." in text and "\n- Gauge\\." in text


def test_rows_under_one_header_are_one_table_with_a_marker_each(drawn: Any) -> None:
    rows = [
        said(row, cited(row, number, f"table 3, row {number}", ("Bolt", "Torque (Nm)")))
        for number, row in enumerate(("M8\t24", "M6\t9"), 1)
    ]
    text = drawn(answer(*rows, shape="comparison"))
    assert text.count("| Bolt | Torque \\(Nm\\) |") == 1
    assert "| M8 | 24 | [1](#cite-t1-c1) |\n| M6 | 9 | [2](#cite-t1-c2) |" in text
    assert "Manual · table 3, row 1, row 2" in text.replace("\\", "")


def test_what_is_computed_is_marked_as_ours_and_shows_its_rows(app: AppTest, drawn: Any) -> None:
    header = ("Week", "Minutes")
    rows = tuple(cited(f"21\t{minutes}", 1, f"row {minutes}", header) for minutes in (9, 17))
    text = drawn(answer(said("Sum Minutes = 26", *rows, kind="computed"), shape="computed"))
    assert "**Sum Minutes \\= 26**\u00a0[1](#cite-t1-c1) :gray-badge" in text, "one marker, however many rows"
    assert "worked out, not a quote" in text
    assert "Rows that count (2)" in [item.label for item in app.expander]
    assert "| 21 | 17 | [1](#cite-t1-c2) |" in text


def test_an_answer_in_part_names_what_is_missing_and_shows_the_closest_as_such(app: AppTest, drawn: Any) -> None:
    near = cited("The hitch is black.", 1, "9 Hitch")
    text = drawn(answer(
        said("Tighten to 24 Nm."), verdict=Verdict.PARTIAL, missing=("AHK-990",), closest=(near,),
        searched={"en": 1200, "de": 34},
    ))  # fmt: skip
    assert "AHK\\-990" in app.warning[0].value
    assert "[1](#cite-t1-p1) **Manual**" in text and "The hitch is black\\." in text
    assert "1,234 passages in English, German" in text.replace("\\", "")
    assert "Ada, Service" in text.replace("\\", "")


@pytest.mark.parametrize(
    ("language", "place"), [("de", "7 Montage > Tabelle 4, Zeile 2"), ("zh", "7 Montage > 表 4, 第 2 行")]
)
def test_words_of_a_locator_are_told_in_the_reader_s_language(language: str, place: str) -> None:
    texts = texts_of(language)
    assert texts.place("7 Montage > table 4, row 2") == place
    assert texts.place("The table 4 of row 2") == "The table 4 of row 2"
