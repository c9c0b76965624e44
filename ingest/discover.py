"""Finds the files to ingest below the paths given, in a stable order, each with what its manifest says of it."""

from __future__ import annotations

import os
import stat
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.errors import ParseError, UsageError
from ingest.manifest import MANIFEST_NAME, Entry, Manifest, read_manifest

_SKIPPED_NAMES = frozenset({MANIFEST_NAME, "Thumbs.db", "desktop.ini", "__MACOSX", "__pycache__", "node_modules"})
_SKIPPED_ENDINGS = (".tmp", ".part", ".crdownload", ".lock", ".swp", "~")
_LEVELS_ABOVE = 3


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to ingest, or a ``problem`` met on the way to it.

    ``relative`` is its NFC POSIX path below ``root``; with ``source_name`` it makes the document's id.
    """

    path: Path
    relative: str
    source_name: str
    root: Path
    entry: Entry
    manifest: Manifest | None = None
    problem: ParseError | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a source lies and what describes it."""

    root: Path
    name: str
    manifest: Manifest | None


def discover(paths: Sequence[Path], manifest: Path | None = None) -> Iterator[FoundFile]:
    """Every file below ``paths``, each once; ``manifest`` is used instead of the one that lies with the files.

    Folders are searched in the order of their names. Hidden files, lock files, unfinished downloads, the manifest
    and what it ignores are left out. Raises UsageError: a path that is not there, a manifest that cannot be taken,
    two sources of one name.
    """
    places = [(path, _place(path, manifest)) for path in map(Path, paths)]
    _refuse_same_names([place for _, place in places])
    seen: set[tuple[str, str]] = set()
    for path, place in places:
        for found in _below(path.absolute(), place):
            if (found.source_name, found.relative) not in seen:
                seen.add((found.source_name, found.relative))
                yield found


def _place(path: Path, given: Path | None) -> _Place:
    if not os.path.lexists(path):
        raise UsageError(f"{path} is not there.", "Check the path.")
    folder = path if path.is_dir() else path.parent
    folder = Path(os.path.abspath(folder))
    manifest = read_manifest(given) if given is not None else _manifest_of(folder)
    if manifest is None:
        return _Place(folder, _nfc(folder.name) or "root", None)
    root = Path(os.path.abspath(manifest.root)) if given is None else folder
    return _Place(root, _nfc(manifest.name or root.name), manifest)


def _manifest_of(folder: Path) -> Manifest | None:
    """The manifest in the folder, or in one of three above it as far as it is one of ours."""
    own = folder / MANIFEST_NAME
    if own.is_file():
        return read_manifest(own)
    for above in list(folder.parents)[:_LEVELS_ABOVE]:
        candidate = above / MANIFEST_NAME
        if candidate.is_file() and _is_ours(candidate):
            return read_manifest(candidate)
    return None


def _is_ours(path: Path) -> bool:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return False
    return "documents" in content or "knowledge_bases" in content


def _refuse_same_names(places: Sequence[_Place]) -> None:
    roots: dict[str, Path] = {}
    for place in places:
        other = roots.setdefault(place.name, place.root)
        if other.resolve() != place.root.resolve():
            raise UsageError(f"{other} and {place.root} are both sources named '{place.name}'.",
                             f"Set another name in one of them: a {MANIFEST_NAME} with name = \"...\".")


def _below(path: Path, place: _Place) -> Iterator[FoundFile]:
    path = Path(os.path.abspath(path))
    if not path.is_dir():
        yield _file(path, place)
        return
    visited: set[tuple[int, int]] = set()
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        try:
            status = folder.stat()
            if (status.st_dev, status.st_ino) in visited:
                continue
            visited.add((status.st_dev, status.st_ino))
            names = sorted(os.listdir(folder), key=_nfc)
        except OSError as error:
            yield _problem(folder, place, f"The folder {folder.name} cannot be read: {error.strerror}.")
            continue
        folders = []
        for name in names:
            child = folder / name
            if _is_skipped(name) or place.manifest and place.manifest.ignores(relative_to(child, place.root)):
                continue
            if child.is_dir():
                folders.append(child)
            else:
                yield _file(child, place)
        waiting.extend(reversed(folders))


def _is_skipped(name: str) -> bool:
    return name.startswith((".", "~$")) or name in _SKIPPED_NAMES or name.lower().endswith(_SKIPPED_ENDINGS)


def _file(path: Path, place: _Place) -> FoundFile:
    try:
        regular = stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError as error:
        if path.is_symlink():
            return _problem(path, place, f"{path.name} is a symbolic link to {os.readlink(path)}, which is not there.",
                            cure="Bring the file back to where the link leads, or remove the link.")
        return _problem(path, place, f"{path.name} cannot be read: {error.strerror}.")
    except OSError as error:
        return _problem(path, place, f"{path.name} cannot be read: {error.strerror}.")
    if not regular:
        return _problem(path, place, f"{path.name} is not a regular file.", "unsupported", "Leave it out.")
    relative = relative_to(path, place.root)
    entry = place.manifest.describe(relative) if place.manifest else Entry(path=relative)
    return FoundFile(path, relative, place.name, place.root, entry, place.manifest)


def _problem(
    path: Path, place: _Place, reason: str, category: str = "unreadable",
    cure: str = "Give the ingesting user the right to read it.",
) -> FoundFile:
    relative = relative_to(path, place.root)
    return FoundFile(path, relative, place.name, place.root, Entry(path=relative), place.manifest,
                     ParseError(category, reason, cure))


def relative_to(path: Path, root: Path) -> str:
    """The NFC POSIX path of a file below ``root``; its name where it lies elsewhere."""
    try:
        return _nfc(path.relative_to(root).as_posix())
    except ValueError:
        return _nfc(path.name)


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)
