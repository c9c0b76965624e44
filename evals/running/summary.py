"""The figures of a run: means with intervals for all cases, per language and per tag, and what is counted apart."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from copilot.errors import UsageError
from copilot.types import to_json
from evals.running.fingerprint import Fingerprint
from evals.running.results import Kept
from evals.statistics import Figure, figure
from evals.types import DRAFT, PENDING

REPORT = "report.json"


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of some cases; ``right`` is the share whose verdict is right, ``errors`` counts failed cases."""

    cases: int
    right: Figure | None
    metrics: Mapping[str, Figure] = field(default_factory=dict)
    errors: int = 0
    failed_judgements: int = 0


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds that a case's asking took."""

    median_s: float
    p95_s: float
    longest_s: float


@dataclass(frozen=True, slots=True)
class Report:
    """A run's figures: of all cases, by kind (own, cross, absent), by the question's language, by tag.

    ``crossing`` is the share of right verdicts, {question's language: {document's language: Figure}}. Cases tagged
    ``pending`` or ``draft`` are in groups of their own and in no other figure. ``selection`` says which cases of the
    set were asked where not all were.
    """

    set_name: str
    started: str
    seconds: float
    fingerprint: Fingerprint
    all: Group
    kinds: Mapping[str, Group]
    languages: Mapping[str, Group]
    tags: Mapping[str, Group]
    crossing: Mapping[str, Mapping[str, Figure]]
    latency: Latency | None
    pending: Group
    pending_tags: Mapping[str, Group]
    draft: Group
    selection: Mapping[str, object] = field(default_factory=dict)
    judge: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def asked(self) -> int:
        """Every case, those that are counted apart too."""
        return self.all.cases + self.pending.cases + self.draft.cases


def group(kept: Sequence[Kept]) -> Group:
    """The figures of these cases; an error counts as wrong, a judgement that failed as none."""
    values: dict[str, list[float]] = defaultdict(list)
    for item in kept:
        for name, found in item.result.scores.items():
            values[name].append(found.value)
    metrics = {name: made for name in sorted(values) if (made := figure(values[name])) is not None}
    return Group(
        len(kept), figure([float(item.result.right) for item in kept]), metrics,
        sum(bool(item.result.error) for item in kept), sum(len(item.result.errors) for item in kept),
    )  # fmt: skip


def grouped(kept: Iterable[Kept], keys: Callable[[Kept], Iterable[str]]) -> dict[str, Group]:
    """The figures per key, by name; a case belongs to every one of its keys."""
    parts: dict[str, list[Kept]] = defaultdict(list)
    for item in kept:
        for key in dict.fromkeys(keys(item)):
            parts[key].append(item)
    return {key: group(parts[key]) for key in sorted(parts)}


def summarise(
    kept: Sequence[Kept], fingerprint: Fingerprint, *, set_name: str, started: str, seconds: float,
    selection: Mapping[str, object] | None = None, judge: Mapping[str, object] | None = None,
    warnings: Sequence[str] = (),
) -> Report:
    """All figures of a run."""
    counted = [item for item in kept if item.counted]
    drafts = [item for item in kept if DRAFT in item.result.tags]
    pending = [item for item in kept if PENDING in item.result.tags and DRAFT not in item.result.tags]
    return Report(
        set_name, started, round(seconds, 2), fingerprint, group(counted), grouped(counted, lambda item: [item.kind]),
        grouped(counted, lambda item: [item.result.language]), grouped(counted, lambda item: item.result.tags),
        _crossing(counted), _latency(kept), group(pending),
        grouped(pending, lambda item: [tag for tag in item.result.tags if tag != PENDING]), group(drafts),
        dict(selection or {}), dict(judge or {}), tuple(warnings),
    )  # fmt: skip


def _crossing(kept: Sequence[Kept]) -> dict[str, dict[str, Figure]]:
    """The share of right verdicts by language of the question and of the documents that hold the answer.

    A case whose answer stands in the question's own language belongs there; else to each language that has it.
    """
    cells: dict[tuple[str, str], list[float]] = defaultdict(list)
    for item in kept:
        asked = item.result.language
        for language in [asked] if asked in item.sources else dict.fromkeys(item.sources):
            cells[asked, language].append(float(item.result.right))
    made: dict[str, dict[str, Figure]] = defaultdict(dict)
    for (asked, language), values in sorted(cells.items()):
        found = figure(values)
        if found is not None:
            made[asked][language] = found
    return dict(made)


def _latency(kept: Sequence[Kept]) -> Latency | None:
    times = sorted(item.result.seconds for item in kept if not item.result.error)
    if not times:
        return None
    last = len(times) - 1
    return Latency(*(round(times[round(share * last)], 4) for share in (0.5, 0.95, 1.0)))


def write_report(folder: Path, report: Report) -> None:
    """report.json, indented."""
    text = json.dumps(to_json(report), ensure_ascii=False, indent=1, allow_nan=False)
    (folder / REPORT).write_text(text + "\n", encoding="utf-8")


def read_report(folder: Path) -> Report:
    """The figures that a run wrote; UsageError where there are none or they cannot be read."""
    path = folder / REPORT
    if not path.is_file():
        raise UsageError(f"There is no finished run in '{folder}'.", "Name the folder that copilot eval run wrote.")
    try:
        return _report(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"'{path}' cannot be read: {error!r}.", "Run copilot eval run again.") from error


def _report(content: Mapping[str, Any]) -> Report:
    groups = {name: _group(content[name]) for name in ("all", "pending", "draft")}
    parts = {name: {key: _group(item) for key, item in content[name].items()}
             for name in ("kinds", "languages", "tags", "pending_tags")}  # fmt: skip
    crossing = {row: {column: Figure(**cell) for column, cell in cells.items()}
                for row, cells in content["crossing"].items()}  # fmt: skip
    latency = Latency(**content["latency"]) if content["latency"] else None
    return Report(**{
        **content, **groups, **parts, "crossing": crossing, "latency": latency,
        "fingerprint": Fingerprint(**content["fingerprint"]), "warnings": tuple(content["warnings"]),
    })  # fmt: skip


def _group(content: Mapping[str, Any]) -> Group:
    right = Figure(**content["right"]) if content["right"] else None
    metrics = {name: Figure(**item) for name, item in content["metrics"].items()}
    return Group(content["cases"], right, metrics, content["errors"], content["failed_judgements"])
