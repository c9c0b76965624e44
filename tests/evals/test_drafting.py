"""Drafts: what a document says becomes questions with reference, page and quote, in every language."""

from __future__ import annotations

import pytest

from copilot.types import LANGUAGES, Document, Element, ElementKind, Principal, Span
from evals.cases.drafting import Readable, drafts
from evals.cases.drafting_words import TEMPLATES

ASKER = Principal("eva", ("service",))
ROW = Element(ElementKind.TABLE_ROW, "Pump P-77\t-\t2,900", Span(3), context="Pumps\nPart\tNote\tSpeed (rpm)")
TEXT = Element(
    ElementKind.TEXT, "It is old. The valve ZM-2205 opens at 3 bar. The tank holds 40 litres.", Span(4),
    lines=((0, 10, 4, (0, 0, 1, 1)), (11, 44, 4, (0, 2, 1, 3)), (45, 70, 5, (0, 0, 1, 1))),
)
STEPS = [Element(ElementKind.LIST_ITEM, f"Do thing {name}.", Span(6), context=f"{at}.")
         for at, name in enumerate("abc", 1)]
HEADING = Element(ElementKind.TITLE, "2.1 Cooling", Span(3), level=2)


def document(name: str = "a.pdf", language: str = "en") -> Readable:
    found = Document(name, "kb", f"file:///x/{name}", "Pump book", name, "application/pdf", language, number="PB-1")
    return Readable(found, [HEADING, ROW, TEXT, *STEPS], name)


def test_a_cell_a_value_an_identifier_and_a_procedure_are_asked_for() -> None:
    made = {case.tags[-1]: case for case in drafts([document()], 10, "", ASKER) if case.tags[-1] != "value"}
    assert {case.question for case in drafts([document()], 10, "", ASKER)} == {
        "What is the Speed (rpm) of Pump P-77?",
        "What does “Cooling” say about ZM-2205?",
        "Which value applies to “Cooling” in PB-1?",
        "What are the steps of “Cooling” in PB-1?",
    }
    assert made["cell"].reference == "2,900" and made["cell"].sources[0].quote == "Pump P-77 | - | 2,900"
    assert made["identifier"].reference == "The valve ZM-2205 opens at 3 bar."
    assert [source.quote for source in made["procedure"].sources] == ["Do thing a.", "Do thing b.", "Do thing c."]


def test_a_bare_number_and_what_stands_below_a_licence_or_a_list_of_options_is_not_asked_for() -> None:
    bare = Element(ElementKind.TEXT, "There are 14 of them in all.", Span(1))
    small = Element(ElementKind.TITLE, "Warranty", Span(1), level=3)
    found = document().document
    assert drafts([Readable(found, [HEADING, bare], "a.pdf")], 9, "", ASKER) == []
    for title in ("Licence", "Autoren", "Options", "版权声明", "5 Indice"):
        above = Element(ElementKind.TITLE, title, Span(1), level=2)
        assert drafts([Readable(found, [above, TEXT, small, ROW], "a.pdf")], 9, "", ASKER) == [], title
    assert drafts([Readable(found, [above, TEXT, HEADING, ROW], "a.pdf")], 9, "", ASKER) != []


def test_the_page_is_that_on_which_the_sentence_starts() -> None:
    made = {case.tags[-1]: case for case in drafts([document()], 10, "", ASKER)}
    assert (made["identifier"].sources[0].page, made["value"].sources[0].page) == (4, 5)


def test_every_draft_carries_its_tag_its_asker_and_an_id_of_its_own() -> None:
    made = drafts([document("a.pdf"), document("b.pdf", "de")], 50, "", ASKER)
    assert len({case.id for case in made}) == len(made) == 8
    assert all(case.tags[0] == "draft" and case.principal == ASKER for case in made)


def test_the_same_documents_give_the_same_drafts_taken_in_turn() -> None:
    books = [document("a.pdf"), document("b.pdf", "de"), document("c.pdf", "fr")]
    made = drafts(books, 3, "", ASKER)
    assert made == drafts(books, 3, "", ASKER)
    assert [case.language for case in made] == ["en", "de", "fr"]


def test_another_language_makes_cases_across_languages() -> None:
    (case,) = drafts([document()], 1, "it", ASKER)
    assert case.language == "it" and case.tags[:3] == ("draft", "cross", "from-en")


def test_a_document_whose_language_is_unknown_waits_for_a_language() -> None:
    assert drafts([document(language="und")], 5, "", ASKER) == []
    assert len(drafts([document(language="und")], 5, "en", ASKER)) == 4


def test_what_stands_above_the_first_heading_or_says_nothing_is_left_out() -> None:
    found = document().document
    empty = Element(ElementKind.TABLE_ROW, "Pump P-78\t-\t-", Span(3), context="Part\tNote\tSpeed")
    torn = Element(ElementKind.TABLE_ROW, "Pump P-79\t12", Span(3), context="Part\tNote\tSpeed")
    assert drafts([Readable(found, [TEXT, empty, torn], "a.pdf")], 9, "", ASKER) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_wording_for_every_kind(language: str) -> None:
    texts = TEMPLATES[language]
    assert texts.keys() == TEMPLATES["en"].keys() and len(set(texts.values())) == len(texts)
    assert all("{subject}" in text and "{property}" in text for text in texts.values())
