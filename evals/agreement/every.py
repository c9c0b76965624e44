"""Every metric that can judge an answer alone: ours, the verdict, RAGAS's, and a judge's where one is set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from copilot.settings import Settings
from evals.agreement.labels import Label
from evals.judges import judge_spec, offline_metrics, open_judge
from evals.metrics import ANSWERS, LOWER_IS_BETTER, Metric, right
from evals.types import Observation, Score

Told = Callable[[str], None]


def every_metric(
    labels: Sequence[Label], settings: Settings, judge: str = "", told: Told = lambda text: None
) -> Mapping[str, Metric]:
    """The metrics by name; those of a judge are asked for here, all at once.

    A judgement that failed applies to no label; ``told`` says how many did, and why the first.
    """
    return {"right": verdict, **ANSWERS, **offline_metrics(), **_judged(labels, settings, judge, told)}


def verdict(observation: Observation) -> Score:
    """1 for a case that is right as a whole."""
    good, why = right(observation)
    return Score(float(good), why)


def _judged(labels: Sequence[Label], settings: Settings, judge: str, told: Told) -> Mapping[str, Metric]:
    spec = judge_spec(settings, judge)
    if spec is None:
        return {}
    scores: dict[str, dict[str, Score]] = {}
    failures: list[str] = []
    for case_id, name, found in open_judge(spec).judged([label.observation for label in labels]):
        if isinstance(found, Score):
            value = 1 - found.value if name in LOWER_IS_BETTER else found.value
            scores.setdefault(name, {})[case_id] = Score(value, found.reason)
        else:
            failures.append(f"{name} of {case_id}: {found}")
    if failures:
        told(f"{len(failures)} judgements failed, the first: {failures[0]}")
    return {name: _looked_up(known) for name, known in scores.items()}


def _looked_up(known: Mapping[str, Score]) -> Metric:
    return lambda observation: known.get(observation.case.id)
