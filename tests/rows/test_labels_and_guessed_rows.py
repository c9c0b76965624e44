from __future__ import annotations

import pytest

from copilot.drafting import drafted
from copilot.rows.guessing import read_superlative
from copilot.testing_rows import ask, document, elements, said
from copilot.types import (
    Chunk,
    Citation,
    CitedDocument,
    Claim,
    Document,
    Draft,
    Element,
    ElementKind,
    Evidence,
    Hit,
    Passage,
    Question,
    Span,
    Support,
)  # fmt: skip

_PINS = [
    ("J1", "1", "Supply", "24 V"), ("J1", "2", "Ground", "0 V"), ("J1", "3", "Run", "5 V"),
    ("J2", "1", "Supply", "24 V"), ("J2", "2", "Ground", "0 V"), ("J2", "5", "Valve", "24 V"),
]  # fmt: skip
_HISTORY = [("3.1", "2001-02-03", "a"), ("3.2", "2005-02-13", "b"), ("4.0", "2009-02-03", "c")]


def asks_rows(question: str, language: str) -> bool:
    return read_superlative(question, language) is not None


def pins() -> tuple[Document, list[Element]]:
    return document("en", "Pins"), elements(("Connector", "Pin", "Signal", "Level"), _PINS, "Pins")


def history() -> tuple[Document, list[Element]]:
    return document("en", "Releases"), elements(("Version", "Released", "Change"), _HISTORY, "Releases")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many pins of connector J2 have a level of 24 V?", "rows: 2 (Level = 24 V; Connector = J2)"),
        ("How many pins does connector J1 have?", "rows: 3 (Connector = J1)"),
    ],
)
def test_numbers_that_name_things_are_counted_and_never_added_up(question: str, answer: str) -> None:
    assert said(ask(question, "en", pins())) == [answer]


def test_no_sum_of_labels_is_told() -> None:
    assert ask("What is the sum of the pins of connector J2?", "en", pins()) is None
    assert not said(ask("How many versions were released between 2000 and 2010?", "en", history()))


def test_pieces_still_add_up() -> None:
    rows = [("1", "120", "3"), ("2", "133", "1"), ("3", "140", "8")]
    table = document("en", "Output"), elements(("Week", "Produced", "Scrap"), rows, "Output")
    assert said(ask("How many scrap parts were there overall?", "en", table)) == ["Sum Scrap = 12 (rows: 3)"]


def test_the_latest_and_the_earliest_go_by_the_column_of_dates() -> None:
    assert said(ask("Which is the latest version?", "en", history())) == ["Latest Released: 2009-02-03 – Version: 4.0"]
    assert said(ask("Welche ist die älteste Version?", "de", history())) == [
        "Älteste Released: 2001-02-03 – Version: 3.1"
    ]


def test_the_unit_of_a_head_is_taken_as_a_whole() -> None:
    rows = [("A", "380"), ("B", "405"), ("C", "430")]
    table = document("it", "Pompe"), elements(("Pompa", "Portata l/min"), rows, "Pompe")
    assert said(ask("Qual è la portata media?", "it", table)) == ["Media Portata = 405 l/min (righe: 3)"]


def test_limits_that_a_sentence_states_ask_for_no_rows() -> None:
    assert asks_rows("Which pump has the highest flow?", "en")
    assert asks_rows("Which is the latest version?", "en")
    assert not asks_rows("What is the maximum pressure of the hose?", "en")
    assert not asks_rows("What is the highest permissible pressure?", "en")
    assert not asks_rows("At least how many bolts are needed?", "en")
    assert asks_rows("哪个泵的流量最大？", "zh")
    assert not asks_rows("最大工作压力是多少？", "zh")
    assert not asks_rows("How many bolts hold the cover?", "en")


class _Quoting:
    """Quotes one row, whatever is asked."""

    name = "quoting"

    def __init__(self, quote: str, columns: tuple[str, ...]) -> None:
        cited = CitedDocument("t.csv", "file:///t.csv", "Pumps", "en", "", "released")
        citation = Citation(1, cited, (1,), (), "row 2", quote, columns=columns)
        self.draft = Draft((Claim(quote, "original", (citation,), Support(0.9, "quoted verbatim")),), 0.9)

    def answer(self, evidence: Evidence) -> Draft:
        return self.draft


def proposed(question: str, quote: str) -> Draft:
    head = ("Pump", "Flow left (l/min)", "Flow right (l/min)")
    found = elements(head, [("Alba", "3", "5"), ("Bora", "4", "6"), ("Cima", "8", "2")], "Pumps")
    made = document("en", "Pumps")
    pieces = ((0, 5, Span(1, None, "row 2")),)
    chunk = Chunk("c", made.id, made.sha256, 0, "found", "found", (), pieces, "en", ElementKind.TABLE_ROW)
    passage = Passage(1, (Hit(chunk, made, 1.0),))
    evidence = Evidence(Question(question), "en", (passage,), elements=lambda document: found)
    [*_, last] = drafted(_Quoting(quote, head), evidence)
    assert isinstance(last, Draft)
    return last


def test_one_row_of_many_is_no_answer_to_which_is_the_highest() -> None:
    draft = proposed("Which pump has the highest flow?", "Bora\t4\t6")
    assert not draft.claims
    assert [item.quote for item in draft.closest] == ["Bora\t4\t6"]


def test_a_row_that_the_question_names_is_quoted() -> None:
    assert proposed("What is the highest flow of the pump Bora?", "Bora\t4\t6").claims
    assert proposed("What is the flow of a pump?", "Bora\t4\t6").claims
