"""The base vocabulary ships whole, widens questions, and yields to a company's glossary."""

from __future__ import annotations

from collections.abc import Collection

from copilot.catalog.nouns import PREFERRED, Term, TermConcept
from copilot.glossary.glossary import Glossary
from copilot.glossary.matching import Lexicon
from copilot.glossary.vocabulary import BaseTerms, Widening, open_vocabulary
from copilot.types import LANGUAGES


class _Company:
    def glossary_version(self) -> str:
        return "1"

    def concepts(self, kbs: Collection[str] | None = None) -> list[TermConcept]:
        terms = (Term("tightening torque", "en", PREFERRED), Term("Werksmoment", "de", PREFERRED))
        return [TermConcept("c", "kb", terms)]


def test_every_concept_has_a_term_in_every_language_and_an_id_of_its_own() -> None:
    concepts = BaseTerms().concepts()
    assert len({item.id for item in concepts}) == len(concepts) > 500
    assert all(item.preferred(language) for item in concepts for language in LANGUAGES)


def test_widened_leads_from_any_language_to_any_other() -> None:
    found = open_vocabulary().widened("Wie hoch ist das Anzugsmoment?", "de", ("en", "zh"), "base")
    assert "tightening torque" in {term for _, term, _ in found["en"]}
    assert any("拧紧" in term for _, term, _ in found["zh"])


def test_widened_takes_the_company_s_word_before_that_of_the_vocabulary() -> None:
    widening = Widening(Glossary(_Company()), open_vocabulary())
    own = widening.widened("the tightening torque", "en", ("de",), ("kb",))["de"]
    assert {term for _, term, _ in own} == {"Werksmoment"}
    nobody = widening.widened("the tightening torque", "en", ("de",), ())["de"]
    assert nobody and "Werksmoment" not in {term for _, term, _ in nobody}


def test_a_short_term_does_not_match_another_word_of_its_stem() -> None:
    concept = TermConcept("c", "kb", (Term("vite", "it", PREFERRED), Term("par", "es", PREFERRED)))
    italian, spanish = Lexicon([concept], "it"), Lexicon([concept], "es")
    assert [place.term.text for place in italian.places("la vite e le viti")] == ["vite", "vite"]
    assert not italian.places("nella vita di una batteria")
    assert spanish.places("el par de apriete") and not spanish.places("para que no se pare")


def test_vocabulary_does_not_take_a_word_for_another_of_its_stem() -> None:
    vocabulary = open_vocabulary()
    for text, language in (("la porta", "it"), ("the wind", "en"), ("Der Schutz", "de")):
        assert not vocabulary.matches(text, language, "zh", "base"), text
    assert all(match.source_term != "motorista" for match in vocabulary.matches("O motor", "pt", "zh", "base"))
    assert vocabulary.matches("die Schrauben", "de", "en", "base")
    assert vocabulary.matches("momentem dokręcania", "pl", "en", "base")


def test_words_of_another_language_in_a_question_are_widened_as_its_words() -> None:
    found = Widening(Glossary(_Company()), open_vocabulary()).widened(
        "What is the Anzugsmoment of the pole bolts?", "en", ("en", "de", "pl"), ()
    )
    assert ("Anzugsmoment", "tightening torque", 1.0) in found["en"]
    assert ("Anzugsmoment", "Anzugsmoment", 1.0) in found["de"]
    assert any(surface == "Anzugsmoment" and "moment" in term for surface, term, _ in found["pl"])
