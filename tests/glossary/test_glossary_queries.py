"""An answerer takes a passage that says a synonym for one that says the question's word."""

from __future__ import annotations

import pytest

from copilot.answering.text import bag, match
from copilot.retrieval import Synonym
from copilot.retrieval.synonyms import merged
from copilot.types import QueryTerm


def term(surface: str, name: str, kind: str = "word", weight: float = 1.0) -> QueryTerm:
    return QueryTerm(surface, name, kind, weight, 0.0, weight)


GERMAN = (term("Wo", "wo", "function", 0.0), term("Drehkraft", "drehkraft", weight=3.0), term("Kraft", "kraft", "part"),
          term("M8", "m8", "identifier", 4.0))  # fmt: skip
SYNONYMS = {
    "de": [Synonym("Drehkraft", "Drehmoment", 1.0)], "en": [Synonym("Drehkraft", "tightening torque", 1.0)],
    "zh": [Synonym("Drehkraft", "拧紧扭矩", 1.0)],
}  # fmt: skip


def test_words_and_parts_of_a_glossary_term_become_one_and_the_rest_stays() -> None:
    found = merged({"de": GERMAN, "en": GERMAN, "fr": GERMAN}, SYNONYMS, "de")
    assert [item.surface for item in found["de"]] == ["Wo", "M8", "Drehkraft"]
    assert found["de"][2].expansions == (("drehkraft", 1.0), ("drehmoment", 1.0))
    assert found["en"][2].expansions == (("tighten torqu", 1.0),), "in another language only what the glossary says"
    assert found["fr"] == GERMAN


@pytest.mark.parametrize(("language", "text", "expected"), [
    ("de", "Mit welchem Drehmoment?", 1.0), ("de", "Die Drehkräfte prüfen.", 1.0), ("de", "Die Mutter.", 0.0),
    ("en", "The tightening torques are listed.", 1.0), ("en", "The torque is listed.", 0.0),
    ("zh", "螺栓的拧紧扭矩是二十四。", 1.0), ("zh", "螺栓的扭矩。", 0.0),
])  # fmt: skip
def test_a_passage_holds_the_term_by_any_synonym_as_a_whole(language: str, text: str, expected: float) -> None:
    (*_, whole) = merged({language: GERMAN}, SYNONYMS, "de")[language]
    assert match(whole, bag(text, language)) == expected
