"""Says what was computed, in the asker's language, and cites the rows that counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from copilot.answering.citations import cite_element
from copilot.quantities import write_number
from copilot.rows.engine import Result
from copilot.rows.plans import Condition, Plan
from copilot.rows.tables import EMPTY, Table
from copilot.types import Claim, Hit, Support

MOST_CITED = 20
_MOST_CLAIMS = 40
_SAID = {
    "sum": "en:Sum de:Summe fr:Somme es:Suma it:Somma pt:Soma pl:Suma zh:总和",
    "mean": "en:Mean de:Mittelwert fr:Moyenne es:Media it:Media pt:Média pl:Średnia zh:平均值",
    "highest": "en:Highest de:Höchster_Wert fr:Maximum es:Máximo it:Massimo pt:Máximo pl:Maksimum zh:最大值",
    "lowest": "en:Lowest de:Niedrigster_Wert fr:Minimum es:Mínimo it:Minimo pt:Mínimo pl:Minimum zh:最小值",
    "latest": "en:Latest de:Neueste fr:Dernière_date es:Última it:Ultima pt:Última pl:Najnowsza zh:最新",
    "earliest": "en:Earliest de:Älteste fr:Première_date es:Primera it:Prima pt:Primeira pl:Najwcześniejsza zh:最早",
    "rows": "en:rows de:Zeilen fr:lignes es:filas it:righe pt:linhas pl:wiersze zh:行数",
    "cited": "en:first_rows_cited de:zitierte_erste_Zeilen fr:premières_lignes_citées es:primeras_filas_citadas "
             "it:prime_righe_citate pt:primeiras_linhas_citadas pl:przytoczone_pierwsze_wiersze zh:引用的前几行",
    "different": "en:different_values de:verschiedene_Werte fr:valeurs_différentes es:valores_distintos "
                 "it:valori_diversi pt:valores_diferentes pl:różne_wartości zh:不同值",
}  # fmt: skip


def claims(plan: Plan, table: Table, results: Sequence[Result], hit: Hit, marker: int, language: str) -> list[Claim]:
    """A claim for each result, 40 at most; of the rows that count the first 20 are cited, and all are counted."""
    shared = max(3, MOST_CITED // max(1, len(results))) if len(results) > 1 else MOST_CITED
    return [
        _claim(plan, table, result, hit, marker, language, shared) for result in results[:_MOST_CLAIMS] if result.rows
    ]


def _claim(plan: Plan, table: Table, result: Result, hit: Hit, marker: int, language: str, most: int) -> Claim:
    cited = result.rows[:most]
    citations = tuple(
        replace(cite_element(hit, table.rows[row].element, marker), columns=table.header) for row in cited
    )
    text = _text(plan, table, result, language)
    if len(cited) < len(result.rows):
        text += f" [{_say('cited', language)}: {len(cited)}]"
    told = f"computed over {len(result.rows)} rows"
    return Claim(text, "computed", citations, Support(1.0, told))


def _say(name: str, language: str) -> str:
    said = dict(part.split(":", 1) for part in _SAID[name].split(" ") if ":" in part)
    return said.get(language, said["en"]).replace("_", " ")


def _text(plan: Plan, table: Table, result: Result, language: str) -> str:
    count = f"{_say('rows', language)}: {len(result.rows)}"
    terms = _conditions(plan, table, language)
    if plan.operation == "list":
        return f"{count} ({terms}): {_names(plan, table, result)}"
    head = f"{_column(table, plan.group)} {_group_name(plan, table, result)}: " if plan.group is not None else ""
    if plan.operation == "count":
        return f"{head}{count}" + (f" ({terms})" if terms else "")
    column = _column(table, plan.measure)
    aside = "; ".join(part for part in (count, terms) if part)
    if plan.operation == "distinct":
        return f"{head}{column}: {int(result.value)} {_say('different', language)} ({aside})"
    if plan.group is None and plan.operation in ("highest", "lowest"):
        assert plan.measure is not None
        cell = table.rows[result.rows[0]].cells[plan.measure]
        unit = table.column(plan.measure).unit
        value = cell if not unit or not _is_bare(cell) else f"{cell} {unit}"
        named = f" – {_names(plan, table, result)}" if plan.shown is not None else ""
        dated = {"highest": "latest", "lowest": "earliest"} if table.column(plan.measure).dates is not None else {}
        said = _say(dated.get(plan.operation, plan.operation), language)
        return f"{said} {column}: {value}{named}" + (f" ({terms})" if terms else "")
    return f"{head}{_say(plan.operation, language)} {column} = {_value(plan, table, result, language)} ({aside})"


def _is_bare(cell: str) -> bool:
    return not cell.strip()[-1:].isalpha() and cell.strip()[-1:] not in "%°²³"


def _column(table: Table, place: int | None) -> str:
    assert place is not None
    return table.column(place).name


def _group_name(plan: Plan, table: Table, result: Result) -> str:
    return result.group


def _value(plan: Plan, table: Table, result: Result, language: str) -> str:
    """The computed number with its unit: as exact as the cells, a mean to two digits more."""
    assert plan.measure is not None
    column = table.column(plan.measure)
    places = max((_places(column.numbers[row]) for row in result.rows if column.numbers), default=0)
    if plan.operation == "mean":
        places = min(places + 2, 6)
    made = Decimal(repr(result.value)).quantize(Decimal(1).scaleb(-places))
    text = write_number(made.normalize() if made != made.to_integral() else made.quantize(Decimal(1)), language)
    return f"{text} {column.unit}".strip()


def _places(number: float | None) -> int:
    if number is None:
        return 0
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _names(plan: Plan, table: Table, result: Result) -> str:
    """What the rows are called, each name once, 20 at most."""
    if plan.shown is None:
        return ""
    names = dict.fromkeys(table.rows[row].cells[plan.shown] for row in result.rows)
    shown = [name for name in names if name not in EMPTY][:MOST_CITED]
    more = ", …" if len(names) > len(shown) else ""
    return f"{_column(table, plan.shown)}: {', '.join(shown)}{more}"


def _conditions(plan: Plan, table: Table, language: str) -> str:
    return "; ".join(_condition(item, table, language) for item in plan.conditions)


def _condition(item: Condition, table: Table, language: str) -> str:
    name = _column(table, item.column)
    if item.comparison is not None:
        value = write_number(Decimal(repr(item.comparison.value)).normalize(), language)
        sign = item.comparison.operator.replace(">=", "≥").replace("<=", "≤")
        return f"{name} {sign} {value} {item.comparison.unit or table.column(item.column).unit}".strip()
    if item.number is not None:
        value = write_number(Decimal(repr(item.number)).normalize(), language)
        return f"{name} = {value} {table.column(item.column).unit}".strip()
    if item.days is not None:
        return f"{name}: {item.days.text}"
    return f"{name} = {', '.join(item.values)}"
