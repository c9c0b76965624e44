from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from copilot.commands import output
from copilot.commands.labels import labels
from copilot.types import (
    LANGUAGES,
    Answer,
    Applicability,
    Citation,
    CitedDocument,
    Claim,
    Conflict,
    Reading,
    SearchResult,
    Support,
    Verdict,
)

DOCUMENT = CitedDocument("d", "", "Title", "de", "", "released")


def _answer(*citations: Citation, **fields: Any) -> Answer:
    claims = tuple(Claim(item.quote, "original", (item,), Support(1.0, "")) for item in citations)
    return Answer("q", "de", fields.pop("verdict", Verdict.ANSWERED), "text", claims, citations, **fields)


def _citation(uri: str, quote: str, locator: str = "", translated: str = "") -> Citation:
    document = dataclasses.replace(DOCUMENT, uri=uri)
    return Citation(1, document, (3, 3, 4), (), locator, quote, translated)


def test_a_path_below_the_working_folder_is_short_and_others_are_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert output.shown_path((tmp_path / "a b" / "ü.pdf").as_uri()) == "a b/ü.pdf"
    assert output.shown_path("file:///elsewhere/x%20y.pdf") == "/elsewhere/x y.pdf"
    assert output.shown_path("s3://bucket/x.pdf") == "s3://bucket/x.pdf"


def test_quotes_of_one_place_stand_below_it_once() -> None:
    lines = output.answer_text(_answer(_citation("x.pdf", "One."), _citation("x.pdf", "Two."))).splitlines()
    assert lines == ["One. [1]", "Two. [1]", "", "Sources", "[1] Title · de · released", "    x.pdf · page 3, 4",
                     "    “One.”", "    “Two.”"]


def test_pages_are_told_where_there_are_pages_and_headings_without_the_title() -> None:
    text = output.answer_text(_answer(_citation("x.docx", "One.", "Title > 7 Bolts")))
    assert "    x.docx · 7 Bolts\n" in text


def test_what_is_missing_machine_translations_and_warnings_are_told_as_such() -> None:
    answer = _answer(_citation("x.pdf", "Eins.", translated="One."), verdict=Verdict.PARTIAL,
                     missing=("PPR-1",), warnings=("Superseded: Title",))
    text = output.answer_text(answer)
    assert "Not in the documents: PPR-1" in text
    assert "(translation) One." in text
    assert "Note: Superseded: Title" in text


def test_what_a_source_applies_to_and_where_sources_disagree_is_told() -> None:
    first = _citation("x.pdf", "It is 35 Nm.")
    scope = Applicability(("Turin",), ("Civetta E",), (2024, 2025))
    document = dataclasses.replace(first.document, applicability=scope, owner="A. Old")
    first = dataclasses.replace(first, document=document)
    second = _citation("y.pdf", "It is 25 Nm.")
    conflict = Conflict("drain plug", (Reading("35 Nm", first), Reading("25 Nm", second, newest=True)))
    lines = output.answer_text(_answer(first, conflicts=(conflict,))).splitlines()
    assert "    applies to: Turin, Civetta E, 2024-2025" in lines
    start = lines.index("The sources disagree: drain plug")
    assert lines[start + 1 : start + 4] == [
        "    35 Nm [1] · Title · de · released", "    25 Nm [1] · Title · de · released · the newest",
        "    To ask: A. Old",
    ]


def test_a_document_cannot_steer_the_terminal() -> None:
    assert output.one_line("a\x1b[2J\u202eb\x00\x9bc\td\r\ne") == "a[2Jbc | d e"


def test_a_refusal_is_told_once() -> None:
    answer = Answer("", "en", Verdict.REFUSED, "Please ask.", warnings=("Please ask.",))
    assert output.answer_text(answer) == "Please ask."


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("original", "One. [1]"),
        ("machine", "One. [1] (machine translation)"),
        ("gloss", "One. [1] (original with key terms)"),
        ("generated", "One. [1] (written by a language model)"),
        ("unsupported", "One. [1] (written by a language model, not supported by the source)"),
        ("reviewed", "One. [1] (reviewed translation)"),
        ("memory", "One. [1] (from the translation memory)"),
    ],
)
def test_each_sentence_says_its_kind(kind: str, said: str) -> None:
    answer = _answer(_citation("x.pdf", "One."))
    shown = dataclasses.replace(answer, claims=(dataclasses.replace(answer.claims[0], kind=kind),))
    assert output.answer_text(shown).splitlines()[0] == said


def test_near_spellings_are_offered_below_what_was_found() -> None:
    answer = Answer("q", "en", Verdict.NOT_FOUND, "Nothing.", did_you_mean=("PPR-9087", "PPR\x1b-9088"))
    assert output.answer_text(answer).splitlines() == ["Nothing.", "Did you mean: PPR-9087, PPR-9088?"]
    nothing = SearchResult("q", "en", (), (), (), (), {}, did_you_mean=("torque",))
    assert output.search_text(nothing, explain=False).splitlines()[-1] == "Did you mean: torque?"
    assert output.to_json(nothing)["did_you_mean"] == ["torque"]


def test_the_words_around_an_answer_are_in_the_language_that_was_asked_for() -> None:
    answer = dataclasses.replace(_answer(_citation("x.pdf", "One.")), standalone="Und P2?", warnings=("w",))
    told = output.answer_text(answer, "de")
    assert told.startswith("Verstanden als: Und P2?") and "\nQuellen\n" in told and "Hinweis: w" in told
    assert output.answer_text(answer, "xx") == output.answer_text(answer, "en") == output.answer_text(answer)


def test_every_label_stands_in_every_language_with_the_same_values() -> None:
    catalogue = labels().catalogue
    for key, texts in catalogue.items():
        assert set(texts) == set(LANGUAGES), key
        fields = {frozenset(re.findall(r"\{(\w+)\}", text)) for text in texts.values()}
        assert len(fields) == 1, key
