"""The plan of a computation over a table's rows, and the state of fitting a question to a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from copilot.rows.asking import Asked
from copilot.rows.matching import ValueMatch, coverage
from copilot.rows.spans import Comparison, Days
from copilot.rows.tables import Table


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
class Binding:
    """A question on its way to a plan: which words are explained (``told``), what rows must meet, how well it fits."""

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
    """The table cannot answer this for certain; ``word`` is what it says nothing about, where it is one word."""

    def __init__(self, reason: str, word: str = "") -> None:
        super().__init__(reason)
        self.word = word


def run_on(named: dict[int, float], place: int) -> float:
    """How many of the next words name the same column, too."""
    return 0.5 * len(following(named, place))


def following(named: dict[int, float], place: int) -> set[int]:
    """The next words that name the same column."""
    found = set()
    while place + 1 in named:
        place += 1
        found.add(place)
    return found


def single_best(best: Sequence[tuple[float, int]]) -> int:
    """The column of the highest score; raises Undecidable where another comes close."""
    ordered = sorted(best, reverse=True)
    if len(ordered) > 1 and ordered[0][0] - ordered[1][0] < 0.1:
        raise Undecidable("two columns to group by")
    return ordered[0][1]


def tell(binding: Binding, column: int, places: Iterable[int]) -> None:
    """These words are explained by this column."""
    for place in places:
        if place not in binding.told:
            binding.fit += binding.named[column].get(place, 1.0)
        binding.told.add(place)


def conditioned(binding: Binding, column: int) -> bool:
    """Whether a condition is on that column already."""
    return any(condition.column == column for condition in binding.conditions)


def score(binding: Binding, place: int, matched: dict[int, float]) -> float:
    """How well these words name a column: their strengths, less where much of its name is not asked for."""
    column = binding.table.column(place)
    share = coverage(binding.asked.words, column.name, matched, binding.table.language)
    return sum(matched.values()) * (0.5 + 0.5 * share)
