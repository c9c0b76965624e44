"""What rows must meet to count: comparisons, days, passed or failed, values that the question names."""

from __future__ import annotations

import re

from copilot.quantities import UNITS
from copilot.rows import vocabulary as words
from copilot.rows.asking import Asked
from copilot.rows.matching import ValueMatch, coverage, is_yes_or_no, state_column
from copilot.rows.plans import Binding, Condition, Undecidable, conditioned, score, tell
from copilot.rows.spans import Comparison, Days


def add_conditions(binding: Binding, group: int | None) -> None:
    """Give the binding what rows must meet; raises Undecidable where two columns or values fit."""
    asked, table = binding.asked, binding.table
    for comparison in asked.comparisons:
        column = _compared_column(binding, comparison)
        binding.conditions.append(Condition(column, comparison=comparison))
    for days in asked.days:
        binding.conditions.append(_dated(binding, days))
    if asked.status and not _is_name(binding):
        _state(binding)
    _valued(binding, group)
    for place in range(len(table.header)):
        named = binding.named[place].items()
        words_of_it = {at for at, sure in named if sure == 1.0 or not asked.words[at].plain} - binding.told
        if words_of_it and is_yes_or_no(list(table.column(place).values)) and not conditioned(binding, place):
            yes = tuple(text for key, text in table.column(place).values.items() if key in words.YES)
            if yes and len(words_of_it) >= max(1, len(re.findall(r"\w+", table.column(place).name)) - 1):
                binding.conditions.append(Condition(place, values=yes))
                tell(binding, place, words_of_it)


def _compared_column(binding: Binding, comparison: Comparison) -> int:
    """The column of numbers that a comparison is about: by its unit, by its name, by the words nearest before it."""
    table = binding.table
    fitting = []
    for place in range(len(table.header)):
        column = table.column(place)
        if column.numbers is None or comparison.unit and not _convertible(comparison.unit, column.unit):
            continue
        named = score(binding, place, binding.named[place])
        if named or comparison.unit:
            fitting.append((named, place))
    if not fitting:
        raise Undecidable("no column for the comparison")
    top = max(share for share, _ in fitting)
    best = [item for item in fitting if top - item[0] < 0.1 or len(binding.asked.comparisons) > 1 and item[0]]
    if len(best) > 1:
        nearest = {place: _nearest(binding, place, comparison.start) for _, place in best}
        near = max(nearest.values())
        best = [item for item in best if nearest[item[1]] == near >= 0]
        best = [item for item in best if max(share for share, _ in best) - item[0] < 0.1]
    if len(best) != 1:
        raise Undecidable("two columns for the comparison")
    chosen = best[0][1]
    binding.loose = binding.loose or not top
    tell(binding, chosen, binding.named[chosen])
    return chosen


def _nearest(binding: Binding, place: int, position: int) -> int:
    """Where the last word before a position stands that names a column; -1 if there is none."""
    starts = [binding.asked.words[at].start for at in binding.named[place]]
    return max((start for start in starts if start < position), default=-1)


def _convertible(unit: str, other: str) -> bool:
    return unit == other or bool(other) and UNITS[unit].kind == UNITS[other].kind


def _dated(binding: Binding, days: Days) -> Condition:
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
        raise Undecidable("no column for the days")
    binding.fit += 1
    tell(binding, dated[0], binding.named[dated[0]])
    return Condition(dated[0], days=days)


def _is_name(binding: Binding) -> bool:
    """Whether the word for passed or failed is but part of the name of a column of numbers: "rejected parts"."""
    parts = {place for place, word in enumerate(binding.asked.words) if word.text.casefold() in _parts(binding.asked)}
    for place, matched in enumerate(binding.named):
        name = binding.table.name(place)
        if parts & set(matched) and binding.table.column(place).numbers is not None:
            if coverage(binding.asked.words, name, matched, binding.table.language) >= 0.99:
                return True
    return False


def _state(binding: Binding) -> None:
    """Passed or failed: the one column that says so; elsewhere the word has to be a column's name or a value."""
    found = state_column(binding.table, binding.asked.status)
    if len(found) > 1:
        raise Undecidable("two columns of results")
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


def _valued(binding: Binding, group: int | None) -> None:
    """Values that the question names, each of one column only."""
    taken: set[int] = set(binding.told)
    for match in binding.values:
        if match.places & taken or match.column == group or conditioned(binding, match.column):
            continue
        rivals = [
            other
            for other in binding.values
            if other.places & match.places
            and other.column != match.column
            and other.column != group
            and len(other.places) == len(match.places)
        ]
        beside = [other for other in (match, *rivals) if _is_beside(binding, other)]
        if rivals and len(beside) != 1:
            raise Undecidable("a value of two columns")
        chosen = beside[0] if rivals else match
        near = _is_beside(binding, chosen)
        values = tuple(
            other.values[0]
            for other in binding.values
            if other.values and other.column == chosen.column and other.places == chosen.places
        )
        if len(set(values)) > 1:
            raise Undecidable("two values at once")
        binding.conditions.append(Condition(chosen.column, values=values[:1], number=chosen.number))
        taken |= chosen.places | near
        tell(binding, chosen.column, chosen.places | near)


def _is_beside(binding: Binding, match: ValueMatch) -> set[int]:
    """The words beside a value that name its column ("station" of "station 12")."""
    named = binding.named[match.column]
    found: set[int] = set()
    for place, step in ((min(match.places), -1), (max(match.places), 1)):
        while place + step in named:
            place += step
            found.add(place)
    return found
