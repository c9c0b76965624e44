"""Drafts of cases from readers' thumbs down: the question is there, a person adds the right answer and its source."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from copilot.catalog import Feedback
from copilot.language import detect
from copilot.settings import Settings
from evals.types import DRAFT

FEEDBACK = "feedback"


def drafts_path(settings: Settings) -> Path:
    """The file that collects them."""
    return settings.data_dir / "evals" / "drafts" / "feedback.jsonl"


def draft_line(item: Feedback) -> str:
    """A case as a line of JSON, tagged draft: reference and sources are empty until a person fills them in."""
    record = {
        "id": f"feedback-{item.id}", "question": item.question, "language": detect(item.question, "en", 0.4),
        "reference": "", "sources": [], "tags": [DRAFT, FEEDBACK],
    }  # fmt: skip
    return json.dumps(record, ensure_ascii=False)


def drafted(settings: Settings) -> set[str]:
    """The ids of the drafts that are kept already."""
    path = drafts_path(settings)
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {json.loads(line)["id"] for line in lines if line.strip()}


def add_draft(settings: Settings, item: Feedback) -> Path:
    """Append the draft once; the file that holds it."""
    path = drafts_path(settings)
    if f"feedback-{item.id}" not in drafted(settings):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(draft_line(item) + "\n")
    return path


def complaints(feedback: Iterable[Feedback]) -> list[Feedback]:
    """The thumbs down, each question once, the newest first."""
    found: dict[str, Feedback] = {}
    for item in feedback:
        if item.verdict == "down":
            found.setdefault(item.question, item)
    return list(found.values())
