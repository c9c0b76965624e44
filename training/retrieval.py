"""Learn the weights of the retrieval legs on parallel documentation sections and questions with passages.

    python -m training.retrieval --data DIR [--per-language 300] [--out copilot/retrieval/weights.json]

DIR holds parallel/sections.jsonl.gz {id, en: [title, text], ...} and qa/{passages,questions}.jsonl.gz. Titles are
searched among the bodies of one language (in the same language and from each other one), questions among passages.
Sources kept for reports are left out. Seeded; about ten minutes on one core, most of it the embedder.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from copilot.embedding import open_embedder
from copilot.retrieval.fusion import Candidate, fuse
from copilot.settings import EmbedderSettings
from copilot.types import LANGUAGES
from training.answers import Pool, sparse_candidates

HELD_OUT = ("security-101", "owasp-asvs", "xquad")
GRAMS = (0.0, 0.2, 0.4, 0.7, 1.0)
DENSE = (0.0, 0.1, 0.2, 0.4, 0.7)


@dataclass(frozen=True)
class Task:
    """Questions of one language over a pool of another: per question its candidates and the right passage's id."""

    name: str
    pair: tuple[str, str]
    runs: list[tuple[list[Candidate], str]]


def ndcg(task: Task, grams: float, dense: float) -> float:
    """Mean nDCG@10 with one right passage each."""
    total = 0.0
    for candidates, right in task.runs:
        fresh = [Candidate(item.chunk, dict(item.raw)) for item in candidates]
        weights = {task.pair[1]: {"sparse": 1.0, "grams": grams, "dense": dense}}
        ranked = [item.chunk.id for item in fuse(fresh, weights)[:10]]
        total += 1 / math.log2(ranked.index(right) + 2) if right in ranked else 0.0
    return total / max(1, len(task.runs))


class Corpus:
    """Passages of one language with their vectors."""

    def __init__(self, language: str, passages: Sequence[dict[str, Any]], embedder: Any) -> None:
        self.pool = Pool(language, passages)
        texts = [chunk.embed_text for chunk in self.pool.chunks]
        self.vectors = np.array(embedder.get_text_embedding_batch(texts), dtype=np.float32)

    def run(self, text: str, vector: np.ndarray, right: str) -> tuple[list[Candidate], str]:
        """The candidates of both legs, fifty each, with their raw scores."""
        candidates, _ = sparse_candidates(self.pool, text, set())
        cosines = self.vectors @ vector
        merged = {item.chunk.id: item for item in candidates}
        for position in np.argsort(-cosines)[:50]:
            chunk = self.pool.chunks[position]
            item = merged.setdefault(chunk.id, Candidate(chunk, {"sparse": 0.0, "grams": 0.0}))
            item.raw["dense"] = float(cosines[position])
        return list(merged.values()), right


def section_tasks(path: Path, per_language: int, embedder: Any) -> list[Task]:
    """Titles against bodies, every pair of languages."""
    sections = [item for item in _read(path) if not item["id"].startswith(HELD_OUT)]
    random.Random(11).shuffle(sections)
    corpora, titles = {}, {}
    for language in LANGUAGES:
        own = [item for item in sections if language in item and len(item[language][1]) > 150][:per_language]
        rows = [{"id": item["id"], "title": "", "text": item[language][1][:1200]} for item in own]
        corpora[language] = Corpus(language, rows, embedder)
    for language in LANGUAGES:
        own = [item for item in sections if language in item]
        titles[language] = {item["id"]: item[language][0] for item in own if len(item[language][0].split()) >= 1}
    made = []
    for asked, held in itertools.product(LANGUAGES, LANGUAGES):
        ids = [chunk.id for chunk in corpora[held].pool.chunks if chunk.id in titles[asked]][:150]
        vectors = embedder.get_text_embedding_batch([titles[asked][item] for item in ids])
        runs = [
            corpora[held].run(titles[asked][item], np.array(vector), item)
            for item, vector in zip(ids, vectors, strict=True)
        ]
        made.append(Task("sections", (asked, held), runs))
    return made


def question_tasks(folder: Path, per_language: int, embedder: Any) -> list[Task]:
    """Questions against passages of their language."""
    passages, questions = _read(folder / "passages.jsonl.gz"), _read(folder / "questions.jsonl.gz")
    by_language: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for item in passages:
        by_language[item["lang"]].append(item)
    made = []
    for language, own in sorted(by_language.items()):
        rng = random.Random(13)
        kept = rng.sample(own, min(len(own), per_language))
        corpus = Corpus(language, kept, embedder)
        ids = {item["id"] for item in kept}
        asked = [item for item in questions if item["passage"] in ids and item["answerable"]]
        asked = rng.sample(asked, min(len(asked), 150))
        vectors = embedder.get_text_embedding_batch([item["text"] for item in asked])
        runs = [
            corpus.run(item["text"], np.array(vector), item["passage"])
            for item, vector in zip(asked, vectors, strict=True)
        ]
        made.append(Task("questions", (language, language), runs))
    return made


def choose(tasks: Sequence[Task]) -> tuple[dict[str, float], dict[str, Any]]:
    """The weights with the best mean nDCG@10 over tasks, and what the legs alone reach."""
    table = {}
    for grams, dense in itertools.product(GRAMS, DENSE):
        table[grams, dense] = sum(ndcg(task, grams, dense) for task in tasks) / len(tasks)
    best = max(table, key=lambda key: (round(table[key], 4), -sum(key)))
    weights = {"sparse": 1.0, "grams": best[0], "dense": best[1]}
    return weights, {
        "ndcg10": round(table[best], 4),
        "sparse_alone": round(table[0.0, 0.0], 4),
        "questions": sum(len(task.runs) for task in tasks),
    }


def main() -> None:
    """Learn, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--per-language", type=int, default=300)
    parser.add_argument("--out", type=Path, default=Path("copilot/retrieval/weights.json"))
    flags = parser.parse_args()
    embedder = open_embedder(EmbedderSettings())
    tasks = question_tasks(flags.data / "qa", flags.per_language, embedder)
    tasks += section_tasks(flags.data / "parallel" / "sections.jsonl.gz", flags.per_language, embedder)
    pairs, figures = learn(tasks)
    provenance = {"made_by": "training/retrieval.py", "embedder": embedder.model_name, "figures": figures}
    text = json.dumps({"provenance": provenance, "pairs": pairs}, indent=1)
    flags.out.write_text(text + "\n", encoding="utf-8")
    print(text)


def learn(tasks: Sequence[Task]) -> tuple[dict[str, Mapping[str, float]], dict[str, Any]]:
    """One entry per language with itself, one for all pairs of different languages, one each way with English."""
    groups: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        asked, held = task.pair
        if asked == held:
            groups[f"{asked}>{held}"].append(task)
            groups["same"].append(task)
        else:
            groups["other"].append(task)
    pairs: dict[str, Mapping[str, float]] = {}
    figures: dict[str, Any] = {}
    for name, members in sorted(groups.items()):
        pairs[name], figures[name] = choose(members)
        print(name, pairs[name], figures[name], flush=True)
    return pairs, figures


def _read(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines: Iterable[str] = file
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main()
