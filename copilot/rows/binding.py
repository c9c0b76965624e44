"""Fits a question to a table: every word of it must be a column, a value or the table's subject, or nothing is done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from copilot.quantities import UNITS, unit_named
from copilot.quantities.spellings import Unit
from copilot.rows import vocabulary as words
from copilot.rows.asking import Asked, Comparison, Days
from copilot.rows.matching import (
    ValueMatch,
    columns_named,
    coverage,
    is_yes_or_no,
    stands_apart,
    state_column,
    strengths,
    values_named,
)
from copilot.rows.tables import EMPTY, Table


@dataclass(frozen=True, slots=True)
class Condition:
    """What a row must meet to count: a comparison, one of some values, a number, or days."""

    column: int
    comparison: Comparison | None = None
    values: tuple[str, ...] = ()
    number: float | None = None
    days: Days | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A computation over a table's rows.

    ``operation`` is list, count, distinct, sum, mean, highest or lowest; ``group`` a column, ``period`` what its
    dates are cut to; ``pick`` keeps the group with the highest or lowest result; ``shown`` is the column that names a
    row to the reader. ``fit`` counts the words that columns and values explain.
    """

    operation: str
    measure: int | None = None
    group: int | None = None
    period: str = ""
    pick: str = ""
    shown: int | None = None
    conditions: tuple[Condition, ...] = ()
    fit: float = 0.0


@dataclass
class _Binding:
    asked: Asked
    table: Table
    named: list[dict[int, float]]
    values: list[ValueMatch]
    told: set[int] = field(default_factory=set)
    conditions: list[Condition] = field(default_factory=list)
    fit: float = 0.0
    measures: set[int] = field(default_factory=set)
    loose: bool = False
    """Whether a column was chosen by its unit alone."""


class Undecidable(Exception):
    """The table cannot answer this for certain."""


def bind(asked: Asked, table: Table) -> Plan | None:
    """The plan by which this table answers the question; None where it does not, or not for certain."""
    if asked.negated:
        return None
    named = columns_named(asked, table)
    if not (any(named) or asked.status or asked.comparisons or asked.period):
        return None
    binding = _Binding(asked, table, named, values_named(asked, table, named))
    try:
        return _plan(binding)
    except Undecidable:
        return None


def _plan(binding: _Binding) -> Plan:
    asked = binding.asked
    group, period = _group(binding)
    _conditions(binding, group)
    shown = _shown(binding, group)
    operation, pick = _operation(asked, group)
    measure = _measure(binding, operation, group, shown)
    if pick and group is None and shown is None:
        shown, period = _asked_period(binding)
    if pick and group is None:
        if shown is None or operation in ("highest", "lowest"):
            raise Undecidable("1")
        group, shown = shown, None
        _tell(binding, group, binding.named[group])
    operation, measure, group = _counting(binding, operation, measure, group, shown, pick)
    binding.measures = {measure} - {None}  # type: ignore[assignment]
    _explained(binding)
    _certain(binding, operation, measure)
    if operation == "count" and group is None and not binding.conditions and _counted(binding) is None:
        raise Undecidable("all rows")
    if operation == "list" and not (binding.conditions and asked.listed):
        raise Undecidable("2")
    shown = shown if shown != measure else None
    return Plan(operation, measure, group, period, pick, shown if shown is not None else _naming(binding, measure, group),
                tuple(binding.conditions), binding.fit)


def _operation(asked: Asked, group: int | None) -> tuple[str, str]:
    """The operation and which group is picked by it."""
    has = asked.operations
    extremes = [name for name in ("highest", "lowest", "most", "fewest") if name in has]
    if len(extremes) > 1 or "mean" in has and "sum" in has:
        raise Undecidable("3")
    inner = "mean" if "mean" in has else "sum" if "sum" in has else "count" if "count" in has else ""
    if not extremes:
        return inner or "list", ""
    way = "highest" if extremes[0] in ("highest", "most") else "lowest"
    if inner or extremes[0] in ("most", "fewest"):
        return inner or "tally", way
    return way, ""


def _group(binding: _Binding) -> tuple[int | None, str]:
    asked, table = binding.asked, binding.table
    if asked.period:
        return _period_column(binding, asked.period)
    for place in asked.groups:
        best = [(named.get(place, 0.0) + _run(named, place), at) for at, named in enumerate(binding.named) if place in named]
        if best:
            column = _single_best(best)
            _tell(binding, column, {place} | _following(binding.named[column], place))
            if table.column(column).dates is not None:
                return column, "day"
            return column, ""
    return None, ""


def _period_column(binding: _Binding, period: str) -> tuple[int, str]:
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
    raise Undecidable("4")


def _asked_period(binding: _Binding) -> tuple[int | None, str]:
    """The column of dates or periods that "which week" asks for, and what its dates are cut to."""
    asked = binding.asked
    word = asked.words[asked.which].text if asked.which is not None else ""
    for period, names in words.PERIODS.items():
        if word and re.fullmatch(names, word, re.IGNORECASE):
            return _period_column(binding, period)
    return None, ""


def _run(named: dict[int, float], place: int) -> float:
    """How many of the next words name the same column, too."""
    return 0.5 * len(_following(named, place))


def _following(named: dict[int, float], place: int) -> set[int]:
    found = set()
    while place + 1 in named:
        place += 1
        found.add(place)
    return found


def _single_best(best: Sequence[tuple[float, int]]) -> int:
    ordered = sorted(best, reverse=True)
    if len(ordered) > 1 and ordered[0][0] - ordered[1][0] < 0.1:
        raise Undecidable("5")
    return ordered[0][1]


def _tell(binding: _Binding, column: int, places: Iterable[int]) -> None:
    """These words are explained by this column."""
    for place in places:
        if place not in binding.told:
            binding.fit += binding.named[column].get(place, 1.0)
        binding.told.add(place)


def _conditions(binding: _Binding, group: int | None) -> None:
    asked, table = binding.asked, binding.table
    for comparison in asked.comparisons:
        column = _compared_column(binding, comparison)
        binding.conditions.append(Condition(column, comparison=comparison))
    for days in asked.days:
        binding.conditions.append(_dated(binding, days))
    if asked.status:
        _state(binding)
    _valued(binding, group)
    for place in range(len(table.header)):
        words_of_it = set(binding.named[place]) - binding.told
        if words_of_it and is_yes_or_no(list(table.column(place).values)) and not _of(binding, place):
            yes = tuple(text for key, text in table.column(place).values.items() if key in words.YES)
            if yes and len(words_of_it) >= max(1, len(re.findall(r"\w+", table.column(place).name)) - 1):
                binding.conditions.append(Condition(place, values=yes))
                _tell(binding, place, words_of_it)


def _of(binding: _Binding, column: int) -> bool:
    return any(condition.column == column for condition in binding.conditions)


def _compared_column(binding: _Binding, comparison: Comparison) -> int:
    """The column of numbers that a comparison is about: by its unit, by its name, by the words nearest before it."""
    table = binding.table
    fitting = []
    for place in range(len(table.header)):
        column = table.column(place)
        if column.numbers is None or comparison.unit and not _convertible(comparison.unit, column.unit):
            continue
        score = _score(binding, place, binding.named[place])
        if score or comparison.unit:
            fitting.append((score, place))
    if not fitting:
        raise Undecidable("no column for the comparison")
    top = max(score for score, _ in fitting)
    best = [(score, place) for score, place in fitting if top - score < 0.1 or len(binding.asked.comparisons) > 1 and score]
    if len(best) > 1:
        nearest = {place: _nearest(binding, place, comparison.start) for _, place in best}
        near = max(nearest.values())
        best = [item for item in best if nearest[item[1]] == near >= 0]
        best = [item for item in best if max(score for score, _ in best) - item[0] < 0.1]
    if len(best) != 1:
        raise Undecidable("two columns for the comparison")
    chosen = best[0][1]
    binding.loose = binding.loose or not top
    _tell(binding, chosen, binding.named[chosen])
    return chosen


def _nearest(binding: _Binding, place: int, position: int) -> int:
    """Where the last word before a position stands that names a column; -1 if there is none."""
    starts = [binding.asked.words[at].start for at in binding.named[place]]
    return max((start for start in starts if start < position), default=-1)


def _score(binding: _Binding, place: int, matched: dict[int, float]) -> float:
    """How well these words name a column: their strengths, less where much of its name is not asked for."""
    column = binding.table.column(place)
    share = coverage(binding.asked.words, column.name, matched, binding.table.language)
    return sum(matched.values()) * (0.5 + 0.5 * share)


def _convertible(unit: str, other: str) -> bool:
    return unit == other or bool(other) and UNITS[unit].kind == UNITS[other].kind


def _dated(binding: _Binding, days: Days) -> Condition:
    table = binding.table
    places = range(len(table.header))
    if days.week:
        pattern = rf"(?:{words.PERIODS['week']})\W*\w*"
        weeks = [place for place in places if re.fullmatch(pattern, table.column(place).name, re.I)]
        if len(weeks) == 1 and table.column(weeks[0]).dates is None:
            binding.fit += 1
            return Condition(weeks[0], days=days)
    dated = [place for place in places if table.column(place).dates is not None]
    if len(dated) > 1:
        dated = [place for place in dated if binding.named[place]]
    if len(dated) != 1:
        raise Undecidable("6")
    binding.fit += 1
    _tell(binding, dated[0], binding.named[dated[0]])
    return Condition(dated[0], days=days)


def _state(binding: _Binding) -> None:
    """Passed or failed: the one column that says so; elsewhere the word has to be a column's name or a value."""
    found = state_column(binding.table, binding.asked.status)
    if len(found) > 1:
        raise Undecidable("7")
    pattern = words.FAILED if binding.asked.status == "failed" else words.PASSED
    if found and found[0][1]:
        binding.conditions.append(Condition(found[0][0], values=found[0][1]))
        for place, word in enumerate(binding.asked.words):
            if re.fullmatch(pattern, word.text, re.IGNORECASE) or word.text.casefold() in _parts(binding.asked):
                binding.told.add(place)
        binding.fit += 1


def _parts(asked: Asked) -> set[str]:
    """The words of what says the state ("no apto", "in Ordnung")."""
    pattern = words.FAILED if asked.status == "failed" else words.PASSED
    found = re.search(pattern if asked.language == "zh" else rf"(?<!\w)(?:{pattern})(?!\w)", asked.text, re.IGNORECASE)
    if found and asked.language == "zh":
        return {word.text for word in asked.words if word.text in found.group()}
    return {part.casefold() for part in re.findall(r"\w+", found.group())} if found else set()


def _valued(binding: _Binding, group: int | None) -> None:
    """Values that the question names, each of one column only."""
    taken: set[int] = set(binding.told)
    for match in binding.values:
        if match.places & taken or match.column == group or _of(binding, match.column):
            continue
        rivals = [other for other in binding.values if other.places & match.places and other.column != match.column
                  and other.column != group and len(other.places) == len(match.places)]
        beside = [other for other in (match, *rivals) if _is_beside(binding, other)]
        if rivals and len(beside) != 1:
            raise Undecidable("8")
        chosen = beside[0] if rivals else match
        near = _is_beside(binding, chosen)
        values = tuple(other.values[0] for other in binding.values
                       if other.values and other.column == chosen.column and other.places == chosen.places)
        if len(set(values)) > 1:
            raise Undecidable("9")
        binding.conditions.append(Condition(chosen.column, values=values[:1], number=chosen.number))
        taken |= chosen.places | near
        _tell(binding, chosen.column, chosen.places | near)


def _is_beside(binding: _Binding, match: ValueMatch) -> set[int]:
    """The words beside a value that name its column ("station" of "station 12")."""
    named = binding.named[match.column]
    found: set[int] = set()
    for place, step in ((min(match.places), -1), (max(match.places), 1)):
        while place + step in named:
            place += step
            found.add(place)
    return found


def _shown(binding: _Binding, group: int | None) -> int | None:
    """The column that "which ..." asks for."""
    place = binding.asked.which
    if place is None or place in binding.told:
        return None
    best = [(named[place] + _run(named, place), at) for at, named in enumerate(binding.named)
            if place in named and at != group]
    if not best:
        return None
    ordered = sorted(best, reverse=True)
    return None if len(ordered) > 1 and ordered[0][0] - ordered[1][0] < 0.1 else ordered[0][1]


def _measure(binding: _Binding, operation: str, group: int | None, shown: int | None) -> int | None:
    """The column of numbers to compute over: the one that most of the words left name."""
    table = binding.table
    filtered = {condition.column for condition in binding.conditions if condition.values or condition.number is not None}
    best = []
    for place in range(len(table.header)):
        column = table.column(place)
        left = {at: value for at, value in binding.named[place].items() if at not in binding.told}
        if column.numbers is None or place == group or place in filtered or not left or column.counts_rows:
            continue
        best.append((_score(binding, place, left), place))
    if shown is not None and any(set(binding.named[at]) - set(binding.named[shown]) - binding.told for _, at in best):
        best = [item for item in best if item[1] != shown]  # it names the rows; others are named by words of their own
    if not best:
        compared = {condition.column for condition in binding.conditions if condition.comparison}
        unit = _asked_unit(binding)
        if unit is not None:
            fitting = [at for at in range(len(table.header))
                       if (column := table.column(at)).numbers is not None and column.unit
                       and UNITS[column.unit].kind == unit.kind]
            return fitting[0] if len(fitting) == 1 else None
        return compared.pop() if len(compared) == 1 and operation in ("highest", "lowest", "mean", "sum") else None
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


def _asked_unit(binding: _Binding) -> Unit | None:
    """The unit that one of the words is, if just one is."""
    found = {symbol for word in binding.asked.words if len(word.text) > 1
             and (symbol := unit_named(word.text, binding.asked.language))}
    return UNITS[found.pop()] if len(found) == 1 else None


def _counting(
    binding: _Binding, operation: str, measure: int | None, group: int | None, shown: int | None, pick: str
) -> tuple[str, int | None, int | None]:
    """What is added up or counted where the question says "how many" or "most"."""
    table = binding.table
    if operation == "tally":
        operation = "sum" if measure is not None else "count"
    elif operation == "sum" and measure is None:
        operation = "count"
    elif operation == "count" and measure is not None and _adds_up(binding, measure):
        operation = "sum"
    elif operation == "count" or operation == "list" and "different" in binding.asked.operations:
        measure = None
        counted = _counted(binding)
        if counted is not None and counted != group:
            column = table.column(counted)
            _tell(binding, counted, binding.named[counted])
            filled = sum(text not in EMPTY for text in column.texts)
            if len(column.values) < filled or "different" in binding.asked.operations:
                operation, measure = "distinct", counted
    if "different" in binding.asked.operations and operation != "distinct":
        raise Undecidable("different what")
    if measure is not None and operation != "distinct":
        _tell(binding, measure, binding.named[measure])
    if operation in ("mean", "sum", "highest", "lowest") and measure is None:
        raise Undecidable("10")
    if shown is not None:
        _tell(binding, shown, binding.named[shown])
    return operation, measure, group


def _adds_up(binding: _Binding, measure: int) -> bool:
    """Whether "how many" asks for what a column of numbers counts: it is named by that noun, or by its whole name."""
    if _compares(binding, measure) or binding.table.column(measure).unit:
        return False
    name, matched = binding.table.name(measure), binding.named[measure]
    return binding.asked.counted in matched or coverage(binding.asked.words, name, matched, binding.table.language) >= 0.99


def _compares(binding: _Binding, column: int) -> bool:
    return any(condition.column == column and condition.comparison for condition in binding.conditions)


def _counted(binding: _Binding) -> int | None:
    """The column of texts that the noun after "how many" names."""
    place = binding.asked.counted
    if place is None:
        return None
    best = [(named[place] + _run(named, place), at) for at, named in enumerate(binding.named)
            if place in named and binding.table.column(at).numbers is None and binding.table.column(at).dates is None
            and not _of(binding, at)]
    ordered = sorted(best, reverse=True)
    return None if not ordered or len(ordered) > 1 and ordered[0][0] - ordered[1][0] < 0.1 else ordered[0][1]


def _explained(binding: _Binding) -> None:
    """Every word left must be of the table's subject, or a word for any row; else the table cannot decide."""
    asked, table = binding.asked, binding.table
    uri = table.document.uri.rsplit("/", 1)[-1].replace("_", " ")
    subject = f"{table.caption} {table.heading} {table.document.title} {table.document.number} {uri}"
    subject += " " + " ".join(table.document.applicability.models + table.document.applicability.sites)
    around = strengths(asked, subject, table.language)
    kinds = _kinds(binding)
    binding.fit += 0.4 * (table.language == asked.language)
    for place, word in enumerate(asked.words):
        if place in binding.told or word.plain or is_row_noun(word.text) or _is_unit(binding, word.text):
            continue
        if any(re.fullmatch(words.KINDS[kind], word.text, re.IGNORECASE) for kind in kinds):
            continue
        if place == asked.counted and binding.conditions and not stands_apart(word, asked.language):
            continue  # "how many bolts": the answer speaks of rows
        if place not in around:
            raise Undecidable(f"'{word.text}' is neither a column nor a value")
        if binding.loose:
            raise Undecidable(f"'{word.text}' names no column")
        binding.fit += 0.5 * around[place]


def _kinds(binding: _Binding) -> set[str]:
    """What the columns that are computed over measure."""
    chosen = {condition.column for condition in binding.conditions if condition.comparison} | binding.measures
    units = {binding.table.column(place).unit for place in chosen}
    return {UNITS[unit].kind for unit in units if unit and UNITS[unit].kind in words.KINDS}


def is_row_noun(text: str) -> bool:
    """Whether a word stands for whatever a row is about."""
    return re.fullmatch(_ROW_NOUNS, text, re.IGNORECASE) is not None


_ROW_NOUNS = (
    r"vehicles?|cars?|parts?|pieces?|units?|tests?|samples?|components?|products?|runs?|fahrzeuge?n?|autos?|teile?n?|"
    r"prüflinge?|prüfungen?|bauteile?n?|stück|proben?|véhicules?|voitures?|pièces?|essais?|échantillons?|vehículos?|"
    r"coches?|piezas?|pruebas?|muestras?|veicol[oi]|auto|pezz[oi]|prov[ae]|campion[ei]|veículos?|carros?|peças?|testes?|"
    r"amostras?|pojazd\w*|samoch\w+|częś(?:ć|ci)|sztuk\w*|prób\w*|test(?:y|ów)|车辆|车|零件|产品|样品|测试|工件"
)


def _is_unit(binding: _Binding, text: str) -> bool:
    symbol = "°" if re.fullmatch(_DEGREES, text, re.IGNORECASE) else unit_named(text, binding.asked.language)
    kinds = {UNITS[column.unit].kind for place in range(len(binding.table.header))
             if (column := binding.table.column(place)).unit}
    return symbol is not None and (UNITS[symbol].kind in kinds or symbol == "°" and "temperature" in kinds)


_DEGREES = r"degrees?|grad|degrés?|grados?|gradi|graus?|stopni\w*|度"


def _certain(binding: _Binding, operation: str, measure: int | None) -> None:
    """Refuse what would mix things: rows that measure different things, two conditions on one column that exclude."""
    if binding.table.heterogeneous and operation in ("sum", "mean", "highest", "lowest"):
        raise Undecidable("11")
    if measure is not None and operation in ("sum", "mean", "highest", "lowest"):
        if binding.table.column(measure).numbers is None:
            raise Undecidable("12")


def _naming(binding: _Binding, measure: int | None, group: int | None) -> int | None:
    """The column that names a row: the first whose filled cells all differ, of texts rather than numbers or dates."""
    table = binding.table
    for place in range(len(table.header)):
        column = table.column(place)
        if place in (measure, group) or column.numbers is not None or column.dates is not None:
            continue
        if len(column.values) >= 0.95 * len(table.rows):
            return place
    return next((place for place in range(len(table.header)) if place not in (measure, group)), None)
