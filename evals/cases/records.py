"""Cases as the JSON records that a set is made of, and back into a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from copilot.errors import UsageError
from evals.types import Case


def to_record(case: Case) -> dict[str, Any]:
    """The record that reads back as the same case; optional fields that say nothing are left out."""
    record: dict[str, Any] = {
        "id": case.id, "question": case.question, "language": case.language, "reference": case.reference,
        "sources": [{"document": item.document, "page": item.page, "quote": item.quote} for item in case.sources],
        "principal": {"id": case.principal.id, "groups": list(case.principal.groups)},
        "tags": list(case.tags),
    }
    if case.principal.attributes:
        record["principal"]["attributes"] = dict(case.principal.attributes)
    if case.as_of is not None:
        record["as_of"] = case.as_of.isoformat()
    if case.turns:
        record["turns"] = [{"question": turn.question, "answer": turn.answer} for turn in case.turns]
        for told, turn in zip(record["turns"], case.turns, strict=True):
            told |= {"documents": list(turn.documents)} if turn.documents else {}
    if case.answer_language:
        record["answer_language"] = case.answer_language
    if case.restricted:
        record["restricted"] = list(case.restricted)
    return record


def to_line(case: Case) -> str:
    """The record on one line, with its line end."""
    return json.dumps(to_record(case), ensure_ascii=False) + "\n"


def write_new(path: Path, cases: Iterable[Case]) -> None:
    """Write a file of cases that is not there yet; UsageError where it is, so that no edited set is lost."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.writelines(to_line(case) for case in cases)
    except FileExistsError as error:
        raise UsageError(f"'{path}' is there already.", "Name a new file: drafts never replace cases.") from error
    except OSError as error:
        raise UsageError(f"'{path}' cannot be written: {error.strerror}.", "Name a file in a folder that is there.") \
            from error
