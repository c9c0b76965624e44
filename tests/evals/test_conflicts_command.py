from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from copilot.cli import app as whole
from copilot.errors import UsageError
from evals.commands.conflicts import conflicts
from evals.parts.contradicting import read_pairs

RUN = CliRunner()
app = typer.Typer(cls=whole.info.cls)
app.command("conflicts")(conflicts)
app.command("other")(lambda: None)
A = {"text": "The drain plug is tightened to 35 Nm.", "language": "en", "title": "Specification"}
B = {"text": "The drain plug is tightened to 25 Nm.", "language": "en", "status": "released"}


def written(folder: Path, *lines: object) -> Path:
    path = folder / "pairs.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_each_pair_is_one_json_object_and_the_summary_tells_recall_and_false_alarms(tmp_path: Path) -> None:
    path = written(
        tmp_path, {"id": "p", "a": A, "b": B, "conflict": True}, {"id": "q", "a": A, "b": A, "conflict": False},
        {"id": "r", "a": A, "b": {**B, "status": "superseded"}},
    )  # fmt: skip
    done = RUN.invoke(app, ["conflicts", "--set", str(path), "--json"])
    assert done.exit_code == 0
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["id"], line["conflict"], line["right"]) for line in lines] == [
        ("p", True, True), ("q", False, True), ("r", False, None)
    ]
    assert lines[0]["values"] == ["35 Nm", "25 Nm"]
    summary = json.loads(done.stderr.splitlines()[-1])["summary"]
    assert (summary["recall"], summary["false_alarms"], summary["labelled"]) == (1.0, 0.0, 2)


def test_a_row_is_read_under_its_header(tmp_path: Path) -> None:
    row = {"text": "Seat rail\tM10\t45", "header": ["Joint", "Thread", "Torque (Nm)"], "language": "en"}
    other = {**row, "header": "Joint | Thread | Torque (Nm)"}
    pair = read_pairs(written(tmp_path, {"id": "1", "a": row, "b": other}))[0]
    assert pair.a.source.text == pair.b.source.text == "Joint: Seat rail | Thread: M10 | Torque (Nm): 45"


def test_applicability_is_taken_in_the_singular_too(tmp_path: Path) -> None:
    side = {**A, "applicability": {"site": "Turin", "model_year": 2025}}
    pair = read_pairs(written(tmp_path, {"id": "1", "a": side, "b": "Plain text of the other side."}))[0]
    assert (pair.a.applicability.sites, pair.a.applicability.years) == (("Turin",), (2025,))


@pytest.mark.parametrize(
    ("line", "told"),
    [({"id": "1", "a": A}, "no b"), ({"id": "1", "a": {"title": "x"}, "b": B}, "no text"),
     ({"id": "1", "a": {**A, "applicability": {"years": ["soon"]}}, "b": B}, "a year is no number")],
)  # fmt: skip
def test_a_bad_pair_is_named_with_its_place(tmp_path: Path, line: object, told: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        read_pairs(written(tmp_path, {"id": "0", "a": A, "b": B}, line))
    assert "pairs.jsonl:2" in str(caught.value)


def test_the_shipped_set_has_three_hundred_pairs_with_thirty_conflicts() -> None:
    folder = Path(__file__).resolve().parents[2] / "evals" / "contradictions"
    pairs = read_pairs(folder / "report.jsonl")
    assert (len(pairs), sum(bool(pair.conflict) for pair in pairs)) == (300, 30)
    tuned = {(pair.a.source.text, pair.b.source.text) for pair in read_pairs(folder / "tuning.jsonl")}
    assert tuned.isdisjoint((pair.a.source.text, pair.b.source.text) for pair in pairs)
