"""Finds documents whose files went away from folders that were ingested whole."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from copilot.catalog import Catalog, Revision
from copilot.library import local_path
from ingest.description import id_of
from ingest.discover import FoundFile


def vanished(catalog: Catalog, sources: Sequence[Path], found: Iterable[FoundFile]) -> list[Revision]:
    """The current revisions whose files were not found again below the folders in ``sources``.

    A folder that could not be read hides its files; they did not vanish.
    """
    files = list(found)
    seen = {id_of(file) for file in files}
    hidden = [_absolute(file.path) for file in files if file.problem is not None]
    folders = [_absolute(path) for path in sources if path.is_dir()]
    roots = {file.source_name: _absolute(file.root) for file in files}
    return [
        row
        for row in catalog.revisions(current=True)
        if row.document.id not in seen and _is_missing(row, folders, roots, hidden)
    ]


def _is_missing(row: Revision, folders: list[Path], roots: dict[str, Path], hidden: list[Path]) -> bool:
    path = local_path(row.document.uri)
    if path is None or any(path.is_relative_to(folder) for folder in hidden):
        return False
    if any(path.is_relative_to(folder) for folder in folders):
        return True
    # The whole source may have moved: what lies neither there nor here any more is gone.
    return roots.get(row.document.source) in folders and not path.exists()


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))
