"""`copilot eval agreement`: how well each metric agrees with people's verdicts on answers."""

from __future__ import annotations

import json as jsons
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands.options import Json
from evals.commands.options import Judge

if TYPE_CHECKING:
    from evals.agreement import Agreement

_COLUMNS = ("metric", "n", "AUC", "precision", "recall")


def agreement(
    labels: Annotated[
        Path | None,
        typer.Option("--set", metavar="FILE", help="Labelled answers as JSON lines; else those of this project."),
    ] = None,
    judge: Judge = "",
    json: Json = False,
) -> None:
    """Compare each metric with labelled answers, good and bad: AUC, precision, recall, and the faults it notices."""
    from copilot.commands.output import quiet_stdout
    from copilot.settings import load_settings
    from copilot.types import to_json
    from evals.agreement import LABELS, agreements, load_labels
    from evals.agreement.every import every_metric

    with quiet_stdout() as out:
        known = load_labels(labels or LABELS)
        found = agreements(known, every_metric(known, load_settings(), judge, _tell))
        if json:
            for item in found:
                out.write(jsons.dumps({"id": item.metric, **to_json(item)}, ensure_ascii=False) + "\n")
        else:
            out.write("\n".join(_table(found)) + "\n")
    good = sum(label.good for label in known)
    told = {"labels": len(known), "good": good, "bad": len(known) - good, "metrics": len(found)}
    sys.stderr.write(jsons.dumps({"summary": told}) + "\n" if json else f"{len(known)} answers, {good} of them good.\n")


def _tell(text: str) -> None:
    sys.stderr.write(f"Warning: {text}\n")


def _table(found: Sequence[Agreement]) -> Iterable[str]:
    width = max((len(item.metric) for item in found), default=0)
    yield "{0:{1}}  {2:>4}  {3:>5}  {4:>9}  {5:>6}  notices".format(_COLUMNS[0], width, *_COLUMNS[1:])
    for item in found:
        noticed = ", ".join(f"{fault} {share:.0%}" for fault, share in item.noticed.items() if share >= 0.5)
        figures = (_figure(item.auc), _figure(item.precision), _figure(item.recall))
        yield "{0:{1}}  {2:>4}  {3:>5}  {4:>9}  {5:>6}  {6}".format(item.metric, width, item.n, *figures, noticed)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
