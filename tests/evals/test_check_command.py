"""`copilot eval check` and `draft` over ingested samples: stdout for machines, stderr for people, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from copilot.cli import app as whole
from evals.commands.check import check
from evals.commands.draft import draft

Run = Callable[..., Any]
app = typer.Typer(cls=whole.info.cls)
group = typer.Typer()
for command in (check, draft):
    group.command(command.__name__)(command)
app.add_typer(group, name="eval")
SOURCE = {
    "document": "service/battery_pack_manual_en.pdf", "page": 9,
    "quote": "the flange thickness at the bolt holes must be at least 2.37 mm",
}
CASE: dict[str, Any] = {
    "id": "en-1", "question": "Minimum flange?", "language": "en", "reference": "2.37 mm", "sources": [SOURCE],
}


@pytest.fixture
def run(sample_data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command over the ingested samples, in this process."""
    monkeypatch.setenv("COPILOT_DATA_DIR", str(sample_data_dir))
    return lambda *arguments: CliRunner().invoke(app, ["eval", *map(str, arguments)])


def write(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_a_sound_set_is_summed_up_on_stderr_and_exits_0(run: Run, tmp_path: Path) -> None:
    done = run("check", write(tmp_path / "set.jsonl", CASE))
    assert (done.exit_code, done.stdout) == (0, "")
    assert "1 cases can be asked (en 1), 1 have an answer; 0 problems, 0 warnings." in done.stderr


def test_problems_are_told_by_line_with_their_cure_and_exit_1(run: Run, tmp_path: Path) -> None:
    wrong = CASE | {"id": "en-2", "question": "Again?", "sources": [SOURCE | {"page": 8}]}
    done = run("check", write(tmp_path / "set.jsonl", CASE, wrong))
    assert done.exit_code == 1
    assert done.stdout.startswith(f"error: {tmp_path}/set.jsonl:2 [en-2] the quote")
    assert "stands on page 9 of 'service/battery_pack_manual_en.pdf', not 8. Write \"page\": 9." in done.stdout


def test_json_gives_one_object_a_problem_and_the_summary_on_stderr(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "set.jsonl", CASE | {"tags": ["draft"]}, {"id": "x"})
    done = run("check", path, "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert {tuple(item) for item in told} == {("id", "file", "line", "level", "problem", "cure")}
    assert [(item["id"], item["line"], item["level"]) for item in told[:2]] == [
        ("en-1", 1, "warning"), ("x", 2, "error"),
    ]
    summary = json.loads(done.stderr.splitlines()[-1])["summary"]
    assert (summary["cases"], summary["warnings"], summary["languages"]) == (1, 1, {"en": 1})
    assert done.exit_code == 1


def test_where_nothing_is_ingested_the_quotes_are_said_to_be_unchecked(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["eval", "check", str(write(tmp_path / "set.jsonl", CASE))])
    assert done.exit_code == 1
    assert done.stdout.count("\n") == 1 and "nothing is ingested, so no quote could be looked up" in done.stdout


@pytest.mark.slow
def test_documents_beside_the_cases_are_ingested_and_read(tmp_path: Path) -> None:
    folder = tmp_path / "own-set"
    (folder / "documents").mkdir(parents=True)
    text = "# Pump P-77\n\nThe pump P-77 turns at 2,900 rpm.\n"
    (folder / "documents" / "note.md").write_text(text, encoding="utf-8")
    source = {"document": "note.md", "page": 1, "quote": "turns at 2,900 rpm"}
    path = write(folder / "set.jsonl", CASE | {"sources": [source]})
    for given in (path, folder):
        done = CliRunner().invoke(app, ["eval", "check", str(given)])
        assert (done.exit_code, done.stdout) == (0, ""), done.stdout + done.stderr
    write(path, CASE | {"sources": [source | {"quote": "turns at 2,800 rpm"}]})
    done = CliRunner().invoke(app, ["eval", "check", str(path), "--corpus", str(folder / "documents")])
    assert done.exit_code == 1 and "does not stand on page 1 of 'note.md'" in done.stdout


@pytest.mark.parametrize("arguments", [["nowhere.jsonl"], ["set.jsonl", "--corpus", "nowhere"]])
def test_a_path_that_is_not_there_is_a_usage_error(arguments: list[str], tmp_path: Path) -> None:
    write(tmp_path / "set.jsonl", CASE)
    done = CliRunner().invoke(app, ["eval", "check", str(tmp_path / arguments[0]), *arguments[1:]])
    assert done.exit_code == 2 and "There is no" in done.stderr


def test_drafts_pass_the_check_and_say_that_they_are_drafts(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "drafts.jsonl"
    done = run("draft", "--count", "30", "--out", path)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "30 drafts" in done.stderr and "They are drafts" in done.stderr
    checked = run("check", path)
    assert checked.exit_code == 0, checked.stdout
    assert checked.stdout.count("it is a draft") == 30
    assert run("draft", "--out", path).exit_code == 2


def test_drafts_keep_to_the_named_document_and_language(run: Run) -> None:
    done = run("draft", "--document", "battery_pack_manual_en.pdf", "--language", "de", "--count", "5")
    cases = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(cases) == 5
    for case in cases:
        assert case["language"] == "de" and {"draft", "cross", "from-en"} <= set(case["tags"])
        assert {source["document"] for source in case["sources"]} == {"battery_pack_manual_en.pdf"}


def test_drafts_are_made_of_nothing_that_the_asker_may_not_read(run: Run) -> None:
    closed = "bewertung_telematik_kurzfassung_de.txt"
    everybody = run("draft", "--count", "10000", "--as", "eva")
    assert everybody.exit_code == 0 and closed not in everybody.stdout
    assert closed in run("draft", "--count", "10000", "--as", "eva", "--groups", "cybersecurity").stdout
    assert run("draft", "--document", closed, "--as", "eva").exit_code == 2
