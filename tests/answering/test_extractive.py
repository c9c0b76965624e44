"""The answerer over hand-made passages: what it quotes, and when it finds nothing."""

import pytest

from copilot.answering.extractive import ExtractiveAnswerer
from copilot.answering.verification import plain, verify
from copilot.language import concepts
from copilot.types import (
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


def _hit(number: int, text: str, kind: ElementKind = ElementKind.TEXT, context: str = "") -> Hit:
    span = Span(number, (10.0, 10.0, 200.0, 20.0), "")
    chunk = Chunk(
        f"c{number}", f"d{number}", "s", 0, text, f"{context}\n{text}", ("Torques",), ((0, len(text), span),), "en",
        kind,
    )
    uri = f"file:///manual{number}.pdf"
    document = Document(f"d{number}", "service", uri, "Battery manual", "s", "application/pdf")
    return Hit(chunk, document, 3.0 - number)


def _ask(question: str, *hits: Hit) -> Draft:
    corpus = " ".join(hit.chunk.embed_text for hit in hits).lower()
    asked = tuple(
        QueryTerm(item.surface, item.terms[0], item.kind, 2.0, int(item.surface.lower() in corpus), weight)
        for item in concepts(question, "en")
        if (weight := 0.0 if item.kind == "function" else 2.0) or True
    )
    passages = tuple(Passage(marker, (hit,)) for marker, hit in enumerate(hits, start=1))
    return ExtractiveAnswerer().answer(Evidence(Question(question), "en", passages, {"en": asked}))


BOLTS = _hit(
    1,
    "Clean the sealing face with alcohol. Tighten the M8 housing bolts to 24 Nm in two passes. Fit the cover.",
)
COOLING = _hit(2, "The cooling circuit holds 6.5 litres. Bleed it at the upper valve after every repair.")


def test_answer_quotes_the_sentence_verbatim_with_its_box() -> None:
    draft = _ask("What is the tightening torque of the housing bolts?", BOLTS, COOLING)
    first = draft.claims[0]
    assert first.text == "Tighten the M8 housing bolts to 24 Nm in two passes."
    assert first.citations[0].quote in BOLTS.chunk.text
    assert first.citations[0].pages == (1,) and first.citations[0].boxes


def test_answer_absent_topic_is_not_found() -> None:
    assert not _ask("Which cafeteria menu is served on Fridays?", BOLTS, COOLING).claims


@pytest.mark.parametrize("question", [
    "Torque of the M12 housing bolts?", "Tighten PPR-9087 housing bolts to what torque?",
])
def test_answer_identifier_that_is_not_there_is_not_answered_by_a_neighbour(question: str) -> None:
    draft = _ask(question, BOLTS, COOLING)
    assert not draft.claims
    assert draft.missing


def test_answer_row_is_quoted_whole() -> None:
    row = _hit(3, "M10\t10.9\t64 Nm", ElementKind.TABLE_ROW, "Bolt: M10; Class: 10.9; Tightening torque: 64 Nm")
    draft = _ask("Which tightening torque for M10 bolt of class 10.9?", row, COOLING)
    assert draft.claims[0].text == "M10\t10.9\t64 Nm"


def test_verify_drops_a_quote_that_the_stored_text_does_not_hold() -> None:
    claim = _ask("What is the tightening torque of the housing bolts?", BOLTS, COOLING).claims[0]
    kept, _ = verify([claim], lambda _: BOLTS.chunk.text, lambda _: [claim.text])
    assert kept and kept[0].support.reason.startswith("quote read again")
    altered, warnings = verify([claim], lambda _: BOLTS.chunk.text.replace("24", "42"), lambda _: [claim.text])
    assert not altered and warnings
    misplaced, _ = verify([claim], lambda _: BOLTS.chunk.text, lambda _: ["Fit the cover."])
    assert not misplaced


def test_plain_ignores_white_space_and_compatibility_forms() -> None:
    assert plain("24\u00a0Nm  ﬁne") == plain("24 Nm fine")
