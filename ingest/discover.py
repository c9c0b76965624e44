"""Finds the files to ingest below the paths given, in a stable order, each with what its manifest says of it.

The nearest manifest governs: the one in the file's folder, else in the closest folder above. It gives the document
its source name and the folder that its path starts from, so that ids do not depend on which folder is ingested.
"""

from __future__ import annotations

import os
import stat
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from copilot.errors import ParseError, UsageError
from ingest.manifest import MANIFEST_NAME, Entry, Manifest, read_manifest

_SKIPPED_NAMES = frozenset({MANIFEST_NAME, "Thumbs.db", "desktop.ini", "__MACOSX", "__pycache__", "node_modules"})
_SKIPPED_ENDINGS = (".tmp", ".part", ".crdownload", ".lock", ".swp", "~")
_TOP_FIELDS = frozenset({"name", "ignore", "knowledge_bases", "documents"})


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
    """Where a source lies and what describes it; with a ``problem`` nothing below it may be read."""

    root: Path
    name: str
    manifest: Manifest | None
    problem: ParseError | None = None


def discover(paths: Sequence[Path]) -> Iterator[FoundFile]:
    """Every file below ``paths``, each once.

    Folders are searched in the order of their names. Hidden files, lock files, unfinished downloads, manifests and
    what these ignore are left out. Files below a folder whose own manifest cannot be taken are problems. Raises
    UsageError: a path that is not there, a manifest in or above ``paths`` that cannot be taken, two sources of one
    name.
    """
    places = [_place(path) for path in map(Path, paths)]
    roots: dict[str, Path] = {}
    for _, place in places:
        _refuse_same_name(place, roots)
    seen: set[tuple[str, str]] = set()
    for path, place in places:
        for found in _below(path, place, roots):
            if (found.source_name, found.relative) not in seen:
                seen.add((found.source_name, found.relative))
                yield found


def _place(path: Path) -> tuple[Path, _Place]:
    """The path, absolute, and its place; a link into another manifest's folder is taken as what it leads to."""
    if not os.path.lexists(path):
        raise UsageError(f"{path} is not there.", "Check the path.")
    path = Path(os.path.abspath(path))
    folder = path if path.is_dir() else path.parent
    manifest = _manifest_of(folder)
    place = _Place(folder, _nfc(folder.name) or "root", None) if manifest is None else _governed(manifest)
    return _led(path, place)


def _led(path: Path, place: _Place) -> tuple[Path, _Place]:
    """Where a link leads if another manifest governs there, else the same path and place."""
    real = Path(os.path.realpath(path))
    if real == path or not real.exists():
        return path, place
    manifest = _manifest_of(real if real.is_dir() else real.parent)
    if manifest is None or place.manifest is not None and os.path.samefile(manifest.path, place.manifest.path):
        return path, place
    return real, _governed(manifest)


def _governed(manifest: Manifest) -> _Place:
    root = Path(os.path.abspath(manifest.root))
    return _Place(root, _nfc(manifest.name or Path(os.path.realpath(root)).name) or "root", manifest)


def _manifest_of(folder: Path) -> Manifest | None:
    """The manifest in the folder, else in the closest above that is one of ours; those further up are its outer ones.

    One that cannot be read might close what lies below it, so it is not passed over.
    """
    paths = [above / MANIFEST_NAME for above in (folder, *folder.parents)]
    nearest: Manifest | None = None
    for path in reversed([path for path in paths if os.path.lexists(path)]):
        if path == paths[0] or _is_ours(path):
            nearest = replace(read_manifest(path), outer=nearest)
    return nearest


def _is_ours(path: Path) -> bool:
    """Whether a manifest above is ours; one that cannot be read counts as ours."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return True
    return "documents" in content or "knowledge_bases" in content or _TOP_FIELDS.issuperset(content)


def _nested(folder: Path, place: _Place) -> _Place:
    """The place of a folder below ``place``: its own where it has a manifest."""
    if place.problem is not None or folder == place.root or not os.path.lexists(folder / MANIFEST_NAME):
        return place
    try:
        return _governed(replace(read_manifest(folder / MANIFEST_NAME), outer=place.manifest))
    except UsageError as error:
        return replace(place, problem=ParseError("manifest", error.reason, error.cure))


def _refuse_same_name(place: _Place, roots: dict[str, Path]) -> None:
    other = roots.setdefault(place.name, place.root)
    if other.resolve() != place.root.resolve():
        raise UsageError(f"{other} and {place.root} are both sources named '{place.name}'.",
                         f"Set another name in one of them: a {MANIFEST_NAME} with name = \"...\".")


def _below(path: Path, place: _Place, roots: dict[str, Path]) -> Iterator[FoundFile]:
    if not path.is_dir():
        yield _file(path, place)
        return
    visited: set[tuple[int, int]] = set()
    waiting = [(path, place)]
    while waiting:
        folder, place = waiting.pop()
        try:
            status = folder.stat()
            if (status.st_dev, status.st_ino) in visited:
                continue
            visited.add((status.st_dev, status.st_ino))
            place = _nested(folder, place)
            names = sorted(os.listdir(folder), key=_nfc)
        except OSError as error:
            yield _problem(folder, place, f"The folder {folder.name} cannot be read: {error.strerror}.")
            continue
        _refuse_same_name(place, roots)
        folders = []
        for name in names:
            if _is_skipped(name) or place.manifest and place.manifest.ignores(relative_to(folder / name, place.root)):
                continue
            child, inner = _child(folder / name, place)
            if child.is_dir():
                folders.append((child, inner))
            else:
                yield _file(child, inner)
        waiting.extend(reversed(folders))


def _child(path: Path, place: _Place) -> tuple[Path, _Place]:
    if not path.is_symlink():
        return path, place
    try:
        return _led(path, place)
    except UsageError as error:
        return path, replace(place, problem=ParseError("manifest", error.reason, error.cure))


def _is_skipped(name: str) -> bool:
    return name.startswith((".", "~$")) or name in _SKIPPED_NAMES or name.lower().endswith(_SKIPPED_ENDINGS)


def _file(path: Path, place: _Place) -> FoundFile:
    if place.problem is not None:
        return replace(_problem(path, place, ""), problem=place.problem)
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
