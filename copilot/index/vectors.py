"""The sparse vectors of one generation by chunk id, in one memory-mapped file: read without a call of the engine.

The file: magic, number of chunks, number of 4-byte words; the words, of each chunk its terms (uint32), then their
weights (float32); at the end the chunk ids, ascending, and where in the words each chunk begins and how long it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from copilot.errors import IndexError_
from copilot.types import SparseVector

_MAGIC = b"COPSV\x00\x00\x01"
_HEAD = 24
_ID, _WORD, _PLACE = 16, 4, 12
_NOTHING = SparseVector((), ())


class StoredVectors:
    """Maps chunk ids to sparse vectors; the numbers stay in the file, as memory views."""

    def __init__(self, path: Path) -> None:
        """Map the file; IndexError_ if it is not whole."""
        try:
            chunks, words = _sizes(path)
            after = _HEAD + _WORD * words
            views: list[Any] = [_mapped(path, kind, _HEAD, words).data for kind in ("u4", "f4")]
            self._terms: memoryview[int] = views[0]
            self._weights: memoryview[float] = views[1]
            self._ids = _mapped(path, f"S{_ID}", after, chunks)
            self._starts = _mapped(path, "u8", after + _ID * chunks, chunks)
            self._lengths = _mapped(path, "u4", after + (_ID + 8) * chunks, chunks)
        except (OSError, ValueError) as error:
            raise IndexError_(
                f"The vectors {path.name} of generation {path.parent.name} cannot be read: {error}.",
                "Publish again: run the ingest once more; if that does not help, with --rebuild.",
            ) from error

    def of(self, chunk_ids: Sequence[str]) -> list[SparseVector]:
        """The vector of each chunk; an empty one for an id that is not here."""
        if not chunk_ids or not len(self._ids):
            return [_NOTHING] * len(chunk_ids)
        wanted = np.array([_bytes(name) for name in chunk_ids], dtype=f"S{_ID}")
        at = np.minimum(np.searchsorted(self._ids, wanted), len(self._ids) - 1)
        starts, lengths = self._starts[at].tolist(), self._lengths[at]
        known = np.where(self._ids[at] == wanted, lengths, 0).tolist()
        return [self._read(start, length) for start, length in zip(starts, known, strict=True)]

    def _read(self, start: int, length: int) -> SparseVector:
        middle = start + length
        return SparseVector(self._terms[start:middle], self._weights[middle : middle + length])


def _bytes(chunk_id: str) -> bytes:
    return bytes.fromhex(chunk_id.replace("-", ""))


def _sizes(path: Path) -> tuple[int, int]:
    """(chunks, words) of a whole file."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head[:8] != _MAGIC or len(head) != _HEAD:
        raise ValueError("it is of another version")
    chunks, words = int.from_bytes(head[8:16], "little"), int.from_bytes(head[16:], "little")
    if path.stat().st_size != _HEAD + _WORD * words + (_ID + _PLACE) * chunks:
        raise ValueError("it was cut off")
    return chunks, words


def _mapped(path: Path, kind: str, offset: int, length: int) -> npt.NDArray[Any]:
    # Little-endian machines only, as the engine's own files: a view of swapped bytes would not be a plain buffer.
    return np.memmap(path, dtype=kind, mode="r", offset=offset, shape=(length,)) if length else np.zeros(0, kind)


class VectorFile:
    """Such a file while it is written; see ``vector_file``."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._ids: list[bytes] = []
        self._lengths: list[int] = []
        file.write(bytes(_HEAD))

    def add(self, chunk_id: str, vector: SparseVector | None) -> None:
        """One more chunk, in any order, each once."""
        stored = vector or _NOTHING
        self._ids.append(_bytes(chunk_id))
        self._lengths.append(len(stored.indices))
        self._file.write(np.asarray(stored.indices, dtype="u4").tobytes())
        self._file.write(np.asarray(stored.values, dtype="f4").tobytes())

    def finish(self) -> None:
        """Write where everything stands, and make it durable."""
        ids = np.array(self._ids, dtype=f"S{_ID}")
        lengths = np.array(self._lengths, dtype="u4")
        ends = np.cumsum(2 * lengths.astype("u8"), dtype="u8")
        order = np.argsort(ids)
        for column in (ids, ends - 2 * lengths.astype("u8"), lengths):
            self._file.write(column[order].tobytes())
        self._file.seek(0)
        words = int(ends[-1]) if len(ends) else 0
        self._file.write(_MAGIC + len(ids).to_bytes(8, "little") + words.to_bytes(8, "little"))
        self._file.flush()
        os.fsync(self._file.fileno())


@contextmanager
def vector_file(path: Path) -> Iterator[VectorFile]:
    """A new file, finished when the block ends well."""
    with path.open("wb") as file:
        made = VectorFile(file)
        yield made
        made.finish()
