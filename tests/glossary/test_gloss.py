"""A gloss keeps the sentence and explains what is known for sure: the glossary's terms first."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.glossary import Glossary, Glosser, gloss
from copilot.glossary.gloss import LABELS, MOST_ENTRIES
from copilot.glossary.vocabulary import BaseTerms
from copilot.types import LANGUAGES


class FewWords:
    """A word table that can be read at a glance; 'Feder' is sure, but the way back is not."""

    KNOWN = {
        ("de", "schraub"): (("bolt", 0.8), ("screw", 0.15)), ("de", "pruf"): (("check", 0.75),),
        ("de", "drehmoment"): (("wrong", 0.9),), ("de", "unsich"): (("unsure", 0.59),),
        ("de", "fed"): (("feather", 0.9),), ("de", "station"): (("station", 0.9),),
        ("de", "kuhlmittel"): (("coolant", 0.7),), ("zh", "冷却液"): (("coolant", 0.9),),
        ("fr", "mis jour"): (("updat", 0.9),), ("de", "wass"): (("water", 0.9),), ("de", "pump"): (("pump", 0.9),),
    }  # fmt: skip

    def translations(self, term: str, source: str, target: str) -> tuple[tuple[str, float], ...]:
        if target == "en":
            return self.KNOWN.get((source, term), ())
        back = {best[0]: (word, 0.3) for (language, word), (best, *_) in self.KNOWN.items() if language == target}
        return (back[term],) if source == "en" and term in back and term != "feather" else ()

    def surface(self, term: str, language: str) -> str:
        return {"updat": "update"}.get(term, term)


WORDS = FewWords()


def test_gloss_keeps_the_sentence_and_explains_the_glossary_first(glossary: Glossary) -> None:
    sentence = "Schrauben mit 24 Nm Drehmoment prüfen."
    made = gloss(sentence, "de", "en", glossary, WORDS, ["service"])
    assert [(entry.surface, entry.meaning, entry.origin) for entry in made.entries] == [
        ("Schrauben", "bolt", "table"), ("Drehmoment", "torque", "glossary"), ("prüfen", "check", "table"),
    ]  # fmt: skip
    assert made.text == sentence + "\nKey terms: Schrauben = bolt; Drehmoment = torque; prüfen = check"
    assert all(sentence[entry.start : entry.end] == entry.surface for entry in made.entries)


def test_gloss_says_nothing_of_unsure_words_identifiers_and_words_that_read_the_same(glossary: Glossary) -> None:
    assert gloss("Unsicher: Feder der Station P0A7E-Schraube.", "de", "en", glossary, WORDS).entries == ()
    assert Glosser(glossary, WORDS)("Station", "de", "en") == ""


def test_gloss_asks_the_vocabulary_where_the_glossary_is_silent(glossary: Glossary, tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text("concept,domain,de,en\n1,,Drehmoment,moment\n2,,Kühlmittel,cooling\n", "utf-8")
    vocabulary = Glossary(BaseTerms(tmp_path))
    made = gloss("Drehmoment, Kühlmittel, Schrauben", "de", "en", glossary, WORDS, ["service"], vocabulary)
    assert [(entry.meaning, entry.origin) for entry in made.entries] == [
        ("torque", "glossary"), ("cooling", "vocabulary"), ("bolt", "table"),
    ]  # fmt: skip


def test_gloss_takes_no_name_for_a_word() -> None:
    class Any(FewWords):
        KNOWN = FewWords.KNOWN | {("fr", "marchand"): (("merchant", 0.9),)}

    assert gloss("Le poste de Mme Marchand", "fr", "en", None, Any()).entries == ()
    assert gloss("Marchand de pièces", "fr", "en", None, Any()).key_terms == "Key terms: Marchand = merchant"


def test_gloss_explains_phrases_and_compounds_by_their_parts() -> None:
    assert gloss("la mise à jour", "fr", "en", None, WORDS).entries == (), "words between belong to the phrase"
    assert gloss("Wasserpumpe", "de", "en", None, WORDS).key_terms == "Key terms: Wasserpumpe = water + pump"


def test_gloss_tells_a_repeated_word_once_and_finds_chinese_words() -> None:
    made = gloss("冷却液泵和冷却液", "zh", "en", None, WORDS)
    assert made.key_terms == "Key terms: 冷却液 = coolant"
    assert len(made.entries) == 2


def test_gloss_is_labelled_in_the_readers_language(glossary: Glossary) -> None:
    assert set(LABELS) == set(LANGUAGES)
    made = gloss("das Drehmoment", "de", "zh", glossary, None, ["service"])
    assert made.text == "das Drehmoment\n关键术语：Drehmoment = 扭矩"


def test_gloss_is_bounded_and_prefers_the_glossary(glossary: Glossary) -> None:
    sentence = "Schraube prüfen Kühlmittel " + "Mutter Nockenwelle Drehmoment Batterie " * 3
    made = gloss(sentence, "de", "en", glossary, WORDS, ["service"])
    assert len(made.entries) == MOST_ENTRIES
    assert {entry.origin for entry in made.entries} == {"glossary"}


@pytest.mark.parametrize("sentence", ["", "12,5 8", "😀 ☃", "P0A7E", "word " * 4000])
def test_gloss_of_odd_text_is_the_text(sentence: str, glossary: Glossary) -> None:
    made = gloss(sentence, "de", "en", glossary, WORDS, ["service"])
    assert (made.text, made.entries) == (sentence, ())


def test_gloss_into_the_same_language_is_none(glossary: Glossary) -> None:
    assert gloss("Drehmoment", "de", "de", glossary, WORDS, ["service"]).entries == ()
