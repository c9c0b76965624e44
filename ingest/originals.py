"""Originals: a file's digest, whether it changed while it was read, and the copy that is kept of it."""

from __future__ import annotations

import fcntl
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from copilot.codec import atomic
from copilot.errors import ParseError
from copilot.library import original_file
from ingest.outcomes import unreadable

_BLOCK = 1 << 20
_FICLONE = 0x40049409  # linux/fs.h: a copy that shares its blocks until one side is written


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The bytes of a file at one moment: their digest, and what the file system said of them."""

    path: Path
    sha256: str
    stamp: tuple[int, int, int, int]


def take_snapshot(path: Path, max_mb: int) -> Snapshot:
    """Read the whole file once; raises ParseError: empty, too_large, unreadable, changed_while_read."""
    try:
        before = _stamp(path)
        if before[0] == 0:
            raise ParseError("empty", f"{path.name} has no bytes.")
        if before[0] > max_mb << 20:
            raise ParseError("too_large", f"{path.name} has {before[0] / (1 << 20):.0f} MiB, the limit is {max_mb}.")
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(path.name, error) from error
    snapshot = Snapshot(path, sha256, before)
    ensure_unchanged(snapshot)
    return snapshot


def ensure_unchanged(snapshot: Snapshot) -> None:
    """Raise ParseError(changed_while_read) unless the file is still the one that the snapshot was taken of."""
    try:
        same = _stamp(snapshot.path) == snapshot.stamp
    except OSError:
        same = False
    if not same:
        raise ParseError("changed_while_read", f"{snapshot.path.name} changed or went away while it was read.")


def keep_original(snapshot: Snapshot, folder: Path) -> Path:
    """The copy under the file's digest, made where it is missing; raises ParseError(changed_while_read)."""
    target = original_file(folder, snapshot.sha256)
    if target.is_file() and target.stat().st_size == snapshot.stamp[0]:
        return target
    try:
        with snapshot.path.open("rb") as source, atomic(target) as copy:
            if not _clone(source.fileno(), copy.fileno()):
                digest = hashlib.sha256()
                while block := source.read(_BLOCK):
                    digest.update(block)
                    copy.write(block)
                if digest.hexdigest() != snapshot.sha256:
                    raise ParseError("changed_while_read", f"{snapshot.path.name} changed while it was copied.")
            ensure_unchanged(snapshot)
    except FileNotFoundError as error:
        raise ParseError("changed_while_read", f"{snapshot.path.name} went away while it was read.") from error
    return target


def _stamp(path: Path) -> tuple[int, int, int, int]:
    found = os.stat(path)
    return (found.st_size, found.st_mtime_ns, found.st_ino, found.st_ctime_ns)


def _clone(source: int, target: int) -> bool:
    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError:
        return False  # another file system, or one without shared blocks
    return True
