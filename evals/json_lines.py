"""Sets of labelled lines: JSON objects with an id each, of a file or of a folder of files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from copilot.errors import UsageError

Line = tuple[str, dict[str, Any]]
"""Where a line stands ("file:7"), and its object."""


def read_lines(path: Path) -> list[Line]:
    """The objects of a JSONL file, or of all in a folder, each with an id of its own; one without gets its number.

    Raises UsageError naming file and line.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    found: list[Line] = []
    seen: dict[str, str] = {}
    for file in files:
        for place, item in _objects(file):
            name = str(item.setdefault("id", place.rpartition(":")[2]))
            if name in seen:
                raise UsageError(f"{place}: the id '{name}' was there before, at {seen[name]}.", "Give each its own.")
            seen[name] = place
            found.append((place, item))
    if not found:
        raise UsageError(f"'{path}' holds no cases.", "Name a file of JSON lines, or a folder of such files.")
    return found


def _objects(file: Path) -> Iterator[Line]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The set '{file}' cannot be read: {error}.", "Name a file of JSON lines in UTF-8.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            raise UsageError(f"{file}:{number}: no JSON: {error}.", "Write one JSON object a line.") from error
        if not isinstance(item, dict):
            raise UsageError(f"{file}:{number}: no JSON object.", "Write one JSON object a line.")
        yield f"{file}:{number}", item


def language_code(given: object) -> str:
    """The two letters of a language tag: "de-DE" and "DE" are "de"; empty stays empty."""
    return str(given or "").strip().lower().replace("_", "-").split("-")[0]


def first(item: Mapping[str, Any], names: str, place: str, needed: bool = True) -> Any:
    """The first of these fields (blank between names) that is there and not empty; None, or UsageError if needed."""
    for name in names.split():
        if item.get(name) not in (None, "", [], {}):
            return item[name]
    if needed:
        wanted = " or ".join(names.split())
        raise UsageError(f"{place}: no {wanted}.", "See docs/evaluation.md for what a line holds.")
    return None
