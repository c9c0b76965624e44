"""A run told to people: report.html, summary.md and a table for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evals.gating.baseline import Baseline
from evals.gating.verdict import Verdict
from evals.report.words import markdown, summary_text
from evals.running.results import Kept
from evals.running.summary import Report

__all__ = ["markdown", "summary_text", "write_pages"]


def write_pages(
    folder: Path, report: Report, kept: Sequence[Kept], baseline: Baseline | None, verdict: Verdict | None = None
) -> None:
    """Write report.html and summary.md."""
    from evals.report.page import page

    (folder / "report.html").write_text(page(report, kept, baseline), encoding="utf-8")
    (folder / "summary.md").write_text(markdown(report, kept, baseline, verdict), encoding="utf-8")
