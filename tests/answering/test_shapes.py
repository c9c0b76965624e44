"""Answers of the shape that a question asks for: rows under their heads, whole procedures, lists, comparisons."""

from collections.abc import Sequence

import pytest

from copilot.answering.columns import columns, labelled
from copilot.answering.extractive import ExtractiveAnswerer
from copilot.answering.numbering import marked_text
from copilot.answering.shapes import Shape, shape_of
from copilot.answering.shapes.comparison import sides
from copilot.answering.shapes.news import tells_more
from copilot.answering.shapes.runs import runs
from copilot.language import concepts
from copilot.types import (
    Chunk,
    Document,
    Draft,
    Element,
    ElementKind,
    Evidence,
    Hit,
    Passage,
    QueryTerm,
    Question,
    Span,
)


def _document(number: int) -> Document:
    return Document(f"d{number}", "service", f"file:///m{number}.docx", f"Manual {number}", "s", "text/markdown")


def _hit(number: int, text: str, headings: tuple[str, ...] = (), described: str = "") -> Hit:
    kind = ElementKind.TABLE_ROW if described else ElementKind.TEXT
    told = "\n".join((*headings, described or text))
    chunk = Chunk(f"c{number}", f"d{number}", "s", 0, text, told, headings, ((0, len(text), Span()),), "en", kind)
    return Hit(chunk, _document(number), 3.0 - number / 10)


def _ask(question: str, hits: Sequence[Hit], elements: Sequence[Element] = ()) -> Draft:
    corpus = " ".join(hit.chunk.embed_text for hit in hits).lower()
    asked = tuple(
        QueryTerm(item.surface, item.terms[0], item.kind, 2.0, int(item.surface.lower() in corpus),
                  0.0 if item.kind == "function" else 2.0)
        for item in concepts(question, "en")
    )
    passages = tuple(Passage(marker, (hit,)) for marker, hit in enumerate(hits, start=1))
    evidence = Evidence(Question(question), "en", passages, {"en": asked}, lambda document: elements)
    return ExtractiveAnswerer().answer(evidence)


def _list(*texts: str, kind: ElementKind = ElementKind.LIST_ITEM) -> list[Element]:
    return [Element(kind, text, Span()) for text in texts]


PROCEDURE = [
    Element(ElementKind.TITLE, "Replacing the coolant pump", Span(), level=1),
    Element(ElementKind.TEXT, "Wear gloves.", Span()),
    *_list("1. Drain the coolant.", "2. Remove the two clamps of the coolant pump.", "3. Fit the new coolant pump."),
    Element(ElementKind.TEXT, "Service page 12", Span()),
    *_list("4. Fill up and bleed."),
    Element(ElementKind.TITLE, "Tools", Span(), level=1),
    *_list("torque wrench", "clamp pliers"),
]


@pytest.mark.parametrize(("language", "question", "shape"), [
    ("en", "How do I replace the coolant pump?", Shape.STEPS),
    ("en", "How many bolts hold the cover?", Shape.VALUE),
    ("en", "How long must I wait?", Shape.VALUE),
    ("de", "Wie wird die Pumpe gewechselt?", Shape.STEPS),
    ("de", "Wie hoch ist das Drehmoment?", Shape.VALUE),
    ("fr", "Comment remplacer la pompe ?", Shape.STEPS),
    ("es", "¿Cómo se cambia la bomba?", Shape.STEPS),
    ("it", "Come si sostituisce la pompa?", Shape.STEPS),
    ("pt", "Como se troca a bomba?", Shape.STEPS),
    ("pl", "Jak wymienić pompę?", Shape.STEPS),
    ("zh", "如何更换冷却泵？", Shape.STEPS),
    ("de", "Was bedeutet P0AA1?", Shape.DEFINITION),
    ("zh", "P0AA1 是什么意思？", Shape.DEFINITION),
    ("pl", "Czy wolno otworzyć obudowę?", Shape.YES_NO),
    ("fr", "Est-ce qu'on peut réutiliser les vis ?", Shape.YES_NO),
    ("zh", "螺栓可以重复使用吗？", Shape.YES_NO),
    ("de", "Was kostet das?", Shape.VALUE),
    ("it", "Quali attrezzi servono?", Shape.LIST),
    ("es", "¿Cuál es la diferencia entre P0AA1 y P0AA4?", Shape.COMPARISON),
])
def test_shape_follows_the_wording_of_the_question(language: str, question: str, shape: Shape) -> None:
    assert shape_of(question, language) is shape


def test_a_procedure_is_told_whole_and_in_order_across_a_page_break() -> None:
    found = _hit(1, "2. Remove the two clamps of the coolant pump.", ("Replacing the coolant pump",))
    draft = _ask("How do I replace the coolant pump?", [found], PROCEDURE)
    assert draft.shape == "steps"
    assert [claim.text[:2] for claim in draft.claims] == ["1.", "2.", "3.", "4."]
    assert all(claim.citations[0].quote == claim.text for claim in draft.claims)


def test_a_list_is_told_whole_where_its_item_answers_and_numbers_are_not_asked_for() -> None:
    draft = _ask("Which tools are needed for clamps?", [_hit(1, "clamp pliers", ("Tools",))], PROCEDURE)
    assert [claim.text for claim in draft.claims] == ["torque wrench", "clamp pliers"]


def test_a_count_that_starts_again_begins_another_list() -> None:
    elements = _list("1. a one", "2. a two", "1. b one", "2. b two")
    assert [[item.text for item in run.items] for run in runs(elements)] == [
        ["1. a one", "2. a two"], ["1. b one", "2. b two"],
    ]


def test_counted_lines_of_a_scan_are_a_list_but_prose_is_not() -> None:
    assert len(runs(_list("1. Push the pipe.", "2. Pull it.", kind=ElementKind.TEXT))) == 1
    assert not runs(_list("Push the pipe.", "Pull it.", kind=ElementKind.TEXT))


def test_a_row_is_quoted_verbatim_and_told_under_its_heads() -> None:
    row = _hit(1, "M10\t10.9\t64 Nm", described="Bolt: M10; Class: 10.9; Tightening torque: 64 Nm")
    draft = _ask("Which tightening torque for the M10 bolt of class 10.9?", [row])
    assert draft.claims[0].text == draft.claims[0].citations[0].quote == "M10\t10.9\t64 Nm"
    assert marked_text(draft.claims) == "Bolt: M10 | Class: 10.9 | Tightening torque: 64 Nm [1]"
    assert columns(row.chunk) == ("Bolt", "Class", "Tightening torque")


def test_a_row_whose_heads_do_not_fit_is_told_as_it_is() -> None:
    assert labelled("a\tb", ("Only one",)) == "a\tb"


@pytest.mark.parametrize(("language", "question", "expected"), [
    ("en", "What is the difference between the front axle and the rear axle?", ("front axle", "rear axle")),
    ("de", "Was ist der Unterschied zwischen der Vorderachse und der Hinterachse?", None),
    ("de", "Was ist der Unterschied zwischen Revision B und Revision C?", ("Revision B", "Revision C")),
    ("fr", "Quelle est la différence entre la pompe P1 et la pompe P2 ?", ("pompe P1", "pompe P2")),
    ("zh", "P0AA1和P0AA4有什么区别？", ("P0AA1", "P0AA4")),
    ("en", "What is the torque?", None),
])
def test_the_sides_of_a_comparison_are_told_apart(
    language: str, question: str, expected: tuple[str, str] | None
) -> None:
    found = sides(question, language)
    assert found == expected or expected is None and (found is None or "zwischen" in question)


def test_a_comparison_answers_each_side_and_names_the_one_that_nothing_answers() -> None:
    gross = _hit(1, "Energy, gross\t62.4 kWh", described="Property: Energy, gross; Value: 62.4 kWh")
    usable = _hit(2, "Energy, usable\t58.0 kWh", described="Property: Energy, usable; Value: 58.0 kWh")
    rest = [_hit(number, f"Bracket {number} is made of steel.") for number in (9, 19, 29)]
    both = _ask("Compare the gross energy with the usable energy", [gross, usable, *rest])
    assert {claim.text for claim in both.claims} == {gross.chunk.text, usable.chunk.text}
    assert both.shape == "comparison" and not both.missing
    half = _ask("Compare the energy of P0AA1 with P0ZZ9", [_hit(1, "P0AA1: energy stored is 58 kWh.")])
    assert [claim.text for claim in half.claims] == ["P0AA1: energy stored is 58 kWh."]
    assert half.missing == ("P0ZZ9",)


def test_what_only_repeats_the_question_and_the_heading_tells_nothing() -> None:
    asked = (QueryTerm("torque", "torqu", "word", 1.0, 1, 1.0),)
    assert not tells_more("Torque values", "Torque values of the axle", asked, "en")
    assert tells_more("Torque 24 Nm", "Torque values of the axle", asked, "en")


@pytest.mark.parametrize(("question", "text", "word"), [
    ("May a kinked coolant line be installed?", "A kinked coolant line must not be installed.", "No."),
    ("Must the coolant line be replaced?", "The coolant line must be replaced after every leak.", "Yes."),
    ("Must the coolant line be replaced?", "Wear gloves when you touch the coolant line.", ""),
    ("Is the valve open?", "The valve is closed.", ""),
])
def test_yes_or_no_is_said_only_where_the_sentence_decides(question: str, text: str, word: str) -> None:
    draft = _ask(question, [_hit(1, text)])
    said = [claim.text for claim in draft.claims if claim.kind == "computed"]
    assert said == ([word] if word else [])
    if word:
        assert draft.claims[0].citations[0].quote == draft.claims[1].text == text


def test_a_cell_under_the_head_that_is_asked_for_says_yes_or_no() -> None:
    row = _hit(1, "Housing bolt\t24\tno", described="Joint: Housing bolt; Torque (Nm): 24; Reuse allowed: no")
    draft = _ask("Is reuse of the housing bolt allowed?", [row])
    assert [claim.text for claim in draft.claims][:2] == ["No.", row.chunk.text]


def test_a_definition_goes_before_a_mention() -> None:
    mention = _hit(1, "The BDU was changed in revision B of the pack.")
    meaning = _hit(2, "The battery disconnect unit (BDU) holds the main contactors and the fuse.")
    rest = [_hit(number, f"Bracket {number} is made of steel.") for number in (9, 19, 29)]
    draft = _ask("What does BDU stand for?", [mention, meaning, *rest])
    assert draft.shape == "definition"
    assert draft.claims[0].text == meaning.chunk.text
