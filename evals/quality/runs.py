"""The runs that are kept in the data folder, newest first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.settings import Settings
from evals.running.results import Kept, read_results
from evals.running.summary import REPORT

_MOST = 40


@dataclass(frozen=True, slots=True)
class Run:
    """A run's folder and what its report says, as JSON."""

    folder: Path
    report: Mapping[str, Any]

    @property
    def set_name(self) -> str:
        """The set that was asked."""
        return str(self.report["set_name"])

    @property
    def started(self) -> str:
        """When it began: date and time without seconds, UTC."""
        return str(self.report["started"])[:16].replace("T", " ")

    def compares_with(self, other: Run) -> bool:
        """Whether both asked the same set in the same suite and languages: only then a trend says something."""
        return self._asked == other._asked

    @property
    def _asked(self) -> tuple[str, str, tuple[str, ...]]:
        suite = str((self.report.get("fingerprint") or {}).get("suite", ""))
        return self.set_name, suite, tuple(sorted(self.report.get("languages") or {}))

    @property
    def cases_print(self) -> str:
        """What tells one version of the set's cases from another."""
        return str((self.report.get("fingerprint") or {}).get("cases", ""))

    def share(self, part: str, key: str = "") -> Mapping[str, float] | None:
        """The share of right verdicts with its interval: of ``all``, or of a key of ``kinds`` or ``languages``."""
        group = self.report.get(part) or {}
        group = group.get(key, {}) if key else group
        right: Mapping[str, float] | None = group.get("right")
        return right

    def metric(self, name: str) -> Mapping[str, float] | None:
        """The mean of a metric over all counted cases, with its interval."""
        found: Mapping[str, float] | None = (self.report["all"].get("metrics") or {}).get(name)
        return found

    def cases(self) -> list[Kept]:
        """Every case of the run; raises UsageError where the file is gone or torn."""
        return read_results(self.folder)


def runs(settings: Settings) -> list[Run]:
    """The newest first; a folder whose run was interrupted has no report and is passed over."""
    found = sorted((settings.data_dir / "evals" / "runs").glob(f"*/{REPORT}"), reverse=True)
    return [run for path in found[:_MOST] if (run := _read(path)) is not None]


def _read(path: Path) -> Run | None:
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        run = Run(path.parent, report)
        return run if run.set_name and run.started and isinstance(report["all"], dict) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
