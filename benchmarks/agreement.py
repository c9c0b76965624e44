"""Compares every metric with the labelled answers and writes the table that docs/evaluation.md shows.

    python benchmarks/agreement.py [--no-write]
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from _report import ROOT, table

from copilot.settings import load_settings
from evals.agreement import Agreement, agreements, load_labels
from evals.agreement.every import every_metric
from evals.agreement.labels import FAULTS

PAGE = ROOT / "docs" / "evaluation.md"
BEGIN, END = "<!-- begin agreement -->", "<!-- end agreement -->"


def rows(found: Sequence[Agreement]) -> str:
    """The table, the best metric first; a fault's column holds the share of it that the metric notices."""
    header = ("metric", "n", "AUC", "precision", "recall", *(fault.replace("_", " ") for fault in FAULTS))
    return table(header, [
        (f"`{item.metric}`", item.n, _figure(item.auc),
         _figure(item.precision), _figure(item.recall),
         *(f"{item.noticed[fault]:.0%}" if fault in item.noticed else "" for fault in FAULTS))
        for item in found
    ])  # fmt: skip


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def main() -> None:
    """Compare, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-write", action="store_true")
    flags = parser.parse_args()
    labels = load_labels()
    text = rows(agreements(labels, every_metric(labels, load_settings())))
    good = sum(label.good for label in labels)
    body = f"{text}\n\n{len(labels)} answers, {good} of them good; written by `benchmarks/agreement.py`."
    print(body)
    if not flags.no_write:
        page = PAGE.read_text(encoding="utf-8")
        pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
        PAGE.write_text(pattern.sub(lambda _: f"{BEGIN}\n{body}\n{END}", page), encoding="utf-8")


if __name__ == "__main__":
    main()
