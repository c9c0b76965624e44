"""Questions over the rows of tables: greater or less than, highest, lowest, how many, sums and means by group."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from copilot.types import Claim, Document, Draft, Element, ElementKind, Evidence, Hit

if TYPE_CHECKING:
    from copilot.rows.asking import Asked
    from copilot.rows.engine import Result
    from copilot.rows.plans import Plan
    from copilot.rows.tables import Table

_MOST_DOCUMENTS = 12
_MOST_ROWS_KEPT = 300_000
_MOST_KEPT = 32  # documents whose typed columns are kept; who may read them was asked before, each time
_known: dict[tuple[object, ...], list[Table]] = {}
_lock = threading.Lock()
_SURE = 0.95  # that a computation is what was asked for; its figures are exact

Load = Callable[[Document], Sequence[Element]]
"""The stored elements of a document, as far as the asker may read it."""


def compute(evidence: Evidence, load: Load) -> Draft | None:
    """What the rows of the found documents' tables compute to; None where this is no question over rows, or where
    no table, or more than one, decides it.
    """
    from copilot.rows.asking import read_question

    asked = read_question(evidence.question.text, evidence.language)
    if asked is None:
        return None
    told = evidence.question.answer_language or evidence.language
    tables = _tables(evidence, load)
    found = [(plan, table, hit, marker) for hit, marker, table in tables if (plan := _bound(asked, table)) is not None]
    return _drafted(_best(found), told) or _uncovered(found) or _undecided(asked, tables)


def guessed(claim: Claim, evidence: Evidence) -> bool:
    """Whether a claim quotes just one of the rows among which the question asks for the highest, lowest or latest."""
    from copilot.rows.guessing import is_guessed, read_superlative

    asked = read_superlative(evidence.question.text, evidence.language)
    reasoned = claim.kind in ("generated", "unsupported", "computed")
    if asked is None or reasoned or not claim.citations or "\t" not in claim.citations[0].quote:
        return False
    cited = claim.citations[0]
    found = {hit.document.id: hit for item in evidence.passages for hit in item.hits}
    hit = found.get(cited.document.id)
    return hit is not None and any(is_guessed(asked, table, cited.quote) for table in _of(hit, evidence.elements))


def _bound(asked: Asked, table: Table) -> Plan | None:
    from copilot.rows.binding import bind

    return bind(asked, table)


def _undecided(asked: Asked, tables: list[tuple[Hit, int, Table]]) -> Draft | None:
    """An empty draft where only rows could answer, and those of the best hit's table do not: no neighbour is quoted."""
    from copilot.rows.binding import lacks

    best = tables[0][0] if tables else None
    if best is None or best.chunk.kind is not ElementKind.TABLE_ROW:
        return None
    words = [word for hit, _, table in tables if hit is best and (word := lacks(asked, table)) is not None]
    return Draft(missing=tuple(filter(None, words[:1])), engine={"rows": "duckdb"}) if words else None


def _tables(evidence: Evidence, load: Load) -> list[tuple[Hit, int, Table]]:
    """The tables of the documents that were found, the best document first."""
    found: dict[str, tuple[Hit, int]] = {}
    hits = sorted(
        ((hit, item.marker) for item in evidence.passages for hit in item.hits), key=lambda pair: -pair[0].score
    )
    for hit, marker in hits:
        found.setdefault(hit.document.id, (hit, marker))
    made = []
    for hit, marker in list(found.values())[:_MOST_DOCUMENTS]:
        made += [(hit, marker, table) for table in _of(hit, load)]
    return made


def _of(hit: Hit, load: Load) -> list[Table]:
    language = hit.document.language if len(hit.document.language) == 2 else hit.chunk.language
    return _read(hit.document, load(hit.document), language)


def _read(document: Document, elements: Sequence[Element], language: str) -> list[Table]:
    """The tables of elements that were just loaded; what was read of the same content before is taken again."""
    from copilot.rows.tables import tables

    content = hash(tuple((element.text, element.context) for element in elements))
    key = (document.id, document.sha256, document.title, language, content)
    with _lock:
        known = _known.pop(key, None)
    made = known if known is not None else tables(document, elements, language)
    with _lock:
        _known[key] = made
        while len(_known) > 1 and (len(_known) > _MOST_KEPT or sum(map(_rows, _known.values())) > _MOST_ROWS_KEPT):
            _known.pop(next(iter(_known)))
    return made


def _rows(made: list[Table]) -> int:
    return sum(len(table.rows) for table in made)


def _best(found: list[tuple[Plan, Table, Hit, int]]) -> list[tuple[Plan, Table, Hit, int, list[Result]]]:
    """The plan that explains most of the question, run; empty where two tables come to different results."""
    from copilot.rows.engine import run
    from copilot.rows.plans import Undecidable

    made: list[tuple[Plan, Table, Hit, int, list[Result]]] = []
    top = max((plan.fit for plan, _, _, _ in found), default=0.0)
    for plan, table, hit, marker in found:
        if plan.fit < top - 0.3:
            continue
        try:
            results = run(plan, table)
        except Undecidable:
            return []
        if any(item.rows for item in results):
            made.append((plan, table, hit, marker, results))
    outcomes = {tuple((item.group, item.value, len(item.rows)) for item in results) for *_, results in made}
    return made[:1] if len(outcomes) == 1 else []


def _uncovered(found: list[tuple[Plan, Table, Hit, int]]) -> Draft | None:
    """That the days asked for are in none of the tables that could answer."""
    from copilot.rows.engine import run
    from copilot.rows.plans import Plan, Undecidable

    missing: dict[str, None] = {}
    for plan, table, _, _ in found:
        days = tuple(item for item in plan.conditions if item.days is not None)
        try:
            if not days or any(item.rows for item in run(Plan("list", conditions=days), table)):
                return None
        except Undecidable:
            return None
        missing |= {item.days.text: None for item in days if item.days}
    return Draft(missing=tuple(missing), engine={"rows": "duckdb"}) if missing else None


def _drafted(chosen: list[tuple[Plan, Table, Hit, int, list[Result]]], language: str) -> Draft | None:
    from copilot.rows.telling import claims

    for plan, table, hit, marker, results in chosen:
        rows = {row for item in results for row in item.rows}
        if _is_lookup(plan, results, len(rows)):
            return None
        said = claims(plan, table, results, hit, marker, language)
        if said:
            return Draft(tuple(said), _SURE, shape="computed", engine={"rows": "duckdb"})
    return None


def _is_lookup(plan: Plan, results: list[Result], rows: int) -> bool:
    """Whether one row alone answers, by its cells: then it is quoted, and nothing is computed."""
    if plan.group is not None:
        return bool(plan.pick) and plan.operation == "count" and all(len(item.rows) == 1 for item in results)
    single = plan.operation in ("count", "sum", "mean", "distinct", "list")
    return rows < 2 and single and not any(item.comparison or item.days for item in plan.conditions)
