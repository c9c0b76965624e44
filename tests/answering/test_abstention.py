"""When nothing may be claimed: properties that nobody tells, names that stand nowhere, and what is told instead."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from copilot.answering.calibration import FILE, Calibration, Curve, load_calibration, shipped, to_text
from copilot.answering.extractive import ExtractiveAnswerer
from copilot.answering.heads import head
from copilot.answering.parts import parts
from copilot.answering.properties import asked_property, properties
from copilot.errors import SettingsError
from copilot.language import concepts
from copilot.types import (
    LANGUAGES,
    Chunk,
    Document,
    Draft,
    ElementKind,
    Evidence,
    Hit,
    Passage,
    QueryTerm,
    Question,
    Span,
)


def hit(number: int, text: str, kind: ElementKind = ElementKind.TEXT, context: str = "", language: str = "en") -> Hit:
    span = Span(number, None, "")
    chunk = Chunk(f"c{number}", f"d{number}", "s", 0, text, f"Battery pack\n{context}\n{text}", ("Battery pack",),
                  ((0, len(text), span),), language, kind)
    document = Document(f"d{number}", "kb", f"file:///{number}.pdf", "Battery manual", "s", "application/pdf")
    return Hit(chunk, document, 3.0 - number)


def evidence(question: str, *hits: Hit, language: str = "en") -> Evidence:
    corpus = " ".join(item.chunk.embed_text for item in hits).casefold()
    terms = tuple(
        QueryTerm(item.surface, item.terms[0], item.kind, 2.0, float(item.surface.casefold() in corpus),
                  0.0 if item.kind == "function" else 2.0)
        for item in concepts(question, language)
    )
    passages = tuple(Passage(marker, (item,)) for marker, item in enumerate(hits, start=1))
    return Evidence(Question(question), language, passages, {language: terms})


def ask(question: str, *hits: Hit, language: str = "en") -> Draft:
    return ExtractiveAnswerer().answer(evidence(question, *hits, language=language))


VOLTAGE = hit(1, "The battery pack BP-4471-02 has a nominal voltage of 393 V when new. It is cooled by liquid.")
BOLT = hit(2, "M8 x 25\t24\t90", ElementKind.TABLE_ROW, "Bolt 5520-117; Thread; Torque (Nm); Angle (degrees)")


@pytest.mark.parametrize(("question", "language", "name"), [
    ("What is the weight of the battery pack?", "en", "mass"), ("How heavy is the pack?", "en", "mass"),
    ("Wie schwer ist die Batterie?", "de", "mass"), ("Was kostet das Ventil?", "de", "price"),
    ("Combien pèse la batterie ?", "fr", "mass"), ("Quelle est la durée de vie de la batterie ?", "fr", "lifetime"),
    ("¿De qué color es la manguera?", "es", "colour"), ("Quanto pesa la batteria?", "it", "mass"),
    ("Ile waży akumulator?", "pl", "mass"), ("Quem fabrica a prensa?", "pt", "manufacturer"),
    ("电池包的重量是多少？", "zh", "mass"), ("螺栓的直径多大？", "zh", "dimensions"),
])  # fmt: skip
def test_the_property_asked_for_is_recognised(question: str, language: str, name: str) -> None:
    assert [item.name for item in asked_property(question, language).properties] == [name]


@pytest.mark.parametrize(("question", "language"), [
    ("How do I check the pressure?", "en"), ("Why did the temperature rise?", "en"),
    ("Wie viele Liter fasst der Tank?", "de"), ("Wann wird das Gewicht gemessen?", "de"),
    ("Qui a mesuré la température ?", "fr"), ("¿Cuánto nos paga la empresa por cada hora de línea parada?", "es"),
])  # fmt: skip
def test_no_property_is_read_into_other_questions(question: str, language: str) -> None:
    assert asked_property(question, language).properties == ()


def test_every_property_has_words_in_every_language() -> None:
    for item in properties():
        assert set(item.names) == set(LANGUAGES), item.name
        assert all(item.told[language].search(item.names[language].casefold()) for language in LANGUAGES), item.name


def test_a_value_that_is_called_otherwise_does_not_tell_the_property() -> None:
    asked = asked_property("How thick is the disc?", "en")
    assert asked.held("Thickness (mm) | 28", "en") == 1.0
    assert 0 < asked.held("The disc has 28 mm.", "en") < 1
    assert asked.held("Diameter (mm) | 302", "en") == 0.0


def test_property_that_no_passage_tells_is_named_and_a_neighbour_only_shown() -> None:
    draft = ask("What is the weight of the battery pack BP-4471-02?", VOLTAGE)
    assert not draft.claims and draft.missing == ("weight",)
    assert [item.quote for item in draft.closest] == [VOLTAGE.chunk.text.split(" It ")[0]]


def test_property_that_is_told_is_answered() -> None:
    draft = ask("What is the nominal voltage of the battery pack BP-4471-02?", VOLTAGE)
    assert draft.claims[0].text.endswith("393 V when new.") and not draft.missing and not draft.closest


def test_header_of_a_table_tells_the_property_of_its_rows() -> None:
    assert ask("Which torque does the bolt 5520-117 get?", BOLT).claims
    draft = ask("Which colour does the bolt 5520-117 have?", BOLT)
    assert not draft.claims and draft.missing == ("colour",)


def test_missing_property_is_named_in_the_language_of_the_question() -> None:
    pack = hit(3, "Die Batterie BP-4471-02 hat eine Nennspannung von 393 V.", language="de")
    assert ask("Wie schwer ist die Batterie BP-4471-02?", pack, language="de").missing == ("Gewicht",)


def test_absent_topic_has_nothing_close() -> None:
    draft = ask("Which menu does the canteen serve tomorrow?", VOLTAGE, BOLT)
    assert not draft.claims and not draft.closest and not draft.missing


def test_two_properties_of_which_one_is_told_are_answered_in_part() -> None:
    draft = ask("What is the weight and the nominal voltage of the battery pack BP-4471-02?", VOLTAGE)
    assert draft.claims[0].text.endswith("393 V when new.") and draft.missing == ("weight",)


def test_second_clause_about_the_same_thing_is_answered_in_part() -> None:
    draft = ask("What is the nominal voltage of the battery pack BP-4471-02 and who manufactures it?", VOLTAGE)
    assert draft.claims[0].text.endswith("393 V when new.") and draft.missing == ("manufacturer",)


def test_two_identifiers_of_which_one_is_there_are_answered_in_part() -> None:
    draft = ask("Which nominal voltage have BP-4471-02 and BP-9999-77?", VOLTAGE)
    assert draft.claims[0].text.endswith("393 V when new.") and draft.missing == ("BP-9999-77",)


@pytest.mark.parametrize("question", [
    "What is the nominal voltage of the pack?", "Which bolts and nuts are used?", "What happens at 60 °C and above?",
])
def test_questions_that_ask_one_thing_have_no_parts(question: str) -> None:
    assert parts(evidence(question, VOLTAGE)) == ()


@pytest.mark.parametrize(("question", "language", "words"), [
    ("Which certificate does the operator need?", "en", ("certificate",)),
    ("What frame rate does the camera have?", "en", ("frame", "rate")),
    ("Welche Ausbildung hat der Prüfer?", "de", ("Ausbildung",)),
    ("机器人的最大负载是多少？", "zh", ("负载",)), ("How do I open it?", "en", ()),
])
def test_the_noun_asked_for_is_found_behind_the_word_that_asks(
    question: str, language: str, words: tuple[str, ...]
) -> None:
    assert head(question, language) == words


def test_inflected_name_is_not_missing_and_a_lower_case_word_is_no_name() -> None:
    audit = hit(4, "Audyt odbył się w zakładzie Madryt w maju.", language="pl")
    assert "Madrycie" not in ask("Kiedy odbył się audyt w Madrycie?", audit, language="pl").missing
    assert ask("Jaki jest ścieg po rozprowadzeniu?", audit, language="pl").missing == ()


def test_invented_german_name_is_missing_and_a_compound_is_not() -> None:
    plant = hit(5, "Im Werk Turin werden die Schrauben mit 24 Nm angezogen.", language="de")
    assert ask("Wie werden Schrauben im Werk Marwitzer angezogen?", plant, language="de").missing == ("Marwitzer",)
    assert ask("Wie werden Schrauben in der Motorhalle angezogen?", plant, language="de").missing == ()


def test_curve_of_a_pair_goes_before_the_pooled_one() -> None:
    curves = {"own": Curve(1.0, 0.0), "other": Curve(1.0, 0.0), "de>en": Curve(1.0, 2.0), "de": Curve(1.0, -2.0)}
    made = Calibration(curves, {"own": 0.3, "other": 0.4})
    assert made.chance(0.0, "de", "en") > made.chance(0.0, "fr", "en") > made.chance(0.0, "de", "de")
    assert (made.threshold(False), made.threshold(True)) == (0.3, 0.4)


def test_calibration_of_the_data_folder_goes_before_the_shipped_one(tmp_path: Path) -> None:
    assert load_calibration(tmp_path) == shipped()
    own = Calibration({"own": Curve(2.0, -1.0, 60), "other": Curve(1.5, 0.5, 50)}, {"own": 0.5, "other": 0.6}, 0.7,
                      "2026-11-21", "team.jsonl", 100)
    (tmp_path / FILE).write_text(to_text(own), encoding="utf-8")
    assert load_calibration(tmp_path) == own and "team.jsonl" in load_calibration(tmp_path).told


def test_curves_fitted_without_the_reader_do_not_serve_with_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE).write_text(to_text(replace(shipped(), source="team.jsonl")), encoding="utf-8")
    assert load_calibration(tmp_path).source == "team.jsonl"
    assert not caplog.records
    assert load_calibration(tmp_path, reads=True) == shipped(reads=True) != shipped()
    assert "without the reader; refit it with `copilot eval calibrate`" in caplog.text
    (tmp_path / FILE).write_text(to_text(replace(shipped(reads=True), source="team.jsonl")), encoding="utf-8")
    assert load_calibration(tmp_path, reads=True).source == "team.jsonl"


@pytest.mark.parametrize("text", [
    "", "{}", "[1]", json.dumps({"format": 1, "curves": {}, "speak": {"own": 0.5, "other": 0.5}}),
    to_text(Calibration({"own": Curve(-1.0, 0.0), "other": Curve(1.0, 0.0)}, {"own": 0.5, "other": 0.5})),
    to_text(Calibration({"own": Curve(1.0, 0.0), "other": Curve(1.0, 0.0)}, {"own": 1.5, "other": 0.5})),
])  # fmt: skip
def test_broken_calibration_is_refused_with_its_cure(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="copilot eval calibrate"):
        load_calibration(tmp_path)


def test_answerer_is_silent_below_the_threshold_of_its_calibration() -> None:
    asked = evidence("What is the nominal voltage of the battery pack BP-4471-02?", VOLTAGE)
    strict = Calibration(shipped().curves, {"own": 1.0, "other": 1.0})
    draft = ExtractiveAnswerer(calibration=strict).answer(asked)
    assert not draft.claims and 0 < draft.probability < 1 and draft.closest
