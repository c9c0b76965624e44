"""RAGAS: its metrics that need no language model, and those that ask a judge; nothing heavy is imported until asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from evals.judges.spec import JudgeReport, JudgeSpec, judge_spec

# RAGAS reports each use to its makers unless this is set before its first import.
os.environ["RAGAS_DO_NOT_TRACK"] = "true"

if TYPE_CHECKING:
    from evals.judges.judging import Judge
    from evals.metrics import Metric

__all__ = ["JudgeReport", "JudgeSpec", "judge_spec", "offline_metrics", "open_judge"]


def offline_metrics() -> Mapping[str, Metric]:
    """RAGAS's metrics without a language model by name; importing it takes seconds, the metrics milliseconds."""
    from evals.judges.offline import OFFLINE

    return OFFLINE


def open_judge(spec: JudgeSpec) -> Judge:
    """The judge at this endpoint: ``judged(observations)`` scores them, ``report()`` tells name, tokens and cost."""
    from evals.judges.judging import Judge

    return Judge(spec)
