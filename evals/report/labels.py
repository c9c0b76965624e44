"""What the report calls metrics and kinds of cases, in words for people who did not write them."""

from __future__ import annotations

from collections.abc import Mapping

from evals.running.results import ABSENT, OWN
from evals.types import CROSS

KINDS: Mapping[str, str] = {
    OWN: "answer in the question's language",
    CROSS: "answer in other languages only",
    ABSENT: "no answer in the documents",
}
METRICS: Mapping[str, str] = {
    "recall_at_1": "right passage is the first hit",
    "recall_at_5": "right passage among 5 hits",
    "recall_at_10": "right passage among 10 hits",
    "own_recall_at_10": "among 10 hits of the own language",
    "others_recall_at_10": "among 10 hits of other languages",
    "mrr": "one over the rank of the first right hit",
    "ndcg_at_10": "ranking of the first 10 hits (nDCG)",
    "citation_precision": "citations that are right",
    "citation_recall": "right sources that are cited",
    "page_correct": "right page, where the document is right",
    "box_correct": "marked place is the quote's",
    "quote_verbatim": "quotes stand in their source",
    "numbers_correct": "numbers and codes of the right answer",
    "chrf": "likeness to the reference, by characters (chrF)",
    "token_f1": "likeness to the reference, by words (F1)",
    "semantic_similarity": "likeness to the reference, by meaning",
    "numeric_fidelity": "numbers of the answer stand in what it cites",
    "abstention": "'not found' if and only if there is no answer",
    "right_refusal": "rightly 'not found'",
    "no_wrong_refusal": "answered where there is an answer",
    "answer_language": "answer in the language asked for",
    "no_leakage": "nothing restricted shows",
}
# Seconds are drawn apart.
NOT_TABLED = frozenset(("latency_s",))


def metric(name: str) -> str:
    """The metric in words, else its name."""
    return METRICS.get(name, name.replace("_", " "))
