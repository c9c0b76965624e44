from __future__ import annotations

import datetime as dt

import pytest

from copilot.answering.citations import cite
from copilot.conflicts import applicability_notes, conflicts, scope
from copilot.types import (
    Applicability,
    Chunk,
    Claim,
    Document,
    ElementKind,
    Evidence,
    Hit,
    Passage,
    Question,
    Span,
    Support,
)


def hit(name: str, text: str, language: str = "en", **more: object) -> Hit:
    more = {"family": "plug", **more}
    document = Document(name, "kb", f"file:///{name}.md", name, name, "text/markdown", language, **more)  # type: ignore[arg-type]
    chunk = Chunk(
        f"{name}-c", name, name, 0, text, text, (), ((0, len(text), Span(1)),), language, ElementKind.TEXT
    )
    return Hit(chunk, document, 1.0)


def answered(*hits: Hit, question: str = "Which torque?") -> tuple[list[Claim], Evidence]:
    """The first hit is claimed, the others stand beside it."""
    passages = tuple(Passage(number, (item,)) for number, item in enumerate(hits, 1))
    first = hits[0]
    claim = Claim(
        first.chunk.text, "original", (cite(first, 0, len(first.chunk.text), 1),), Support(0.9, "quoted verbatim")
    )
    return [claim], Evidence(Question(question), "en", passages)


SPEC = "The drain plug is tightened to 35 Nm."
MANUAL = "Die Ablassschraube wird mit 25 Nm angezogen."


def test_both_readings_are_told_with_the_newer_and_whom_to_ask() -> None:
    old = hit("spec", SPEC, effective=dt.date(2024, 1, 1), owner="A. Old")
    new = hit("manual", MANUAL, "de", effective=dt.date(2025, 1, 1), owner="B. New")
    found = conflicts(*answered(old, new))
    assert [(item.value, item.newest) for item in found[0].readings] == [("35 Nm", False), ("25 Nm", True)]
    assert found[0].readings[1].citation.quote == MANUAL
    assert "ask B. New" in found[0].reason


def test_what_agrees_is_no_conflict() -> None:
    assert conflicts(*answered(hit("spec", SPEC), hit("manual", MANUAL.replace("25", "35"), "de"))) == ()


def test_what_the_other_document_also_says_settles_it() -> None:
    other = hit("manual", "The drain plug is tightened to 35 Nm. The filler plug is tightened to 25 Nm.")
    assert conflicts(*answered(hit("spec", SPEC), other)) == ()


def test_a_superseded_source_contradicts_nothing() -> None:
    assert conflicts(*answered(hit("spec", SPEC), hit("manual", MANUAL, "de", status="superseded"))) == ()


def test_an_edition_beyond_the_evidence_may_be_handed_in() -> None:
    claims, evidence = answered(hit("spec", SPEC))
    assert conflicts(claims, evidence) == ()
    assert conflicts(claims, evidence, [hit("manual", MANUAL, "de")])


def test_the_scope_of_a_document_is_told_on_one_line() -> None:
    assert scope(Applicability(("Turin", "Tychy"), ("Civetta E",), (2024, 2025, 2026))) == (
        "Turin, Tychy, Civetta E, 2024-2026"
    )
    assert scope(Applicability()) == ""


def test_a_question_about_another_site_is_warned_in_its_language() -> None:
    turin = hit("spec", SPEC, applicability=Applicability(sites=("Turin",)))
    tychy = hit("other", "Nothing here.", applicability=Applicability(sites=("Tychy",)))
    claims, evidence = answered(turin, tychy, question="Which torque has the drain plug in Tychy?")
    assert applicability_notes(claims, evidence) == (
        "\u201cspec\u201d applies to Turin; the question is about Tychy.",
    )
    assert applicability_notes(*answered(turin, tychy, question="Which torque has the drain plug in Turin?")) == ()


def read(title: str, text: str) -> Hit:
    """A passage of a document that is a family of its own."""
    return hit(title, text, family=title)


def test_documents_of_two_families_conflict_where_their_titles_name_one_thing() -> None:
    one = read("Gearbox PH-250 handbook", "The drain plug of the gearbox is tightened to 35 Nm.")
    other = read("Gearbox PH-250 assembly", "The drain plug of the gearbox is tightened to 25 Nm.")
    assert conflicts(*answered(one, other))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Press PH-250", "The oil pressure is 35 bar."), ("Press PHM-160", "The oil pressure is 25 bar.")),
        (("Press KR-80/160", "The oil pressure is 35 bar."), ("Press KR-80/200", "The oil pressure is 25 bar.")),
        (("Welding robot", "The base bolts get 35 Nm."), ("Crane", "The base bolts get 25 Nm.")),
        (("Belt drive", "Manual mode speed: 35 m/min."), ("Belt drive", "Automatic mode speed: 25 m/min.")),
        (("Belt drive", "Weight with motor: 35 kg."), ("Belt drive basics", "Weight without motor: 25 kg.")),
        (("Belt drive", "Upper end position: 35 mm."), ("Belt drive basics", "Lower end position: 25 mm.")),
        (("Belt drive", "Start delay: 35 s."), ("Belt drive basics", "Stop delay: 25 s.")),
    ],
)
def test_values_of_two_machines_or_variants_are_no_conflict(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert conflicts(*answered(read(*first), read(*second))) == ()
