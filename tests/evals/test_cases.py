"""Sets are read whole or refused, each problem by its file, its line and its case."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import UsageError
from copilot.types import Document, Element, ElementKind, Principal, Span, Turn
from evals.cases import load_cases, read_set
from evals.cases.corpus import CorpusText
from evals.cases.records import to_line, write_new
from evals.types import Case, CaseSource

SOURCE = {"document": "service/manual.pdf", "page": 2, "quote": "mit 24 Nm anziehen"}
CASE: dict[str, Any] = {
    "id": "de-1", "question": "Wie fest?", "language": "de", "reference": "24 Nm", "sources": [SOURCE],
    "principal": {"id": "tester", "groups": []}, "tags": ["steps"],
}


def write(folder: Path, *records: Any, name: str = "set.jsonl") -> Path:
    lines = [record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records]
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


class FakeLibrary:
    """A manual of two pages for everybody, a price list for purchasing."""

    def documents(self, principal: Principal) -> list[Document]:
        manual = Document("m", "kb", "file:///archive/service/manual.pdf", "Manual", "1", "application/pdf", pages=2)
        prices = Document("p", "kb", "file:///archive/prices.csv", "Prices", "2", "text/csv")
        return [manual, prices] if "purchasing" in principal.groups else [manual]

    def elements(self, document_id: str, principal: Principal, sha256: str = "") -> Sequence[Element]:
        if document_id == "p":
            return [Element(ElementKind.TABLE_ROW, "Pump\t12.50", Span(1))]
        return [
            Element(ElementKind.TEXT, "Vorwort", Span(1)),
            Element(ElementKind.TEXT, "Die Schrauben mit\n24 Nm an\u00adziehen.", Span(2)),
            Element(ElementKind.TABLE_ROW, "Deckel\tM8\t24", Span(2)),
        ]


CORPUS = CorpusText(FakeLibrary())  # type: ignore[arg-type]


def test_a_case_is_read_with_all_its_fields(tmp_path: Path) -> None:
    told = CASE | {
        "as_of": "2024-10-01", "turns": [{"question": "Was?", "answer": "Das."}], "answer_language": "fr",
        "restricted": ["prices.csv"], "principal": {"id": "eva", "groups": ["a"], "attributes": {"site": "Turin"}},
    }
    path = write(tmp_path, told)
    assert load_cases(path) == [Case(
        "de-1", "Wie fest?", "de", "24 Nm", (CaseSource("service/manual.pdf", 2, "mit 24 Nm anziehen"),),
        Principal("eva", ("a",), {"site": "Turin"}), ("steps",), dt.date(2024, 10, 1), (Turn("Was?", "Das."),), "fr",
        ("prices.csv",), f"{path}:1",
    )]


def test_what_is_optional_may_be_left_out_and_means_a_reader_of_no_group(tmp_path: Path) -> None:
    path = write(tmp_path, {"id": 7, "question": "?", "language": "zh", "sources": []})
    assert load_cases(path) == [Case("7", "?", "zh", origin=f"{path}:1")]


def test_a_folder_is_the_union_of_its_files_in_order(tmp_path: Path) -> None:
    write(tmp_path, CASE | {"id": "b", "question": "B?"}, name="b.jsonl")
    write(tmp_path, "", CASE | {"id": "a"}, "   ", name="a.jsonl")
    write(tmp_path, "no case", name="notes.txt")
    read = [(case.id, Path(case.origin).name) for case in load_cases(tmp_path)]
    assert read == [("a", "a.jsonl:2"), ("b", "b.jsonl:1")]


@pytest.mark.parametrize(("change", "told"), [
    ({"questoin": "x"}, "unknown field 'questoin'. Did you mean 'question'?"),
    ({"question": " "}, "'question' is missing or empty"),
    ({"id": None}, "'id' is missing or empty"),
    ({"id": True}, "'id' is no text"),
    ({"language": "German"}, "'language' is 'German'"),
    ({"sources": None}, "it has a reference but no sources"),
    ({"sources": "manual"}, "'sources' is no list of objects"),
    ({"sources": [SOURCE | {"page": 0}]}, "sources[1]: 'page' is 0"),
    ({"sources": [SOURCE | {"page": "2"}]}, "sources[1]: 'page' is '2'"),
    ({"sources": [SOURCE, {"document": "x", "page": 1}]}, "sources[2]: 'quote' is missing or empty"),
    ({"sources": [SOURCE | {"box": 1}]}, "sources[1]: unknown field 'box'"),
    ({"sources": [SOURCE, SOURCE]}, "1 of its sources stands twice"),
    ({"sources": []}, "it has a reference but no sources"),
    ({"tags": "steps"}, "'tags' is no list of texts"),
    ({"tags": ["absent_name"]}, "it is tagged 'absent_name' but names sources"),
    ({"as_of": "2024-13-01"}, "'as_of' is '2024-13-01', which is no date"),
    ({"principal": "eva"}, "'principal' is no object"),
    ({"principal": {"groups": ["a"]}}, "principal: 'id' is missing or empty"),
    ({"principal": {"id": "eva", "group": "a"}}, "principal: unknown field 'group'"),
    ({"turns": [{"answer": "Das."}]}, "turns[1]: 'question' is missing or empty"),
    ({"restricted": ["service/manual.pdf"]}, "'service/manual.pdf' is both a source and restricted"),
])
def test_a_field_that_cannot_be_taken_is_named_with_its_line(change: Any, told: str, tmp_path: Path) -> None:
    path = write(tmp_path, CASE | {"id": "first", "question": "First?"}, CASE | change)
    with pytest.raises(UsageError) as caught:
        load_cases(path)
    assert f"{path}:2" in str(caught.value) and told in str(caught.value)
    assert [case.id for case in read_set(path)[0]] == ["first"]


def test_a_case_without_the_field_sources_is_refused(tmp_path: Path) -> None:
    record = {name: value for name, value in CASE.items() if name not in ("sources", "reference")}
    with pytest.raises(UsageError, match="'sources' is missing"):
        load_cases(write(tmp_path, record))


def test_ids_and_questions_that_stand_twice_are_named_with_both_lines(tmp_path: Path) -> None:
    write(tmp_path, CASE, name="a.jsonl")
    write(tmp_path, CASE | {"question": "Other?"}, CASE | {"id": "x", "question": "WIE FEST?"}, name="b.jsonl")
    told = [str(problem) for problem in read_set(tmp_path)[1]]
    assert len(told) == 2 and all("stands already in" in line and "a.jsonl:1" in line for line in told)
    assert "b.jsonl:1 [de-1]" in told[0] and "b.jsonl:2 [x]" in told[1]


def test_the_same_question_by_another_principal_or_day_is_another_case(tmp_path: Path) -> None:
    path = write(tmp_path, CASE, CASE | {"id": "b", "principal": {"id": "eva", "groups": ["x"]}},
                 CASE | {"id": "c", "as_of": "2024-01-01"})
    assert len(load_cases(path)) == 3


@pytest.mark.parametrize(("line", "told"), [
    (b'{"id": "x"', "no JSON"), (b"[]", "no object"), (b"\xff\xfe", "no UTF-8 (byte 1)"), (b"null", "no object"),
    (b'{"id": "x", "id": "y"}', "'id' stands twice"), (b'{"page": NaN}', "NaN is no number"), (b"[" * 9999, "no JSON"),
])
def test_a_broken_line_is_named_and_the_others_are_read(line: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    good = json.dumps(CASE).encode()
    path.write_bytes(b"\xef\xbb\xbf" + good + b"\r\n\r\n" + line + b"\n")
    cases, problems = read_set(path)
    assert [case.id for case in cases] == ["de-1"]
    assert [(problem.line, told in problem.problem) for problem in problems] == [(3, True)]


def is_a_line(text: bytes) -> bool:
    return bool(text.strip()) and b"\n" not in text and not text.startswith(b"\xef\xbb\xbf")


@given(broken=st.binary(max_size=60).filter(is_a_line), before=st.integers(0, 3))
def test_any_broken_line_is_named_by_its_number(
    broken: bytes, before: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("set") / "set.jsonl"
    good = [json.dumps(CASE | {"id": f"c{at}", "question": f"{at}?"}).encode() for at in range(before + 1)]
    path.write_bytes(b"\n".join([*good[:before], broken, good[before]]))
    cases, problems = read_set(path)
    assert len(cases) == before + 1
    assert problems and {problem.line for problem in problems} == {before + 1}


def test_a_missing_file_and_an_empty_folder_are_usage_errors(tmp_path: Path) -> None:
    for path, told in ((tmp_path / "none.jsonl", "no file or folder"), (tmp_path, "holds no [*].jsonl")):
        with pytest.raises(UsageError, match=told):
            load_cases(path)


@pytest.mark.parametrize("quote", ["mit 24 Nm anziehen", "mit 24\u00a0Nm  anziehen.", "Deckel | M8 | 24"])
def test_a_quote_stands_whatever_its_white_space_and_bars(quote: str, tmp_path: Path) -> None:
    assert load_cases(write(tmp_path, CASE | {"sources": [SOURCE | {"quote": quote}]}), CORPUS)


@pytest.mark.parametrize(("change", "told"), [
    ({"quote": "mit 28 Nm anziehen"}, "the quote 'mit 28 Nm anziehen' does not stand on page 2"),
    ({"page": 1}, "stands on page 2 of 'service/manual.pdf', not 1. Write \"page\": 2."),
    ({"page": 3, "quote": "nirgends"}, "'service/manual.pdf' has no page 3 but 2"),
    ({"document": "service/manuals.pdf"}, "'service/manuals.pdf' is not in the corpus, or not for 'tester'. Did you"),
    ({"document": "prices.csv", "page": 1, "quote": "Pump"}, "'prices.csv' is not in the corpus, or not for 'tester'"),
    ({"document": "anual.pdf"}, "'anual.pdf' is not in the corpus"),
])
def test_sources_that_do_not_stand_in_the_corpus_are_refused(change: Any, told: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_cases(write(tmp_path, CASE | {"sources": [SOURCE | change]}), CORPUS)
    assert told in str(caught.value)


def test_a_source_is_read_as_the_principal_of_the_case(tmp_path: Path) -> None:
    priced = CASE | {"sources": [{"document": "prices.csv", "page": 1, "quote": "Pump | 12.50"}]}
    buyer = {"id": "eva", "groups": ["purchasing"]}
    assert load_cases(write(tmp_path, priced | {"principal": buyer}), CORPUS)
    asked = {**CASE, "sources": [], "reference": "", "tags": ["restricted"], "restricted": ["prices.csv"]}
    assert load_cases(write(tmp_path, asked), CORPUS)
    with pytest.raises(UsageError, match="'prices.csv' is no restricted document for 'eva'"):
        load_cases(write(tmp_path, asked | {"principal": buyer}), CORPUS)


def test_many_problems_are_counted_and_the_command_for_the_rest_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, *["{"] * 30)
    with pytest.raises(UsageError, match=r"holds 30 problems") as caught:
        load_cases(path)
    assert "And 10 more: `copilot eval check" in str(caught.value)


def test_what_is_written_reads_back_as_the_same_case_and_replaces_nothing(tmp_path: Path) -> None:
    case = Case(
        "x", "Was?", "de", "das", (CaseSource("a.pdf", 1, "das"),), Principal("eva", ("g",), {"site": "Turin"}), ("t",),
        dt.date(2024, 1, 2), (Turn("q", "a", ("d",)),), "fr", ("b.pdf",),
    )
    path = tmp_path / "new.jsonl"
    write_new(path, [case])
    read = load_cases(path)
    assert to_line(read[0]) == to_line(case) and read[0].turns == case.turns
    with pytest.raises(UsageError, match="is there already"):
        write_new(path, [])


def test_an_empty_set_says_what_is_wrong_and_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text("\n \n", "utf-8")
    with pytest.raises(UsageError, match=r"holds no case.*Write one object a line"):
        load_cases(path)
