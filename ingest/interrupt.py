"""Signals during an ingest: the first asks for a clean end, the second ends at once, which loses nothing."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType

from ingest.work import Stop

EXIT_INTERRUPTED = 130


@contextlib.contextmanager
def stopping(stop: Stop) -> Iterator[None]:
    """Within it, SIGINT and SIGTERM ask ``stop`` first and end the process the second time."""

    def ask(number: int, _frame: FrameType | None) -> None:
        if stop.asked:
            # Nothing to wait for: what was flushed is kept, what was not is found again by the next run.
            sys.stderr.write("\nEnded at once. Run the same command again to go on.\n")
            sys.stderr.flush()
            os._exit(128 + number)
        stop.ask()
        sys.stderr.write("\nStopping: what was read is stored and published. Again to end at once.\n")
        sys.stderr.flush()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)
