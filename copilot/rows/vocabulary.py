"""The words of eight languages that ask for a computation over rows, read from vocabulary.toml."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_READ: Mapping[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

COUNT: Mapping[str, str] = _READ["count"]
SUM: Mapping[str, str] = _READ["sum"]
MEAN: Mapping[str, str] = _READ["mean"]
HIGHEST: Mapping[str, str] = _READ["highest"]
LOWEST: Mapping[str, str] = _READ["lowest"]
MOST: Mapping[str, str] = _READ["most"]
FEWEST: Mapping[str, str] = _READ["fewest"]
DISTINCT: Mapping[str, str] = _READ["distinct"]
LIST: Mapping[str, str] = _READ["list"]
COMPARISONS: Mapping[str, Mapping[str, str]] = _READ["comparisons"]
SUFFIXES: Mapping[str, str] = _READ["suffixes"]
BETWEEN: Mapping[str, str] = _READ["between"]
AND: Mapping[str, str] = _READ["and"]
GROUP: Mapping[str, str] = _READ["group"]
WHICH: Mapping[str, str] = _READ["which"]
READ: Mapping[str, str] = _READ["read"]
NEGATION: Mapping[str, str] = _READ["negation"]
PLAIN: Mapping[str, str] = _READ["plain"]
FAILED: str = _READ["states"]["failed"]
PASSED: str = _READ["states"]["passed"]
FAULTS: str = _READ["states"]["faults"]
PERIODS: Mapping[str, str] = _READ["periods"]
KINDS: Mapping[str, str] = _READ["kinds"]
NOUNS: Mapping[str, str] = _READ["nouns"]
MOST_OF: Mapping[str, str] = _READ["most_of"]
LEAST_OF: Mapping[str, str] = _READ["least_of"]
ROW_NOUNS: str = _READ["rows"]["nouns"]
DEGREES: str = _READ["rows"]["degrees"]
YES = frozenset("yes ja oui sí si sì sim tak 是 true x y j ✓".split())
NO = frozenset("no nein non não nie 否 false n".split())
# What columns of these kinds of NOUNS hold adds up.
COUNTED = frozenset({"reject", "defect", "quantity", "inspected"})
# Of these kinds of NOUNS are values rather than columns.
VALUES = frozenset({"early", "late", "night", "left", "right", "front", "rear"})


def of(table: Mapping[str, str], language: str) -> str:
    """The pattern of a language; of English where the language has none."""
    return table.get(language, table["en"])


@functools.lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern in either case; the languages have more of them than the standard library keeps."""
    return re.compile(pattern, re.IGNORECASE)


@functools.cache
def _any_kind() -> re.Pattern[str]:
    patterns = dict.fromkeys(pattern for table in (NOUNS, KINDS) for pattern in table.values())
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


@functools.lru_cache(maxsize=16384)
def kinds_of(text: str) -> frozenset[str]:
    """The kinds of things, by NOUNS and KINDS, that a word stands for in any of the languages."""
    if _any_kind().fullmatch(text) is None:
        return frozenset()
    tables = (NOUNS, KINDS)
    return frozenset(kind for table in tables for kind, pattern in table.items() if compiled(pattern).fullmatch(text))
