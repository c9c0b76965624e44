"""`copilot eval units`: the shipped pairs are all right, and a foreign set gets results, reasons and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import evals
from copilot.cli import app as whole
from evals.commands.units import units
from evals.parts.units import answer_units, read_units

SHIPPED = Path(evals.__file__).with_name("units.jsonl")
app = typer.Typer(cls=whole.info.cls)
app.command("units")(units)
app.command("other")(lambda: None)


def run(path: Path, *arguments: str) -> Any:
    return CliRunner().invoke(app, ["units", "--set", str(path), *arguments])


def write(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def test_the_shipped_pairs_are_many_and_all_right() -> None:
    cases = read_units(SHIPPED)
    assert sum("to" in case for case in cases) >= 60
    assert sum("a" in case for case in cases) >= 20
    assert [result for result in map(answer_units, cases) if result["right"] is not True] == []


def test_a_set_gets_a_line_for_each_case_and_its_summary_apart(tmp_path: Path) -> None:
    path = write(
        tmp_path / "set.jsonl",
        {"id": "c", "value": "25 Nm", "language": "en", "to": "lbf·ft"},
        {"id": "s", "a": "1,5 bar", "language_a": "de", "b": "21.76 psi", "language_b": "en", "same": True},
        {"id": "r", "text": "bei 1,2 bar", "language": "de"},
    )
    done = run(path, "--json")
    assert done.exit_code == 0
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[0] == {"id": "c", "converted": "18.4 lbf·ft", "value": 18.43905373, "unit": "lbf·ft", "right": None}
    assert lines[1] == {"id": "s", "same": True, "right": True}
    assert lines[2]["quantities"] == [{"source": "1,2 bar", "value": 1.2, "unit": "bar", "start": 4, "end": 11}]
    assert json.loads(done.stderr)["summary"] == {"cases": 3, "right": 1, "wrong": 0, "refused": 0}


def test_what_is_not_certain_is_refused_with_a_reason(tmp_path: Path) -> None:
    path = write(
        tmp_path / "set.jsonl",
        {"id": "kind", "value": "25 Nm", "language": "en", "to": "J"},
        {"id": "read", "value": "1.155 V", "language": "fr", "to": "mV"},
        {"id": "tax", "value": "3 CV", "language": "fr", "to": "kW", "expected": None},
        {"id": "two", "value": "5 bar or 6 bar", "language": "en", "to": "psi"},
    )
    done = run(path, "--json")
    results = {item["id"]: item for item in map(json.loads, done.stdout.splitlines())}
    assert "torque" in results["kind"]["error"] and "converted" not in results["kind"]
    assert "one way only" in results["read"]["error"]
    assert results["tax"]["right"] is True
    assert "several" in results["two"]["error"]
    assert done.exit_code == 0


def test_a_wrong_expectation_is_told_and_fails(tmp_path: Path) -> None:
    path = write(tmp_path / "set.jsonl", {"id": "x", "value": "24 Nm", "language": "en", "to": "lbf·ft",
                                          "expected": "18.4 lbf·ft"})  # fmt: skip
    done = run(path)
    assert done.exit_code == 1
    assert "x: 17.7 lbf·ft (WRONG)" in done.stdout


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("no json", "no JSON"),
        ('{"id": "a"}', "neither value"),
        ('{"id": "1", "text": "a"}\n{"id": "1", "text": "b"}', ":2"),
    ],
)
def test_a_bad_line_is_named_by_file_and_number(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(line, encoding="utf-8")
    done = run(path)
    assert done.exit_code == 2
    assert told in done.stderr and "set.jsonl:" in done.stderr
