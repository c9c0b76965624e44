"""Labelled cases: JSONL with id, question, language, reference, sources, principal and tags."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from copilot.types import Principal


def read_cases(folder: Path) -> list[dict[str, Any]]:
    """All cases of a folder's JSONL files, in order."""
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines if line.strip()]


def principal_of(case: dict[str, Any]) -> Principal:
    """Who asks a case: the one it names, else a reader without groups."""
    asker = case.get("principal") or {}
    return Principal(asker.get("id", "tester"), tuple(asker.get("groups", ())))
