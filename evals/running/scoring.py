"""What a suite is scored by: its metrics, the verdict, the judge, and what they need to know of the corpus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from evals.judges import offline_metrics
from evals.running.ground import Ground
from evals.running.runner import Metric, Scoring, Suite

if TYPE_CHECKING:
    from evals.judges.judging import Judge


def scoring_of(suite: Suite, ground: Ground, judge: Judge | None = None) -> Scoring:
    """The metrics of the suite, the verdict, the judge, and what they need to know of the corpus."""
    from evals.metrics import METRICS, right

    metrics: Mapping[str, Metric] = METRICS
    if suite is Suite.FULL:
        metrics = {**metrics, **offline_metrics()}
    judged = None if judge is None else judge.judged
    return Scoring(metrics, right, judged, ground.documents, ground.secrets, ground.elements, ground.languages)
