"""The units that we read and write: their kind, what the units library calls them, and how eight languages spell them.

In a symbol "·" stands for any mark of a product or none, "²", "³" and "⁻¹" for any way to write that power. Symbols are
read as they are cased; words in any case. What means different things, or is a word of the language, stands under
LOCAL for the languages in which it is certain, and is a unit nowhere else. A line of units.txt: the symbol that we
write, the units library's expression for it, further symbols, words; lines "= kind" part the kinds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: the symbol we write, the kind of quantity it measures, the units library's expression for it."""

    symbol: str
    kind: str
    expression: str
    symbols: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


# spelling -> {language: symbol}: read in these languages only.
LOCAL: Mapping[str, Mapping[str, str]] = {
    "F": {"en": "°F"},  # of a number that is no count of farads
    "CV": {"es": "PS", "it": "PS", "pt": "PS"},  # French "CV" is a class of taxes
    "cv": {"es": "PS", "it": "PS", "pt": "PS"},
    "ch": {"fr": "PS"},
    "KM": {"pl": "PS"},
    "马力": {"zh": "PS"},
    "horsepower": {"en": "hp"},
    "t": {language: "t" for language in ("de", "es", "fr", "it", "pl", "pt", "zh")},
    "tonne": {"en": "t", "de": "t", "fr": "t"},
    "tonnes": {"en": "t", "fr": "t"},
    "Tonnen": {"de": "t"},
    "toneladas": {"es": "t", "pt": "t"},
    "tonnellate": {"it": "t"},
    "tony": {"pl": "t"},
    "ton": {"pl": "t"},  # in English short, long or metric
    "吨": {"zh": "t"},
    "mil": {"en": "mil", "de": "mil", "zh": "mil"},  # a thousand in Spanish and Portuguese
    "mils": {"en": "mil"},
    "thou": {"en": "mil"},
    "密耳": {"zh": "mil"},
    "cal": {"pl": "in"},
    "cale": {"pl": "in"},
    "cali": {"pl": "in"},
    "calach": {"pl": "in"},
    "stopa": {"pl": "ft"},
    "stopy": {"pl": "ft"},
    "stóp": {"pl": "ft"},
    "Fuß": {"de": "ft"},
    "pied": {"fr": "ft"},
    "pieds": {"fr": "ft"},
    "pies": {"es": "ft"},
    "piedi": {"it": "ft"},
    "pés": {"pt": "ft"},
    "livres": {"fr": "lb"},
    "libras": {"es": "lb", "pt": "lb"},
    "libbre": {"it": "lb"},
    "funtów": {"pl": "lb"},
    "funty": {"pl": "lb"},
    "funta": {"pl": "lb"},
    "livre": {"fr": "lb"},
    "obr": {"pl": "1/min"},
}
MIL = Unit("mil", "length", "thou")


def _read(table: str) -> dict[str, Unit]:
    kind, found = "", {"mil": MIL}
    for line in filter(None, table.splitlines()):
        if line.startswith("= "):
            kind = line[2:]
            continue
        symbol, expression, symbols, words = (part.strip() for part in f"{line} |".split("|")[:4])
        spelled = tuple(item.strip() for item in symbols.split(",") if item.strip())
        named = tuple(item.strip() for item in words.split(",") if item.strip())
        found[symbol] = Unit(symbol, kind, expression, (symbol, *spelled), named)
    return found


_TABLE = Path(__file__).with_name("units.txt")
UNITS: Mapping[str, Unit] = _read(_TABLE.read_text(encoding="utf-8"))
