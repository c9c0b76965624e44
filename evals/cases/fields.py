"""One record of a set becomes a case; whatever is missing, unknown or of the wrong kind is named with its cure."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from copilot.types import Principal, Turn
from evals.types import ABSENT_NAME, ABSENT_PROPERTY, ABSENT_TOPIC, Case, CaseSource

Fault = tuple[str, str]
"""What is wrong, and the cure."""

NO_ANSWER = frozenset({ABSENT_TOPIC, ABSENT_NAME, ABSENT_PROPERTY, "restricted"})
_REQUIRED = ("id", "question", "language", "sources")
_FIELDS = (*_REQUIRED, "reference", "principal", "tags", "as_of", "turns", "answer_language", "restricted")
_LANGUAGE = re.compile(r"[a-z]{2}|und")
_T = TypeVar("_T")


class _Record:
    """The fields of one record, taken one by one; the faults are collected."""

    def __init__(self, record: Mapping[str, Any], place: str = "") -> None:
        self._record = record
        self._place = place
        self.faults: list[Fault] = []

    def refuse(self, what: str, cure: str) -> None:
        self.faults.append((f"{self._place}{what}", cure))

    def known(self, fields: Iterable[str]) -> None:
        """Refuse every field that is none of these, by name."""
        names = tuple(fields)
        for name in self._record:
            if name not in names:
                near = difflib.get_close_matches(name, names, 1)
                cure = f"Did you mean '{near[0]}'?" if near else f"Known are {', '.join(names)}."
                self.refuse(f"unknown field '{name}'.", cure)

    def text(self, name: str, required: bool = False) -> str:
        value = self._record.get(name)
        if value is None and not required:
            return ""
        if name == "id" and isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str) or (required and not value.strip()):
            said = "is missing or empty" if value in (None, "") or isinstance(value, str) else "is no text"
            self.refuse(f"'{name}' {said}.", f"Give a text as \"{name}\".")
            return ""
        return value.strip()

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._record.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.refuse(f"'{name}' is no list of texts.", f"Write \"{name}\": [\"...\"].")
            return ()
        return tuple(dict.fromkeys(item.strip() for item in value))

    def page(self) -> int:
        value = self._record.get("page")
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            said = "is missing" if value is None else f"is {value!r}"
            self.refuse(f"'page' {said}.", "Pages are whole numbers from 1; formats without pages have page 1.")
            return 1
        return value

    def language(self, name: str, required: bool = False) -> str:
        value = self.text(name, required)
        if value and not _LANGUAGE.fullmatch(value):
            self.refuse(f"'{name}' is '{value}'.", "Write a code of ISO 639-1 in lower case, such as \"de\".")
        return value

    def day(self, name: str) -> dt.date | None:
        value = self.text(name)
        try:
            return dt.date.fromisoformat(value) if value else None
        except ValueError:
            self.refuse(f"'{name}' is '{value}', which is no date.", "Write it as YYYY-MM-DD.")
            return None

    def objects(self, name: str, take: Callable[[_Record], _T]) -> tuple[_T, ...]:
        """Each object of a list, taken by ``take``; faults tell the field and the position."""
        value = self._record.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self.refuse(f"'{name}' is no list of objects.", f"Write \"{name}\": [{{...}}].")
            return ()
        return tuple(self._inner(item, f"{name}[{at}]: ", take) for at, item in enumerate(value, 1))

    def object(self, name: str, take: Callable[[_Record], _T], default: _T) -> _T:
        value = self._record.get(name)
        if value is None:
            return default
        if not isinstance(value, Mapping):
            self.refuse(f"'{name}' is no object.", f"Write \"{name}\": {{...}}.")
            return default
        return self._inner(value, f"{name}: ", take)

    def has(self, name: str) -> bool:
        return name in self._record

    def mapping(self, name: str) -> Mapping[str, str]:
        value = self._record.get(name)
        if value is None:
            return {}
        if not isinstance(value, Mapping) or not all(isinstance(item, str) for item in value.values()):
            self.refuse(f"'{name}' is no object of texts.", f"Write \"{name}\": {{\"site\": \"...\"}}.")
            return {}
        return {str(key): item for key, item in value.items()}

    def _inner(self, record: Mapping[str, Any], place: str, take: Callable[[_Record], _T]) -> _T:
        inner = _Record(record, f"{self._place}{place}")
        taken = take(inner)
        self.faults += inner.faults
        return taken


def to_case(record: Mapping[str, Any], origin: str) -> tuple[Case, list[Fault]]:
    """The case of a record, and everything that is wrong with it; a case with faults must not be asked."""
    fields = _Record(record)
    fields.known(_FIELDS)
    if not fields.has("sources"):
        fields.refuse("'sources' is missing.", "Name document, page and quote; [] where the corpus has no answer.")
    case = Case(
        id=fields.text("id", required=True),
        question=fields.text("question", required=True),
        language=fields.language("language", required=True),
        reference=fields.text("reference"),
        sources=fields.objects("sources", _source),
        principal=fields.object("principal", _principal, Principal("tester")),
        tags=fields.texts("tags"),
        as_of=fields.day("as_of"),
        turns=fields.objects("turns", _turn),
        answer_language=fields.language("answer_language"),
        restricted=fields.texts("restricted"),
        origin=origin,
    )
    return case, [*fields.faults, *_contradictions(case, fields)]


def _source(fields: _Record) -> CaseSource:
    fields.known(("document", "page", "quote"))
    return CaseSource(fields.text("document", required=True), fields.page(), fields.text("quote", required=True))


def _principal(fields: _Record) -> Principal:
    fields.known(("id", "groups", "attributes"))
    return Principal(fields.text("id", required=True), fields.texts("groups"), fields.mapping("attributes"))


def _turn(fields: _Record) -> Turn:
    fields.known(("question", "answer", "documents"))
    return Turn(fields.text("question", required=True), fields.text("answer"), fields.texts("documents"))


def _contradictions(case: Case, fields: _Record) -> list[Fault]:
    """Fields that are each well formed and together make no case."""
    faults: list[Fault] = []
    no_answer = NO_ANSWER.intersection(case.tags)
    if fields.has("sources") and not case.sources and case.reference and not no_answer:
        faults.append(("it has a reference but no sources.",
                       "Name document, page and quote; or leave the reference empty where there is no answer."))
    if case.sources and no_answer - {"restricted"}:
        faults.append((f"it is tagged '{min(no_answer)}' but names sources.", "Drop the tag or the sources."))
    if both := sorted({source.document for source in case.sources}.intersection(case.restricted)):
        faults.append((f"'{both[0]}' is both a source and restricted.", "Name it in one of the two."))
    if repeated := len(case.sources) - len(set(case.sources)):
        faults.append((f"{repeated} of its sources stands twice.", "Name each source once."))
    return faults
