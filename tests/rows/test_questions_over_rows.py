from __future__ import annotations

import pytest

from copilot.rows.asking import read_question
from copilot.testing_rows import ask, document, elements, said
from copilot.types import Document, Element

_HEAD = ("Serial", "Date", "Station", "Supplier", "Torque (Nm)", "Angle (°)", "Leak", "Checked", "Result")
_ROWS = [
    ("SN-1", "2025-03-03 06:10", "S10", "Kessler GmbH", "24.1", "85", "120 Pa", "yes", "OK"),
    ("SN-2", "2025-03-04 07:00", "S20", "Nordvik AB", "25.6", "92", "0.2 kPa", "no", "NOK"),
    ("SN-3", "2025-03-11 08:20", "S10", "Kessler GmbH", "-", "88", "90 Pa", "yes", "OK"),
    ("SN-4", "2025-03-12 09:40", "S30", "Nordvik AB", "26.2", "86", "95 Pa", "yes", "NOK"),
]


def log(rows: list[tuple[str, ...]] | None = None) -> tuple[Document, list[Element]]:
    return document("en", "Tightening log"), elements(_HEAD, rows or _ROWS, "Tightening log")


def one(question: str, *tables: tuple[Document, list[Element]]) -> str:
    [text] = said(ask(question, "en", *(tables or (log(),))))
    return text


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which serial had the highest torque?", "Highest Torque: 26.2 Nm – Serial: SN-4"),
        ("How many parts had a torque above 18 lbf·ft?", "rows: 2 (Torque > 18 lbf·ft)"),
        ("How many parts had a torque of at least 25.6 Nm?", "rows: 2 (Torque ≥ 25.6 Nm)"),
        ("How many parts had a torque between 24 and 26 Nm?", "rows: 2 (Torque ≥ 24 Nm; Torque ≤ 26 Nm)"),
        ("Which parts had a torque over 24 Nm and an angle below 90 degrees?",
         "rows: 2 (Torque > 24 Nm; Angle < 90 °): Serial: SN-1, SN-4"),
        ("What is the average torque?", "Mean Torque = 25.3 Nm (rows: 3)"),
        ("average torque of Nordvik AB", "Mean Torque = 25.9 Nm (rows: 2; Supplier = Nordvik AB)"),
        ("How many parts from Kessler GmbH were OK?", "rows: 2 (Result = OK; Supplier = Kessler GmbH)"),
        ("What was the highest leak?", "Highest Leak: 0.2 kPa – Serial: SN-2"),
        ("How many different stations are there?", "Station: 3 different values (rows: 4)"),
        ("How many parts failed after 4 March 2025?", "rows: 1 (Date: ≥ 2025-03-05; Result = NOK)"),
        ("How many parts were tested in week 11?", "rows: 2 (Date: week 11)"),
        ("How many parts were checked?", "rows: 3 (Checked = yes)"),
        ("Which supplier has the most NOK parts?", "Supplier Nordvik AB: rows: 2 (Result = NOK)"),
    ],
)  # fmt: skip
def test_a_question_is_computed_over_the_rows(question: str, answer: str) -> None:
    assert one(question) == answer


@pytest.mark.parametrize(
    "question",
    [
        "How many parts failed because of the paint?",  # nothing says why
        "How many parts failed at station S99?",  # no such value
        "Which parts did not fail?",  # a negation is not computed
        "What is the torque of SN-2?",  # one cell: to be quoted
        "How many parts is SN-2?",  # one row: to be quoted
        "Why did SN-2 fail?",
        "Is the torque above 20 Nm?",
        "How many operators had a torque above 25 Nm?",  # rows are not operators
        "Which 3 stations have the highest torque?",
        "How do I tighten the bolt to more than 25 Nm?",
    ],
)
def test_what_the_table_cannot_decide_is_left_alone(question: str) -> None:
    assert ask(question, "en", log()) is None


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What is the average price per supplier?", ("price",)),
        ("Average torque per supplier and station", ("station",)),
        ("Which supplier has the most complaints?", ("complaints",)),
    ],
)
def test_what_only_rows_could_answer_and_these_do_not_is_missing(question: str, missing: tuple[str, ...]) -> None:
    draft = ask(question, "en", log())
    assert draft is not None
    assert (draft.claims, draft.missing) == ((), missing)


def test_days_that_the_table_does_not_cover_are_missing() -> None:
    draft = ask("How many parts failed in March 2019?", "en", log())
    assert draft is not None
    assert (draft.claims, draft.missing) == ((), ("March 2019",))


def test_two_columns_that_fit_equally_decide_nothing() -> None:
    head = ("Vehicle", "Brake force left (kN)", "Brake force right (kN)")
    table = document("en", "Brakes"), elements(head, [("A", "1", "2"), ("B", "3", "4")])
    assert ask("Which vehicle had the highest brake force?", "en", table) is None
    assert said(ask("Which vehicle had the highest brake force right?", "en", table)) == [
        "Highest Brake force right: 4 kN – Vehicle: B"
    ]


def test_cells_of_units_that_cannot_be_converted_are_not_mixed() -> None:
    head = ("Part", "Limit")
    rows = [("A", "5 bar"), ("B", "30 psi"), ("C", "1 bar"), ("D", "2 bar"), ("E", "3 bar"), ("F", "4 Nm")]
    mixed = document("en", "Limits"), elements(head, rows)
    assert ask("Which part has the highest limit?", "en", mixed) is None
    even = document("en", "Limits"), elements(head, rows[:-1])
    assert said(ask("Which part has the lowest limit?", "en", even)) == ["Lowest Limit: 1 bar – Part: C"]


def test_rows_that_each_measure_something_else_are_not_added_up() -> None:
    table = document("en", "Data"), elements(("Property", "Value", "Unit"), [("mass", "3", "kg"), ("force", "5", "N")])
    assert ask("What is the average value?", "en", table) is None


def test_two_tables_with_different_results_decide_nothing_and_copies_of_one_do() -> None:
    other = log([*_ROWS[:3], ("SN-9", "2025-03-12", "S30", "Nordvik AB", "29.9", "86", "95 Pa", "yes", "OK")])
    twin = document("en", "Tightening log", "copy.csv"), log()[1]
    question = "Which serial had the highest torque?"
    assert ask(question, "en", log(), (document("en", "Tightening log", "b.csv"), other[1])) is None
    assert one(question, log(), twin) == "Highest Torque: 26.2 Nm – Serial: SN-4"


def test_at_most_twenty_rows_are_cited_and_all_are_counted() -> None:
    rows = [
        (f"SN-{n}", "2025-03-03", "S10", "Kessler GmbH", f"{20 + n % 5}", "1", "1 Pa", "yes", "OK") for n in range(90)
    ]
    draft = ask("How many parts were OK?", "en", log(rows))
    assert draft is not None
    assert draft.claims[0].text == "rows: 90 (Result = OK) [first rows cited: 20]"
    quoted = [citation.quote for citation in draft.claims[0].citations]
    assert quoted == ["\t".join(row) for row in rows[:20]]
    assert draft.claims[0].citations[0].locator == "row 2"
    assert draft.claims[0].citations[0].columns == _HEAD


def test_only_elements_that_may_be_loaded_are_computed_over() -> None:
    made, _ = log()
    assert ask("How many parts failed?", "en", (made, [])) is None


def test_words_of_a_document_never_become_sql() -> None:
    head = ("Serial'); DROP TABLE t; --", "Torque (Nm)")
    rows = [("x' OR 1=1 --", "3"), ("y", "4"), ("z", "5")]
    table = document("en", "Log"), elements(head, rows)
    assert said(ask("What is the average torque?", "en", table)) == ["Mean Torque = 4 Nm (rows: 3)"]


def test_the_engine_reaches_neither_files_nor_the_network() -> None:
    import duckdb

    from copilot.rows.engine import _connected

    with _connected() as engine, pytest.raises(duckdb.Error):
        engine.execute("SELECT * FROM read_text('pyproject.toml')")


def test_a_question_that_asks_for_no_computation_is_not_read_as_one() -> None:
    assert read_question("What does fault P0AE2 mean?", "en") is None
    assert read_question("An welchem Stecker liegt die Messleitung?", "de") is None


def test_the_decimal_mark_is_that_of_the_column() -> None:
    head = ("Fahrzeug", "Kraft (kN)")
    table = document("de", "Prüfung"), elements(head, [("A", "1.155"), ("B", "0.9"), ("C", "1.2")])
    assert said(ask("Welches Fahrzeug hatte die höchste Kraft?", "de", table)) == [
        "Höchster Wert Kraft: 1.2 kN – Fahrzeug: C"
    ]
