"""`copilot eval run` and `copilot eval gate` on the command line: files, exit codes, resuming, a foreign baseline."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from copilot.cli import app as whole
from evals.commands.gate import gate
from evals.commands.run import run

Run = Callable[..., Any]
app = typer.Typer(cls=whole.info.cls)
group = typer.Typer()
for command in (run, gate):
    group.command(command.__name__)(command)
app.add_typer(group, name="eval")

UPDATE = ("--update", "--who", "Ada", "--why", "first figures")
MANUAL = """# Gearbox GB-1180

## Oil

The gearbox GB-1180 takes 1.9 l of oil VG 220.

## Seal

The lip seal LS-77 is replaced after 12,000 hours of operation.
"""
CASES = (
    {"id": "oil", "question": "How much oil does the gearbox GB-1180 take?", "language": "en", "reference": "1.9 l",
     "sources": [{"document": "gearbox_en.md", "page": 1, "quote": "takes 1.9 l of oil VG 220"}], "tags": ["fluid"]},
    {"id": "seal", "question": "When is the lip seal LS-77 replaced?", "language": "en", "reference": "12,000 hours",
     "sources": [{"document": "gearbox_en.md", "page": 1, "quote": "replaced after 12,000 hours"}]},
    {"id": "none", "question": "Who won the chess tournament in the canteen?", "language": "en", "sources": [],
     "tags": ["absent_topic"]},
)  # fmt: skip


def write_cases(path: Path, *cases: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    return path


@pytest.fixture
def call() -> Run:
    """A command in this process."""
    return lambda *arguments: CliRunner().invoke(app, ["eval", *map(str, arguments)])


@pytest.fixture
def own_set(tmp_path: Path) -> Path:
    """A folder of cases with their document."""
    folder = tmp_path / "gearbox"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "gearbox_en.md").write_text(MANUAL, encoding="utf-8")
    write_cases(folder / "cases.jsonl", *CASES)
    return folder


@pytest.mark.slow
@pytest.mark.long
def test_a_set_with_documents_is_ingested_apart_asked_gated_and_resumed(
    call: Run, own_set: Path, tmp_path: Path
) -> None:
    out, data = tmp_path / "out", tmp_path / "data"
    done = call("run", "--set", own_set, "--suite", "answers", "--out", out, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["all"]["cases"], told["all"]["right"]["mean"]) == (3, 1.0), done.output
    assert told["fingerprint"]["suite"] == "answers"
    lines = (out / "results.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["oil", "seal", "none"]
    assert {path.name for path in out.iterdir()} == {"results.jsonl", "report.json", "report.html", "summary.md"}
    assert not (data / "catalog.sqlite").exists(), "the user's own data folder is left alone"
    assert len(list((data / "evals" / "corpora").iterdir())) == 1

    base = tmp_path / "base.json"
    made = call("gate", "--set", own_set, "--results", out, "--baseline", base, *UPDATE)
    assert made.exit_code == 0, made.output
    green = call("gate", "--set", own_set, "--baseline", base, "--out", tmp_path / "again", "--json")
    assert green.exit_code == 0, green.output
    assert json.loads(green.stdout)["green"] is True
    assert "Ingesting" not in green.stderr, "the documents are known"

    (own_set / "documents" / "gearbox_en.md").write_text(MANUAL.replace("1.9 l", "2.4 l"), encoding="utf-8")
    other = call("gate", "--set", own_set, "--baseline", base, "--out", tmp_path / "third")
    assert other.exit_code == 2
    assert "other documents" in other.stderr
    assert "--update" in other.stderr


@pytest.fixture(scope="module")
def data_dir(sample_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the ingested samples: a run is kept in the data folder, where the app's page finds it."""
    return Path(shutil.copytree(sample_data_dir, tmp_path_factory.mktemp("run") / "data"))


@pytest.fixture
def few(data_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file of two cases over the ingested samples."""
    monkeypatch.setenv("COPILOT_DATA_DIR", str(data_dir))
    source = {"document": "service/battery_pack_manual_en.pdf", "page": 9,
              "quote": "the flange thickness at the bolt holes must be at least 2.37 mm"}  # fmt: skip
    asked = {"language": "en", "tags": ["prose"], "reference": "2.37 mm", "sources": [source]}
    return write_cases(
        tmp_path / "few.jsonl",
        {"id": "a", "question": "What is the least flange thickness at the bolt holes?", **asked},
        {"id": "b", "question": "How thick must the flange be at the bolt holes?", **asked},
    )


def test_a_file_is_asked_over_what_is_ingested_and_an_edited_case_is_refused(
    call: Run, few: Path, tmp_path: Path
) -> None:
    out, base = tmp_path / "out", tmp_path / "few-baseline.json"
    done = call("run", "--set", few, "--suite", "retrieval", "--out", out)
    assert done.exit_code == 0, done.output
    assert "all " in done.stdout
    assert "2 of 2 cases" in done.stderr
    made = call("gate", "--set", few, "--baseline", base, "--results", out, *UPDATE)
    assert made.exit_code == 0, made.output
    few.write_text(few.read_text("utf-8").replace("How thick", "How very thick"), encoding="utf-8")
    refused = call("gate", "--set", few, "--baseline", base, "--out", tmp_path / "again")
    assert refused.exit_code == 2
    assert "b were edited since" in refused.stderr


def test_a_resumed_run_asks_nothing_twice(call: Run, few: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert call("run", "--set", few, "--suite", "retrieval", "--out", out).exit_code == 0
    first = (out / "results.jsonl").read_text("utf-8")
    (out / "results.jsonl").write_text(first.splitlines(keepends=True)[0], encoding="utf-8")
    (out / "report.json").unlink()
    unfinished = call("gate", "--set", few, "--results", out, "--baseline", tmp_path / "b.json", *UPDATE)
    assert unfinished.exit_code == 2
    done = call("run", "--set", few, "--suite", "retrieval", "--out", out, "--resume")
    assert done.exit_code == 0, done.output
    again = (out / "results.jsonl").read_text("utf-8")
    assert again.splitlines()[0] == first.splitlines()[0], "the seconds tell that it was not asked again"
    assert [json.loads(line)["id"] for line in again.splitlines()] == ["a", "b"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "--suite", "everything"), "There is no suite 'everything'"),
        (("run", "--set", "nowhere"), "There is no set 'nowhere'"),
        (("run", "--set", "FEW", "--language", "xx"), "'xx' is no language"),
        (("run", "--set", "FEW", "--tag", "none"), "No case of"),
        (("run", "--set", "FEW", "--resume"), "There is no run of 'few'"),
        (("run", "--set", "FEW", "--baseline", "none.json"), "There is no baseline 'none.json'"),
        (("run", "--set", "BROKEN"), "broken.jsonl:2"),
        (("gate", "--set", "FEW"), "There is no baseline"),
        (("gate", "--set", "FEW", "--update"), "--who NAME --why REASON"),
        (("gate", "--set", "FEW", "--update", "--who", "A", "--why", "b", "--results", "none"), "no finished run"),
        (("gate", "--set", "FEW", "--accept", "none.jsonl"), "There is no list"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_cure_and_exits_2(
    call: Run, few: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text(few.read_text("utf-8").splitlines()[0] + "\n{broken\n", encoding="utf-8")
    named = {"FEW": str(few), "BROKEN": str(broken)}
    done = call(*(named.get(item, item) for item in arguments))
    assert done.exit_code == 2, done.output
    assert said in done.stderr
    assert done.stdout == ""


@pytest.mark.slow
@pytest.mark.long
def test_a_killed_run_goes_on_where_it_was(few: Path, tmp_path: Path) -> None:
    case = json.loads(few.read_text("utf-8").splitlines()[0])
    many = [{**case, "id": f"c{number}", "question": f"{case['question']} ({number})"} for number in range(80)]
    path, out = write_cases(tmp_path / "many.jsonl", *many), tmp_path / "out"
    command = [sys.executable, "-m", "copilot", "eval", "run", "--suite", "retrieval", "--set", str(path)]
    command += ["--out", str(out)]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    results = out / "results.jsonl"
    while running.poll() is None and not (results.is_file() and results.read_bytes().count(b"\n") >= 8):
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    kept = results.read_bytes().count(b"\n")
    assert 8 <= kept < 80
    before = results.read_text("utf-8").splitlines()[: kept]
    subprocess.run([*command, "--resume"], check=True, capture_output=True)
    after = results.read_text("utf-8").splitlines()
    assert after[:8] == before[:8]
    assert [json.loads(line)["id"] for line in after] == [case["id"] for case in many]


@pytest.mark.slow
@pytest.mark.long
def test_a_judge_that_fails_is_told_by_name_and_ends_nothing(call: Run, few: Path, tmp_path: Path) -> None:
    from copilot.testing_llm import Reply, ScriptedServer

    out = tmp_path / "out"
    with ScriptedServer(lambda request: Reply("No opinion.")) as server:
        judge = f"{server.url}#judge-1"
        done = call("run", "--set", few, "--suite", "answers", "--judge", judge, "--out", out, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["judge"]["name"].startswith("judge-1 at 127.0.0.1")
    assert told["judge"]["failed"] == told["all"]["failed_judgements"] > 0
    assert "ragas_faithfulness" not in told["all"]["metrics"]
    kept = [json.loads(line) for line in (out / "results.jsonl").read_text("utf-8").splitlines()]
    assert all(line["errors"]["ragas_faithfulness"] and line["right"] for line in kept)
    assert "single scores could not be made" in (out / "report.html").read_text("utf-8")
