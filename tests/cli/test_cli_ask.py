from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copilot.errors import IndexMissing
from copilot.types import Principal, Turn

Run = Callable[..., Any]


def test_ask_prints_sentences_with_markers_then_sources_with_place_and_quote(run: Run, fake: Any) -> None:
    done = run("ask", "Welches Drehmoment?")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines() == [
        "Gehäuseschrauben mit 24 Nm anziehen. [1]",
        "",
        "Sources",
        "[1] Handbuch · de · revision C · superseded",
        "    service/manual_de.pdf · page 7 · Gehäuse > Schrauben",
        "    “Gehäuseschrauben M8 | mit 24 Nm[31m anziehen.”",
    ]


def test_ask_json_is_one_object_with_the_nouns_fields_and_nothing_else_on_stdout(run: Run) -> None:
    done = run("ask", "Welches Drehmoment?", "--json", "--lang", "DE")
    answer = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    assert answer["verdict"] == "answered"
    assert answer["claims"][0]["citations"][0]["boxes"] == [{"page": 7, "box": [10.0, 20.0, 30.0, 40.0]}]
    assert "a library prints this" in done.stderr


def test_not_found_is_an_answer_and_exits_0(run: Run) -> None:
    done = run("ask", "absent?")
    assert (done.exit_code, done.stdout) == (0, "Nicht gefunden.\n")


def test_a_refused_question_is_printed_and_exits_2(run: Run) -> None:
    done = run("ask", "", "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["verdict"] == "refused"


def test_options_become_the_question(run: Run, fake: Any) -> None:
    run("ask", "q", "--kb", "a", "--kb", "b", "--document", "d1", "--as-of", "2025-03-01", "--lang", "pt-BR")
    question, _ = fake.asked[0]
    assert (question.knowledge_bases, question.documents) == (("a", "b"), ("d1",))
    assert (question.as_of, question.answer_language, question.language) == (dt.date(2025, 3, 1), "pt", "")


@pytest.mark.parametrize("name", ["d1", "Handbuch", "manual_de.pdf", "service/manual_de.pdf"])
def test_a_document_is_named_by_id_title_or_file(run: Run, fake: Any, name: str) -> None:
    run("ask", "q", "--document", name)
    assert fake.asked[0][0].documents == ("d1",)


@pytest.mark.parametrize("name", ["other", "", "de.pdf"])
def test_a_document_that_is_not_there_or_not_readable_exits_2(run: Run, fake: Any, name: str) -> None:
    done = run("search", "q", "--document", name)
    assert done.exit_code == 2 and "that you may read" in done.stderr
    assert fake.asked == []


@pytest.mark.parametrize(("arguments", "principal"), [
    ((), Principal("local", ())),
    (("--as", "ana", "--groups", "a, b,,a"), Principal("ana", ("a", "b"))),
    (("--groups", "a"), Principal("local", ("a",))),
])
def test_principal_comes_from_the_options(
    run: Run, fake: Any, arguments: tuple[str, ...], principal: Principal
) -> None:
    run("ask", "q", *arguments)
    assert fake.asked[0][1] == principal


def test_the_settings_groups_are_the_local_users_alone(
    run: Run, fake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPILOT_GROUPS", '["cybersecurity"]')
    run("ask", "q")
    run("ask", "q", "--as", "ana")
    assert [principal.groups for _, principal in fake.asked] == [("cybersecurity",), ()]


@pytest.mark.parametrize("arguments", [
    ("ask", "q", "--lang", "xx"), ("ask", "q", "--as-of", "yesterday"), ("ask",), ("ask", "q", "--batch", "f"),
    ("search", "q", "--top-k", "0"), ("ask", "q", "--no-such-option"), ("nonsense",),
])
def test_wrong_usage_exits_2_and_says_so_on_stderr(run: Run, fake: Any, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "rror" in done.stderr
    assert fake.asked == []


def test_a_wrong_setting_exits_2_and_names_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_RETRIEVAL__TOP_K", "many")
    done = run("ask", "q")
    assert done.exit_code == 2
    assert "retrieval.top_k" in done.stderr and "COPILOT_RETRIEVAL__TOP_K" in done.stderr


def test_an_error_is_one_line_with_its_cure_on_stderr_and_exits_1(run: Run, fake: Any) -> None:
    fake.error = IndexMissing("Nothing was published.", "Run copilot ingest PATH.")
    done = run("ask", "q", "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1] == "Error: Nothing was published. Run copilot ingest PATH."


def test_an_unexpected_error_is_one_line_without_a_trace(run: Run, fake: Any) -> None:
    fake.error = ZeroDivisionError("by nought")
    done = run("ask", "q")
    assert done.exit_code == 1
    assert "ZeroDivisionError: by nought" in done.stderr and "Traceback" not in done.stderr


def test_a_question_that_is_no_utf8_can_still_be_printed(run: Run, fake: Any) -> None:
    done = run("ask", b"caf\xe9".decode("utf-8", "surrogateescape"), "--json")
    assert json.loads(done.stdout)["question"] == "caf\ufffd"


def _batch(tmp_path: Path, *lines: Any) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return path


def _answers(done: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_batch_prints_one_answer_a_line_with_its_id_and_loads_once(run: Run, fake: Any, tmp_path: Path) -> None:
    path = _batch(
        tmp_path, {"id": "a", "question": "q1", "language": "fr"}, "",
        {"id": 2, "question": "absent", "principal": {"id": "ana", "groups": ["g"], "attributes": {"site": "Turin"}}},
        {"id": "c", "question": "q3", "principal": "bo"},
    )
    done = run("ask", "--batch", str(path), "--groups", "x")
    assert done.exit_code == 0, done.stderr
    assert [(answer["id"], answer["verdict"]) for answer in _answers(done)] == [
        ("a", "answered"), (2, "not_found"), ("c", "answered")]
    assert [question.answer_language for question, _ in fake.asked] == ["fr", "", ""]
    assert [principal for _, principal in fake.asked] == [
        Principal("local", ("x",)), Principal("ana", ("g",), {"site": "Turin"}), Principal("bo")]
    assert fake.opened == 1


def test_turns_come_from_options_and_from_the_lines_of_a_batch(run: Run, fake: Any, tmp_path: Path) -> None:
    run("ask", "And for P2?", "--turn", "What is the pressure of P1?", "--turn", " ")
    earlier = {"question": "Who checks it?", "answer": "Maud", "documents": ["Manual"]}
    run("ask", "--batch", str(_batch(tmp_path, {"id": 1, "question": "When?", "turns": ["What is P1?", earlier]})))
    assert [question.turns for question, _ in fake.asked] == [
        (Turn("What is the pressure of P1?"),), (Turn("What is P1?"), Turn("Who checks it?", "Maud", ("Manual",))),
    ]


@pytest.mark.parametrize("line", [
    {"id": "x", "question": "q", "turns": "q"}, {"id": "x", "question": "q", "turns": [7]},
    {"id": "x", "question": "q", "turns": [{"answer": "a"}]}, {"id": "x", "question": "q", "turns": [{"asked": "a"}]},
    "no json", "[1]", {"question": "q"}, {"id": "x"}, {"id": True, "question": "q"}, {"id": "x", "question": 7},
    {"id": "x", "question": "q", "language": "tlh"}, {"id": "x", "question": "q", "language": 3},
    {"id": "x", "question": "q", "groups": ["g"]}, {"id": "x", "question": "q", "principal": 7},
    {"id": "x", "question": "q", "principal": {"id": "a", "group": ["g"]}},
    {"id": "x", "question": "q", "principal": {"id": "a", "groups": "g"}},
])
def test_a_bad_batch_line_becomes_an_error_line_and_the_run_goes_on(
    run: Run, fake: Any, tmp_path: Path, line: Any
) -> None:
    done = run("ask", "--batch", str(_batch(tmp_path, line, {"id": "good", "question": "q"})))
    bad, good = _answers(done)
    assert done.exit_code == 1
    assert bad["error"].startswith("Line 1") and bad["line"] == 1
    assert bad["id"] == ("x" if isinstance(line, dict) and line.get("id") == "x" else None)
    assert (good["id"], good["verdict"]) == ("good", "answered")
    assert len(fake.asked) == 1, "a line that is not understood must not be asked"


def test_an_error_in_one_batch_question_is_its_line(run: Run, fake: Any, tmp_path: Path) -> None:
    fake.error = IndexMissing("Nothing was published.", "Ingest.")
    done = run("ask", "--batch", str(_batch(tmp_path, {"id": "a", "question": "q"})))
    assert done.exit_code == 1
    assert _answers(done) == [{"id": "a", "line": 1, "error": "Nothing was published. Ingest."}]


def test_a_batch_file_that_is_not_there_exits_2(run: Run, tmp_path: Path) -> None:
    done = run("ask", "--batch", str(tmp_path / "none.jsonl"))
    assert done.exit_code == 2
    assert "none.jsonl" in done.stderr


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("name", ["nowhere", "security"])
def test_a_knowledge_base_that_may_not_be_read_is_refused_like_one_that_is_not_there(
    run: Run, fake: Any, command: str, name: str,
) -> None:
    done = run(command, "q", "--kb", "a", "--kb", name)
    assert (done.exit_code, fake.asked) == (2, [])
    said = " ".join(done.stderr.split())
    assert f"There is no knowledge base '{name}' that you may read. Take one of a, b." in said
    assert run(command, "q", "--kb", "security", "--groups", "cybersecurity").exit_code == 0
