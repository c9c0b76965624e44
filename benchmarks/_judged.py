"""Judged sets: passages and questions in several languages, which of them belong together, and the metrics."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

METRICS = ("recall@1", "recall@5", "recall@10", "ndcg@10", "mrr")
_SUFFIX = re.compile(r"-[a-z]{2}$")


def base(identifier: str) -> str:
    """An id without its last ``-xx``: the item that the id is one language of."""
    return _SUFFIX.sub("", identifier)


@dataclass(frozen=True)
class Item:
    """A passage; ``base`` is the same for its other languages."""

    id: str
    language: str
    title: str
    text: str

    @property
    def base(self) -> str:
        """The id without the language."""
        return base(self.id)


@dataclass(frozen=True)
class Query:
    """A question, and the bases of the passages that are right for it."""

    id: str
    language: str
    text: str
    right: frozenset[str]


@dataclass(frozen=True)
class Judged:
    """A set as it stands in a folder; the order of the items is that of corpus.jsonl."""

    name: str
    items: tuple[Item, ...]
    queries: tuple[Query, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the items, by name."""
        return tuple(sorted({item.language for item in self.items}))

    def sampled(self, per_pair: int, seed: int = 11) -> Judged:
        """At most so many questions of each language, the same ones in every language as far as they are there."""
        bases = sorted({base(query.id) for query in self.queries})
        random.Random(seed).shuffle(bases)
        order = {name: number for number, name in enumerate(bases)}
        kept: list[Query] = []
        for language in sorted({query.language for query in self.queries}):
            own = [query for query in self.queries if query.language == language]
            kept += sorted(own, key=lambda query: order[base(query.id)])[:per_pair]
        return Judged(self.name, self.items, tuple(kept))


def read_set(folder: Path) -> Judged:
    """A folder of corpus.jsonl, queries.jsonl and qrels.tsv.

    A judgement holds for every language of its question and of its passage, be they judged one by one or not.
    """
    items = tuple(Item(row["id"], row["lang"], row.get("title") or "", row["text"]) for row in _rows(folder, "corpus"))
    right: dict[str, set[str]] = defaultdict(set)
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if float(row["score"]) > 0:
                right[base(row["query_id"])].add(base(row["corpus_id"]))
    queries = tuple(
        Query(row["id"], row["lang"], row["text"], frozenset(right[base(row["id"])]))
        for row in _rows(folder, "queries") if base(row["id"]) in right
    )
    return Judged(folder.name, items, queries)


def _rows(folder: Path, name: str) -> list[dict[str, Any]]:
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def mixed_pool(items: Sequence[Item]) -> list[Item]:
    """Each item in one language: number md5(base) modulo its languages, among its lines in the corpus's order."""
    lines: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        lines[item.base].append(item)
    return [own[int(hashlib.md5(name.encode()).hexdigest(), 16) % len(own)] for name, own in lines.items()]


Score = tuple[str, float]


def rank(found: Sequence[Score], right: Iterable[str]) -> float:
    """The rank of the best right base in a list of (base, score), best first; equal neighbours share their mean rank.

    Infinite where none of them was found.
    """
    wanted = frozenset(right)
    position = next((number for number, (name, _) in enumerate(found) if name in wanted), None)
    if position is None:
        return math.inf
    first = last = position
    while first > 0 and found[first - 1][1] == found[position][1]:
        first -= 1
    while last + 1 < len(found) and found[last + 1][1] == found[position][1]:
        last += 1
    return (first + last) / 2 + 1


def metrics(ranks: Sequence[float]) -> dict[str, float]:
    """Means over questions, each with one right passage that counts: its best."""
    count = max(1, len(ranks))
    made = {f"recall@{depth}": sum(item <= depth for item in ranks) / count for depth in (1, 5, 10)}
    made["ndcg@10"] = sum(1 / math.log2(item + 1) for item in ranks if item <= 10) / count
    made["mrr"] = sum(1 / item for item in ranks) / count
    return made


Pair = tuple[str, str]


def mean(by_pair: Mapping[Pair, Mapping[str, float]]) -> dict[str, float]:
    """The mean over pairs of each metric; empty where there is no pair."""
    return {name: round(sum(item[name] for item in by_pair.values()) / len(by_pair), 4) for name in METRICS
            } if by_pair else {}


class Ranks:
    """Ranks as they come in, by what was searched and by the pair (question's, passage's language)."""

    def __init__(self) -> None:
        self._ranks: dict[str, dict[Pair, list[float]]] = defaultdict(lambda: defaultdict(list))

    def add(self, what: str, pair: Pair, value: float) -> None:
        """Count one question."""
        self._ranks[what][pair].append(value)

    def by_pair(self, what: str) -> dict[Pair, dict[str, float]]:
        """The metrics of each pair."""
        return {pair: metrics(ranks) for pair, ranks in sorted(self._ranks[what].items())}

    def summary(self) -> dict[str, Any]:
        """Means over pairs for pools of one language and for the mixed one, and each pair as ``de>en``."""
        pools = self.by_pair("pool")
        same = {pair: item for pair, item in pools.items() if pair[0] == pair[1]}
        made: dict[str, Any] = {
            "mono": mean(same),
            "cross": mean({pair: item for pair, item in pools.items() if pair not in same}),
        }
        for what in ("mixed_same", "mixed_cross", "lists_same", "lists_cross"):
            made[what] = mean(self.by_pair(what))
        made["pairs"] = {f"{asked}>{held}": _rounded(item) for (asked, held), item in pools.items()}
        for what in ("mixed", "lists"):
            both = self.by_pair(f"{what}_same") | self.by_pair(f"{what}_cross")
            made[f"{what}_pairs"] = {f"{pair[0]}>{pair[1]}": _rounded(item) for pair, item in sorted(both.items())}
        return made


def _rounded(item: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in item.items()}
