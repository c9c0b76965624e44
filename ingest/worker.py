"""The worker: takes queued ingest jobs one at a time; one worker per data folder."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from copilot.catalog import Catalog, open_catalog
from copilot.catalog.activity import DONE, FAILED, QUEUED
from copilot.errors import CopilotError, UsageError
from copilot.settings import Settings
from copilot.types import Job, OutcomeStatus
from ingest.interrupt import stopping
from ingest.pipeline import Ingestor
from ingest.work import Stop

_POLL_S = 1.0
_LOCK_WAIT_S = 24 * 3600.0
_log = logging.getLogger(__name__)


def run_worker(settings: Settings, *, once: bool = False, stop: Stop | None = None) -> int:
    """Take jobs until asked to stop, or until none waits with ``once``; return how many were done.

    Raises UsageError where another worker serves the same data folder.
    """
    stop = stop or Stop()
    catalog = open_catalog(settings)
    done = 0
    with _only_one(settings.data_dir / "worker.lock"), stopping(stop):
        # Only one worker lives: what is marked as running was left by one that was killed.
        catalog.requeue_running()
        while not stop.asked:
            job = catalog.next_job()
            if job is not None:
                run_job(job, catalog, settings, stop)
                done += 1
            elif once:
                break
            else:
                time.sleep(_POLL_S)
    return done


def run_job(job: Job, catalog: Catalog, settings: Settings, stop: Stop) -> None:
    """Do one job and note its progress and end; a job that was stopped is queued again."""
    from ingest.wiring import open_ingestor

    _log.info("job %s: %s", job.id, ", ".join(job.paths))
    try:
        ingestor = open_ingestor(settings)
        ingestor.stop = stop
        with contextlib.closing(ingestor):
            message, failed = _follow(job, catalog, ingestor)
    except (CopilotError, OSError) as error:
        catalog.update_job(job.id, state=FAILED, message=str(error))
        return
    except Exception as error:
        # The worker lives on for the next job; the log says where it happened.
        _log.exception("job %s", job.id)
        catalog.update_job(job.id, state=FAILED, message=f"{type(error).__name__}: {error}")
        return
    if stop.asked:
        catalog.update_job(job.id, state=QUEUED, message="Stopped; it goes on with the next worker.")
    else:
        catalog.update_job(job.id, state=FAILED if failed else DONE, progress=1.0, message=message)


def _follow(job: Job, catalog: Catalog, ingestor: Ingestor) -> tuple[str, bool]:
    """Ingest the job's paths; return what to say of it, and whether nothing could be taken in."""
    counts: Counter[OutcomeStatus] = Counter()

    def waiting(message: str) -> None:
        catalog.update_job(job.id, message=message)

    paths = [Path(path) for path in job.paths]
    for outcome in ingestor.ingest(paths, job.kb, wait_s=_LOCK_WAIT_S, on_wait=waiting):
        counts[outcome.status] += 1
        share = ingestor.progress.done / max(1, ingestor.progress.total)
        catalog.update_job(job.id, progress=round(min(share, 1.0), 4), message=_said(counts))
    return _said(counts), bool(counts) and set(counts) <= {OutcomeStatus.FAILED}


def _said(counts: Counter[OutcomeStatus]) -> str:
    return ", ".join(f"{counts[status]} {status.value}" for status in OutcomeStatus if counts[status])


@contextlib.contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Hold the worker's lock; the file names the process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise UsageError(
                f"A worker (process {file.read().strip() or 'unknown'}) already serves {path.parent}.",
                "One is enough; end it before you start another.",
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
