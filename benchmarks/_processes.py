"""Runs a command and watches its memory: that of its largest process, and of all its processes together."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

MIB = 2**20
_SAMPLE_S = 0.2


@dataclass(frozen=True)
class Ran:
    """What a command took: seconds, MiB of its largest process and of all together (sampled), its output's end."""

    seconds: float
    cpu_s: float
    largest_mib: float
    together_mib: float
    code: int
    output: str


def memory_of(pid: int) -> dict[int, tuple[str, float]]:
    """Resident MiB of a process and of all below it: {pid: (command line, MiB)}; the gone ones are left out."""
    found: dict[int, tuple[str, float]] = {}
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return found
    for process in family:
        try:
            found[process.pid] = (" ".join(process.cmdline()), process.memory_info().rss / MIB)
        except psutil.Error:
            continue
    return found


def mapped_and_own(pid: int, folder: Path) -> tuple[float, float]:
    """Resident MiB of a process: (files below ``folder`` that it has mapped, all else)."""
    within = own = 0.0
    root = str(folder.resolve()) + os.sep
    for item in psutil.Process(pid).memory_maps(grouped=True):
        if item.path.startswith(root):
            within += item.rss / MIB
        else:
            own += item.rss / MIB
    return within, own


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> Ran:
    """Run it to its end; output goes to ``log``."""
    together = [0.0]
    with log.open("wb") as file:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=dict(environment), stdout=file, stderr=subprocess.STDOUT)
        watcher = threading.Thread(target=_watch, args=(process, together), daemon=True)
        watcher.start()
        # wait4 tells of this command and what it waited for, not of commands that ran before.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    watcher.join(timeout=2)
    text = log.read_text(encoding="utf-8", errors="replace")
    cpu = usage.ru_utime + usage.ru_stime
    return Ran(seconds, cpu, usage.ru_maxrss / 1024, together[0], process.returncode, text)


def _watch(process: subprocess.Popen[bytes], together: list[float]) -> None:
    while process.returncode is None:
        total = sum(mib for _, mib in memory_of(process.pid).values())
        together[0] = max(together[0], total)
        time.sleep(_SAMPLE_S)
