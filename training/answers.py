"""Fit the answerer's ranker and confidence on questions with answers in passages.

    python -m training.answers --data DIR [--per-language 600] [--out copilot/answering/model.json]

DIR holds passages.jsonl.gz {id, lang, title, text} and questions.jsonl.gz {id, lang, passage, text, answerable,
answers: [{text, start}]}. Seeded; about five minutes on one core. Whole articles are held apart: the confidence
model is fitted on articles that the ranker never saw, and the report stands on a third part.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import gzip
import hashlib
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from copilot.answering.features import FEATURES, Option, options
from copilot.answering.model import CONFIDENCE_FEATURES, AnswerModel, Logistic, confidence_features, rank, sigmoid
from copilot.language import sparse_vector
from copilot.retrieval.fusion import Candidate, character_grams, fuse, gram_coverage
from copilot.retrieval.query import query_vector, weigh
from copilot.retrieval.weights import leg_weights
from copilot.types import Chunk, Document, ElementKind, Hit, QueryTerm
from training.fitting import fit

NOBODY: frozenset[str] = frozenset()
DEPTH, PASSAGES = 50, 6


class Pool:
    """The passages of one language, searched by brute force with the product's own analysis and fusion."""

    def __init__(self, language: str, passages: Sequence[dict[str, Any]]) -> None:
        self.language = language
        self.chunks, self.grams = [], []
        self.postings: dict[int, list[tuple[int, float]]] = collections.defaultdict(list)
        for position, passage in enumerate(passages):
            text = f"{passage['title']}\n{passage['text']}"
            vector = sparse_vector(text, language)
            for index, value in zip(vector.indices, vector.values, strict=True):
                self.postings[index].append((position, value))
            self.chunks.append(
                Chunk(
                    passage["id"],
                    passage["title"],
                    "",
                    0,
                    passage["text"],
                    text,
                    (passage["title"],),
                    (),
                    language,
                    ElementKind.TEXT,
                )
            )
            self.grams.append(character_grams(text))


class _Statistics:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def chunks(self, language: str, policies: frozenset[str]) -> int:
        return len(self._pool.chunks)

    def frequencies(self, language: str, policies: frozenset[str], terms: Sequence[int]) -> list[int]:
        return [len(self._pool.postings.get(term, ())) for term in terms]

    def languages(self, policies: frozenset[str]) -> dict[str, int]:
        return {self._pool.language: len(self._pool.chunks)}


def sparse_candidates(pool: Pool, text: str, without: set[int]) -> tuple[list[Candidate], list[QueryTerm]]:
    """The best fifty passages of a pool but for some positions, and the question's terms."""
    terms = weigh(text, pool.language, _Statistics(pool), NOBODY)
    query = query_vector(terms)
    scores: dict[int, float] = collections.defaultdict(float)
    for index, weight in zip(query.indices, query.values, strict=True):
        for position, value in pool.postings[index]:
            scores[position] += weight * value
    grams = character_grams(text)
    best = sorted((item for item in scores.items() if item[0] not in without), key=lambda item: -item[1])[:DEPTH]
    return [
        Candidate(pool.chunks[position], {"sparse": score, "grams": gram_coverage(grams, pool.grams[position])})
        for position, score in best
    ], terms


def search(pool: Pool, text: str, without: set[int]) -> tuple[list[Hit], list[QueryTerm]]:
    """The best passages of a pool but for some positions, and the question's terms."""
    candidates, terms = sparse_candidates(pool, text, without)
    ranked = fuse(candidates, {pool.language: leg_weights(pool.language, pool.language)})
    hits = [
        Hit(item.chunk, Document(item.chunk.document_id, "", "", item.chunk.document_id, "", ""), item.score, item.legs)
        for item in ranked[:PASSAGES]
    ]
    return hits, terms


@dataclasses.dataclass(frozen=True)
class Example:
    """A question against one pool: its options, which of them hold the answer, and why none does (else empty)."""

    language: str
    article: str
    kind: str
    options: list[Option]
    right: np.ndarray
    terms: list[QueryTerm]


def examples(passages: list[dict[str, Any]], questions: list[dict[str, Any]], per_language: int) -> list[Example]:
    """Each question as it is, and again with its article taken away (so that nothing answers it)."""
    made: list[Example] = []
    for language in sorted({item["lang"] for item in passages}):
        own = [item for item in passages if item["lang"] == language]
        pool = Pool(language, own)
        articles: dict[str, set[int]] = collections.defaultdict(set)
        for position, item in enumerate(own):
            articles[item["title"]].add(position)
        title = {item["id"]: item["title"] for item in own}
        asked = [item for item in questions if item["lang"] == language and item["passage"] in title]
        random.Random(7).shuffle(asked)
        for question in asked[:per_language]:
            article = title[question["passage"]]
            kind = "answerable" if question["answerable"] else "near_miss"
            for name, without in ((kind, set()), ("topic_absent", articles[article])):
                example = _example(pool, question, article, name, without)
                made += [example] if example else []
    return made


def _example(pool: Pool, question: dict[str, Any], article: str, kind: str, without: set[int]) -> Example | None:
    hits, terms = search(pool, question["text"], without)
    found = options(question["text"], hits, terms)
    if not found:
        return None
    starts = [answer["start"] for answer in question["answers"]] if kind == "answerable" else []
    right = np.array(
        [
            option.hit.chunk.id == question["passage"] and any(option.start <= start < option.end for start in starts)
            for option in found
        ]
    )
    return Example(pool.language, article, kind, found, right, terms)


def part(article: str) -> int:
    """0 to 9, fixed per article: 0-4 fit the ranker, 5-7 the confidence, 8-9 are reported."""
    return int(hashlib.md5(article.encode()).hexdigest(), 16) % 10


def fit_ranker(made: Sequence[Example]) -> Logistic:
    """Logistic regression over all options of questions whose answer was retrieved."""
    used = [item for item in made if item.kind == "answerable" and item.right.any()]
    rows = np.array([option.features for item in used for option in item.options])
    return fit(rows, np.concatenate([item.right for item in used]), FEATURES)


def confidence_rows(model: AnswerModel, made: Sequence[Example]) -> tuple[np.ndarray, np.ndarray]:
    """The confidence features of each example, and whether its first option is right."""
    rows, right = [], []
    for item in made:
        ranked = rank(model, item.options)
        rows.append(confidence_features(ranked, item.terms))
        right.append(bool(item.right[item.options.index(ranked[0][1])]))
    return np.array(rows), np.array(right)


def report(model: AnswerModel, made: Sequence[Example]) -> dict[str, Any]:
    """Per language: first option right, calibration error, and what share of each kind passes ``speak``."""
    figures: dict[str, Any] = {}
    for language in sorted({item.language for item in made}):
        own = [item for item in made if item.language == language]
        rows, right = confidence_rows(model, own)
        chance = np.array([sigmoid(model.confidence.score(CONFIDENCE_FEATURES, row)) for row in rows])
        kinds = np.array([item.kind for item in own])
        entry: dict[str, Any] = {"questions": int((kinds == "answerable").sum())}
        entry["first_right"] = round(float(right[kinds == "answerable"].mean()), 3)
        entry["calibration_error"] = round(abs(float(chance.mean() - right.mean())), 3)
        for kind in sorted(set(kinds)):
            entry[f"shown_{kind}"] = round(float((chance[kinds == kind] >= model.speak).mean()), 3)
        figures[language] = entry
    return figures


def main() -> None:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--per-language", type=int, default=600)
    parser.add_argument("--out", type=Path, default=Path("copilot/answering/model.json"))
    flags = parser.parse_args()
    passages, questions = (_read(flags.data / name) for name in ("passages.jsonl.gz", "questions.jsonl.gz"))
    made = examples(passages, questions, flags.per_language)
    ranker = fit_ranker([item for item in made if part(item.article) < 5])
    draft = AnswerModel(ranker, Logistic({name: 0.0 for name in CONFIDENCE_FEATURES}, 0.0), 0.4, 0.3)
    rows, right = confidence_rows(draft, [item for item in made if 5 <= part(item.article) < 8])
    model = AnswerModel(ranker, fit(rows, right, CONFIDENCE_FEATURES), draft.speak, draft.add)
    figures = report(model, [item for item in made if part(item.article) >= 8])
    print(json.dumps(figures, indent=1))
    text = json.dumps(_table(model, figures, flags.per_language), indent=1)
    flags.out.write_text(text + "\n", encoding="utf-8")


def _table(model: AnswerModel, figures: dict[str, Any], per_language: int) -> dict[str, Any]:
    sources = "XQuAD, SQuAD 2.0 (es), SQuAD-it, SQuAD 1.1 (pt), CMRC 2018 (CC BY-SA 4.0); weights, no text"
    return {
        "provenance": {
            "made_by": "training/answers.py",
            "questions_per_language": per_language,
            "sources": sources,
            "held_out": figures,
        },
        "ranker": {"weights": model.ranker.weights, "bias": model.ranker.bias},
        "confidence": {"weights": model.confidence.weights, "bias": model.confidence.bias},
        "speak": model.speak,
        "add": model.add,
    }


def _read(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


if __name__ == "__main__":
    main()
