"""Runs a plan over a table in an engine for rows, in memory: no file, no network, no SQL made of a document's words."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from copilot.quantities.units import convert
from copilot.rows.plans import Condition, Plan, Undecidable
from copilot.rows.tables import Table

_SQL = {
    "count": "count(*)", "distinct": "count(DISTINCT t{0})", "sum": "sum(n{0})", "mean": "avg(n{0})",
    "highest": "max({1}{0})", "lowest": "min({1}{0})", "list": "count(*)",
}  # fmt: skip
_OPERATORS = {">": ">", ">=": ">=", "<": "<", "<=": "<="}
_CUT = {
    "week": "strftime({0}, '%G-W%V')", "month": "strftime({0}, '%Y-%m')", "day": "strftime({0}, '%Y-%m-%d')",
    "year": "strftime({0}, '%Y')",
}  # fmt: skip
_MOST_GROUPS = 200
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Result:
    """A value, the rows that counted for it, and its group's name where there are groups."""

    value: float
    rows: tuple[int, ...]
    group: str = ""


def run(plan: Plan, table: Table) -> list[Result]:
    """One result, or one a group in the groups' order; raises Undecidable where cells stand against it."""
    where, values = _where(plan, table)
    with _lock, _connected() as engine:
        _load(engine, plan, table)
        _check(engine, plan, table, where, values)
        if plan.group is not None:
            return _grouped(engine, plan, where, values)
        typed = _typed(plan, table)
        expression = _SQL[plan.operation].format(plan.measure, typed)
        condition = _filled(plan, where, typed)
        if plan.operation in ("highest", "lowest"):
            value = engine.execute(f"SELECT {expression} FROM t WHERE {condition}", values).fetchone()[0]
            if value is None:
                return []
            found = engine.execute(
                f"SELECT r FROM t WHERE {condition} AND {typed}{plan.measure} = ? ORDER BY r", [*values, value]
            ).fetchall()
            number = value.timestamp() if isinstance(value, dt.datetime) else float(value)
            return [Result(number, tuple(row for (row,) in found))]
        value, rows = engine.execute(
            f"SELECT {expression}, list(r ORDER BY r) FROM t WHERE {condition}", values
        ).fetchone()
        return [Result(float(value or 0), tuple(rows or ()))]


def _connected() -> Any:
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": "1GB",
        "threads": "1",
    }
    return duckdb.connect(":memory:", config=settings)


def _load(engine: Any, plan: Plan, table: Table) -> None:
    """The columns that the plan needs, each as numbers (n), dates (d) and texts (t)."""
    needed = {condition.column for condition in plan.conditions} | {plan.measure, plan.group} - {None}
    names = ["r"]
    parameters: dict[str, Sequence[object]] = {"r": list(range(len(table.rows)))}
    for place in sorted(item for item in needed if item is not None):
        column = table.column(place)
        parameters[f"t{place}"] = list(column.texts)
        names.append(f"t{place}")
        if column.numbers is not None:
            parameters[f"n{place}"] = list(column.numbers)
            names.append(f"n{place}")
        if column.dates is not None:
            parameters[f"d{place}"] = list(column.dates)
            names.append(f"d{place}")
    taken = ", ".join(f"unnest(${name}) AS {name}" for name in names)
    engine.execute(f"CREATE TABLE t AS SELECT {taken}", parameters)


def _where(plan: Plan, table: Table) -> tuple[str, list[Any]]:
    parts, values = ["true"], []
    for condition in plan.conditions:
        part, given = _condition(condition, table)
        parts.append(part)
        values += given
    return " AND ".join(parts), values


def _condition(condition: Condition, table: Table) -> tuple[str, list[Any]]:
    place = condition.column
    if condition.comparison is not None:
        value, unit = condition.comparison.value, table.column(place).unit
        if condition.comparison.unit and unit and condition.comparison.unit != unit:
            value = float(convert(Decimal(repr(value)), condition.comparison.unit, unit))
        return f"n{place} {_OPERATORS[condition.comparison.operator]} ?", [value]
    if condition.number is not None:
        return f"n{place} = ?", [condition.number]
    if condition.days is None:
        return f"t{place} IN ({', '.join('?' * len(condition.values))})", list(condition.values)
    return _days(condition, table)


def _days(condition: Condition, table: Table) -> tuple[str, list[Any]]:
    days, place = condition.days, condition.column
    assert days is not None
    if table.column(place).dates is None:  # a column of weeks: "12", "KW 12", "2025-12", "2025-W12"
        return f"try_cast(regexp_extract(t{place}, '(\\d{{1,2}})\\D*$', 1) AS INTEGER) = ?", [days.week]
    if days.first is None and days.last is None:
        name = "week" if days.week else "month"
        part = f"{name}(d{place}) = ?"
        given = [days.week or days.month]
        return (f"{part} AND day(d{place}) = ?", [*given, days.day]) if days.day else (part, given)
    parts, bounds = [], []
    if days.first is not None:
        parts.append(f"CAST(d{place} AS DATE) >= ?")
        bounds.append(days.first)
    if days.last is not None:
        parts.append(f"CAST(d{place} AS DATE) <= ?")
        bounds.append(days.last)
    return " AND ".join(parts), bounds


def _typed(plan: Plan, table: Table) -> str:
    """How the measure is kept: as dates (d) where the latest is asked for, else as numbers (n)."""
    return "d" if plan.measure is not None and table.column(plan.measure).dates is not None else "n"


def _filled(plan: Plan, where: str, typed: str = "n") -> str:
    """Rows without a value do not count where values are computed."""
    if plan.operation in ("sum", "mean", "highest", "lowest"):
        return f"{where} AND {typed}{plan.measure} IS NOT NULL"
    return where


def _check(engine: Any, plan: Plan, table: Table, where: str, values: Sequence[Any]) -> None:
    """Refuse where a cell that would count is no number of the column's unit, or a year is open."""
    checked = {condition.column for condition in plan.conditions if condition.comparison} | (
        {plan.measure} if plan.operation in ("sum", "mean", "highest", "lowest") else set())  # fmt: skip
    odd = {row for place in checked if place is not None for row in table.column(place).odd}
    if odd:
        others = [condition for condition in plan.conditions if not condition.comparison]
        rest, given = _where(Plan("list", conditions=tuple(others)), table)
        rows = {row for (row,) in engine.execute(f"SELECT r FROM t WHERE {rest}", given).fetchall()}
        if odd & rows:
            raise Undecidable("a cell that counts is no number")
    for condition in plan.conditions:
        days = condition.days
        if days and days.first is None and days.last is None and table.column(condition.column).dates is not None:
            years = engine.execute(f"SELECT count(DISTINCT year(d{condition.column})) FROM t").fetchone()[0]
            if years > 1:
                raise Undecidable("the year is open")


def _grouped(engine: Any, plan: Plan, where: str, values: Sequence[Any]) -> list[Result]:
    name = _CUT[plan.period].format(f"d{plan.group}") if plan.period else f"t{plan.group}"
    empty = "('', '-', '–', '—', 'n/a', 'N/A', 'NA', '无')"
    condition = f"{_filled(plan, where)} AND {name} IS NOT NULL AND t{plan.group} NOT IN {empty}"
    expression = _SQL[plan.operation].format(plan.measure, "n")
    found = engine.execute(
        f"SELECT {name} AS g, {expression}, list(r ORDER BY r) FROM t WHERE {condition} GROUP BY g ORDER BY min(r)",
        values,
    ).fetchall()
    if len(found) > _MOST_GROUPS and not plan.pick:
        raise Undecidable("too many groups")
    results = [Result(float(value), tuple(rows), str(group)) for group, value, rows in found if value is not None]
    if plan.period:
        results.sort(key=lambda item: item.group)
    if plan.pick and results:
        best = (max if plan.pick == "highest" else min)(item.value for item in results)
        return [item for item in results if abs(item.value - best) < 1e-9]
    return results
