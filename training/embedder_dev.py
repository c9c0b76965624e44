"""How well vectors alone find the right passage on the dev sets: nDCG@10 per language pair and over a mixed pool."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.pools import edition, key_of

Encode = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True, slots=True)
class DevSet:
    """Questions and passages by id, and the right passages of each question."""

    corpus: list[dict[str, str]]
    queries: list[dict[str, str]]
    right: dict[str, frozenset[str]]


def read_set(folder: Path) -> DevSet:
    """corpus.jsonl, queries.jsonl and qrels.tsv of a folder."""
    corpus, queries = (
        [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
        for name in ("corpus.jsonl", "queries.jsonl")
    )
    right: dict[str, set[str]] = defaultdict(set)
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as rows:
        for query, passage, score in list(csv.reader(rows, delimiter="\t"))[1:]:
            if float(score) > 0:
                right[query].add(passage)
    return DevSet(corpus, queries, {query: frozenset(passages) for query, passages in right.items()})


def score(found: DevSet, encode: Encode) -> dict[str, float]:
    """Mean nDCG@10 of mono, cross, mixed_same, mixed_cross and lists_cross."""
    passages = encode([" ".join(filter(None, (item.get("title", ""), item["text"]))) for item in found.corpus])
    asked = encode([item["text"] for item in found.queries])
    cosines = asked @ passages.T
    languages = np.array([item["lang"] for item in found.corpus])
    mixed = _mixed(found.corpus)
    gains: dict[str, dict[tuple[str, str], list[float]]] = defaultdict(lambda: defaultdict(list))
    places = {item["id"]: number for number, item in enumerate(found.corpus)}
    for query, row in zip(found.queries, cosines, strict=True):
        rights = np.array([places[name] for name in found.right.get(query["id"], ()) if name in places], dtype=int)
        for language in np.unique(languages[rights]):
            kind = "mono" if language == query["lang"] else "cross"
            pool = languages == language
            gains[kind][query["lang"], language].append(_gain(row, rights, pool))
        shown = rights[mixed[rights]]
        if len(shown):
            same = languages[shown[0]] == query["lang"]
            gains["mixed_same" if same else "mixed_cross"]["", ""].append(_gain(row, rights, mixed))
            if not same:
                pool = mixed & (languages != query["lang"])
                gains["lists_cross"]["", ""].append(_gain(row, rights, pool))
    return {
        kind: float(np.mean([np.mean(values) for values in pairs.values()])) for kind, pairs in sorted(gains.items())
    }


def _gain(row: np.ndarray, rights: np.ndarray, pool: np.ndarray) -> float:
    best = row[rights[pool[rights]]].max()
    others = row[pool]
    rank = 1 + float((others > best).sum()) + 0.5 * float((others == best).sum() - 1)
    return float(1 / np.log2(rank + 1)) if rank <= 10 else 0.0


def _mixed(corpus: Sequence[dict[str, str]]) -> np.ndarray:
    """One language for each item, by the md5 of its id without the language."""
    lines: dict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(corpus):
        lines[key_of(item["id"])].append(number)
    kept = np.zeros(len(corpus), dtype=bool)
    for name, own in lines.items():
        kept[own[edition(name, len(own))]] = True
    return kept
