"""Reads several files ahead in parallel: keeps the original, parses it, keeps the elements; in the files' order."""

from __future__ import annotations

import errno
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet

from copilot.codec import parsed_file, read_elements, write_elements
from copilot.errors import CopilotError, ParseError
from copilot.protocols import Parser
from copilot.settings import Settings
from copilot.types import UNKNOWN_LANGUAGE, Element, Outcome
from ingest.originals import ensure_unchanged, keep_original
from ingest.outcomes import unreadable
from ingest.work import Reading, Step, Stop, Work

_POLL_S = 0.2


class Reader:
    """Turns work into readings; each file is parsed by one thread of a small pool (the parser isolates it)."""

    def __init__(self, parser: Parser, settings: Settings, stop: Stop) -> None:
        self._parser = parser
        self._settings = settings
        self._stop = stop

    def read_ahead(self, steps: Iterable[Step]) -> Iterator[Reading | Outcome]:
        """Readings and outcomes in the order of the steps; ends early when asked to stop."""
        workers = self._settings.ingest.workers
        pool = ThreadPoolExecutor(workers, thread_name_prefix="read")
        waiting: deque[Outcome | Future[Reading]] = deque()
        try:
            for step in steps:
                waiting.append(step if isinstance(step, Outcome) else pool.submit(self.read, step))
                while waiting and (len(waiting) > 2 * workers or _is_ready(waiting[0])):
                    yield from self._take(waiting.popleft())
                if self._stop.asked:
                    return
            while waiting and not self._stop.asked:
                yield from self._take(waiting.popleft())
        finally:
            # What was asked to stop is not waited for: its file is found again by the next run.
            pool.shutdown(wait=not self._stop.asked, cancel_futures=True)

    def _take(self, item: Outcome | Future[Reading]) -> Iterator[Reading | Outcome]:
        if isinstance(item, Outcome):
            yield item
            return
        while not self._stop.asked:
            try:
                yield item.result(timeout=_POLL_S)
                return
            except NotYet:
                continue

    def read(self, work: Work) -> Reading:
        """The elements of one file, from the cache where it has been parsed before; errors become a reading."""
        start = time.monotonic()
        try:
            elements = self._elements(work)
            return Reading(work, elements, seconds=time.monotonic() - start)
        except ParseError as error:
            problem = error
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise CopilotError(
                    f"The disk of {self._settings.data_dir} is full.", "Free space, then run the same command again."
                ) from error
            problem = unreadable(work.path.name, error)
        except CopilotError as error:
            problem = ParseError("missing_dependency", error.reason, error.cure)
        except Exception as error:  # a bad file is an outcome, whatever a parser makes of it
            problem = ParseError("broken", f"{work.path.name} cannot be read: {type(error).__name__}: {error}")
        return Reading(work, error=problem, seconds=time.monotonic() - start)

    def _elements(self, work: Work) -> list[Element]:
        cache = parsed_file(self._settings.parsed_path, work.document)
        elements = read_elements(cache)
        if elements is None:
            elements = self._parsed(work)
            write_elements(cache, elements)
        if work.snapshot is not None and self._settings.ingest.originals == "copy":
            keep_original(work.snapshot, self._settings.originals_path)
        return elements

    def _parsed(self, work: Work) -> list[Element]:
        document = work.document
        language = "" if document.language == UNKNOWN_LANGUAGE else document.language
        elements = list(self._parser.parse(work.path, document.media_type, language))
        if work.snapshot is not None:
            ensure_unchanged(work.snapshot)
        if not elements:
            raise ParseError("no_text", f"{work.path.name} was read but holds no text.")
        return elements


def _is_ready(item: Outcome | Future[Reading]) -> bool:
    return isinstance(item, Outcome) or item.done()
