"""Stores what was read: chunks, vectors and points into the index, then the row into the catalog, in that order."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from copilot.catalog import Catalog, Key, Policy
from copilot.errors import ParseError
from copilot.language import sparse_vector
from copilot.protocols import Chunker, Embedder, IndexWriter
from copilot.types import Chunk, Document, Outcome, OutcomeStatus, Point
from ingest.description import page_count, policy_of, with_language, with_title
from ingest.outcomes import failure
from ingest.work import Reading

FLUSH_DOCUMENTS = 64
FLUSH_S = 5.0
_BATCH_CHUNKS = 256
_EMBED_TEXTS = 256


@dataclass(frozen=True, slots=True)
class Chunked:
    """A document that waits for its vectors."""

    reading: Reading
    document: Document
    policy: Policy
    chunks: list[Chunk]

    @property
    def key(self) -> Key:
        """The document's id and the digest of its bytes."""
        return (self.document.id, self.document.sha256)


class Store:
    """The one that writes. Nothing is told of a document before its points are durable and its row is committed."""

    def __init__(self, writer: IndexWriter, catalog: Catalog, chunker: Chunker, embedder: Embedder) -> None:
        self._writer = writer
        self._catalog = catalog
        self._chunker = chunker
        self._embedder = embedder
        self._waiting: list[Chunked] = []
        self._since = time.monotonic()
        self.keys: set[Key] = set(writer.documents())

    # taking in

    def add(self, reading: Reading) -> Iterator[Outcome]:
        """Take a reading in; yields the outcomes of what is stored by then."""
        try:
            self._waiting.append(self._chunked(reading))
        except ParseError as error:
            yield failure(reading.work.document.uri, error, reading.work.document.id, reading.seconds)
        if self.is_due():
            yield from self.commit()

    def is_due(self) -> bool:
        """Whether what waits is enough, or has waited long enough, to be stored."""
        chunks = sum(len(item.chunks) for item in self._waiting)
        late = time.monotonic() - self._since > FLUSH_S
        return bool(self._waiting) and (chunks >= _BATCH_CHUNKS or len(self._waiting) >= FLUSH_DOCUMENTS or late)

    def _chunked(self, reading: Reading) -> Chunked:
        if reading.error is not None:
            raise reading.error
        work = reading.work
        document = with_title(work.document, reading.elements, work.path)
        chunks = self._cut(document, reading)
        if not chunks:
            raise ParseError("no_text", f"{work.path.name} was read but holds no text.")
        document = replace(with_language(document, chunks), pages=page_count(reading.elements))
        policy = self._policy_of_row(document) if work.restores else policy_of(document)
        return Chunked(reading, document, policy, chunks)

    def _cut(self, document: Document, reading: Reading) -> list[Chunk]:
        try:
            return self._chunker.chunk(
                document.id, document.sha256, document.title, reading.elements, document.language
            )
        except Exception as error:  # a bad file is an outcome, whatever the chunker makes of it
            name = reading.work.path.name
            raise ParseError("broken", f"{name} cannot be cut: {type(error).__name__}: {error}") from error

    def _policy_of_row(self, document: Document) -> Policy:
        key = (document.id, document.sha256)
        row = self._catalog.rows([key])[key]
        return next(policy for policy in self._catalog.policies() if policy.id == row.policy)

    # writing

    def commit(self) -> list[Outcome]:
        """Embed, upsert, supersede, flush; then the catalog; then the outcomes."""
        batch, self._waiting = self._waiting, []
        self._since = time.monotonic()
        vectors = self._embed([chunk for item in batch for chunk in item.chunks])
        embed_s = (time.monotonic() - self._since) / max(1, len(vectors))
        stored: list[Chunked] = []
        outcomes: list[Outcome] = []
        for item in batch:
            try:
                self._write(item, vectors)
                stored.append(item)
                seconds = item.reading.seconds + embed_s * len(item.chunks)
                outcomes.append(_outcome(item, seconds))
            except ValueError as error:
                self._unplant([item.document.id])
                problem = ParseError("index", f"The index refused '{item.document.title}': {error}")
                outcomes.append(failure(item.document.uri, problem, item.document.id))
        self._writer.flush()
        self._remember(stored)
        self.drain()
        self._since = time.monotonic()
        return outcomes

    def drain(self) -> None:
        """Let the points follow the catalog: remove what was removed, change the policies that changed."""
        rows = self._catalog.unstored()
        if not rows:
            return
        gone = sorted({row.document.id for row in rows if row.removed})
        if gone:
            self._writer.remove(gone)
            self._forget(gone)
            # What models made of its sentences must not outlive a document; it is kept by no document's name.
            self._catalog.forget_translations()
        for row in rows:
            if not row.removed:
                self._writer.set_policy(row.document.id, row.document.sha256, row.policy)
        self._writer.flush()
        self._catalog.mark_stored([row.key for row in rows])

    def publish(self) -> str:
        """Make all that is stored visible to new readers."""
        self.drain()
        generation = self._writer.publish()
        self._catalog.mark_published(generation)
        return generation

    def mend(self) -> list[Key]:
        """Remove points that no row of the catalog stands for; return the revisions whose points are missing."""
        rows = self._catalog.revisions()
        whole = {row.key for row in rows if row.stored_policy is not None}
        strange = sorted({key[0] for key in self.keys - whole})
        if strange:
            self._unplant(strange)
        return [row.key for row in rows if row.key not in self.keys]

    def _unplant(self, document_ids: Sequence[str]) -> None:
        """Take all points of these documents out; the catalog knows first, so that a crash leaves a trace."""
        self._catalog.mark_unplanted([row.key for row in self._catalog.revisions_of(document_ids)])
        self._writer.remove(document_ids)
        self._forget(document_ids)

    def _forget(self, document_ids: Sequence[str]) -> None:
        gone = set(document_ids)
        # In place: who examines files looks at the same set.
        self.keys.difference_update([key for key in self.keys if key[0] in gone])

    def _write(self, item: Chunked, vectors: dict[str, tuple[float, ...]]) -> None:
        if item.key in self.keys:
            # Made again by another pipeline, there may be fewer points than before.
            self._unplant([item.document.id])
        self._writer.upsert([_point(chunk, vectors[chunk.id], item.policy.id) for chunk in item.chunks])
        self.keys.add(item.key)
        if not item.reading.work.restores and any(key[0] == item.document.id for key in self.keys - {item.key}):
            old = item.policy.in_state("superseded")
            self._writer.supersede(item.document.id, item.document.sha256, old.id)

    def _remember(self, stored: Sequence[Chunked]) -> None:
        new = [item for item in stored if not item.reading.work.restores]
        again = [item for item in stored if item.reading.work.restores]
        self._catalog.put_documents([(item.document, item.policy, True) for item in new])
        self._catalog.restore_documents([(item.key, item.document.pipeline) for item in again])

    def _embed(self, chunks: Sequence[Chunk]) -> dict[str, tuple[float, ...]]:
        """Vectors by chunk id; texts of like length go together, which saves half of the padding."""
        ordered = sorted(chunks, key=lambda chunk: len(chunk.embed_text))
        vectors: dict[str, tuple[float, ...]] = {}
        for start in range(0, len(ordered), _EMBED_TEXTS):
            part = ordered[start : start + _EMBED_TEXTS]
            made = self._embedder.get_text_embedding_batch([chunk.embed_text for chunk in part])
            vectors.update({chunk.id: tuple(vector) for chunk, vector in zip(part, made, strict=True)})
        return vectors


def _point(chunk: Chunk, vector: tuple[float, ...], policy: str) -> Point:
    return Point(chunk, vector, sparse_vector(chunk.embed_text, chunk.language), policy)


def _outcome(item: Chunked, seconds: float) -> Outcome:
    work = item.reading.work
    return Outcome(
        uri=item.document.uri,
        status=OutcomeStatus.REPLACED if work.known else OutcomeStatus.INDEXED,
        chunks=len(item.chunks),
        pages=item.document.pages,
        seconds=round(seconds, 3),
        reason=work.reason,
        document_id=item.document.id,
    )
