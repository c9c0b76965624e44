"""The embedded index: one writer, immutable generations, readers beside it, on Qdrant Edge."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from copilot.errors import IndexError_
from copilot.index.engine import Shard
from copilot.index.generations import Folders, Lock, copy_shard, link_shard, write_durably
from copilot.index.operations import PointsReader, PointsWriter, check_meta, count_points, meta_of
from copilot.index.statistics import load_statistics, save_statistics
from copilot.index.vectors import StoredVectors, vector_file
from copilot.types import Chunk, ElementKind, Point, SparseVector

_META = "meta.json"
_STATISTICS = "statistics.bin"
_VECTORS = "vectors.bin"


class EdgeIndex:
    """An index in a folder; ``fingerprint`` names all that shapes the vectors (embedder and analysis)."""

    def __init__(self, path: Path, dimension: int, fingerprint: str) -> None:
        self._folders = Folders(Path(path))
        self._dimension = dimension
        self._fingerprint = fingerprint

    def writer(self) -> EdgeWriter:
        """Become the one writer, or raise IndexLocked (naming the holder) or FingerprintMismatch."""
        return self._write(rebuild=False)

    def rebuild(self) -> EdgeWriter:
        """Become the one writer of an empty index; readers keep what was published until the next publish."""
        return self._write(rebuild=True)

    def _write(self, rebuild: bool) -> EdgeWriter:
        self._folders.make()
        lock = self._folders.lock_writer()
        try:
            self._folders.sweep()
            meta = meta_of(self._dimension, self._fingerprint)
            return EdgeWriter(self._folders, lock, self._open_work(meta, rebuild), meta)
        except BaseException:
            lock.release()
            raise

    def _open_work(self, meta: dict[str, Any], rebuild: bool) -> Shard:
        work = self._folders.work
        if work.exists() and not rebuild:
            self._check(work, f"The index in {self._folders.root}")
            return Shard.load(work / "shard")
        new = work.with_name("work.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        write_durably(new / _META, json.dumps(meta))
        # An index that was never published has something to publish, even while it is empty.
        (new / "dirty").touch()
        Shard.create(new / "shard", self._dimension).close()
        gone = work.with_name("work.gone")
        shutil.rmtree(gone, ignore_errors=True)
        if work.exists():
            work.rename(gone)
        new.rename(work)
        shutil.rmtree(gone, ignore_errors=True)
        return Shard.load(work / "shard")

    def _check(self, folder: Path, what: str) -> dict[str, Any]:
        try:
            meta: dict[str, Any] = json.loads((folder / _META).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise IndexError_(f"{what} cannot be read: {error}.", "Ingest again with --rebuild.") from error
        check_meta(meta, self._dimension, self._fingerprint, what)
        return meta

    def reader(self) -> EdgeReader:
        """Open the generation published last, or raise IndexMissing or FingerprintMismatch."""
        name, lease = self._folders.lease()
        try:
            meta = self._check(self._folders.gens / name, f"Generation {name} in {self._folders.root}")
            return EdgeReader(self._folders, name, lease, meta)
        except BaseException:
            lease.release()
            raise

    def current(self) -> str:
        """The name of the generation published last, or an empty string."""
        return self._folders.current()

    def generations(self) -> list[str]:
        """The generations that still lie on disk (also older ones, while a reader holds them)."""
        return sorted(path.name for path in self._folders.gens.glob("g*"))


class EdgeWriter(PointsWriter):
    """See the protocol IndexWriter. Made by ``EdgeIndex.writer``."""

    def __init__(self, folders: Folders, lock: Lock, shard: Shard, meta: dict[str, Any]) -> None:
        super().__init__(shard, int(meta["dimension"]))
        self._folders = folders
        self._lock = lock
        self._shard = shard
        self._meta = meta
        self._mark = folders.work / "dirty"
        self._dirty = self._mark.exists()

    def _will_change(self) -> None:
        # Written before the first change, so that what a killed run changed is published by the next.
        if not self._dirty:
            write_durably(self._mark, "")
            self._dirty = True

    def flush(self) -> None:
        """Make durable what was applied."""
        with self._calls:
            self._shard.flush()

    def publish(self) -> str:
        """Make what was applied the generation that new readers open; return its name. No change: the same name."""
        with self._calls:
            self._shard.flush()
            name = self._folders.current()
            if not self._dirty and self._folders.holds(name):
                return name
            self._shard.optimize()
            self._shard.flush()
            name = self._folders.next_name()
            self._folders.publish(self._make(), name)
            self._mark.unlink(missing_ok=True)
            self._dirty = False
            self._folders.sweep()
            return name

    def _make(self) -> Path:
        made = self._folders.gens / ".making"
        shutil.rmtree(made, ignore_errors=True)
        copy_shard(self._folders.work / "shard", made)
        with vector_file(made / _VECTORS) as vectors:
            save_statistics(count_points(self._shard, vectors.add), made / _STATISTICS)
        write_durably(made / _META, json.dumps({**self._meta, "points": self._shard.count()}))
        (made / "lease").touch()
        return made

    def close(self) -> None:
        """Flush and give the lock back; closing again does nothing."""
        with self._calls:
            self._shard.close()
            self._lock.release()


class EdgeReader(PointsReader):
    """See the protocol IndexReader. Made by ``EdgeIndex.reader``."""

    def __init__(self, folders: Folders, name: str, lease: Lock, meta: Mapping[str, Any]) -> None:
        generation = folders.gens / name
        statistics, vectors = load_statistics(generation / _STATISTICS), StoredVectors(generation / _VECTORS)
        self._folders = folders
        self._lease = lease
        self._view, self._view_lock = folders.new_view()
        try:
            self._shard = _open_view(folders.links, generation, self._view, int(meta["points"]))
        except BaseException:
            folders.drop_view(self._view, self._view_lock)
            raise
        super().__init__(self._shard, int(meta["dimension"]), name, statistics, vectors)

    def close(self) -> None:
        """Let go of the generation; closing again does nothing."""
        self._shard.close()
        if self._shard.is_ours:
            self._folders.drop_view(self._view, self._view_lock)
        self._lease.release()


def _open_view(note: Path, generation: Path, view: Path, points: int) -> Shard:
    if links_are_safe(note):
        with contextlib.suppress(IndexError_, OSError):
            link_shard(generation, view)
            return _load_whole(view, points)
        shutil.rmtree(view, ignore_errors=True)
    copy_shard(generation, view)
    return _load_whole(view, points)


def _load_whole(folder: Path, points: int) -> Shard:
    shard = Shard.load(folder)
    if (held := shard.count()) != points:
        shard.close()
        raise IndexError_(f"The generation behind {folder} holds {held} points where {points} were published.",
                          "Ingest again with --rebuild.")
    return shard


def links_are_safe(note: Path) -> bool:
    """Whether a shard seen through links is left as it was by opening, asking and closing it.

    The engine does not promise that, so each version of it is tried once, and ``note`` keeps what came of it.
    """
    engine = metadata.version("qdrant-edge-py")
    with contextlib.suppress(OSError, ValueError, AttributeError):
        noted = json.loads(note.read_text(encoding="utf-8"))
        if noted.get("engine") == engine:
            return noted.get("safe") is True
    safe = _try_links()
    with contextlib.suppress(OSError):  # a folder that may only be read: it is tried again next time
        write_durably(note, json.dumps({"engine": engine, "safe": safe}))
    return safe


def _try_links() -> bool:
    """Try it on a shard of one point in a temporary folder."""
    chunk = Chunk("00000000-0000-4000-8000-000000000001", "d", "s", 0, "t", "t", (), (), "en", ElementKind.TEXT)
    with tempfile.TemporaryDirectory(prefix="copilot-") as folder:
        own, view = Path(folder, "own"), Path(folder, "view")
        try:
            shard = Shard.create(own, 2)
            shard.upsert([Point(chunk, (1.0, 0.0), SparseVector((1,), (1.0,)), "p")])
            shard.close()
            before = _digest(own / "segments")
            link_shard(own, view)
            _load_whole(view, 1).close()
            return _digest(own / "segments") == before
        except (IndexError_, OSError):
            return False


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder)} {path.stat().st_size}\n".encode())
        with path.open("rb") as file:
            # The one point stands at the start of each file; the rest is holes, 32 MB of them in some.
            digest.update(file.read(1 << 20))
    return digest.hexdigest()
