"""`copilot ask --batch`: many questions, the engine loaded once, one line out for each line in."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from copilot.commands import options, output
from copilot.errors import CopilotError, UsageError
from copilot.settings import Settings
from copilot.types import Principal, Question, Turn, to_json

_FIELDS = frozenset({"id", "question", "language", "principal", "turns"})


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One question of a batch: the line's number from 1, its id as it was given, the question and who asks."""

    number: int
    id: str | int
    question: Question
    principal: Principal


class BadLine(UsageError):
    """A line that cannot be taken; ``id`` is its id where it has one."""

    def __init__(self, number: int, identity: Any, message: str, cure: str) -> None:
        super().__init__(message, cure)
        self.number = number
        self.id = identity if isinstance(identity, (str, int)) and not isinstance(identity, bool) else None


def run_batch(settings: Settings, path: Path, template: Question, asker: Principal) -> int:
    """Answer every line of the file, - for stdin; return how many lines failed. ``template`` holds the options."""
    from copilot.wiring import open_copilot

    failed = 0
    with output.quiet_stdout() as out, open_lines(path) as lines, open_copilot(settings) as copilot:
        for item in read(lines, template, asker):
            if isinstance(item, BadLine):
                failed += 1
                output.write_json(out, {"id": item.id, "line": item.number, "error": str(item)})
                continue
            try:
                answer = copilot.ask(item.question, item.principal)
            except CopilotError as error:
                failed += 1
                output.write_json(out, {"id": item.id, "line": item.number, "error": str(error)})
                continue
            output.write_json(out, {"id": item.id, **to_json(answer)})
    return failed


def open_lines(path: Path) -> TextIO:
    """The lines of a file, or of standard input where it is named "-"; UsageError where it cannot be read."""
    if str(path) == "-":
        return open(sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False)
    try:
        return path.open(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Name a file of JSON lines.") from error


def read(lines: Iterable[str], template: Question, asker: Principal) -> Iterator[Line | BadLine]:
    """The questions in order; blank lines are passed over, a line that cannot be taken comes as BadLine."""
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        record: Any = None
        try:
            record = json.loads(text)
            yield _line(number, record, template, asker)
        except (ValueError, RecursionError) as error:
            yield BadLine(number, None, f"Line {number} is no JSON: {error}.", "Write one object a line.")
        except UsageError as error:
            identity = record.get("id") if isinstance(record, Mapping) else None
            yield BadLine(number, identity, f"Line {number}: {error.reason}", error.cure)


def _line(number: int, record: Any, template: Question, asker: Principal) -> Line:
    if not isinstance(record, Mapping):
        raise UsageError("It is no object.", "Write {\"id\": ..., \"question\": ...}.")
    if unknown := sorted(set(record) - _FIELDS):
        raise UsageError(f"It has unknown fields: {', '.join(unknown)}.", f"Take {', '.join(sorted(_FIELDS))}.")
    identity, text = record.get("id"), record.get("question")
    if not isinstance(identity, (str, int)) or isinstance(identity, bool):
        raise UsageError("It has no id.", "Give a text or a whole number as \"id\".")
    if not isinstance(text, str):
        raise UsageError("It has no question.", "Give a text as \"question\".")
    code = record.get("language") or template.answer_language
    if not isinstance(code, str):
        raise UsageError("Its language is no text.", "Write a code such as \"de\".")
    asked = dataclasses.replace(template, text=text, answer_language=options.language(code))
    if record.get("turns") is not None:
        asked = dataclasses.replace(asked, turns=_turns(record["turns"]))
    return Line(number, identity, asked, _principal(record.get("principal"), asker))


def _principal(value: Any, asker: Principal) -> Principal:
    """Fails closed: what is not understood is refused, never read as fewer conditions."""
    if value is None:
        return asker
    if isinstance(value, str) and value.strip():
        return Principal(value.strip())
    if isinstance(value, Mapping) and isinstance(value.get("id"), str) and set(value) <= {
        "id", "groups", "attributes"
    }:
        groups, attributes = value.get("groups") or [], value.get("attributes") or {}
        if _texts(groups) and isinstance(attributes, Mapping) and _texts(list(attributes.values())):
            return Principal(value["id"], tuple(groups), {str(key): item for key, item in attributes.items()})
    raise UsageError(
        "Its principal cannot be taken.",
        "Write a user's id, or {\"id\": \"...\", \"groups\": [\"...\"], \"attributes\": {\"...\": \"...\"}}.",
    )


def _turns(value: Any) -> tuple[Turn, ...]:
    """The earlier exchanges, oldest first: each a question, or an object of question, answer and documents."""
    cure = 'Write a list of {"question": "...", "answer": "...", "documents": ["..."]}, oldest first.'
    if not isinstance(value, list):
        raise UsageError("Its turns are no list.", cure)
    found = []
    for item in value:
        told = {"question": item} if isinstance(item, str) else item
        if not isinstance(told, Mapping) or set(told) - {"question", "answer", "documents"}:
            raise UsageError("One of its turns cannot be taken.", cure)
        question, answer, documents = told.get("question"), told.get("answer") or "", told.get("documents") or []
        if not isinstance(question, str) or not isinstance(answer, str) or not _texts(documents):
            raise UsageError("One of its turns cannot be taken.", cure)
        found.append(Turn(question, answer, tuple(documents)))
    return tuple(found)


def _texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)
