"""What nobody wants to read in an engineering tool stays out of sight, and engineering terms do not."""

from __future__ import annotations

import pytest

from copilot.glossary import gloss
from copilot.glossary.vocabulary import BaseTerms
from copilot.language import concepts, stem
from copilot.language.unshown import FILE, fit_to_show, number
from copilot.language.wordtable import WordTable, table_path
from copilot.retrieval.variants import variants
from copilot.types import LANGUAGES, QueryTerm


class Slang:
    """Knows of a tap what a farmer calls it, too."""

    def translations(self, term: str, source: str, target: str) -> tuple[tuple[str, float], ...]:
        known = {"hahn": (("cock", 0.8), ("tap", 0.2)), "ventil": (("valv", 0.8),)}
        return known.get(term, ()) if target == "en" else ((({"valv": "ventil", "cock": "hahn"}[term]), 0.9),)

    def surface(self, term: str, language: str) -> str:
        return {"valv": "valve"}.get(term, term)


def test_a_marked_word_is_unfit_alone_and_within_a_term() -> None:
    assert not fit_to_show("cock", "en") and not fit_to_show("shut cock", "en")
    assert fit_to_show("stopcock", "en") and fit_to_show("cock", "de")


def test_variants_and_glosses_show_the_other_words() -> None:
    terms = [
        QueryTerm("Hahn", "hahn", "word", 3.0, 1, 3.0, (("cock", 0.5), ("tap", 0.5))),
        QueryTerm("Gockel", "gockel", "word", 3.0, 1, 3.0, (("cock", 0.9),)),
    ]
    shown = variants("Hahn Gockel", "de", {}, {"en": terms}, Slang())
    assert [item.text for item in shown if item.kind == "table"] == ["Hahn: tap 0.50; Gockel"]
    assert [entry.meaning for entry in gloss("Hahn und Ventil", "de", "en", None, Slang()).entries] == ["valve"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_term_of_the_base_vocabulary_is_kept_out_of_sight(language: str) -> None:
    words = [
        item.surface for concept in BaseTerms().concepts() for term in concept.of(language)
        for item in concepts(term.text, language)
    ]
    hidden = {word for word in words if not fit_to_show(word if language == "zh" else stem(word, language), language)}
    # The stem of a French cylinder head is mostly written as another word, and that one would be shown.
    assert len(words) > 100 and hidden <= {"culasse"}


def test_the_marks_are_of_words_as_the_shipped_table_holds_them() -> None:
    marked = {int(line, 16) for line in FILE.read_text("ascii").split()}
    table = WordTable(table_path())
    held = {number(term, language) for language in table.languages for term in table.terms(language)}
    assert len(marked & held) > 0.9 * len(marked) > 1000
