"""Follows the index: each question gets the generation published last, and an old one is closed when unused."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from copilot.protocols import Index, IndexReader


class Generations:
    """Lends the newest reader. Thread-safe."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._reader: IndexReader | None = None
        self._users: dict[int, int] = {}
        self._readers: dict[int, IndexReader] = {}

    @contextlib.contextmanager
    def current(self) -> Iterator[IndexReader]:
        """The reader of the generation published last; raises IndexMissing or FingerprintMismatch."""
        reader = self._take()
        try:
            yield reader
        finally:
            self._give(reader)

    def close(self) -> None:
        """Close every reader."""
        with self._lock:
            for reader in self._readers.values():
                reader.close()
            self._readers.clear()
            self._reader = None

    def _take(self) -> IndexReader:
        with self._lock:
            if self._reader is None or self._reader.generation != self._index.current():
                old, self._reader = self._reader, self._index.reader()
                self._readers[id(self._reader)] = self._reader
                if old is not None and not self._users.get(id(old)):
                    self._drop(old)
            self._users[id(self._reader)] = self._users.get(id(self._reader), 0) + 1
            return self._reader

    def _give(self, reader: IndexReader) -> None:
        with self._lock:
            self._users[id(reader)] -= 1
            if reader is not self._reader and not self._users[id(reader)]:
                self._drop(reader)

    def _drop(self, reader: IndexReader) -> None:
        self._users.pop(id(reader), None)
        if self._readers.pop(id(reader), None) is not None:
            reader.close()
