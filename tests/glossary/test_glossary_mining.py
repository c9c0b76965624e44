"""Editions of one document are aligned, and words that always meet are suggested; checks find forbidden words."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.catalog import CURRENT, Catalog, Policy
from copilot.codec import parsed_file, write_elements
from copilot.glossary import Glossary, Imported, import_glossary
from copilot.glossary.alignment import align
from copilot.glossary.checking import check, document_passages
from copilot.glossary.mining import mine
from copilot.glossary.suggesting import suggest, to_csv
from copilot.library import Library
from copilot.settings import Settings
from copilot.types import Document, Element, ElementKind, KnowledgeBase, Principal, Span

ANNA = Principal("anna")
ENGLISH = (
    "Tighten the housing bolts to 24 Nm.", "The coolant pump P-100 stops.", "Replace the coolant after 4 years.",
    "Check the housing bolts for rust.", "Coolant must not touch the busbar.", "The busbar B-7 carries 400 A.",
    "Loosen the housing bolts.", "Clean the busbar with alcohol.", "Note the mileage.",
)  # fmt: skip
GERMAN = (
    "Die Gehäuseschrauben mit 24 Nm anziehen.", "Die Pumpe P-100 für das Kühlmittel bleibt stehen.",
    "Nach 4 Jahren das Kühlmittel ersetzen.", "Die Gehäuseschrauben auf Rost prüfen.",
    "Kühlmittel darf die Stromschiene nicht berühren.", "Die Stromschiene B-7 führt 400 A.",
    "Die Gehäuseschrauben lösen.", "Die Stromschiene mit Alkohol reinigen.", "Den Kilometerstand notieren.",
)  # fmt: skip


def elements(texts: tuple[str, ...]) -> list[Element]:
    return [Element(ElementKind.TEXT, text, Span(number)) for number, text in enumerate(texts, start=1)]


def test_align_pairs_what_says_the_same_and_leaves_out_what_only_one_has() -> None:
    longer = ("Ein Satz nur hier, ohne Gegenstück, mit der Nummer 999 und viel Text drum herum.", *GERMAN)
    pairs = align(elements(ENGLISH), elements(longer), "en", "de")
    assert [(left.text, right.text) for left, right in pairs] == list(zip(ENGLISH, GERMAN, strict=True))
    assert align([], elements(GERMAN), "en", "de") == []


def test_mine_finds_words_that_always_meet() -> None:
    pairs = mine(list(zip(ENGLISH, GERMAN, strict=True)), "en", "de")
    found = {pair.left: (pair.right, pair.count) for pair in pairs}
    assert found["housing bolts"] == ("Gehäuseschrauben", 3)
    assert found["coolant"] == ("Kühlmittel", 3)
    assert found["busbar"] == ("Stromschiene", 3)
    assert set(found) == {"housing bolts", "coolant", "busbar"}, "what was seen once is not suggested"


@pytest.fixture
def library(tmp_path: Path, catalog: Catalog) -> Library:
    """A family of two editions that Anna may read, and one document that she may not."""
    settings = Settings(data_dir=tmp_path)
    catalog.put_knowledge_base(KnowledgeBase("service"))
    secret = ("Streng geheim: die Stromschiene XYZ und die Sammelschiene.",)
    for name, language, texts, groups in (
        ("d1", "en", ENGLISH, ()), ("d2", "de", GERMAN, ()), ("d3", "de", secret, ("board",)),
    ):  # fmt: skip
        document = Document(name, "service", f"file:///{name}.txt", name, name * 32, "text/plain", language,
                            family="SM-1" if not groups else "", acl=groups, pipeline="p")  # fmt: skip
        catalog.put_document(document, Policy.of("service", groups, CURRENT))
        write_elements(parsed_file(settings.parsed_path, document), elements(texts))
    return Library(catalog, settings)


def test_suggest_writes_a_table_that_import_takes(library: Library, catalog: Catalog, tmp_path: Path) -> None:
    mined = suggest(library, ANNA, "service")
    assert (mined.families, dict(mined.passages)) == (1, {"en-de": 9})
    rows = list(csv.DictReader(io.StringIO(to_csv(mined.suggestions))))
    assert {(row["en"], row["de"]) for row in rows} == {
        ("housing bolts", "Gehäuseschrauben"), ("coolant", "Kühlmittel"), ("busbar", "Stromschiene"),
    }  # fmt: skip
    (tmp_path / "s.csv").write_text(to_csv(mined.suggestions), "utf-8")
    assert import_glossary(catalog, tmp_path / "s.csv", "service").problems == ()
    again = suggest(library, ANNA, "service", (), Glossary(catalog), ("service",))
    assert again.suggestions == (), "what the glossary has is not suggested again"


def test_suggest_keeps_to_the_languages_asked_for(library: Library) -> None:
    assert suggest(library, ANNA, "", ("de", "fr")).suggestions == ()


def test_check_finds_forbidden_terms_where_they_stand_and_only_in_what_may_be_read(
    library: Library, catalog: Catalog, take: Callable[..., Imported]
) -> None:
    take("concept,en,de,de_forbidden\n1,busbar,Sammelschiene,Stromschiene\n2,coolant,,\n")
    glossary = Glossary(catalog)
    done = check(glossary, ["service"], document_passages(library, ANNA, ["service"]), {"de", "en"})
    assert [(item.document, item.page, item.found, item.use) for item in done.forbidden] == [
        ("d2", page, "Stromschiene", "Sammelschiene") for page in (5, 6, 8)
    ]  # fmt: skip
    assert not done.sound
    assert [(gap.concept, gap.languages) for gap in done.missing] == [("2", ("de",))]
    board = Principal("ben", ("board",))
    assert len(check(glossary, ["service"], document_passages(library, board, ["service"]), ()).forbidden) == 4


def test_check_does_not_blame_a_word_that_another_concept_uses(
    catalog: Catalog, take: Callable[..., Imported], library: Library
) -> None:
    take("concept,en,en_forbidden\n1,busbar,\n2,rail,busbar\n")
    done = check(Glossary(catalog), ["service"], document_passages(library, ANNA, ["service"]), ())
    assert done.forbidden == () and done.sound
    assert [problem.kind for problem in done.problems] == ["ambiguous"]
