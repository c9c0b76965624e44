"""Learn the weights of the retrieval legs on dev sets, through the product's own search.

    python -m training.retrieval --sets DIR [--out copilot/retrieval/weights.json]

DIR holds folders as ``python -m training.devsets`` writes them. Every question is searched once over all languages
of a mixed pool (each item in one language only) and over the full pools; the legs' scores are then added with other
weights, which costs nothing. Deterministic; about ten minutes on one core.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from copilot.retrieval import Asked, Lexicon, Search
from copilot.retrieval.fusion import NAMED
from copilot.types import Where
from training.pools import POLICY, DevSet, Item, MemoryReader, key_of, mixed, read_set

LEGS = ("sparse", "grams", "dense")
# Letters always count a little in the own language: they forgive slips of the pen, of which dev sets have none.
GRAMS = (0.2, 0.4, 0.7, 1.0)
DENSE = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
PRIORS = (-0.3, -0.2, -0.1, -0.05, 0.0, 0.05, 0.1, 0.2, 0.3)
_NO_WORSE = 0.003  # of weights that are as good the smallest are taken
_WORTH_AN_ENTRY = 0.02  # a language gets weights of its own where they beat those of all by so much
Weights = Callable[[str, str], tuple[float, float, float]]


@dataclass(frozen=True)
class Run:
    """A question's candidates in one pool: languages, the legs' scores [candidates, legs], which are right."""

    language: str
    languages: np.ndarray
    scores: np.ndarray
    named: np.ndarray
    right: np.ndarray
    answers: frozenset[str]
    """The languages in which the pool holds a right passage, found or not."""


def runs(
    items: Sequence[Item], dev: DevSet, embedder: Any, lexicon: Lexicon | None, languages: Sequence[str] = ()
) -> list[Run]:
    """Every question over a pool of passages, in all its languages or in some."""
    texts = [f"{item.title}\n{item.text}" if item.title else item.text for item in items]
    vectors = np.array(embedder.get_text_embedding_batch(texts), dtype=np.float32) if embedder else None
    reader = MemoryReader(items, vectors)
    search = Search(reader, embedder, 50, lexicon, lambda asked, held: dict.fromkeys(LEGS, 1.0))
    places: dict[str, set[str]] = defaultdict(set)
    for item in items:
        places[item.key].add(item.language)
    where = Where(frozenset({POLICY}), languages=tuple(languages))
    made = []
    for query in dev.queries:
        found = search.run(Asked(query.text, query.language), where).candidates
        keys = dev.right.get(query.id, frozenset())
        answers = frozenset(language for key in keys for language in places[key])
        made.append(
            Run(
                query.language,
                np.array([item.language for item in found]),
                np.array([[item.added.get(leg, 0.0) for leg in LEGS] for item in found]).reshape(-1, len(LEGS)),
                np.array([item.named for item in found]),
                np.array([key_of(item.id) in keys for item in found], dtype=bool),
                answers,
            )
        )
    return made


def sampled(dev: DevSet, most: int) -> DevSet:
    """At most so many questions, evenly spread over the set."""
    step = max(1, -(-len(dev.queries) // most))
    return replace(dev, queries=dev.queries[::step])


def rank(run: Run, weights: Weights, prior: float = 0.0, within: Callable[[str], bool] | None = None) -> int:
    """The rank from 1 of the best right candidate (0: none), among the languages that ``within`` admits."""
    per_language = {language: weights(run.language, language) for language in set(run.languages)}
    factors = np.array([per_language[language] for language in run.languages]).reshape(-1, len(LEGS))
    scores = (run.scores * factors).sum(axis=1) + NAMED * run.named + prior * (run.languages == run.language)
    admitted = np.array([within is None or within(language) for language in run.languages], dtype=bool)
    right = run.right & admitted
    if not right.any():
        return 0
    return 1 + int((scores[admitted] > scores[right].max()).sum())


def gain(position: int) -> float:
    """nDCG@10 with one right passage."""
    return 1 / np.log2(position + 1) if 0 < position <= 10 else 0.0


def mean_by_pair(rows: Sequence[tuple[str, float]]) -> float:
    """The mean over pairs of each pair's mean."""
    grouped: dict[str, list[float]] = defaultdict(list)
    for name, value in rows:
        grouped[name].append(value)
    return float(np.mean([np.mean(values) for values in grouped.values()])) if grouped else 0.0


def mixed_figures(made: Sequence[Run], weights: Weights, prior: float) -> dict[str, float]:
    """nDCG@10 in the mixed pool: one list and two lists, own language and others."""
    rows: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for run in made:
        for answer in run.answers:
            same = answer == run.language
            pair = f"{run.language}>{answer}"
            kind = "same" if same else "cross"
            rows[f"mixed_{kind}"].append((pair, gain(rank(run, weights, prior))))
            apart = rank(run, weights, 0.0, lambda held, run=run, same=same: (held == run.language) == same)
            rows[f"lists_{kind}"].append((pair, gain(apart)))
    return {name: mean_by_pair(values) for name, values in rows.items()}


def pool_figures(made: Sequence[Run], weights: Weights) -> dict[str, float]:
    """nDCG@10 per pair of question language and pool language."""
    rows: dict[str, list[float]] = defaultdict(list)
    for run in made:
        for answer in sorted(run.answers):
            position = rank(run, weights, 0.0, lambda held, answer=answer: held == answer)
            rows[f"{run.language}>{answer}"].append(gain(position))
    return {pair: float(np.mean(values)) for pair, values in sorted(rows.items())}


def learn_pairs(made: Sequence[Run]) -> tuple[dict[str, dict[str, float]], dict[str, Any]]:
    """For all languages with themselves and for all pairs of two, the weights with the best mean nDCG@10.

    A language gets an entry of its own only where that is clearly better.
    """
    table: dict[tuple[float, float], dict[str, float]] = {}
    for grams, dense in itertools.product((0.0, *GRAMS), DENSE):
        table[grams, dense] = pool_figures(made, lambda asked, held, g=grams, d=dense: (1.0, g, d))
    pairs = sorted(next(iter(table.values())))
    groups = {pair: [pair] for pair in pairs if pair[:2] == pair[3:]}
    groups["same"] = [pair for pair in pairs if pair[:2] == pair[3:]]
    groups["other"] = [pair for pair in pairs if pair[:2] != pair[3:]]
    means = {
        name: {key: float(np.mean([values[pair] for pair in members])) for key, values in table.items()}
        for name, members in groups.items()
    }
    chosen, figures = {}, {}
    for name in sorted(groups, key=lambda item: ">" in item):
        allowed = [
            key for key in table if (key[0] == 0.0) == (name == "other")
        ]  # across languages letters tell nothing
        most = max(means[name][key] for key in allowed)
        best = min((key for key in allowed if means[name][key] >= most - _NO_WORSE), key=sum)
        common = chosen.get("same")
        if ">" in name and common and means[name][best] - means[name][common] < _WORTH_AN_ENTRY:
            continue
        chosen[name] = best
        figures[name] = {"ndcg10": round(means[name][best], 4), "sparse_alone": round(means[name][0.0, 0.0], 4)}
    return {name: dict(zip(LEGS, (1.0, *key), strict=True)) for name, key in chosen.items()}, figures


def lookup(pairs: Mapping[str, Mapping[str, float]]) -> Weights:
    """The chosen weights as a function of the two languages."""

    def weights(asked: str, held: str) -> tuple[float, float, float]:
        entry = pairs.get(f"{asked}>{held}") or pairs["same" if asked == held else "other"]
        return entry["sparse"], entry["grams"], entry["dense"]

    return weights


def learn_prior(made: Mapping[str, Sequence[Run]], weights: Weights, plain: Mapping[str, float]) -> dict[str, Any]:
    """The start for the question's own language in one list, and what each start gives.

    The lowest that keeps the own language, in every set, within .02 of what plain BM25 has there.
    """
    table = {prior: {name: mixed_figures(own, weights, prior) for name, own in made.items()} for prior in PRIORS}
    enough = [
        prior for prior in PRIORS if all(table[prior][name]["mixed_same"] >= plain[name] - 0.02 for name in plain)
    ]
    shown = {
        f"{prior:+.2f}": {f"{name} {key}": round(value, 4) for name, row in sets.items() for key, value in row.items()}
        for prior, sets in table.items()
    }
    return {"prior": min(enough, default=PRIORS[-1]), "plain_bm25": plain, "figures": shown}


def main() -> None:
    """Learn, print, write."""
    from copilot.embedding import open_query_embedder
    from copilot.language.wordtable import open_word_table
    from copilot.settings import EmbedderSettings

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, required=True)
    parser.add_argument("--names", nargs="+", default=["technical", "xquad"])
    parser.add_argument("--queries", type=int, default=1000, help="questions taken of each set, evenly spread")
    parser.add_argument("--out", type=Path, default=Path("copilot/retrieval/weights.json"))
    flags = parser.parse_args()
    embedder, lexicon = open_query_embedder(EmbedderSettings()), open_word_table()
    sets = [sampled(read_set(flags.sets / name), flags.queries) for name in flags.names]
    full = [run for dev in sets for run in runs(dev.corpus, dev, embedder, lexicon)]
    pairs, figures = learn_pairs(full)
    weights = lookup(pairs)
    pools = {dev.name: mixed(dev.corpus) for dev in sets}
    plain = {
        dev.name: mixed_figures(runs(pools[dev.name], dev, None, None), lambda *_: (1.0, 0.0, 0.0), 0.0)["mixed_same"]
        for dev in sets
    }
    one_list = learn_prior({dev.name: runs(pools[dev.name], dev, embedder, lexicon) for dev in sets}, weights, plain)
    for name, entry in pairs.items():
        entry["prior"] = 0.0 if name == "other" else one_list["prior"]
    provenance = {
        "made_by": "training/retrieval.py",
        "sets": flags.names,
        "embedder": embedder.model_name,
        "figures": figures,
        "one_list_by_prior": one_list,
    }
    text = json.dumps({"provenance": provenance, "pairs": pairs}, indent=1)
    flags.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
