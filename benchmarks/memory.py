"""Resident memory of a process that only answers, and of the running app, asked in a headless browser.

    python benchmarks/memory.py [--data-dir DIR] [--no-app] [--no-write]

Without a browser, or without app.py, the app's part is left out. Without --data-dir the samples are ingested into a
temporary folder first.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from _measure import questions
from _processes import mapped_and_own, memory_of
from _report import ROOT, machine, table, write_section

_LIMIT_MIB = 1.5 * 1024
_QUERY_LIMIT_MIB = 400
_MOMENTS = {"search": "search {}", "ask": "answer {}, after the searches"}
_QUESTIONS = 10
_START_S, _ANSWER_S = 180, 180
_INPUT = "[data-testid=stChatInputTextArea]"
# Buttons that stand under an answer when it is complete.
_COMPLETE = '[class*="st-key-actions_"]'
_HOLDER = """
import json, sys
from copilot.settings import load_settings
from copilot.types import Principal
from copilot.wiring import open_copilot
asker = Principal("bench", tuple(sys.argv[1:]))
with open_copilot(load_settings()) as copilot:
    for line in sys.stdin:
        how, question = json.loads(line)
        found = getattr(copilot, how)(question, asker)
        print(len(found.hits) if how == "search" else found.verdict, flush=True)
"""


def _environment(data_dir: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COPILOT_", "STREAMLIT_"))}
    return kept | {"COPILOT_DATA_DIR": str(data_dir), "OMP_WAIT_POLICY": "passive"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_app(data_dir: Path, log: Path) -> Iterator[tuple[int, str]]:
    """(process id, address) of `streamlit run app.py`, once it says that it is healthy."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.address",
               "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false",
               "--server.fileWatcherType", "none"]
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=_environment(data_dir), stdout=file, stderr=file)
    try:
        deadline = time.monotonic() + _START_S
        while not _healthy(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The app did not start:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.5)
        yield process.pid, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def ask_app(address: str, pid: int, asked: list[str]) -> list[dict[int, tuple[str, float]]]:
    """Ask in a browser; memory of the app's processes before the first question and after each answer."""
    from playwright.sync_api import sync_playwright

    seen = []
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector(_INPUT, timeout=1000 * _START_S)
        seen.append(memory_of(pid))
        for number, question in enumerate(asked, start=1):
            _ask(page, question, number)
            seen.append(memory_of(pid))
            print(f"  {number}: {seen[-1][pid][1]:.0f} MiB  {question}", flush=True)
        browser.close()
    return seen


def _ask(page: Any, question: str, answers: int) -> None:
    """Type it and wait until so many answers stand there complete."""
    box = page.locator(_INPUT)
    box.fill(question)
    box.press("Enter")
    # No page.wait_for_function: the app's content security policy forbids eval.
    page.locator(_COMPLETE).nth(answers - 1).wait_for(state="attached", timeout=1000 * _ANSWER_S)


def ask_process(data_dir: Path, asked: Sequence[str], groups: Sequence[str]) -> list[tuple[str, float, float]]:
    """(moment, MiB of mapped index files, MiB of all else) of a process that answers and does nothing else."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, *groups], cwd=ROOT, env=_environment(data_dir), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )
    assert process.stdin and process.stdout
    seen = []
    for how in ("search", "ask"):
        for number, question in enumerate(asked, start=1):
            process.stdin.write(json.dumps([how, question]) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline().strip()
            if not answer:
                raise SystemExit("The process that answers ended before its answer.")
            print(f"  {answer}: {question}", flush=True)
            if number in (1, len(asked)):
                seen.append((_MOMENTS[how].format(number), *mapped_and_own(process.pid, data_dir)))
    process.stdin.close()
    process.wait(timeout=60)
    return seen


def query_report(seen: Sequence[tuple[str, float, float]], chunks: int) -> str:
    """The table of the process that answers, and whether the limit holds."""
    rows = [(moment, f"{mapped:.0f}", f"{own:.0f}") for moment, mapped, own in seen]
    verdict = "within" if max(own for _, _, own in seen) < _QUERY_LIMIT_MIB else "ABOVE"
    return f"""{table(("moment", "mapped index files, MiB", "all else, MiB"), rows)}

Resident memory of a process that only answers (`Copilot.search`, then `Copilot.ask`, with the default models), over
{chunks:,} chunks, asked golden questions of every language in turn. Without the mapped files of the index, which the
system takes back when it needs the memory, it is {verdict} the limit of {_QUERY_LIMIT_MIB} MiB.

Measured by `benchmarks/memory.py` ({machine()})."""


def report(what: str, pid: int, seen: list[dict[int, tuple[str, float]]]) -> str:
    """The table and whether the limit holds."""
    own = [sample[pid][1] for sample in seen if pid in sample]
    others = [sum(mib for other, (_, mib) in sample.items() if other != pid) for sample in seen]
    rows = [(name, f"{own[at]:.0f}", f"{others[at]:.0f}") for name, at in
            (("before the first question", 0), ("after one question", 1), (f"after {len(seen) - 1}", -1))]
    verdict = "within" if own[-1] + others[-1] < _LIMIT_MIB else "ABOVE"
    return f"""{table(("moment", "process, MiB", "processes that it started, MiB"), rows)}

Resident memory of {what}. Together it is {verdict} the limit of {_LIMIT_MIB:.0f} MiB.

Measured by `benchmarks/memory.py` ({machine()})."""


def measure_app(data_dir: Path, log: Path, asked: list[str]) -> str:
    """The section of the app, or nothing where it cannot be driven."""
    if not (ROOT / "app.py").exists() or not shutil.which("chromium"):
        return ""
    with running_app(data_dir, log) as (pid, address):
        seen = ask_app(address, pid, asked)
        for command, mib in seen[-1].values():
            print(f"  {mib:.0f} MiB  {command[:100]}")
    return report("`streamlit run app.py`, questions asked in a headless browser", pid, seen)


def _chunks(data_dir: Path) -> int:
    metas = (data_dir / "index" / "gens").glob("g*/meta.json")
    return max(int(json.loads(path.read_text(encoding="utf-8"))["points"]) for path in metas)


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--groups", nargs="*", default=[], help="of the one who asks")
    parser.add_argument("--no-app", action="store_true")
    parser.add_argument("--no-write", action="store_true")
    flags = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data_dir = (flags.data_dir or Path(folder) / "data").resolve()
        if not flags.data_dir:
            command = [sys.executable, "-m", "copilot", "--data-dir", str(data_dir), "ingest", "corpus_samples"]
            subprocess.run(command, check=True, cwd=ROOT)
        asked = questions(2)[:_QUESTIONS]
        sections = {"memory-query": query_report(ask_process(data_dir, asked, flags.groups), _chunks(data_dir))}
        if not flags.no_app:
            sections["memory"] = measure_app(data_dir, Path(folder) / "app.log", asked)
    titles = {"memory-query": "Memory of a process that answers", "memory": "Memory of the app"}
    for name, text in sections.items():
        print(text)
        if text and not flags.no_write:
            write_section(name, titles[name], text)


if __name__ == "__main__":
    main()
