"""The list of cases that may get worse, each with its reason: JSON lines of id and reason."""

from __future__ import annotations

import json
from pathlib import Path

from copilot.errors import UsageError

_SHAPE = 'Write one object a line: {"id": "de-001", "reason": "..."}'


def read_accepted(path: Path | None) -> dict[str, str]:
    """{case id: reason}; UsageError names the line that cannot be taken."""
    if path is None:
        return {}
    if not path.is_file():
        raise UsageError(f"There is no list '{path}'.", "Name a file with --accept.")
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
        if not line.strip():
            continue
        key, reason = _entry(path, number, line)
        if key in found:
            raise UsageError(f"{path}:{number} names {key} again.", "Name each case once.")
        found[key] = reason
    return found


def _entry(path: Path, number: int, line: str) -> tuple[str, str]:
    try:
        content = json.loads(line)
        key, reason = content["id"], content["reason"]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}:{number} cannot be taken: {error!r}.", _SHAPE) from error
    if not (isinstance(key, str) and key and isinstance(reason, str) and reason.strip()):
        raise UsageError(f"{path}:{number} names no case, or gives no reason.", _SHAPE)
    return key, reason.strip()
