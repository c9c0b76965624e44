"""RAGAS's metrics that need no language model, as pure functions of an observation; their traps stand in the docs."""

from __future__ import annotations

import importlib.util
import math
import warnings
import zlib
from collections.abc import Coroutine, Mapping
from typing import Any

from copilot.language import concepts
from evals.judges.sample import Sample, retrieved, shown
from evals.metrics import Metric
from evals.metrics.wording import embedder
from evals.types import Observation, Score

with warnings.catch_warnings():
    # Two of them exist in RAGAS's older interface only, which says so at import.
    warnings.simplefilter("ignore")
    from ragas.dataset_schema import SingleTurnSample
    from ragas.embeddings.base import BaseRagasEmbedding
    from ragas.metrics._context_precision import IDBasedContextPrecision, NonLLMContextPrecisionWithReference
    from ragas.metrics._context_recall import IDBasedContextRecall, NonLLMContextRecall
    from ragas.metrics._string import NonLLMStringSimilarity as OlderStringSimilarity
    from ragas.metrics.collections import (
        BleuScore,
        CHRFScore,
        Faithfulness,
        NonLLMStringSimilarity,
        RougeScore,
        SemanticSimilarity,
    )

    from evals.judges.lexical import LexicalJudge


class _Similarity(OlderStringSimilarity):
    """The older interface's distance without its callbacks and usage events: they cost a hundred times the distance."""

    async def single_turn_ascore(self, sample: Any, callbacks: Any = None, timeout: float | None = None) -> float:
        score: float = await self._single_turn_ascore(sample, [])
        return score


class OurEmbedding(BaseRagasEmbedding):
    """The shipped embedder behind RAGAS's interface."""

    def embed_text(self, text: str, **_: Any) -> list[float]:
        """The vector of a text."""
        vector: list[float] = embedder().get_query_embedding(text)
        return vector

    async def aembed_text(self, text: str, **_: Any) -> list[float]:
        """The same; nothing is waited for."""
        return self.embed_text(text)


_CONTEXT_PRECISION = NonLLMContextPrecisionWithReference(distance_measure=_Similarity())
_CONTEXT_RECALL = NonLLMContextRecall()
_CONTEXT_RECALL._distance_measure = _Similarity()
_ID_PRECISION, _ID_RECALL = IDBasedContextPrecision(), IDBasedContextRecall()
_STRINGS, _CHRF, _ROUGE = NonLLMStringSimilarity(), CHRFScore(), RougeScore(rouge_type="rougeL")
_BLEU = BleuScore(kwargs={"use_effective_order": True})
_BLEU_ZH = BleuScore(kwargs={"use_effective_order": True, "tokenize": "zh"})
_SEMANTIC = SemanticSimilarity(embeddings=OurEmbedding())
_FAITHFULNESS = Faithfulness(llm=LexicalJudge())


def context_precision(observation: Observation) -> Score | None:
    """RAGAS NonLLMContextPrecisionWithReference: average precision of hits that are similar to a source's quote."""
    return _older(_CONTEXT_PRECISION, observation)


def context_recall(observation: Observation) -> Score | None:
    """RAGAS NonLLMContextRecall: the share of quotes that a hit is similar to; 0 for a quote in a long chunk."""
    return _older(_CONTEXT_RECALL, observation)


def id_precision(observation: Observation) -> Score | None:
    """RAGAS IDBasedContextPrecision: the share of the hits' pages that are a source's."""
    return _older(_ID_PRECISION, observation)


def id_recall(observation: Observation) -> Score | None:
    """RAGAS IDBasedContextRecall: the share of the sources' pages that are among the hits' (editions all wanted)."""
    return _older(_ID_RECALL, observation)


def string_similarity(observation: Observation) -> Score | None:
    """RAGAS NonLLMStringSimilarity: one less the normalised Levenshtein distance to the reference."""
    return _compared(observation, _STRINGS)


def chrf(observation: Observation) -> Score | None:
    """RAGAS CHRFScore: sacrebleu's chrF2 of the whole response."""
    return _compared(observation, _CHRF)


def bleu(observation: Observation) -> Score | None:
    """RAGAS BleuScore with the effective order, for short answers, and with the Chinese tokenizer for Chinese."""
    sample = _with_reference(observation)
    if sample is None:
        return None
    metric = _BLEU_ZH if sample.language == "zh" else _BLEU
    # It cuts at ". " and then pairs sentences by their position: whole texts are meant.
    response, reference = (text.replace(". ", ".\n") for text in (sample.response, sample.reference))
    return _score(metric.ascore(reference=reference, response=response))


def rouge_l(observation: Observation) -> Score | None:
    """RAGAS RougeScore (ROUGE-L F1) over our stems: its own tokenizer drops every letter beyond ASCII."""
    sample = _with_reference(observation)
    if sample is None:
        return None
    response, reference = (_as_ascii(text, sample.language) for text in (sample.response, sample.reference))
    return _score(_ROUGE.ascore(reference=reference, response=response))


def semantic_similarity(observation: Observation) -> Score | None:
    """RAGAS SemanticSimilarity with the shipped embedder: cosine of response and reference."""
    return _compared(observation, _SEMANTIC)


def faithfulness_lexical_judge(observation: Observation) -> Score | None:
    """RAGAS Faithfulness with the deterministic lexical judge in the place of a language model."""
    sample = shown(observation)
    if not sample.response or not sample.contexts:
        return None
    return _score(_FAITHFULNESS.ascore(
        user_input=sample.question, response=sample.response, retrieved_contexts=list(sample.contexts)
    ))


OFFLINE: Mapping[str, Metric] = {
    "ragas_context_precision": context_precision,
    "ragas_context_recall": context_recall,
    "ragas_id_precision": id_precision,
    "ragas_id_recall": id_recall,
    "ragas_string_similarity": string_similarity,
    "ragas_chrf": chrf,
    "ragas_bleu": bleu,
    **({"ragas_rouge_l": rouge_l} if importlib.util.find_spec("rouge_score") else {}),
    "ragas_semantic_similarity": semantic_similarity,
    "faithfulness_lexical_judge": faithfulness_lexical_judge,
}


def _with_reference(observation: Observation) -> Sample | None:
    """None without a reference, and without a response: a case wrongly 'not found' counts under abstention."""
    sample = shown(observation)
    return sample if sample.response.strip() and sample.reference.strip() else None


def _older(metric: Any, observation: Observation) -> Score | None:
    sample = retrieved(observation)
    if not sample.contexts or not sample.reference_contexts:
        return None
    row = SingleTurnSample(
        user_input=sample.question, retrieved_contexts=list(sample.contexts),
        reference_contexts=list(sample.reference_contexts), retrieved_context_ids=list(sample.ids),
        reference_context_ids=list(sample.reference_ids),
    )
    return _kept(float(_finished(metric._single_turn_ascore(row, []))))


def _compared(observation: Observation, metric: Any) -> Score | None:
    sample = _with_reference(observation)
    if sample is None:
        return None
    return _score(metric.ascore(reference=sample.reference, response=sample.response))


def _score(coroutine: Coroutine[Any, Any, Any]) -> Score | None:
    return _kept(float(_finished(coroutine).value))


def _kept(value: float) -> Score | None:
    """A score within 0 and 1; RAGAS gives NaN where it could not judge, which no mean may hold."""
    return None if math.isnan(value) else Score(min(1.0, max(0.0, value)))


def _finished(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that waits for nothing: an event loop for each would cost more than the metric."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise RuntimeError("a metric without a language model waited for something")


def _as_ascii(text: str, language: str) -> str:
    """The stems as words of letters that RAGAS's tokenizer keeps and does not stem."""
    found = [concept.terms[0] for concept in concepts(text, language) if concept.kind in ("word", "function", "number")]
    return " ".join("x" + f"{zlib.crc32(term.encode()):08x}".translate(_LETTERS) for term in found)


_LETTERS = str.maketrans("0123456789abcdef", "bcdfghjkmnpqrtvw")
