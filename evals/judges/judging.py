"""RAGAS's metrics that ask a language model: one judgement that fails is an error of that case and metric."""

from __future__ import annotations

import asyncio
import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from evals.judges.endpoint import Endpoint, NotJudged
from evals.judges.sample import Sample, shown
from evals.judges.spec import JudgeReport, JudgeSpec
from evals.types import Observation, Score

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from ragas.llms.base import InstructorBaseRagasLLM
    from ragas.metrics.collections import (
        AnswerRelevancy,
        ContextPrecisionWithReference,
        ContextRecall,
        FactualCorrectness,
        Faithfulness,
        NoiseSensitivity,
    )

    from evals.judges.offline import OurEmbedding

MOST_CONTEXTS = 5  # two of the metrics ask once or twice for each
Judgement = tuple[str, str, "Score | str"]
Progress = Callable[[int, int], None]
_PROMPTS = {
    "ragas_faithfulness": ("user_input", "response", "retrieved_contexts"),
    "ragas_answer_relevancy": ("user_input", "response"),
    "ragas_llm_context_precision": ("user_input", "reference", "retrieved_contexts"),
    "ragas_llm_context_recall": ("user_input", "reference", "retrieved_contexts"),
    "ragas_factual_correctness": ("response", "reference"),
    "ragas_noise_sensitivity": ("user_input", "response", "reference", "retrieved_contexts"),
}


class _Model(InstructorBaseRagasLLM):
    """The endpoint behind RAGAS's interface."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def generate(self, prompt: str, response_model: Any) -> Any:
        raise TypeError("a judge is asked asynchronously")

    async def agenerate(self, prompt: str, response_model: Any) -> Any:
        return await self._endpoint.judgement(prompt, response_model)


class Judge:
    """A judge with RAGAS's metrics; not for several threads at once."""

    def __init__(self, spec: JudgeSpec) -> None:
        self._endpoint = Endpoint(spec)
        self._failed = 0
        self.name = spec.name
        model = _Model(self._endpoint)
        self.metrics: Mapping[str, Any] = {
            "ragas_faithfulness": Faithfulness(llm=model),
            # The judge is asked at temperature 0: the same question thrice would be answered alike.
            "ragas_answer_relevancy": AnswerRelevancy(llm=model, embeddings=OurEmbedding(), strictness=1),
            "ragas_llm_context_precision": ContextPrecisionWithReference(llm=model),
            "ragas_llm_context_recall": ContextRecall(llm=model),
            "ragas_factual_correctness": FactualCorrectness(llm=model),
            "ragas_noise_sensitivity": NoiseSensitivity(llm=model),
        }

    def judged(
        self, observations: Sequence[Observation], progress: Progress = lambda done, total: None
    ) -> Iterator[Judgement]:
        """(case id, metric, score or why there is none) for each metric that applies, in the order of the cases.

        A metric applies where the case has what it reads: claims, contexts, a reference.
        """
        tasks = [
            (observation.case.id, name, row) for observation in observations for name, row in self._rows(observation)
        ]
        found = asyncio.run(self._all(tasks, progress))
        if len(found) != len(tasks):
            raise RuntimeError(f"{len(tasks)} judgements were asked for and {len(found)} came back")
        for (case_id, name, _), made in zip(tasks, found, strict=True):
            self._failed += isinstance(made, str)
            yield case_id, name, made

    def report(self) -> JudgeReport:
        """Who judged so far, how much, and what it cost."""
        return self._endpoint.report(self._failed)

    def _rows(self, observation: Observation) -> Iterator[tuple[str, dict[str, Any]]]:
        given = _given(shown(observation, MOST_CONTEXTS))
        for name in self.metrics:
            if all(given[part] for part in _PROMPTS[name]):
                yield name, {part: given[part] for part in _PROMPTS[name]}

    async def _all(self, tasks: Sequence[tuple[str, str, dict[str, Any]]], progress: Progress) -> list[Score | str]:
        done = 0

        async def one(name: str, row: dict[str, Any]) -> Score | str:
            nonlocal done
            made = await self._one(name, row)
            done += 1
            progress(done, len(tasks))
            return made

        async with self._endpoint.opened():
            return list(await asyncio.gather(*(one(name, row) for _, name, row in tasks)))

    async def _one(self, name: str, row: dict[str, Any]) -> Score | str:
        try:
            value = float((await self.metrics[name].ascore(**row)).value)
        except NotJudged as error:
            return str(error)
        except Exception as error:  # what RAGAS makes of an odd judgement is that judgement's fault
            return f"{type(error).__name__}: {error}"
        return "the judge found nothing to judge" if math.isnan(value) else Score(min(1.0, max(0.0, value)))


def _given(sample: Sample) -> dict[str, Any]:
    return {
        "user_input": sample.question, "response": sample.response, "reference": sample.reference,
        "retrieved_contexts": list(sample.contexts),
    }
