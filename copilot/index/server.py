"""The index on a Qdrant server or cluster: the collection is live, a generation names its statistics."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from qdrant_client import QdrantClient

from copilot.errors import IndexMissing
from copilot.index.operations import PointsReader, PointsWriter, check_meta, count_points, meta_of
from copilot.index.remote import WAITS_S, Collection, Server, connect
from copilot.index.state import State
from copilot.settings import IndexSettings


class ServerIndex:
    """Points in the collection ``NAME_<8 hex digits>``, the rest in ``NAME_state``.

    Readers see changes as they are applied; a rebuild fills a new collection, which readers open after its first
    publish, when the old one is deleted.
    """

    def __init__(
        self, dimension: int, fingerprint: str, *, collection: str = "copilot", url: str = "", api_key: str = "",
        timeout_s: float = 30.0, waits_s: Sequence[float] = WAITS_S, client: QdrantClient | None = None,
    ) -> None:
        self._meta = meta_of(dimension, fingerprint)
        self._collection = collection
        own = client or connect(url, api_key, timeout_s)
        self._server = Server(own, url or "the given client", waits_s)
        self._state = State(self._server, f"{collection}_state")

    @classmethod
    def connect(cls, settings: IndexSettings, dimension: int, fingerprint: str) -> ServerIndex:
        """The index that the settings name; nothing is asked of the server yet."""
        return cls(dimension, fingerprint, collection=settings.collection, url=settings.url,
                   api_key=settings.api_key, timeout_s=settings.timeout_s)

    def writer(self) -> ServerWriter:
        """Become the one writer, or raise IndexLocked (naming the holder) or FingerprintMismatch."""
        return self._write(rebuild=False)

    def rebuild(self) -> ServerWriter:
        """Become the one writer of an empty index; readers keep what was published until the next publish."""
        return self._write(rebuild=True)

    def _write(self, rebuild: bool) -> ServerWriter:
        self._state.create()
        token = self._state.lock()
        try:
            meta = self._state.meta()
            if rebuild or not meta.get("work"):
                self._begin(meta)
            check_meta(meta["work"], self._meta["dimension"], self._meta["fingerprint"], self._name)
            points = Collection(self._server, meta["work"]["points"])
            points.create(self._meta["dimension"])
            return ServerWriter(self._server, self._state, points, token, meta)
        except BaseException:
            self._state.unlock(token)
            raise

    def _begin(self, meta: dict[str, Any]) -> None:
        unpublished = meta.get("work", {}).get("points", "")
        # Noted before it is made: a crash in between leaves no collection that nobody knows of.
        meta["work"] = {**self._meta, "points": f"{self._collection}_{uuid.uuid4().hex[:8]}", "dirty": True}
        self._state.write_meta(meta)
        if unpublished and unpublished != meta.get("published", {}).get("points"):
            Collection(self._server, unpublished).drop()

    @property
    def _name(self) -> str:
        return f"The index {self._collection!r} on the Qdrant server"

    def reader(self) -> ServerReader:
        """Open what was published last, or raise IndexMissing or FingerprintMismatch."""
        published = self._state.meta().get("published")
        if not published:
            raise IndexMissing(f"Nothing was published in {self._name[4:]}.",
                               "Ingest documents first: copilot ingest PATH.")
        check_meta(published, self._meta["dimension"], self._meta["fingerprint"], self._name)
        return ServerReader(self._server, self._state, published)

    def current(self) -> str:
        """The name of the generation published last, or an empty string; one request."""
        published = self._state.meta().get("published")
        return f"s{published['generation']}" if published else ""

    def close(self) -> None:
        """Close the connections to the server."""
        self._server.client.close()


class ServerWriter(PointsWriter):
    """See the protocol IndexWriter. Made by ``ServerIndex.writer``."""

    def __init__(
        self, server: Server, state: State, points: Collection, token: str, meta: dict[str, Any]
    ) -> None:
        super().__init__(points, int(meta["work"]["dimension"]))
        self._server = server
        self._state = state
        self._collection = points
        self._token = token
        self._meta = meta
        self._open = True

    def _will_change(self) -> None:
        self._state.check_lock(self._token)
        # Written before the first change, so that what a killed run changed is published by the next.
        if not self._meta["work"]["dirty"]:
            self._meta["work"]["dirty"] = True
            self._state.write_meta(self._meta)

    def flush(self) -> None:
        """Say that the writer lives; the server made durable what it acknowledged."""
        with self._calls:
            self._state.check_lock(self._token)

    def publish(self) -> str:
        """Store the statistics of what was applied under a new generation. No change: the same name."""
        with self._calls:
            self._state.check_lock(self._token)
            published = self._meta.get("published") or {}
            generation = int(published.get("generation", 0))
            if generation and not self._meta["work"]["dirty"]:
                return f"s{generation}"
            # A reader may just be opening the published one; what a crash left would be counted with the new one.
            self._state.drop_statistics(except_of=generation)
            generation += 1
            parts = self._state.write_statistics(count_points(self._collection), generation)
            self._meta["work"]["dirty"] = False
            self._meta["published"] = {**self._meta["work"], "generation": generation, "parts": parts}
            self._state.write_meta(self._meta)
            if (old := published.get("points")) and old != self._collection.name:
                Collection(self._server, old).drop()
            return f"s{generation}"

    def close(self) -> None:
        """Give the lock back; closing again does nothing."""
        with self._calls:
            if self._open:
                self._open = False
                self._state.unlock(self._token)


class ServerReader(PointsReader):
    """See the protocol IndexReader. Made by ``ServerIndex.reader``."""

    def __init__(self, server: Server, state: State, published: dict[str, Any]) -> None:
        generation = int(published["generation"])
        super().__init__(
            Collection(server, published["points"]), int(published["dimension"]), f"s{generation}",
            state.statistics(generation, int(published["parts"])),
        )

    def close(self) -> None:
        """Let go; the client is the index's."""
