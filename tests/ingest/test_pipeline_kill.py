"""An ingest that is killed at any moment, then run again, leaves what an undisturbed one leaves."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.testing import PipelineHouse

_CHILD = """
import sys
from pathlib import Path
from ingest import storing
from ingest.testing import LineParser, PipelineHouse

storing.FLUSH_DOCUMENTS = 2
house = PipelineHouse(Path(sys.argv[1]), LineParser(pause_s=0.01), workers=2, publish_every_s=0.05)
for outcome in house.ingestor().ingest([Path(sys.argv[2])], "service", rebuild=sys.argv[3] == "rebuild"):
    print("outcome", flush=True)
print("done", flush=True)
"""


def write(folder: Path, number: int, text: str) -> None:
    (folder / f"m{number:02}.txt").write_text("\n".join(f"{text} {number} step {step}" for step in range(4)))


def change(folder: Path) -> None:
    """New bytes, new files, vanished files, new rights: everything that a run may meet."""
    for number in range(0, 12):
        write(folder, number, "changed")
    for number in range(24, 34):
        write(folder, number, "new")
    for number in range(12, 16):
        (folder / f"m{number:02}.txt").unlink()
    (folder / "manifest.toml").write_text('[[documents]]\npath = "m1*.txt"\ngroups = ["staff"]\n')


def run_and_kill(data: Path, folder: Path, outcomes: int, after_s: float, mode: str) -> bool:
    """Run an ingest in a process of its own and kill it some time after so many outcomes; whether it was done."""
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(data), str(folder), mode], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    said = "".join(child.stdout.readline() for _ in range(outcomes))
    assert "outcome" in said
    time.sleep(after_s)
    child.kill()
    said += child.stdout.read()
    child.wait()
    child.stdout.close()
    return "done" in said


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("mode", ["again", "rebuild"])
def test_killed_at_random_moments_and_run_again_nothing_is_lost(tmp_path: Path, mode: str) -> None:
    folder, disturbed, calm = tmp_path / "manuals", tmp_path / "disturbed", tmp_path / "calm"
    folder.mkdir()
    for number in range(24):
        write(folder, number, "first")
    PipelineHouse(calm).ingest(folder)
    shutil.copytree(calm, disturbed)
    change(folder)
    house = PipelineHouse(calm)
    house.ingest(folder)
    expected = house.state()

    moments = random.Random(7)
    counts = (1, 3, 6, 9)
    finished = [run_and_kill(disturbed, folder, n, moments.uniform(0.0, 0.05), mode) for n in counts]
    assert not any(finished), "a kill came after the end: the moments are too late"
    again = PipelineHouse(disturbed)
    again.ingest(folder)
    assert again.state() == expected
    assert again.catalog.pending() == [] and again.catalog.unstored() == []
