"""Fits a question to a table: every word of it must be a column, a value or the table's subject, or nothing is done."""

from __future__ import annotations

import re

from copilot.rows import vocabulary as words
from copilot.rows.asking import Asked
from copilot.rows.columns import asked_period, counted_column, grouped_by, measured, shown_column
from copilot.rows.conditions import add_conditions
from copilot.rows.explaining import check_explained
from copilot.rows.matching import columns_named, coverage, values_named
from copilot.rows.plans import Binding, Plan, Undecidable, tell
from copilot.rows.tables import EMPTY, Table


def bind(asked: Asked, table: Table) -> Plan | None:
    """The plan by which this table answers the question; None where it does not, or not for certain."""
    if asked.negated:
        return None
    named = columns_named(asked, table)
    measures = asked.kind or any(words.kinds_of(word.text) & words.KINDS.keys() for word in asked.words)
    if not (any(named) or measures or asked.status or asked.comparisons or asked.period):
        return None
    binding = Binding(asked, table, named, values_named(asked, table, named))
    try:
        return _plan(binding)
    except Undecidable:
        return None


def lacks(asked: Asked, table: Table) -> str | None:
    """The word of a question that this table leaves open, where no text but only its rows could answer; "" if no word.

    That is a result by group ("average torque per supplier"), or the group of most, and a table with such groups.
    None where a text may well answer, or the table is not what is asked about.
    """
    groups = list(asked.groups) if asked.operations else []
    # "Más", "più", "mais" also compare two things that a text tells apart.
    certain = asked.language not in ("es", "it", "pt")
    if certain and asked.operations & {"most", "fewest"} and asked.which is not None:
        groups.append(asked.which)
    named = columns_named(asked, table)
    if not any(place in matched for matched in named for place in groups):
        return None
    try:
        _plan(Binding(asked, table, named, values_named(asked, table, named)))
    except Undecidable as open_question:
        return open_question.word
    return None


def _plan(binding: Binding) -> Plan:
    asked = binding.asked
    group, period = grouped_by(binding)
    add_conditions(binding, group)
    shown = shown_column(binding, group)
    operation, pick = _operation(asked, group)
    _unambiguous(binding, operation)
    measure = measured(binding, operation, group, shown)
    if pick and group is None and shown is None:
        shown, period = asked_period(binding)
    if pick and group is None:
        if shown is None or operation in ("highest", "lowest"):
            raise Undecidable("nothing to pick from")
        group, shown = shown, None
        tell(binding, group, binding.named[group])
    operation, measure, group = _counting(binding, operation, measure, group, shown, pick)
    binding.measures = {measure} - {None}  # type: ignore[assignment]
    check_explained(binding)
    _certain(binding, operation, measure)
    if operation == "count" and group is None and not binding.conditions and counted_column(binding) is None:
        raise Undecidable("all rows")
    if operation == "list" and not (binding.conditions and asked.listed):
        raise Undecidable("nothing to list")
    shown = shown if shown != measure else None
    return Plan(
        operation,
        measure,
        group,
        period,
        pick,
        shown if shown is not None else _naming(binding, measure, group),
        tuple(binding.conditions),
        binding.fit,
    )


def _operation(asked: Asked, group: int | None) -> tuple[str, str]:
    """The operation and which group is picked by it."""
    has = asked.operations
    extremes = [name for name in ("highest", "lowest", "most", "fewest") if name in has]
    if len(extremes) > 1 or "mean" in has and "sum" in has:
        raise Undecidable("several operations")
    inner = "mean" if "mean" in has else "sum" if "sum" in has else "count" if "count" in has else ""
    if not extremes:
        return inner or ("list" if group is None else "total"), ""
    way = "highest" if extremes[0] in ("highest", "most") else "lowest"
    if inner or extremes[0] in ("most", "fewest"):
        return inner or "tally", way
    return way, ""


def _unambiguous(binding: Binding, operation: str) -> None:
    """Refuse "the most rejected parts" where rejects are counted in a column, and rows are rejected, too."""
    state = binding.asked.status and any(condition.values for condition in binding.conditions)
    if not state or operation not in ("sum", "tally", "total"):
        return
    for place in range(len(binding.table.header)):
        if binding.table.column(place).numbers is not None and re.search(words.FAULTS, binding.table.name(place), re.I):
            raise Undecidable("rejects are counted in two ways")


def _counting(
    binding: Binding, operation: str, measure: int | None, group: int | None, shown: int | None, pick: str
) -> tuple[str, int | None, int | None]:
    """What is added up or counted where the question says "how many" or "most"."""
    table = binding.table
    if operation == "sum" and measure is not None and table.column(measure).numbers_things:
        if not _counts(table, measure):
            raise Undecidable("numbers of things")
    label = measure is not None and table.column(measure).is_label and not _counts(table, measure)
    if measure is not None and label and operation in ("total", "tally", "count"):
        tell(binding, measure, binding.named[measure])
        measure = None
    if operation == "total":  # "scrap per week": what a column counts adds up, what it measures does not
        if measure is None or table.column(measure).unit:
            raise Undecidable("no operation")
        operation = "sum"
    if operation == "tally":
        operation = "sum" if measure is not None else "count"
    elif operation == "sum" and measure is None:
        operation = "count"
    elif operation == "count" and measure is not None and _adds_up(binding, measure):
        operation = "sum"
    elif operation == "count" or operation == "list" and "different" in binding.asked.operations:
        measure = None
        counted = counted_column(binding)
        if counted is not None and counted != group:
            column = table.column(counted)
            tell(binding, counted, binding.named[counted])
            filled = sum(text not in EMPTY for text in column.texts)
            if len(column.values) < filled or "different" in binding.asked.operations:
                operation, measure = "distinct", counted
    if "different" in binding.asked.operations and operation != "distinct":
        raise Undecidable("different what")
    if measure is not None and operation != "distinct":
        tell(binding, measure, binding.named[measure])
    if operation in ("mean", "sum", "highest", "lowest") and measure is None:
        check_explained(binding)  # if one word is to blame, it says which
        raise Undecidable("no column to compute over")
    if shown is not None:
        tell(binding, shown, binding.named[shown])
    return operation, measure, group


def _adds_up(binding: Binding, measure: int) -> bool:
    """Whether "how many" asks for what a column of numbers counts: it is named by that noun, or by its whole name.

    Raises Undecidable where the column may as well hold codes.
    """
    table = binding.table
    if _compares(binding, measure) or table.column(measure).unit:
        return False
    name, matched = table.name(measure), binding.named[measure]
    if binding.asked.counted not in matched and coverage(binding.asked.words, name, matched, table.language) < 0.99:
        return False
    if table.column(measure).mostly_differs and not _counts(table, measure):
        raise Undecidable("codes or counts")
    return True


def _counts(table: Table, place: int) -> bool:
    """Whether a column is called like one that counts: pieces, scrap, quantity."""
    found = re.findall(r"[^\W\d_]+", table.name(place))
    known = any(words.kinds_of(word) & words.COUNTED or re.fullmatch(words.ROW_NOUNS, word, re.I) for word in found)
    return known or re.search(words.FAULTS, table.name(place), re.I) is not None


def _compares(binding: Binding, column: int) -> bool:
    return any(condition.column == column and condition.comparison for condition in binding.conditions)


def _certain(binding: Binding, operation: str, measure: int | None) -> None:
    """Refuse what would mix things: rows that measure different things, two conditions on one column that exclude."""
    if binding.table.heterogeneous and operation in ("sum", "mean", "highest", "lowest"):
        raise Undecidable("rows measure different things")
    if measure is not None and operation in ("sum", "mean", "highest", "lowest"):
        column = binding.table.column(measure)
        if column.numbers is None and (column.dates is None or operation not in ("highest", "lowest")):
            raise Undecidable("no numbers")


def _naming(binding: Binding, measure: int | None, group: int | None) -> int | None:
    """The column that names a row: the first whose filled cells all differ, of texts rather than numbers or dates."""
    table = binding.table
    for place in range(len(table.header)):
        column = table.column(place)
        if place in (measure, group) or column.numbers is not None or column.dates is not None:
            continue
        if len(column.values) >= 0.95 * len(table.rows):
            return place
    return next((place for place in range(len(table.header)) if place not in (measure, group)), None)
