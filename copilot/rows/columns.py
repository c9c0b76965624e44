"""Which columns a question groups by, shows, counts and computes over."""

from __future__ import annotations

import re

from copilot.quantities import UNITS, unit_named
from copilot.rows import vocabulary as words
from copilot.rows.plans import Binding, Undecidable, conditioned, following, run_on, score, single_best, tell


def grouped_by(binding: Binding) -> tuple[int | None, str]:
    """The column by which results are grouped, and what its dates are cut to; raises Undecidable between two."""
    asked, table = binding.asked, binding.table
    if asked.period:
        return _period_column(binding, asked.period)
    for place in asked.groups:
        if any(match.places & {place, place + 1} for match in binding.values if place in binding.named[match.column]):
            continue  # "by operator Prado" names one, and groups by none
        best = [
            (named.get(place, 0.0) + run_on(named, place), at)
            for at, named in enumerate(binding.named)
            if place in named
        ]
        if best:
            column = single_best(best)
            tell(binding, column, {place} | following(binding.named[column], place))
            if table.column(column).dates is not None:
                return column, "day"
            return column, ""
    return None, ""


def _period_column(binding: Binding, period: str) -> tuple[int, str]:
    """The column that is named for the period, else the only column of dates, cut to it."""
    table = binding.table
    names = [table.column(place).name for place in range(len(table.header))]
    own = [place for place, name in enumerate(names) if re.fullmatch(rf"(?:{words.PERIODS[period]})\W*\w*", name, re.I)]
    dated = [place for place in range(len(names)) if table.column(place).dates is not None]
    for place, word in enumerate(binding.asked.words):
        if re.fullmatch(words.PERIODS[period], word.text, re.IGNORECASE):
            binding.told.add(place)
    if len(own) == 1:
        return own[0], period if table.column(own[0]).dates is not None and period != "day" else ""
    if len(dated) == 1 and not own:
        return dated[0], period
    raise Undecidable("no column for the period")


def asked_period(binding: Binding) -> tuple[int | None, str]:
    """The column of dates or periods that "which week" asks for, and what its dates are cut to."""
    asked = binding.asked
    word = asked.words[asked.which].text if asked.which is not None else ""
    for period, names in words.PERIODS.items():
        if word and re.fullmatch(names, word, re.IGNORECASE):
            return _period_column(binding, period)
    return None, ""


def shown_column(binding: Binding, group: int | None) -> int | None:
    """The column that "which ..." asks for."""
    place = binding.asked.which
    if place is None or place in binding.told:
        return None
    best = [
        (named[place] + run_on(named, place), at)
        for at, named in enumerate(binding.named)
        if place in named and at != group
    ]
    if not best:
        return None
    ordered = sorted(best, reverse=True)
    return None if len(ordered) > 1 and ordered[0][0] - ordered[1][0] < 0.1 else ordered[0][1]


def measured(binding: Binding, operation: str, group: int | None, shown: int | None) -> int | None:
    """The column of numbers to compute over: the one that most of the words left name."""
    table = binding.table
    if binding.asked.kind == "date":
        return _dated(binding)
    filtered = {
        condition.column for condition in binding.conditions if condition.values or condition.number is not None
    }
    best = []
    for place in range(len(table.header)):
        column = table.column(place)
        left = {at: value for at, value in binding.named[place].items() if at not in binding.told}
        if column.numbers is None or place == group or place in filtered or not left or column.counts_rows:
            continue
        best.append((score(binding, place, left), place))
    if shown is not None and any(set(binding.named[at]) - set(binding.named[shown]) - binding.told for _, at in best):
        best = [item for item in best if item[1] != shown]  # it names the rows; others are named by words of their own
    if not best:
        return _unnamed(binding, operation)
    if operation in ("list",):
        return None
    ordered = sorted(best, reverse=True)
    if len(ordered) > 1 and ordered[0][0] - ordered[1][0] < 0.05:
        if operation == "count":
            return None
        raise Undecidable("two columns to compute over")
    if shown == ordered[0][1] and operation not in ("highest", "lowest", "sum", "mean"):
        return None
    return ordered[0][1]


def _dated(binding: Binding) -> int | None:
    """The column of dates by which something is the latest: the only one, or the only one that the question names."""
    table = binding.table
    dated = [place for place in range(len(table.header)) if table.column(place).dates is not None]
    named = [place for place in dated if binding.named[place]]
    return next((found[0] for found in (dated, named) if len(found) == 1), None)


def _unnamed(binding: Binding, operation: str) -> int | None:
    """The only column that measures what the question asks for, else the one that it compares; None for none."""
    table, kinds = binding.table, _asked_kinds(binding)
    columns = [table.column(place) for place in range(len(table.header))]
    fitting = [
        place
        for place, column in enumerate(columns)
        if column.numbers is not None and column.unit and UNITS[column.unit].kind in kinds
    ]
    if kinds:
        return fitting[0] if len(fitting) == 1 else None
    compared = {condition.column for condition in binding.conditions if condition.comparison}
    return compared.pop() if len(compared) == 1 and operation in ("highest", "lowest", "mean", "sum") else None


def _asked_kinds(binding: Binding) -> set[str]:
    """What is measured, by an adjective ("hottest"), a unit ("in Nm") or a noun ("force")."""
    asked = binding.asked
    if asked.kind:
        return {asked.kind}
    left = [word.text for place, word in enumerate(asked.words) if place not in binding.told and len(word.text) > 1]
    units = {UNITS[symbol].kind for text in left if (symbol := unit_named(text, asked.language))}
    return units or {kind for text in left for kind in words.kinds_of(text) if kind in words.KINDS}


def counted_column(binding: Binding) -> int | None:
    """The column of texts that the noun after "how many" names."""
    place = binding.asked.counted
    if place is None:
        return None
    best = [
        (named[place] + run_on(named, place), at)
        for at, named in enumerate(binding.named)
        if place in named
        and binding.table.column(at).numbers is None
        and binding.table.column(at).dates is None
        and not conditioned(binding, at)
    ]
    ordered = sorted(best, reverse=True)
    return None if not ordered or len(ordered) > 1 and ordered[0][0] - ordered[1][0] < 0.1 else ordered[0][1]
