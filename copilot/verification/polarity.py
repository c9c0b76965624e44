"""Which way a sentence points, per language: negations, upper and lower bounds, and words with an opposite."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources

_WITHOUT = frozenset("without ohne sans senza sin sem bez".split())
_NOBODY = frozenset("nobody niemand niemandem niemanden nadie ninguém nessuno nikt nikomu".split())
_INSTEAD = re.compile(r"instead|rather|in place|statt|anstatt|anstelle|au lieu|plut|invece|anzich|al posto|en lugar|"
                      r"en vez|em vez|em lugar|zamiast|而不是|而非|代替")
_FORBIDDEN = re.compile(
    r"forbid|prohib|verbot|untersag|unzul|interdit|proscrit|vietat|proibi|zabr|zakaz|wzbron|niedo|禁|inadm|ban|avoid|"
    r"vermeid|évit|evit|unika|vieta|prohí|proí|interdi|verbiet"
)


@dataclass(frozen=True, slots=True)
class Polarity:
    """What was read: the negations as (start, end), and the sides taken, as (number of the row, side)."""

    negations: tuple[tuple[int, int], ...]
    sides: frozenset[tuple[int, int]]
    hidden: int = 0
    """How many words stand there that another sentence may say with a negation ("only", "missing")"""
    parity: int = 0
    """How many kinds of negation stand there: not, without, instead and forbidden are one each, however often"""

    @property
    def negated(self) -> bool:
        """Whether anything is negated."""
        return bool(self.negations)


@dataclass(frozen=True, slots=True)
class _Table:
    exempt: re.Pattern[str]
    upper: re.Pattern[str]
    lower: re.Pattern[str]
    negation: re.Pattern[str]
    hidden: re.Pattern[str]
    opposites: tuple[tuple[re.Pattern[str], ...], ...]


@functools.cache
def _tables() -> dict[str, _Table]:
    read = tomllib.loads(resources.files("copilot.verification").joinpath("polarity.toml").read_text("utf-8"))
    pairs = read.pop("opposite")
    made = {}
    for language, texts in read.items():
        compiled = {name: re.compile(text) for name, text in texts.items()}
        sides = tuple(tuple(map(re.compile, pair[language].split("~"))) for pair in pairs)
        made[language] = _Table(
            compiled["exempt"], compiled["upper"], compiled["lower"], compiled["not"], compiled["hidden"], sides
        )
    return made


@functools.lru_cache(maxsize=8192)
def polarity(text: str, language: str) -> Polarity:
    """Read a sentence or clause; of a language without a table nothing is read."""
    table = _tables().get(language)
    if table is None:
        return Polarity((), frozenset())
    low = text.lower()
    sides: set[tuple[int, int]] = set()
    for number, row in enumerate(table.opposites, 1):
        sides |= {(number, side) for side, pattern in enumerate(row) if pattern.search(low)}
    low = table.exempt.sub(_blank, low)
    for start, end, side in _bounds(table, low):
        sides.add((0, side))
        low = low[:start] + "\u2026" * (end - start) + low[end:]
    negations = tuple(match.span() for match in table.negation.finditer(low))
    kinds = {kind_of(low[start:end]) for start, end in negations}
    return Polarity(negations, frozenset(sides), len(table.hidden.findall(low)), len(kinds))


def kind_of(cue: str) -> str:
    """Which kind of negation a cue is: not, without, instead or forbidden."""
    if cue in _WITHOUT:
        return "without"
    if _INSTEAD.match(cue):
        return "instead"
    return "forbidden" if _FORBIDDEN.match(cue) else "not"


def _bounds(table: _Table, low: str) -> list[tuple[int, int, int]]:
    """(start, end, side) of each bound; of two that overlap the longer: "not less than" is a lower one."""
    found = [(*match.span(), side) for side, pattern in enumerate((table.upper, table.lower))
             for match in pattern.finditer(low)]
    kept: list[tuple[int, int, int]] = []
    for start, end, side in sorted(found, key=lambda item: item[0] - item[1]):
        if all(end <= first or last <= start for first, last, _ in kept):
            kept.append((start, end, side))
    return kept


def _blank(match: re.Match[str]) -> str:
    return "\u2026" * len(match.group())


def opposed(claimed: Polarity, source: Polarity) -> list[int]:
    """The rows of opposites of which both take a side and share none."""
    pairs = {number for number, _ in claimed.sides} & {number for number, _ in source.sides}
    return sorted(
        number for number in pairs
        if {side for pair, side in claimed.sides if pair == number}.isdisjoint(
            side for pair, side in source.sides if pair == number
        )
    )


@functools.lru_cache(maxsize=16384)
def is_bound(word: str, language: str) -> bool:
    """Whether a word sets a bound or denies, and says nothing else: "exceed", "höchstens", "最高", "nobody"."""
    table = _tables().get(language)
    low = word.lower()
    if low in _NOBODY:
        return True
    return table is not None and any(pattern.fullmatch(low) for pattern in (table.upper, table.lower))


def frequency(text: str, language: str) -> list[tuple[int, int, int]]:
    """(start, end, rank) of each word for how often: hourly 0, daily 1, weekly 2, monthly 3, yearly 4."""
    table = _tables().get(language)
    rows = table.opposites[-1] if table else ()
    return [(*match.span(), rank) for rank, pattern in enumerate(rows) for match in pattern.finditer(text.lower())]


def opposite_words(text: str, language: str, pair: int) -> str:
    """The words of a text that take a side of a pair, for a reason that people read."""
    table = _tables().get(language)
    if table is None:
        return ""
    patterns = (table.upper, table.lower) if pair == 0 else table.opposites[pair - 1]
    found = [match.group() for pattern in patterns for match in pattern.finditer(text.lower())]
    return ", ".join(dict.fromkeys(found))
