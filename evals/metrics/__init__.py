"""The deterministic metrics by name, and the verdict on a case: pure functions of an observation, None: not applicable.

Definitions and their sources stand in the docstrings; docs/evaluation.md says which may be trusted for what.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from evals.metrics.citing import box_correct, citation_precision, citation_recall, page_correct, quote_verbatim
from evals.metrics.leakage import no_leakage, secrets_of
from evals.metrics.retrieval import mrr, ndcg_at_10, others_recall_at_10, own_recall_at_10, recall
from evals.metrics.verdicts import abstention, answer_language, latency_s, no_wrong_refusal, right, right_refusal
from evals.metrics.wording import chrf, numbers_correct, numeric_fidelity, semantic_similarity, token_f1
from evals.types import Observation, Score

Metric = Callable[[Observation], Score | None]

RETRIEVAL: Mapping[str, Metric] = {
    "recall_at_1": partial(recall, top_k=1),
    "recall_at_5": partial(recall, top_k=5),
    "recall_at_10": partial(recall, top_k=10),
    "own_recall_at_10": own_recall_at_10,
    "others_recall_at_10": others_recall_at_10,
    "mrr": mrr,
    "ndcg_at_10": ndcg_at_10,
}
ANSWERS: Mapping[str, Metric] = {
    "citation_precision": citation_precision,
    "citation_recall": citation_recall,
    "page_correct": page_correct,
    "box_correct": box_correct,
    "quote_verbatim": quote_verbatim,
    "numbers_correct": numbers_correct,
    "chrf": chrf,
    "token_f1": token_f1,
    "semantic_similarity": semantic_similarity,
    "numeric_fidelity": numeric_fidelity,
    "abstention": abstention,
    "right_refusal": right_refusal,
    "no_wrong_refusal": no_wrong_refusal,
    "answer_language": answer_language,
}
BOTH: Mapping[str, Metric] = {"no_leakage": no_leakage, "latency_s": latency_s}
METRICS: Mapping[str, Metric] = {**RETRIEVAL, **ANSWERS, **BOTH}

# The rest is higher is better.
LOWER_IS_BETTER = frozenset(("latency_s", "ragas_noise_sensitivity"))

__all__ = ["ANSWERS", "BOTH", "LOWER_IS_BETTER", "METRICS", "RETRIEVAL", "Metric", "right", "secrets_of"]
