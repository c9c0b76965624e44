"""`copilot ingest` and `copilot worker` say what became of each file, and end with the code that fits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from copilot.catalog import open_catalog
from copilot.cli import _Commands
from copilot.settings import Settings, load_settings
from ingest import wiring, worker
from ingest.cli import register
from ingest.pipeline import Ingestor
from ingest.testing import PipelineHouse
from ingest.work import Stop


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "manuals"
    made.mkdir()
    (made / "a.txt").write_text("# Brake manual\nTighten to 24 Nm.")
    (made / "名 称.txt").write_text("broken")
    return made


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    def open_fake(settings: Settings) -> Ingestor:
        return PipelineHouse(settings.data_dir).ingestor()

    monkeypatch.setattr(wiring, "open_ingestor", open_fake)
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
    return CliRunner()


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer(cls=_Commands)
    register(made)
    return made


def test_json_prints_one_outcome_a_line_and_nothing_else(runner: CliRunner, app: typer.Typer, folder: Path) -> None:
    result = runner.invoke(app, ["ingest", str(folder), "--kb", "service", "--json"])
    outcomes = [json.loads(line) for line in result.stdout.splitlines()]
    assert [item["status"] for item in outcomes] == ["failed", "indexed"] or [
        item["status"] for item in outcomes
    ] == ["indexed", "failed"]
    assert set(outcomes[0]) >= {"uri", "category", "chunks", "pages", "seconds", "reason", "cure", "document_id"}
    assert result.exit_code == 1
    assert "2 files" in result.stderr


def test_plain_lines_name_file_reason_and_cure(runner: CliRunner, app: typer.Typer, folder: Path) -> None:
    result = runner.invoke(app, ["ingest", str(folder)])
    assert "indexed   a.txt" in result.stdout
    assert "名 称.txt · broken: 名 称.txt is broken. Open it" in result.stdout
    assert "2 files: 1 indexed, 1 failed." in result.stdout
    (folder / "名 称.txt").unlink()
    result = runner.invoke(app, ["ingest", str(folder)])
    assert (result.exit_code, result.stdout.splitlines()[-1].split(".")[0]) == (0, "1 file: 1 unchanged")


@pytest.mark.parametrize("arguments", [[], ["nowhere"]])
def test_nothing_to_ingest_is_a_usage_error(runner: CliRunner, app: typer.Typer, arguments: list[str]) -> None:
    result = runner.invoke(app, ["ingest", *arguments])
    assert result.exit_code == 2
    assert result.stdout == ""


def test_the_worker_does_queued_jobs_and_notes_their_end(runner: CliRunner, app: typer.Typer, folder: Path) -> None:
    catalog = open_catalog(load_settings())
    catalog.enqueue_job([str(folder)], "service", "local")
    catalog.enqueue_job([str(folder / "gone.txt")], "service", "local")
    assert runner.invoke(app, ["worker", "--once"]).exit_code == 0
    second, first = catalog.jobs()
    assert (first.state, first.progress, first.message) == ("done", 1.0, "1 indexed, 1 failed")
    assert second.state == "failed" and "gone.txt" in second.message
    assert [document.title for document in catalog.documents()] == ["Brake manual"]


def test_a_job_that_is_stopped_waits_for_the_next_worker(runner: CliRunner, folder: Path) -> None:
    settings = load_settings()
    catalog = open_catalog(settings)
    catalog.enqueue_job([str(folder)], "service", "local")
    job = catalog.next_job()
    assert job is not None
    stop = Stop()
    stop.ask()
    worker.run_job(job, catalog, settings, stop)
    assert [item.state for item in catalog.jobs()] == ["queued"]
    assert worker.run_worker(settings, once=True) == 1
    assert [item.state for item in catalog.jobs()] == ["done"]


_CHILD = """
import sys
from pathlib import Path
from ingest import wiring
from ingest.testing import LineParser, PipelineHouse

def announce(path):
    print("reading", path.name, file=sys.stderr, flush=True)

wiring.open_ingestor = lambda settings: PipelineHouse(
    settings.data_dir, LineParser(announce, pause_s=0.2), workers=1).ingestor()
import typer
from ingest.cli import register
app = typer.Typer()
register(app)
app()
"""


def start(folder: Path, data: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "COPILOT_DATA_DIR": str(data)},
    )  # fmt: skip


def await_line(process: subprocess.Popen[str], text: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if text in line:
            return
    raise AssertionError(f"the process ended before it said '{text}'")


@pytest.mark.parametrize(("signals", "said"), [(1, "run the same command again"), (2, "Ended at once")])
def test_ctrl_c_ends_cleanly_and_again_ends_at_once(tmp_path: Path, signals: int, said: str) -> None:
    folder = tmp_path / "manuals"
    folder.mkdir()
    for number in range(60):
        (folder / f"m{number:02}.txt").write_text(f"Manual {number}")
    process = start(folder, tmp_path / "data", "ingest", str(folder))
    await_line(process, "m03.txt")
    for _ in range(signals):
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said in errors
    house = PipelineHouse(tmp_path / "data")
    done = len(house.catalog.documents())
    assert done < 60
    house.ingest(folder)
    assert len(house.catalog.documents()) == 60


def test_the_worker_ends_on_sigterm_and_allows_no_second_one(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = start(tmp_path, data, "worker")
    deadline = time.monotonic() + 60
    while not (data / "worker.lock").exists() or not (data / "worker.lock").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    second = start(tmp_path, data, "worker", "--once")
    _, errors = second.communicate(timeout=60)
    assert second.returncode != 0 and str(first.pid) in errors
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=60)
    assert first.returncode == 0
