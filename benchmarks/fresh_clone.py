"""Clones the repository, installs, ingests the samples and asks one question: minutes and peak memory of each step.

    python benchmarks/fresh_clone.py [--source PATH] [--keep DIR] [--no-write]

WHEELS, TORCH_INDEX and PYTHON of the environment go to `make` as they would be typed. The clone holds what is
committed, nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from _processes import Ran, run
from _report import ROOT, machine, table, write_section

_QUESTION = "What is the tightening torque of the housing bolts of the battery pack?"
_DROPPED = ("COPILOT_", "STREAMLIT_", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")


def _environment(folder: Path) -> dict[str, str]:
    """The user's, without what would make the clone use anything of the checkout that it came from."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_DROPPED)}
    kept["PATH"] = os.pathsep.join(
        part for part in kept.get("PATH", "").split(os.pathsep) if not part.startswith(str(ROOT))
    )
    # Logs are read, not watched: no rewriting of lines.
    return kept | {"PYTHONUNBUFFERED": "1", "TMPDIR": str(folder)}


def steps(clone: Path, source: Path) -> list[tuple[str, list[str], Path]]:
    """Name, command, folder."""
    program = str(clone / ".venv" / "bin" / "copilot")
    return [
        ("clone", ["git", "clone", "--quiet", str(source), str(clone)], clone.parent),
        ("install: system packages (`make system`)", ["make", "system"], clone),
        ("install: Python packages (`make venv`)", ["make", "venv"], clone),
        ("ingest of the samples (`copilot ingest`)", [program, "ingest", "corpus_samples"], clone),
        ("first cited answer (`copilot ask`)", [program, "ask", "--json", _QUESTION], clone),
        ("second question, a new process", [program, "ask", "--json", _QUESTION], clone),
    ]


def check_answer(ran: Ran) -> str:
    """The first claim of the answer; SystemExit unless it cites something."""
    line = next((line for line in ran.output.splitlines() if line.startswith("{")), "")
    if not line:
        raise SystemExit(f"The question got no answer:\n{ran.output[-2000:]}")
    answer = json.loads(line)
    if not answer["citations"]:
        raise SystemExit(f"The answer cites nothing: {answer['verdict']}: {answer['text']}")
    first = answer["citations"][0]
    place = f"page {first['pages'][0]}" if first["pages"] else first["locator"]
    return f"{answer['text'].splitlines()[0]} ({first['document']['title']}, {place})"


def measure(folder: Path, source: Path) -> tuple[list[tuple[str, Ran]], str, int]:
    """(every step as it ran, the answer, bytes installed)."""
    clone = folder / "clone"
    (folder / "tmp").mkdir(parents=True)
    done: list[tuple[str, Ran]] = []
    answer = ""
    for name, command, where in steps(clone, source):
        print(f"{name} ...", flush=True)
        ran = run(command, where, _environment(folder / "tmp"), folder / "log.txt")
        done.append((name, ran))
        print(f"  {ran.seconds:.1f} s, largest process {ran.largest_mib:.0f} MiB", flush=True)
        if ran.code:
            raise SystemExit(f"'{' '.join(command)}' ended with {ran.code}:\n{ran.output[-4000:]}")
        if "copilot ask" in name:
            answer = check_answer(ran)
    installed = subprocess.run(["du", "-sb", str(clone / ".venv")], capture_output=True, text=True, check=True)
    return done, answer, int(installed.stdout.split()[0])


def report(done: list[tuple[str, Ran]], answer: str, installed: int) -> str:
    """The table; the total ends with the first cited answer."""
    rows = [(name, f"{ran.seconds:.0f}", f"{ran.cpu_s:.0f}", f"{ran.largest_mib:.0f}", f"{ran.together_mib:.0f}")
            for name, ran in done]
    until = [ran for _, ran in done[:-1]]
    minutes = sum(ran.seconds for ran in until) / 60
    total = (f"from clone to first cited answer: {minutes:.1f} minutes", f"{60 * minutes:.0f}",
             f"{sum(ran.cpu_s for ran in until):.0f}", f"{max(ran.largest_mib for ran in until):.0f}",
             f"{max(ran.together_mib for ran in until):.0f}")
    rows.insert(len(rows) - 1, total)
    header = ("step", "s", "CPU s", "largest process, peak MiB", "all processes, peak MiB")
    return f"""{table(header, rows)}

Peaks of all processes together are sampled and count shared pages once for each process. The virtual environment
holds {installed / 1e9:.1f} GB. How long the installation takes is mostly the doing of the network and of pip's cache.
The answer:

> {answer}

Measured by `benchmarks/fresh_clone.py` ({machine()})."""


def main() -> None:
    """Clone, run, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=ROOT)
    parser.add_argument("--keep", type=Path, help="an empty or missing folder that is left for a look")
    parser.add_argument("--no-write", action="store_true")
    flags = parser.parse_args()
    if flags.keep and flags.keep.exists() and any(flags.keep.iterdir()):
        sys.exit(f"{flags.keep} is not empty.")
    with tempfile.TemporaryDirectory() as temporary:
        text = report(*measure(flags.keep or Path(temporary), flags.source.resolve()))
    print(text)
    if not flags.no_write:
        write_section("fresh-clone", "From a fresh clone to the first cited answer", text)


if __name__ == "__main__":
    main()
