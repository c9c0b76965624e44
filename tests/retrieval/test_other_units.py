"""A quantity of a question is also searched, and accepted, as what it is in other units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from copilot.answering.choosing import lacking
from copilot.language import term_id
from copilot.retrieval.conversions import restated
from copilot.retrieval.query import weigh, with_conversions
from copilot.types import Chunk, Document, ElementKind, Evidence, Hit, Passage, QueryTerm, Question

QUESTION = "Which bolt is tightened to 18.4 lbf·ft?"


class Held:
    """Statistics of ten chunks, in which just these terms occur, once each."""

    def __init__(self, *terms: str) -> None:
        self._ids = {term_id(term) for term in terms}

    def chunks(self, language: str, policies: frozenset[str]) -> int:
        return 10

    def frequencies(self, language: str, policies: frozenset[str], terms: Sequence[int]) -> list[int]:
        return [int(term in self._ids) for term in terms]

    def languages(self, policies: frozenset[str]) -> Mapping[str, int]:
        return {"en": 10}


def asked(*held: str) -> list[QueryTerm]:
    statistics = Held(*held)
    terms = weigh(QUESTION, "en", statistics, frozenset())
    return with_conversions(terms, QUESTION, "en", "en", statistics, frozenset())


def lacked(text: str, language: str = "en") -> list[str]:
    document = Document("d", "kb", "file:///d.pdf", "Manual", "0" * 64, "application/pdf", language)
    chunk = Chunk("c", "d", "0" * 64, 0, text, text, (), (), language, ElementKind.TEXT)
    evidence = Evidence(
        Question(QUESTION), "en", (Passage(1, (Hit(chunk, document, 1.0),)),), {language: tuple(asked())}
    )
    return lacking(evidence)["c"]


def test_a_quantity_stands_for_its_usual_roundings_in_other_units() -> None:
    [(surface, forms, numbers)] = restated(QUESTION, "en")
    assert surface == "18.4 lbf·ft"
    assert {"25nm", "24.9nm", "24.95nm", "221lbf"} <= {term for term, _ in forms}
    assert "24nm" not in dict(forms) and "26nm" not in dict(forms)
    assert "25" in dict(numbers)


def test_a_question_without_a_quantity_is_searched_as_before() -> None:
    assert restated("Which bolt is tightened?", "en") == ()
    assert restated("What does P0A7E mean in step 3?", "en") == ()


def test_the_number_of_a_question_is_weighed_by_what_the_text_holds() -> None:
    [number] = [term for term in asked("25nm") if term.kind == "number"]
    assert number.term == "18.4"
    assert number.frequency > 0
    assert dict(number.expansions)["25nm"] > 0.5


def test_a_passage_in_another_unit_lacks_nothing_and_another_value_does() -> None:
    assert lacked("Tighten the bolt to 25 Nm.") == []
    assert lacked("Moment dokręcania (Nm): 25", "pl") == []
    assert lacked("Die Schraube mit 25 N·m anziehen.", "de") == []
    assert lacked("Tighten the bolt to 24 Nm.") == ["18.4"]
    assert lacked("Tighten the bolt to 25 bar.") == ["18.4"]
