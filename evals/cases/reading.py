"""Labelled cases: JSON lines in a file or a folder, read whole or refused with every problem and where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.errors import UsageError
from evals.cases.corpus import CorpusText
from evals.cases.fields import to_case
from evals.types import Case

_TOLD = 20
_ONE_A_LINE = "Write one object a line."


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line, and the cure; ``id`` is the case's, empty where the line could not be read."""

    file: str
    line: int
    id: str
    problem: str
    cure: str = ""

    def __str__(self) -> str:
        """One line: where, which case, what, and the cure."""
        named = f" [{self.id}]" if self.id else ""
        return f"{self.file}:{self.line}{named} {self.problem} {self.cure}".strip()


def load_cases(path: Path, corpus: CorpusText | None = None) -> list[Case]:
    """The cases of a JSONL file, or of all those of a folder, in order; UsageError tells every problem by file:line.

    Refused are broken lines, unknown and missing fields, ids and questions that stand twice; with a corpus also
    documents that are not in it for the case's principal, and quotes that do not stand on the named page.
    """
    cases, problems = read_set(path, corpus)
    if problems:
        told = "\n".join(str(problem) for problem in problems[:_TOLD])
        more = len(problems) - _TOLD
        raise UsageError(
            f"{path} holds {len(problems)} {'problem' if len(problems) == 1 else 'problems'}:\n{told}",
            f"\nAnd {more} more: `copilot eval check {path}` tells them all." if more > 0 else "",
        )
    if not cases:
        raise UsageError(f"{path} holds no case: every line is blank.", f"{_ONE_A_LINE} Begin with copilot eval draft.")
    return cases


def read_set(path: Path, corpus: CorpusText | None = None) -> tuple[list[Case], list[Problem]]:
    """The cases that can be asked, and what is wrong with the others; UsageError where there is no file at all."""
    cases: list[Case] = []
    problems: list[Problem] = []
    for file in case_files(path):
        for line, record in _records(file):
            if isinstance(record, Problem):
                problems.append(record)
                continue
            case, faults = to_case(record, f"{file}:{line}")
            problems += [Problem(str(file), line, case.id, *fault) for fault in faults]
            if not faults:
                cases.append(case)
    problems += _repeated(cases)
    if corpus is not None:
        problems += [problem(case, *fault) for case in cases for fault in corpus.faults(case)]
    return cases, problems


def case_files(path: Path) -> list[Path]:
    """The file itself, or the folder's *.jsonl by name; UsageError where there is none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise UsageError(f"There is no file or folder '{path}'.", "Name a set: a JSONL file, or a folder of them.")
    files = sorted(file for file in path.glob("*.jsonl") if file.is_file())
    if not files:
        raise UsageError(f"The folder '{path}' holds no *.jsonl.", "Put the cases there, one JSON object a line.")
    return files


def _records(file: Path) -> Iterator[tuple[int, Mapping[str, Any] | Problem]]:
    """Each line that is not blank with its number from 1: an object, or what is wrong with it."""
    try:
        content = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Check its rights.") from error
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.strip():
            yield number, _record(file, number, line)


def _record(file: Path, number: int, line: bytes) -> Mapping[str, Any] | Problem:
    try:
        record = json.loads(line.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        return Problem(str(file), number, "", f"it is no UTF-8 (byte {error.start + 1}).", "Save the file as UTF-8.")
    except (ValueError, RecursionError) as error:
        return Problem(str(file), number, "", f"it is no JSON: {error}.", _ONE_A_LINE)
    return record if isinstance(record, dict) else Problem(str(file), number, "", "it is no object.", _ONE_A_LINE)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names each stand once: of two values one would be lost in silence."""
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError(f"'{next(name for name in names if names.count(name) > 1)}' stands twice in one object")
    return dict(pairs)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


def _repeated(cases: Iterable[Case]) -> Iterator[Problem]:
    ids: dict[str, str] = {}
    asked: dict[object, str] = {}
    for case in cases:
        if first := ids.get(case.id):
            yield problem(case, f"its id stands already in {first}.", "Give each case an id of its own.")
        attributes = tuple(sorted(case.principal.attributes.items()))
        asker = (case.principal.id, case.principal.groups, attributes)
        whole = (case.question.casefold(), asker, case.as_of, case.turns, case.answer_language)
        if first := asked.get(whole):
            yield problem(case, f"the same question stands already in {first}.", "Keep one of the two.")
        ids.setdefault(case.id, case.origin)
        asked.setdefault(whole, case.origin)


def problem(case: Case, what: str, cure: str) -> Problem:
    """A problem of a case, at the line where it stands."""
    file, _, line = case.origin.rpartition(":")
    return Problem(file, int(line), case.id, what, cure)
