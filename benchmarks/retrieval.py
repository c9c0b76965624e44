"""Retrieval in the same and across languages over judged sets, beside plain BM25, MiniLM and equal rank fusion.

    python benchmarks/retrieval.py --set DIR [--set DIR ...] [--json] [--ablation] [--queries N] [--systems A,B]
                                   [--distractors DIR] [--data-dir DIR] [--no-write]

A set is a folder of corpus.jsonl (id, lang, title, text), queries.jsonl (id, lang, text) and qrels.tsv (query_id,
corpus_id, score); ids that differ only in their last -xx are one item in other languages. `training.devsets` cuts
such sets. With --json the figures go to stdout as one object and no page is written.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import _retrieval_report as report
from _judged import Item, Judged, Query, Ranks, Score, mixed_pool, rank, read_set
from _product import DEPTH, POOL, ingest_items, open_ours, without_leg, without_table
from _report import write_section
from _rivals import Bm25, Cosine, Rrf, embed_text

from copilot.embedding import PACKAGED, open_embedder, open_query_embedder
from copilot.settings import EmbedderSettings, Settings, load_settings

SYSTEMS = ("bm25", "minilm", "rrf", "ours")
ABLATIONS: dict[str, Any] = {
    "ours without table": without_table,
    "ours without dense": without_leg("dense"),
    "ours without grams": without_leg("grams"),
}
DETECTED = "ours, language detected"
ALONE = "embedder alone"
_MINILM = EmbedderSettings(model=PACKAGED)
_TIMED_TEXTS = 512


def told(text: str) -> None:
    """Say on stderr how far it is."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def mixed_ranks(ranks: Ranks, query: Query, lists: Mapping[str, Sequence[Score]], spoken: Mapping[str, str]) -> None:
    """Count a question over the mixed pool: in the merged list, and in the list of its right item's language."""
    for language in sorted({spoken[name] for name in query.right if name in spoken}):
        right = [name for name in query.right if spoken.get(name) == language]
        kind, apart = ("same", "own") if language == query.language else ("cross", "others")
        ranks.add(f"mixed_{kind}", (query.language, language), rank(lists["hits"], right))
        ranks.add(f"lists_{kind}", (query.language, language), rank(lists[apart], right))


def rival_ranks(judged: Judged, system: Any) -> tuple[Ranks, list[float]]:
    """Every question over every pool, by a system that scores whole pools; and the seconds of each search."""
    ranks, seconds = Ranks(), []
    number_of = {item.id: number for number, item in enumerate(judged.items)}

    def searched(pool: Any, names: Sequence[str], query: Query) -> list[Score]:
        started = time.perf_counter()
        scores = pool.scores(query)
        order = (-scores).argsort(kind="stable")
        seconds.append(time.perf_counter() - started)
        return [(names[number], float(scores[number])) for number in order]

    for language in judged.languages:
        items = [item for item in judged.items if item.language == language]
        names = [item.base for item in items]
        pool = system.pool([number_of[item.id] for item in items])
        for query in judged.queries:
            if not query.right.isdisjoint(names):
                ranks.add("pool", (query.language, language), rank(searched(pool, names, query), query.right))
    items = mixed_pool(judged.items)
    names, spoken = [item.base for item in items], {item.base: item.language for item in items}
    pool = system.pool([number_of[item.id] for item in items])
    for query in judged.queries:
        hits = searched(pool, names, query)
        own = [hit for hit in hits if spoken[hit[0]] == query.language]
        others = [hit for hit in hits if spoken[hit[0]] != query.language]
        mixed_ranks(ranks, query, {"hits": hits, "own": own, "others": others}, spoken)
    return ranks, seconds


def our_ranks(
    judged: Judged, full: tuple[Settings, Mapping[str, Sequence[Item]]],
    mixed: tuple[Settings, Mapping[str, Sequence[Item]]], without: Any = None, given: bool = True,
) -> tuple[Ranks, list[float]]:
    """Every question over every pool, by the product; and the seconds of each search."""
    ranks = Ranks()
    there = {language: {item.base for item in judged.items if item.language == language}
             for language in judged.languages}
    with open_ours(*full, without) as ours:
        for query in watched(judged.queries, "pools"):
            for language, names in there.items():
                if not query.right.isdisjoint(names):
                    found = ours.search(query, language, told=given)
                    ranks.add("pool", (query.language, language), rank(found.hits, query.right))
        seconds = ours.seconds
    spoken = {item.base: item.language for item in mixed[1][POOL]}
    with open_ours(*mixed, without) as ours:
        for query in watched(judged.queries, "mixed pool"):
            found = ours.search(query, told=given)
            mixed_ranks(ranks, query, {"hits": found.hits, "own": found.own, "others": found.others}, spoken)
        return ranks, seconds + ours.seconds


def watched(queries: Sequence[Query], what: str) -> Iterator[Query]:
    """The questions, with a word on stderr every 500."""
    for number, query in enumerate(queries):
        if number % 500 == 0:
            told(f"  {what}: {number} of {len(queries)}")
        yield query


def speed(seconds: Sequence[float]) -> dict[str, float]:
    """Milliseconds of a search."""
    ordered = sorted(seconds)
    at = {"ms_per_query": statistics.fmean(ordered), "p50_ms": ordered[len(ordered) // 2],
          "p95_ms": ordered[int(0.95 * (len(ordered) - 1))]}
    return {name: round(1000 * value, 2) for name, value in at.items()}


def embedding_speed(settings: EmbedderSettings, items: Sequence[Item], queries: Sequence[Query]) -> dict[str, float]:
    """Passages embedded per second as an ingest does, and milliseconds for a question as a search does, warm."""
    embedder, asking = open_embedder(settings), open_query_embedder(settings)
    texts = [embed_text(item) for item in items[:: max(1, len(items) // _TIMED_TEXTS)]][:_TIMED_TEXTS]
    embedder.get_text_embedding_batch(texts[:8])
    started = time.perf_counter()
    embedder.get_text_embedding_batch(texts)
    made = len(texts) / (time.perf_counter() - started)
    asked = [query.text for query in queries[:: max(1, len(queries) // 100)]]
    asking.get_query_embedding(asked[0])
    started = time.perf_counter()
    for text in asked:
        asking.get_query_embedding(text)
    each = (time.perf_counter() - started) / len(asked)
    return {"texts_per_s": round(made, 1), "ms_per_query_embedding": round(1000 * each, 3)}


@dataclass(frozen=True)
class Run:
    """What is to be measured on one set, in which folder."""

    judged: Judged
    systems: Sequence[str]
    folder: Path

    def figures(self) -> dict[str, Any]:
        """Per system its summary and its speed."""
        return {**self._rivals(), **self._ours()}

    def _rivals(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        legs: dict[str, Any] = {}
        if {"bm25", "rrf"}.intersection(self.systems):
            legs["bm25"] = Bm25(self.judged.items)
        if {"minilm", "rrf"}.intersection(self.systems):
            told(f"{self.judged.name}: MiniLM embeds {len(self.judged.items)} passages")
            legs["minilm"] = Cosine("minilm", open_embedder(_MINILM), self.judged.items)
        if ALONE in self.systems:
            legs[ALONE] = Cosine(ALONE, open_embedder(load_settings().embedder), self.judged.items)
        if "rrf" in self.systems:
            legs["rrf"] = Rrf([legs["bm25"], legs["minilm"]])
        for name, system in legs.items():
            if name in self.systems:
                told(f"{self.judged.name}: {name}")
                ranks, seconds = rival_ranks(self.judged, system)
                made[name] = {**ranks.summary(), "speed": speed(seconds)}
        if "minilm" in made:
            made["minilm"]["speed"] |= embedding_speed(_MINILM, self.judged.items, self.judged.queries)
        return made

    def _ours(self) -> dict[str, Any]:
        wanted = [name for name in self.systems if name.startswith("ours")]
        if not wanted:
            return {}
        everything = {POOL: list(self.judged.items)}
        pooled = {POOL: mixed_pool(self.judged.items)}
        told(f"{self.judged.name}: the product ingests {len(everything[POOL])} and {len(pooled[POOL])} items")
        full = (ingest_items(everything, self.folder / "full"), everything)
        mixed = (ingest_items(pooled, self.folder / "mixed"), pooled)
        made: dict[str, Any] = {}
        for name in wanted:
            told(f"{self.judged.name}: {name}")
            ranks, seconds = our_ranks(self.judged, full, mixed, ABLATIONS.get(name), name != DETECTED)
            made[name] = {**ranks.summary(), "speed": speed(seconds)}
        made[wanted[0]]["speed"] |= embedding_speed(full[0].embedder, self.judged.items, self.judged.queries)
        return made


def distractor_effect(judged: Judged, others: Judged, folder: Path, most: int = 1000) -> dict[str, Any]:
    """Recall@5 of passages in other languages, before and after so many passages of the question's join the pool."""
    groups: dict[str, list[Item]] = {POOL: mixed_pool(judged.items)}
    for language in judged.languages:
        groups[f"more-{language}"] = [item for item in others.items if item.language == language][:most]
    spoken = {item.base: item.language for item in groups[POOL]}
    settings = ingest_items({name: items for name, items in groups.items() if items}, folder / "distractors")
    before, after = Ranks(), Ranks()
    with open_ours(settings, groups, None) as ours:
        for query in watched(judged.queries, "distractors"):
            if not groups.get(f"more-{query.language}"):
                continue
            for ranks, bases in ((before, (POOL,)), (after, (POOL, f"more-{query.language}"))):
                found = ours.search(query, groups=bases)
                mixed_ranks(ranks, query, {"hits": found.hits, "own": found.own, "others": found.others}, spoken)
    made: dict[str, Any] = {"added": {name: len(items) for name, items in groups.items() if name != POOL}}
    for what in ("mixed_cross", "lists_cross"):
        one, two = before.summary()[what]["recall@5"], after.summary()[what]["recall@5"]
        made[what] = {"before": one, "after": two, "change": round(two - one, 4)}
    return made


def main() -> None:
    """Measure, print, write."""
    flags = _flags()
    systems = flags.systems.split(",") if flags.systems else [*SYSTEMS]
    if flags.ablation:
        systems += [*ABLATIONS, DETECTED, ALONE]
    figures: dict[str, Any] = {}
    effects: dict[str, Any] = {}
    with contextlib.ExitStack() as stack:
        folder = flags.data_dir or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for path in flags.set:
            judged = read_set(path)
            judged = judged.sampled(flags.queries) if flags.queries else judged
            figures[judged.name] = Run(judged, systems, folder / judged.name).figures()
            if flags.distractors:
                effects[judged.name] = distractor_effect(judged, read_set(flags.distractors), folder / judged.name)
    if flags.json:
        one = next(iter(figures.values())) if len(figures) == 1 else figures
        print(json.dumps(one | ({"distractors": effects} if effects else {}), indent=1, ensure_ascii=False))
        return
    text = report.body(figures, effects, [read_set(path) for path in flags.set], DEPTH, flags.queries)
    print(text)
    if not flags.no_write:
        write_section("retrieval", "Retrieval across languages", text)


def _flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", type=Path, action="append", required=True, help="a judged set; may be repeated")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object, write no page")
    parser.add_argument("--systems", default="", help=f"comma-separated; else {','.join(SYSTEMS)}")
    parser.add_argument("--ablation", action="store_true", help="also without each part, and with languages detected")
    parser.add_argument("--queries", type=int, default=0, help="so many questions of each language, else all")
    parser.add_argument("--distractors", type=Path, help="a set whose passages crowd the question's language")
    parser.add_argument("--data-dir", type=Path, help="keep the indexes here")
    parser.add_argument("--no-write", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
