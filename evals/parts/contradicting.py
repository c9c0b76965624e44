"""Labelled pairs of passages against the check for contradictions: what it finds, and how often it is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.conflicts.comparing import Told, differences
from copilot.errors import UsageError
from copilot.language import detect
from copilot.types import Applicability
from copilot.verification.sources import Source
from evals.json_lines import first, language_code, read_lines

_SIDES = (("a", "first", "left", "passage_a", "text_a"), ("b", "second", "right", "passage_b", "text_b"))
_YES = frozenset("true yes 1 conflict contradiction contradicts conflicting".split())


@dataclass(frozen=True, slots=True)
class Pair:
    """Two passages, the kind of the pair where it is told, and whether they contradict each other, if labelled."""

    id: str
    a: Told
    b: Told
    kind: str
    conflict: bool | None


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found for a pair: the subject and the values of the likeliest contradiction, empty without one."""

    pair: Pair
    conflict: bool
    subject: str
    values: tuple[str, ...]
    reason: str

    @property
    def right(self) -> bool | None:
        """Whether that is what the label says; None without a label."""
        return None if self.pair.conflict is None else self.conflict == self.pair.conflict


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a set; UsageError names file and line of what cannot be taken."""
    return [_pair(place, item) for place, item in read_lines(path)]


def _pair(place: str, item: Mapping[str, Any]) -> Pair:
    a, b = (_told(first(item, " ".join(names), place), item, names[0], place) for names in _SIDES)
    return Pair(str(item["id"]), a, b, str(item.get("kind") or ""), _label(item, place))


def _told(given: Any, item: Mapping[str, Any], side: str, place: str) -> Told:
    fields = dict(given) if isinstance(given, dict) else {"text": given}
    text = str(first(fields, "text passage quote content", place))
    named = fields.get("language") or item.get(f"language_{side}") or item.get("language")
    language = language_code(named) or detect(text, "en")
    titles = fields.get("headings") or fields.get("heading") or fields.get("title") or ""
    shown = "\n".join(map(str, titles)) if isinstance(titles, list) else str(titles)
    header = fields.get("header") or fields.get("table_header") or fields.get("columns")
    text = _under(header, text) if header else text
    return Told(
        Source(text, language), shown, _applicability(fields.get("applicability"), place),
        str(fields.get("status") or "released"),
    )


def _under(header: Any, row: str) -> str:
    """A row's cells behind their header cells; the row as it is where they do not fit."""
    heads = [str(cell) for cell in header] if isinstance(header, list) else _cells(str(header))
    cells = _cells(row)
    if len(heads) != len(cells) or len(cells) < 2:
        return row
    return " | ".join(f"{head}: {cell}" for head, cell in zip(heads, cells, strict=True) if cell)


def _cells(text: str) -> list[str]:
    parts = text.split("\t") if "\t" in text else text.strip().strip("|").split("|")
    return [part.strip() for part in parts]


def _applicability(given: Any, place: str) -> Applicability:
    """From fields site(s), model(s), year(s), each a value or a list."""
    if not given:
        return Applicability()
    if not isinstance(given, dict):
        raise UsageError(f"{place}: applicability is no object.", "Write sites, models and years.")

    def listed(*names: str) -> list[Any]:
        found: Any = next((given[name] for name in names if given.get(name)), [])
        return found if isinstance(found, list) else [found]

    try:
        years = tuple(int(year) for year in listed("years", "year", "model_years", "model_year"))
    except (TypeError, ValueError) as error:
        raise UsageError(f"{place}: a year is no number.", "Write years as numbers.") from error
    sites, models = listed("sites", "site"), listed("models", "model")
    return Applicability(tuple(map(str, sites)), tuple(map(str, models)), years)


def _label(item: Mapping[str, Any], place: str) -> bool | None:
    for name in ("conflict", "label", "contradiction"):
        given = item.get(name)
        if given is None:
            continue
        if isinstance(given, bool | int):
            return bool(given)
        if isinstance(given, str):
            return given.strip().lower() in _YES
        raise UsageError(f"{place}: {name} {given!r} is neither true nor false.", "Write true or false.")
    return None


def compare(pair: Pair) -> Compared:
    """Look for contradictions."""
    found = differences(pair.a, pair.b)
    if not found:
        return Compared(pair, False, "", (), "no contradiction")
    best = found[0]
    subject = " ".join(dict.fromkeys(word.surface for word in (*best.a.near, *best.a.head)))
    values = (best.a.shown, best.b.shown)
    reason = f"{values[0]} against {values[1]}, of one thing with probability {best.chance:.2f}"
    return Compared(pair, True, subject, values, reason)


def figures(compared: Sequence[Compared]) -> dict[str, Any]:
    """Recall over the labelled conflicts, the rate of false alarms over the others, precision, and both by kind."""
    known = [item for item in compared if item.right is not None]
    there = [item for item in known if item.pair.conflict]
    others = [item for item in known if not item.pair.conflict]
    said = [item for item in known if item.conflict]
    table: dict[str, Any] = {"cases": len(compared), "labelled": len(known)}
    if known:
        table |= {
            "conflicts": len(there),
            "recall": _share([item.conflict for item in there]),
            "false_alarms": _share([item.conflict for item in others]),
            "precision": _share([bool(item.right) for item in said]),
        }
        kinds = sorted({item.pair.kind for item in known if item.pair.kind})
        table["by_kind"] = {
            kind: {
                "right": _share([bool(item.right) for item in known if item.pair.kind == kind]),
                "cases": sum(item.pair.kind == kind for item in known),
            }
            for kind in kinds
        }
    return table


def _share(found: Sequence[bool]) -> float:
    return round(sum(found) / len(found), 3) if found else 0.0
