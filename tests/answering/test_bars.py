"""What answers nothing: cover lines, other quantities, other ends of a time; and persons named by their role."""

from __future__ import annotations

import pytest

from copilot.answering.covers import asks_for_cover, is_cover
from copilot.answering.extractive import ExtractiveAnswerer
from copilot.answering.properties import asked_property
from copilot.answering.roles import tells_person
from copilot.answering.shapes.kinds import asks_whether
from copilot.answering.silence import longest, nowhere
from copilot.answering.stated import states
from copilot.answering.wanted import holds, other_end
from copilot.language import concepts
from copilot.types import Chunk, Document, Draft, ElementKind, Evidence, Hit, Passage, QueryTerm, Question, Span


@pytest.mark.parametrize(("line", "language"), [
    ("Document QX-110, edition 4, Nordwerk Ltd", "en"), ("Documento QX-110, revisão 4, Oficina do Sul, Lda.", "pt"),
    ("Nordwerk Motors - Arbeitsanweisung QX-110: Montage der Leitung", "de"),
    ("Prüfling: Kreiselpumpe QX-110, Fabriknummer 61 204", "de"),
    ("Nordwerk | QX-110 | rev. 4 | 12.03.2025 | Anna Kolb", "en"), ("文件 QX-110，版本 4", "zh"),
])  # fmt: skip
def test_line_that_only_identifies_is_a_cover_line(line: str, language: str) -> None:
    assert is_cover(line, language, (), ())


@pytest.mark.parametrize(("line", "language"), [
    ("The pump QX-110 is cooled by oil.", "en"), ("Replace filter QX-110.", "en"), ("Drain QX-110.", "en"),
    ("Voltage of QX-110: high", "en"),
    ("Kreiselpumpe QX-110: 12 bar", "de"), ("Die Pumpe QX-110 fördert Kühlmittel.", "de"),
    ("1. Fresar a cada 220 pontos em QX-1 e QX-2 e a cada 90 em QX-3", "pt"), ("其中120只来自QX-17和QX-18", "zh"),
    ("Wymienić filtr QX-110 co tydzień", "pl"), ("更换滤芯 QX-110", "zh"),
])  # fmt: skip
def test_line_that_says_something_is_no_cover_line(line: str, language: str) -> None:
    assert not is_cover(line, language, (), ())


def test_who_asks_for_an_edition_or_a_person_may_be_told_by_a_cover_line() -> None:
    assert asks_for_cover("Who wrote QX-110?") and asks_for_cover("Welche Ausgabe hat QX-110?")
    assert not asks_for_cover("Which oil does QX-110 need?")


@pytest.mark.parametrize(("question", "text", "told"), [
    ("Wer hat den Bericht verfasst?", "Autor: J. Kolb", True),
    ("Who inspected the press?", "Inspector | Ana Ruiz", True),
    ("Chi ha collaudato la pompa?", "Collaudatore: Mario Verdi", True), ("Who wrote it?", "Inspector: Ana Ruiz", False),
    ("Who wrote it?", "Author: unknown", False), ("What was written?", "Author: Ana Ruiz", False),
])  # fmt: skip
def test_person_is_told_beside_the_role_asked_for(question: str, text: str, told: bool) -> None:
    assert tells_person(question, text) is told


def test_person_may_have_an_initial() -> None:
    assert holds("person", "Prüfer: J. Kolb") and not holds("person", "1. Kolben")


@pytest.mark.parametrize(("question", "text", "stated"), [
    ("What happens at 12 V?", "At 12 V the lamp lights.", True), ("What happens at 12 V?", "The lamp lights.", False),
    ("What happens at 12 V?", "From 9 to 16 V the lamp lights.", True),
    ("What is due after 90 days?", "In 90 mm.", False),
    ("What happens after 5,000 events?", "After 5000 events it stops.", True),
    ("What happens after 5,000 events?", "After 800 events it stops.", False),
    ("What does error 115 mean?", "The pump is too hot.", True), ("What changed in 2024 models?", "The lid.", True),
])  # fmt: skip
def test_quantities_of_the_question_must_stand_in_the_quote(question: str, text: str, stated: bool) -> None:
    assert states(question, "en", text, "en", limits=False) is stated


def ask(question: str, text: str, title: str = "Control unit") -> Draft:
    chunk = Chunk("c", "d", "s", 0, text, text, (), ((0, len(text), Span(1, None, "")),), "en", ElementKind.TEXT)
    hit = Hit(chunk, Document("d", "kb", "file:///d.pdf", title, "s", "application/pdf"), 1.0)
    terms = tuple(
        QueryTerm(item.surface, item.terms[0], item.kind, 2.0, float(item.surface.casefold() in text.casefold()),
                  0.0 if item.kind == "function" else 2.0)
        for item in concepts(question, "en")
    )
    return ExtractiveAnswerer().answer(Evidence(Question(question), "en", (Passage(1, (hit,)),), {"en": terms}))


def test_limit_of_the_same_kind_is_quoted_to_who_asks_whether_but_decides_nothing() -> None:
    text = "The control unit tolerates a supply of at most 16 V."
    assert [item.text for item in ask("Does the control unit tolerate a supply of 17 V?", text).claims] == [text]
    assert ask("Does the control unit tolerate a supply of 16 V?", text).claims[0].text == "Yes."
    assert not ask("Does the control unit tolerate a supply of 17 V?", "The control unit weighs 17 kg.").claims


def test_author_in_a_title_block_is_quoted_and_a_cover_line_is_not() -> None:
    told = ask("Who wrote the report QX-110?", "Report QX-110. Author: Ana Ruiz", "Report QX-110")
    assert told.claims[0].text == "Author: Ana Ruiz"
    assert not ask("Which oil does QX-110 need?", "Report QX-110, edition 4, Nordwerk Ltd", "Reports").claims
    assert ask("Which pump does line 7 use?", "Line 7\nPump: QX-110", "Lines").probability > 0


def test_question_without_a_word_that_asks_is_one_for_yes_or_no_in_romance_languages() -> None:
    assert asks_whether("La pompa supera 300 bar?", "it") and asks_whether("Does it run?", "en")
    assert not asks_whether("A quanti bar lavora la pompa?", "it") and not asks_whether("pompa 300 bar", "it")


def test_until_is_no_answer_to_since_when() -> None:
    assert other_end("Since when is it valid?", "Valid until 1 May 2025.")
    assert not other_end("Since when is it valid?", "Valid from 1 May 2024 until 1 May 2025.")
    assert not other_end("When was it changed?", "Valid until 1 May 2025.")


def test_tolerance_is_no_diameter_and_how_fast_may_be_a_time() -> None:
    assert asked_property("What diameter does the bore have?", "en").held("Tolerance: 2 mm", "en") == 0.0
    assert asked_property("Wie schnell muss das Ventil öffnen?", "de").held("Das Ventil öffnet in 2 s.", "de") > 0


def test_what_stands_in_a_passage_even_inside_a_word_is_not_called_missing() -> None:
    assert nowhere(("Strom", "AHK-990", "12"), ["förderstrom 120 l"]) == ("AHK-990", "12")
    assert longest(["AHK-990", "AHK", "AHK-990"]) == ("AHK-990",)
