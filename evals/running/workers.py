"""Cases asked side by side: several processes, each with a product of its own, give the same answers sooner."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from copilot.settings import Settings
from evals.running.results import Kept
from evals.running.runner import Suite, run_cases
from evals.types import Case

_FEWEST = 60  # fewer are asked sooner than another process has loaded its models
_MOST = 4
_TOGETHER = 4
_ask: Callable[[Case], Kept]


def processes(cases: int) -> int:
    """How many processes are worth their start: one asks in this process."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 1 if cases < _FEWEST else min(cores, _MOST)


def side_by_side(
    settings: Settings, cases: Sequence[Case], suite: Suite, fingerprint: str, count: int
) -> Iterator[Kept]:
    """Every case's result in order, as soon as it and those before it are known."""
    context = multiprocessing.get_context("spawn")  # an index cannot be read after a fork
    pool = ProcessPoolExecutor(count, context, _open, (settings, suite, fingerprint))
    try:
        with _undisturbed():
            results = pool.map(_asked, cases, chunksize=_TOGETHER)
        yield from results
    finally:
        pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Processes started herein hear no Ctrl-C: this one does, ends them, and says so once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _open(settings: Settings, suite: Suite, fingerprint: str) -> None:
    """Open a product in this process; what libraries print belongs to no result."""
    global _ask
    sys.stdout = sys.stderr
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy and torch are imported

    from copilot.wiring import open_copilot
    from evals.running.ground import Ground
    from evals.running.scoring import scoring_of

    product, scoring = open_copilot(settings), scoring_of(suite, Ground(settings))

    def ask(case: Case) -> Kept:
        return next(run_cases(product, [case], suite, scoring, fingerprint))

    _ask = ask


def _asked(case: Case) -> Kept:
    return _ask(case)
