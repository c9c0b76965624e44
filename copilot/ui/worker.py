"""Starts the worker process that takes jobs, where none runs."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

from copilot.settings import Settings

_LOCK_FILE = "worker.lock"  # the worker holds it while it lives
_lock = threading.Lock()
_started: dict[Path, subprocess.Popen[bytes]] = {}


def ensure_worker(settings: Settings) -> bool:
    """Start `copilot worker --once` for this data folder unless one lives; whether one was started.

    It ends by itself when no job waits. Raises OSError where no process can be started.
    """
    with _lock:
        folder = settings.data_dir.resolve()
        own = _started.get(folder)
        if own is not None and own.poll() is None:
            return False
        if worker_lives(folder):
            return False
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "worker.log").open("ab") as log:
            _started[folder] = subprocess.Popen(
                [sys.executable, "-m", "copilot", "worker", "--once"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, "COPILOT_DATA_DIR": str(folder)},
            )  # fmt: skip
        return True


def worker_lives(folder: Path) -> bool:
    """Whether a process holds the worker's lock."""
    path = folder / _LOCK_FILE
    if not path.exists():
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)
    return False
