"""Asks the product each case once and scores what it did; one case that fails is an error on that case."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from copilot.types import Answer, Document, Element, Principal, Question, SearchResult
from evals.running.results import Kept, case_digest, shown_answer
from evals.types import Case, CaseResult, Observation, Score

Metric = Callable[[Observation], Score | None]
Right = Callable[[Observation], tuple[bool, str]]
Judged = Iterable[tuple[str, str, "Score | str"]]
Judge = Callable[[Sequence[Observation]], Judged]
_TOGETHER = 16  # cases judged at the same time; as many are lost when a run is killed


class Suite(StrEnum):
    """How much of the product a run asks, and what it scores."""

    RETRIEVAL = "retrieval"
    ANSWERS = "answers"
    FULL = "full"


class Product(Protocol):
    """What is evaluated: Copilot, or a fake of it."""

    def ask(self, question: Question, principal: Principal) -> Answer:
        """The answer."""
        ...

    def search(self, question: Question, principal: Principal) -> SearchResult:
        """The hits."""
        ...


@dataclass(frozen=True, slots=True)
class Scoring:
    """How observations are scored: metrics by name, the verdict on the case as a whole, and a judge where one is set.

    ``documents`` are the corpus's by id; ``secrets`` tells what may not show to a case's principal, ``elements`` the
    parsed text of one of the documents, ``languages`` the languages of the documents that hold its answer.
    """

    metrics: Mapping[str, Metric]
    right: Right
    judge: Judge | None = None
    documents: Mapping[str, Document] = field(default_factory=dict)
    secrets: Callable[[Case], tuple[str, ...]] = lambda case: ()
    elements: Callable[[Document], Sequence[Element]] = lambda document: ()
    languages: Callable[[Case], Sequence[str]] = lambda case: ()


def observe(product: Product, case: Case, suite: Suite) -> Observation:
    """Search and, but for a retrieval run, ask; ``seconds`` is the asking's (else the searching's) time."""
    question = Question(case.question, answer_language=case.answer_language, as_of=case.as_of, turns=case.turns)
    started = time.perf_counter()
    found = product.search(question, case.principal)
    searched = time.perf_counter()
    if suite is Suite.RETRIEVAL:
        return Observation(case, found, None, searched - started)
    answer = product.ask(question, case.principal)
    return Observation(case, found, answer, time.perf_counter() - searched)


def run_cases(
    product: Product, cases: Iterable[Case], suite: Suite, scoring: Scoring, fingerprint: str = ""
) -> Iterator[Kept]:
    """Every case's result as it is known, in order; with a judge in batches, since a judge answers slowly."""
    batch: list[tuple[Kept, Observation | None]] = []
    for case in cases:
        batch.append(_asked(product, case, suite, scoring, fingerprint))
        if scoring.judge is None or len(batch) >= _TOGETHER:
            yield from _judged(batch, scoring.judge)
            batch.clear()
    yield from _judged(batch, scoring.judge)


def _asked(
    product: Product, case: Case, suite: Suite, scoring: Scoring, fingerprint: str
) -> tuple[Kept, Observation | None]:
    try:
        observation = replace(
            observe(product, case, suite), documents=scoring.documents, secrets=scoring.secrets(case),
            elements=scoring.elements,
        )
        result = score(observation, scoring)
    except Exception as error:  # whatever the product raises is that case's finding
        why = f"{type(error).__name__}: {error}"
        result, observation = CaseResult(case.id, case.language, case.tags, False, "fails", error=why), None
    languages = tuple(dict.fromkeys(scoring.languages(case)))
    kept = Kept(result, case_digest(case), fingerprint, case.question, case.reference, languages, case.answerable)
    return kept, observation


def score(observation: Observation, scoring: Scoring) -> CaseResult:
    """The verdict and every metric that applies; a metric that fails is told in ``errors``."""
    case = observation.case
    scores: dict[str, Score] = {}
    errors: dict[str, str] = {}
    for name, metric in scoring.metrics.items():
        try:
            found = metric(observation)
        except Exception as error:  # one metric's fault costs no other
            errors[name] = f"{type(error).__name__}: {error}"
            continue
        if found is not None:
            scores[name] = found
    right, why = scoring.right(observation)
    return CaseResult(
        case.id, case.language, case.tags, right, why, scores, shown_answer(observation), "", errors,
        observation.seconds,
    )  # fmt: skip


def _judged(batch: Sequence[tuple[Kept, Observation | None]], judge: Judge | None) -> Iterator[Kept]:
    """The batch with the judge's scores; what it could not judge is an error of that metric."""
    observations = [observation for _, observation in batch if observation is not None]
    scores: dict[str, dict[str, Score]] = {}
    errors: dict[str, dict[str, str]] = {}
    if judge is not None and observations:
        for case_id, metric, found in judge(observations):
            if isinstance(found, Score):
                scores.setdefault(case_id, {})[metric] = found
            else:
                errors.setdefault(case_id, {})[metric] = found
    for kept, _ in batch:
        result = kept.result
        more, failed = scores.get(kept.id, {}), errors.get(kept.id, {})
        both = replace(result, scores={**result.scores, **more}, errors={**result.errors, **failed})
        yield replace(kept, result=both)
