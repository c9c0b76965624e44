"""`copilot translate --set`: many texts, the models loaded once, one line out for each line in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from copilot.commands import options, output
from copilot.commands.batch import open_lines
from copilot.errors import CopilotError, UsageError
from copilot.settings import Settings
from copilot.types import TranslatedText, to_json

if TYPE_CHECKING:
    from copilot.translation import TranslationService

_FIELDS = 'Write {"id": ..., "from": "de", "to": "en", "text": "..."}, and a "reference" if there is one.'
_TOGETHER = 64  # lines of one pair that go to the model together


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a set; where it cannot be taken, ``error`` says why."""

    number: int
    id: str | int | None
    text: str = ""
    source: str = ""
    target: str = ""
    reference: str = ""
    error: str = ""


def run_set(settings: Settings, path: Path, default: tuple[str, str], bases: Sequence[str]) -> int:
    """Translate every line of the file, - for stdin; return how many lines failed."""
    from copilot.wiring import open_translator

    failed = 0
    with output.quiet_stdout() as out, open_lines(path) as lines:
        service = open_translator(settings)
        for group in _groups(read(lines, default)):
            failed += _run(service, group, bases, out)
    return failed


def _run(service: TranslationService, group: Sequence[Line], bases: Sequence[str], out: TextIO) -> int:
    """One group of one pair, or one line that cannot be taken."""
    first = group[0]
    try:
        texts = [] if first.error else [line.text for line in group]
        made = service.render_all(texts, first.source, first.target, bases)
    except CopilotError as error:
        for line in group:
            output.write_json(out, {"id": line.id, "line": line.number, "error": str(error)})
        return len(group)
    if first.error:
        output.write_json(out, {"id": first.id, "line": first.number, "error": first.error})
        return 1
    for line, item in zip(group, made, strict=True):
        told: dict[str, Any] = {"id": line.id, **to_json(as_json(item))}
        if line.reference:
            from copilot.translation.chrf import chrf

            told |= {"reference": line.reference, "chrf": round(chrf(item.text, line.reference), 2)}
        output.write_json(out, told)
    return 0


def _groups(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Neighbouring lines of one pair; a line that cannot be taken stands alone. The order stays."""
    group: list[Line] = []
    for line in lines:
        key = (line.source, line.target)
        if group and (line.error or group[0].error or len(group) >= _TOGETHER or key != (
                group[0].source, group[0].target)):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def read(lines: Iterable[str], default: tuple[str, str] = ("", "")) -> Iterator[Line]:
    """The lines in order; blank ones are passed over, one that cannot be taken carries its error."""
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        identity: Any = None
        try:
            record = json.loads(text)
            if not isinstance(record, dict):
                raise UsageError("It is no object.", _FIELDS)
            identity = record.get("id")
            yield _line(number, record, default)
        except (ValueError, RecursionError) as error:
            yield Line(number, None, error=f"Line {number} is no JSON: {error}. {_FIELDS}")
        except UsageError as error:
            known = identity if isinstance(identity, (str, int)) else None
            yield Line(number, known, error=f"Line {number}: {error}")


def _line(number: int, record: dict[str, Any], default: tuple[str, str]) -> Line:
    text, reference = record.get("text"), record.get("reference") or ""
    spoken, wanted = record.get("from") or default[0], record.get("to") or default[1]
    if not all(isinstance(value, str) for value in (text, reference, spoken, wanted)):
        raise UsageError("Text, languages and reference must be texts.", _FIELDS)
    if not str(wanted):
        raise UsageError("It does not say to which language.", _FIELDS)
    identity = record.get("id", number)
    source, target = options.language(str(spoken)), options.language(str(wanted))
    return Line(number, identity, str(text), source, target, str(reference))


def as_json(made: TranslatedText) -> dict[str, Any]:
    """The object that ``--json`` prints: the text and its sentences, and over them all what was kept and used."""
    from copilot.translation.kinds import overall_kind

    return {
        "from": made.source,
        "to": made.target,
        "text": made.text,
        "kind": overall_kind(made),
        "sentences": made.sentences,
        "protected": [token for item in made.sentences for token in item.protected],
        "glossary": [hit for item in made.sentences for hit in item.glossary],
        "warnings": made.warnings,
    }
