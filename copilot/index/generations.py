"""The folders of the embedded index: immutable generations, the name of the current one, leases, locks and views.

    index/
      writer.lock        held by the one writer; names it
      work/              the writer's own shard, its meta.json, and `dirty` while it holds what is not published
      gens/g7/           a published copy: segments/, edge_config.json, statistics.bin, vectors.bin, meta.json, lease
      views/<id>/        a reader's way into a generation; views/<id>.lock is held while the reader lives
      CURRENT            the name of the generation published last
      links.json         whether the engine of that version leaves linked files as they are
"""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import json
import os
import shutil
import sys
import uuid
from pathlib import Path

from copilot.errors import IndexError_, IndexLocked, IndexMissing

_SMALL = 256 * 1024
_SHARD_CONFIG = "edge_config.json"


def write_durably(path: Path, text: str) -> None:
    """Replace a small file as a whole: a crash leaves the old text or the new."""
    new = path.with_name(path.name + ".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make renames in a folder durable."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _copy_file(source: Path, target: Path, durably: bool = True) -> None:
    # The engine's files are mostly holes (32 MB for a few points): only what was written is copied.
    with source.open("rb") as read, target.open("wb") as write:
        size = os.fstat(read.fileno()).st_size
        os.truncate(write.fileno(), size)
        at = 0
        while at < size:
            try:
                start = os.lseek(read.fileno(), at, os.SEEK_DATA)
            except OSError as error:
                if error.errno == errno.ENXIO:
                    break
                raise
            at = os.lseek(read.fileno(), start, os.SEEK_HOLE)
            read.seek(start)
            write.seek(start)
            while start < at and (block := read.read(min(1 << 20, at - start))):
                write.write(block)
                start += len(block)
        write.flush()
        if durably:
            os.fsync(write.fileno())


def _copy_folder(source: Path, target: Path, link_large: bool = False) -> None:
    for folder, _, files in os.walk(source):
        into = target / Path(folder).relative_to(source)
        into.mkdir(parents=True, exist_ok=True)
        for name in files:
            file = Path(folder, name)
            if link_large and file.stat().st_size > _SMALL:
                os.link(file, into / name)
            else:
                _copy_file(file, into / name, durably=not link_large)


def copy_shard(source: Path, target: Path) -> None:
    """Copy a flushed shard without its write-ahead log."""
    target.mkdir(parents=True)
    _copy_folder(source / "segments", target / "segments")
    _copy_file(source / _SHARD_CONFIG, target / _SHARD_CONFIG)


def link_shard(source: Path, target: Path) -> None:
    """A second way into a shard: large files are hard links, small ones copies, since closing writes some anew.

    Nothing of it outlives the process, so nothing is synced. Not symbolic links: the engine counts its pages by
    directory entries that are files. OSError where the file system has no hard links.
    """
    target.mkdir(parents=True)
    _copy_folder(source / "segments", target / "segments", link_large=True)
    _copy_file(source / _SHARD_CONFIG, target / _SHARD_CONFIG, durably=False)


class Lock:
    """An advisory lock on a file, given back when the process ends, however it ends."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self._descriptor: int | None = descriptor
        self.path = path

    @classmethod
    def take(cls, path: Path, shared: bool = False) -> Lock | None:
        """The lock, or None if another holds it or the file was deleted meanwhile."""
        try:
            descriptor = os.open(path, os.O_RDONLY if shared else os.O_RDWR | os.O_CREAT, 0o644)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            if os.fstat(descriptor).st_ino == path.stat().st_ino:
                return cls(descriptor, path)
        except (BlockingIOError, FileNotFoundError):
            pass  # held by another, or swept away meanwhile: not ours, the caller asks again
        os.close(descriptor)
        return None

    def write(self, text: str) -> None:
        """Replace the text in the locked file."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, text.encode(), 0)

    def release(self) -> None:
        """Give it back; again does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def holder() -> dict[str, str | int]:
    """What a lock says of the process that holds it."""
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:120]
    return {"pid": os.getpid(), "command": command, "since": dt.datetime.now().astimezone().isoformat(" ", "seconds")}


class Folders:
    """Where everything of one embedded index lies."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.work = root / "work"
        self.gens = root / "gens"
        self.views = root / "views"
        self.links = root / "links.json"
        self._current = root / "CURRENT"

    def make(self) -> None:
        """Make the folders; IndexError_ where that is not allowed."""
        try:
            for folder in (self.root, self.gens, self.views):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexError_(
                f"The index folder {self.root} cannot be made: {error.strerror}.",
                "Make the data folder writable, or set COPILOT_DATA_DIR to another.",
            ) from error

    def lock_writer(self) -> Lock:
        """The writer's lock, or IndexLocked that names its holder."""
        path = self.root / "writer.lock"
        lock = Lock.take(path)
        if lock is None:
            try:
                who = json.loads(path.read_text())
                name = f"process {who['pid']} ({who['command']}) since {who['since']}"
            except (OSError, ValueError, KeyError, TypeError):
                name = "another process"
            raise IndexLocked(f"The index in {self.root} is being written by {name}.",
                              "Wait until it ends, or end it; what it flushed is kept.")
        lock.write(json.dumps(holder()))
        return lock

    def current(self) -> str:
        """The name of the generation published last, or an empty string."""
        try:
            return self._current.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""

    def next_name(self) -> str:
        """A name that no generation has had."""
        names = [self.current(), *(path.name for path in self.gens.glob("g*"))]
        return f"g{1 + max((int(name[1:]) for name in names if name[1:].isdigit()), default=0)}"

    def publish(self, made: Path, name: str) -> None:
        """Move a finished generation to its place and make it the current one."""
        made.rename(self.gens / name)
        sync_folder(self.gens)
        write_durably(self._current, name + "\n")

    def lease(self) -> tuple[str, Lock]:
        """The current generation and a lease that keeps it; IndexMissing if nothing was published."""
        for _ in range(100):
            name = self.current()
            if not name:
                raise IndexMissing(f"Nothing was published in the index folder {self.root}.",
                                   "Ingest documents first: copilot ingest PATH.")
            # A lease that cannot be had belongs to a generation that is going: the next one is current by now.
            if lock := Lock.take(self.gens / name / "lease", shared=True):
                return name, lock
        raise IndexError_(f"Generation {name} is missing from the index folder {self.root}.",
                          "Run the ingest again: it publishes anew what was stored.")

    def holds(self, name: str) -> bool:
        """Whether that generation lies here."""
        return bool(name) and (self.gens / name / "lease").exists()

    def sweep(self) -> None:
        """Delete generations that nobody reads, except the current, and views whose process is gone."""
        current = self.current()
        for folder in self.gens.iterdir():
            if folder.name == current:
                continue
            lock = Lock.take(folder / "lease") if folder.name.startswith("g") else None
            if lock or not folder.name.startswith("g"):
                gone = self.gens / f".gone-{uuid.uuid4().hex[:8]}"
                folder.rename(gone)
                shutil.rmtree(gone, ignore_errors=True)
            if lock:
                lock.release()
        for path in self.views.glob("*.lock"):
            if lock := Lock.take(path):
                shutil.rmtree(path.with_suffix(""), ignore_errors=True)
                path.unlink(missing_ok=True)
                lock.release()

    def new_view(self) -> tuple[Path, Lock]:
        """The name of a view's folder, not made yet, and the lock that keeps it."""
        while True:
            folder = self.views / f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
            if lock := Lock.take(folder.with_suffix(".lock")):
                return folder, lock

    def drop_view(self, folder: Path, lock: Lock) -> None:
        """Delete a view and give its lock back."""
        shutil.rmtree(folder, ignore_errors=True)
        lock.path.unlink(missing_ok=True)
        lock.release()
