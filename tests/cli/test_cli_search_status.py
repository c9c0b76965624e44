from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from copilot import cli
from copilot.errors import IndexMissing

Run = Callable[..., Any]


def test_search_shows_hits_and_explains_legs_on_demand(run: Run, fake: Any) -> None:
    short, long = run("search", "torque"), run("search", "torque", "--explain", "--top-k", "3")
    assert short.stdout.splitlines() == [
        "  1. 0.750  Handbuch · de · revision C · superseded",
        "     service/manual_de.pdf · page 7 · Gehäuse",
        "     Anziehen mit 24 Nm.",
    ]
    assert "words +0.00 (rank 1, 12.500)" in long.stdout and "chunk c1" in long.stdout
    assert "Variant (table, de): anziehen" in long.stdout
    assert fake.top_k == 3


def test_search_json_is_a_search_result(run: Run) -> None:
    result = json.loads(run("search", "torque", "--json").stdout)
    assert set(result) == {
        "question", "language", "hits", "own", "others", "variants", "timings_s", "did_you_mean",
    }  # fmt: skip
    assert result["hits"][0]["legs"]["sparse"] == {"rank": 1, "score": 12.5, "contribution": 0.0}


def test_status_tells_counts_failures_with_cures_and_jobs(run: Run) -> None:
    text, state = run("status").stdout, json.loads(run("status", "--json").stdout)
    assert "failed (encrypted) b.pdf: It asks for a password." in text and "cure: Remove it." in text
    assert "Job 3" in text and "service" in text
    assert (state["documents"], state["chunks"], state["languages"], state["generation"]) == (1, 2, {"de": 2}, "g1")
    assert [item["uri"] for item in state["failures"]] == ["b.pdf"]


def test_status_before_the_first_ingest_shows_zero_and_the_cure(run: Run, fake: Any) -> None:
    fake.error = IndexMissing("Nothing was published.", "Ingest.")
    done = run("status")
    assert done.exit_code == 0
    assert "copilot ingest PATH" in done.stdout
    assert json.loads(run("status", "--json").stdout)["chunks"] == 0


def test_data_dir_reaches_the_settings(run: Run, tmp_path: Path) -> None:
    done = run("--data-dir", str(tmp_path / "elsewhere"), "status", "--json")
    assert json.loads(done.stdout)["data_dir"] == str(tmp_path / "elsewhere")


def test_a_plugin_that_cannot_be_loaded_is_one_line_and_the_others_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> Any:
        raise ImportError("no such module")

    def register(app: typer.Typer) -> None:
        app.command("extra")(lambda: typer.echo("extra ran"))

    monkeypatch.setattr(cli, "_plugins", lambda: {"bad": broken, "good": lambda: register})
    app = typer.Typer()
    app.command("first")(lambda: None)
    cli.add_commands(app)
    assert "The commands of 'bad' are not available: ImportError: no such module" in capsys.readouterr().err
    assert "extra ran" in CliRunner().invoke(app, ["extra"]).stdout


def test_a_checkout_that_is_not_installed_has_the_commands_of_its_pyproject(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.metadata, "entry_points", lambda group: [])
    assert set(cli._plugins()) == {"eval", "ingest"}


def test_version_is_that_of_the_project(run: Run) -> None:
    import tomllib

    root = Path(cli.__file__).parent.parent
    declared = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert run("--version").stdout == f"copilot {declared}\n"


def test_the_same_commands_answer_to_python_m_copilot() -> None:
    import subprocess

    done = subprocess.run([sys.executable, "-m", "copilot", "--help"], capture_output=True, text=True, check=True)
    for command in ("ask", "search", "status", "doctor", "ingest", "worker"):
        assert command in done.stdout
