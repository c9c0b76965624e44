"""The Ingestor: from folders to published points, one outcome per file, nothing lost by a crash at any moment.

Per document: points, then flush, then the catalog's row, then (minutes later or at the end) the publish. Ids are
derived from content, so that whatever a crash left is written over by the next run, or removed by its last step.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from copilot.catalog import Catalog, Revision
from copilot.codec import pipeline_id, sweep_parts
from copilot.errors import IndexLocked, ParseError
from copilot.library import local_path, original_file
from copilot.protocols import Chunker, Embedder, Index, IndexWriter, Parser
from copilot.settings import Settings
from copilot.types import Outcome, OutcomeStatus
from ingest.discover import FoundFile, discover
from ingest.examine import Examiner
from ingest.originals import take_snapshot
from ingest.outcomes import failure
from ingest.reading import Reader
from ingest.storing import Store
from ingest.vanished import vanished
from ingest.work import Step, Stop, Work

_LOCK_POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Parts:
    """What an Ingestor is made of; ``embedder_fingerprint`` names all that shapes the vectors."""

    parser: Parser
    chunker: Chunker
    embedder: Embedder
    embedder_fingerprint: str
    index: Index
    catalog: Catalog
    media_type: Callable[[Path], str]


@dataclass
class Progress:
    """How far an ingest is: files found and done; ``published`` names the last generation."""

    total: int = 0
    done: int = 0
    published: str = ""
    run: str = field(default_factory=lambda: uuid.uuid4().hex)


class Ingestor:
    """The write side; one ingest at a time."""

    def __init__(self, parts: Parts, settings: Settings) -> None:
        self._parts = parts
        self._settings = settings
        self._pipeline = pipeline_id(parts.parser.fingerprint, parts.chunker.fingerprint, parts.embedder_fingerprint)
        self.stop = Stop()
        self.progress = Progress()

    def ingest(
        self,
        sources: Sequence[Path],
        kb: str = "",
        *,
        rebuild: bool = False,
        wait_s: float = 0.0,
        on_wait: Callable[[str], None] = lambda message: None,
    ) -> Iterator[Outcome]:
        """Bring the index in line with these files and folders; yields what became of each file as it is stored.

        ``rebuild`` makes the whole index again, from the originals where files are not among the sources. Waits up
        to ``wait_s`` for another writer, telling ``on_wait`` who that is. Raises UsageError, IndexLocked,
        FingerprintMismatch.
        """
        self.progress = Progress()
        files = list(discover([Path(path) for path in sources]))
        self.progress.total = len(files)
        writer = self._writer(rebuild, wait_s, on_wait)
        try:
            yield from self._run(writer, files, [Path(path) for path in sources], kb)
        finally:
            writer.close()

    def close(self) -> None:
        """End the parsing processes, if the parser has any; closing again does nothing."""
        close = getattr(self._parts.parser, "close", None)
        if close is not None:
            close()

    def _writer(self, rebuild: bool, wait_s: float, on_wait: Callable[[str], None]) -> IndexWriter:
        open_writer = self._parts.index.writer
        if rebuild:
            open_writer = getattr(self._parts.index, "rebuild", None) or open_writer
        deadline = time.monotonic() + wait_s
        told = ""
        while True:
            try:
                return open_writer()
            except IndexLocked as error:
                if time.monotonic() >= deadline or self.stop.asked:
                    raise
                if error.reason != told:
                    told = error.reason
                    on_wait(f"{error.reason} Waiting up to {wait_s:.0f} s.")
                time.sleep(_LOCK_POLL_S)

    def _run(self, writer: IndexWriter, files: list[FoundFile], sources: list[Path], kb: str) -> Iterator[Outcome]:
        parts = self._parts
        store = Store(writer, parts.catalog, parts.chunker, parts.embedder)
        store.drain()
        for folder in (self._settings.originals_path, self._settings.parsed_path):
            sweep_parts(folder)
        examiner = Examiner(parts.catalog, self._settings.ingest, self._pipeline, store.keys, parts.media_type)
        examiner.demand(files)
        store.drain()
        keep = _Records(parts.catalog, self.progress)
        steps = (examiner.examine(found, kb) for found in files)
        yield from keep.all(self._store_all(store, steps), count=True)
        if not self.stop.asked:
            yield from keep.all(self._remove(store, sources, files))
            yield from keep.all(self._mend(store))
        self.progress.published = store.publish()

    def _store_all(self, store: Store, steps: Iterable[Step]) -> Iterator[Outcome]:
        """Read ahead, store in batches, publish from time to time."""
        reader = Reader(self._parts.parser, self._settings, self.stop)
        published = time.monotonic()
        for item in reader.read_ahead(steps):
            if isinstance(item, Outcome):
                yield item
            else:
                yield from store.add(item)
            if store.is_due():
                yield from store.commit()
            if time.monotonic() - published > self._settings.ingest.publish_every_s:
                self.progress.published = store.publish()
                published = time.monotonic()
        yield from store.commit()

    def _remove(self, store: Store, sources: list[Path], files: list[FoundFile]) -> Iterator[Outcome]:
        rows = vanished(self._parts.catalog, sources, files)
        self._parts.catalog.mark_removed([row.document.id for row in rows])
        store.drain()
        for row in rows:
            yield Outcome(
                row.document.uri,
                OutcomeStatus.REMOVED,
                reason="Its file is no longer in the folder.",
                document_id=row.document.id,
            )

    def _mend(self, store: Store) -> Iterator[Outcome]:
        """Make again the points that a crash, a rebuild or another pipeline left out."""
        keys = store.mend()
        rows = self._parts.catalog.rows(keys)
        for _ in self._store_all(store, (self._restored(row) for row in rows.values() if not row.current)):
            pass  # an outcome belongs to a file, and the file's are the newest bytes
        yield from self._store_all(store, (self._restored(row) for row in rows.values() if row.current))

    def _restored(self, row: Revision) -> Step:
        document = row.document
        kept = original_file(self._settings.originals_path, document.sha256)
        reason = "Its points were made again from the kept original."
        source = local_path(document.uri)
        try:
            if not kept.is_file():
                if source is None or take_snapshot(source, 1 << 20).sha256 != document.sha256:
                    raise ParseError("original_gone", f"The original of '{document.title}' is gone.")
                kept = source
        except ParseError as error:
            return failure(document.uri, ParseError("original_gone", error.reason), document.id)
        return Work(kept, replace(document, pipeline=self._pipeline), None, known=True, reason=reason)


class _Records:
    """Keeps outcomes in the catalog; of unchanged files only those that had failed before."""

    def __init__(self, catalog: Catalog, progress: Progress) -> None:
        bad = (OutcomeStatus.FAILED, OutcomeStatus.SKIPPED, OutcomeStatus.REMOVED)
        self._catalog = catalog
        self._progress = progress
        self._bad = {outcome.uri for outcome in catalog.outcomes() if outcome.status in bad}

    def all(self, outcomes: Iterable[Outcome], count: bool = False) -> Iterator[Outcome]:
        """Pass the outcomes on, each after it was recorded."""
        for outcome in outcomes:
            if outcome.status is not OutcomeStatus.UNCHANGED or outcome.uri in self._bad:
                self._catalog.record_outcome(self._progress.run, outcome)
            self._progress.done += count
            yield outcome
