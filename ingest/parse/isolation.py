"""Parsing in a process of its own with limits: a file that hangs, crashes or eats memory becomes a ParseError."""

from __future__ import annotations

import atexit
import multiprocessing
import threading
from concurrent.futures import TimeoutError as PoolTimeout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.errors import ParseError
from copilot.settings import Settings
from copilot.types import Element
from ingest.parse.limits import check_file, limit_memory

_PRELOADED = (
    "ingest.parse.apart", "copilot.types", "copilot.language", "ingest.parse", "ingest.parse.elements",
    "ingest.parse.pdf",
)
_TASKS_PER_WORKER = 200  # a worker is replaced then, so that what parsers leak does not add up
_lock = threading.Lock()
_pools: dict[tuple[int, int, bool], Any] = {}


@dataclass(frozen=True, slots=True)
class _Failure:
    """A ParseError on its way between processes; exceptions with arguments of their own do not unpickle."""

    category: str
    reason: str
    cure: str


def parse_isolated(path: Path, media_type: str, language: str, settings: Settings) -> list[Element]:
    """``ingest.parse.parse_file`` in a limited worker process. Thread-safe: threads share ``ingest.workers`` workers.

    Raises ParseError: what the parser raises, and too_large (bytes, pages, memory), timeout, broken (the worker died).
    """
    from pebble import ProcessExpired

    limits = settings.ingest
    check_file(path, media_type, limits)
    future = _pool(limits.workers, limits.memory_mb, limits.ocr).schedule(
        _parse, args=(str(path), media_type, language, limits.max_pages), timeout=limits.timeout_s)
    try:
        outcome: list[Element] | _Failure = future.result()
    except PoolTimeout as error:
        raise ParseError("timeout", f"{path.name} took longer than {limits.timeout_s:g} s to read.",
                         "Split it, or raise ingest.timeout_s.") from error
    except ProcessExpired as error:
        raise ParseError("broken", f"{path.name} made the parser crash (exit code {error.exitcode}).",
                         "Open it in the program that made it and save it again.") from error
    except MemoryError as error:
        raise ParseError("too_large", f"{path.name} needs more than {limits.memory_mb} MiB to read.",
                         "Split it, or raise ingest.memory_mb.") from error
    if isinstance(outcome, _Failure):
        raise ParseError(outcome.category, outcome.reason, outcome.cure)
    return outcome


def _parse(path: str, media_type: str, language: str, max_pages: int) -> list[Element] | _Failure:
    from ingest.parse import parse_file
    from ingest.parse.limits import check_pages

    try:
        check_pages(Path(path), media_type, max_pages)
        return parse_file(Path(path), media_type, language)
    except ParseError as error:
        return _Failure(error.category, error.reason, error.cure)


def _pool(workers: int, memory_mb: int, ocr: bool) -> Any:
    """The pool with these limits; made at first use, ended with the process."""
    from pebble import ProcessPool

    with _lock:
        key = (workers, memory_mb, ocr)
        if key not in _pools or not _pools[key].active:
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(list(_PRELOADED))
            _pools[key] = ProcessPool(
                max_workers=workers, max_tasks=_TASKS_PER_WORKER, context=context,
                initializer=_start, initargs=(memory_mb, ocr))
        return _pools[key]


def _start(memory_mb: int, ocr: bool) -> None:
    from ingest.parse import ocr as recognition

    recognition.switch(ocr)
    limit_memory(memory_mb)


def close_pools() -> None:
    """End all workers; the next call starts new ones."""
    with _lock:
        for pool in _pools.values():
            pool.stop()
            pool.join()
        _pools.clear()


atexit.register(close_pools)
