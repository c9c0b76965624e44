"""The retrieval benchmark's figures as Markdown tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from _judged import Judged
from _report import machine, table

VIEWS = ("mono", "cross", "mixed_same", "mixed_cross", "lists_same", "lists_cross")


def body(
    figures: Mapping[str, Any], effects: Mapping[str, Any], sets: Sequence[Judged], depth: int, sampled: int
) -> str:
    """All tables of all sets, and what they stand on."""
    parts = [_set_part(judged, figures[judged.name], effects.get(judged.name)) for judged in sets]
    asked = f"{sampled} questions of each language, drawn by a seed" if sampled else "all questions"
    return "\n\n".join(parts) + f"""

`mono` and `cross` search pools of one language each, the question's own or another; `mixed` is one pool in which each
item stands in one language only, as one merged list; `lists` is the same pool with the question's language and the
others ranked apart. Means over pairs of languages, {asked}; the best right passage counts, equal scores share their
mean rank; the product's lists are searched to depth {depth}, the others' to the end. `bm25` is the usual one (k1 1.2,
b .75) over the product's analysis without translation, `minilm` the cosine of all-MiniLM-L6-v2, `rrf` both by
reciprocal ranks at equal weights (k 60), `ours` the product through `Copilot.search` with the question's language
given. Times are means over searches; the rivals score a pool in memory and embed a question once for all pools, ours
is all of a search.

Measured by `benchmarks/retrieval.py` ({machine()})."""


def _set_part(judged: Judged, figures: Mapping[str, Any], effect: Mapping[str, Any] | None) -> str:
    items = f"{len(judged.items)} passages, {len(judged.queries)} questions, languages {' '.join(judged.languages)}"
    parts = [f"### {judged.name}\n\n{items}."]
    for metric in ("ndcg@10", "recall@5"):
        rows = [(name, *(_cell(item[view].get(metric)) for view in VIEWS)) for name, item in figures.items()]
        parts.append(f"{metric}:\n\n" + table(("system", *VIEWS), rows))
    parts.append("More of each, and speed:\n\n" + _details(figures))
    if "ours" in figures:
        parts.append(_matrix(judged, figures["ours"]["pairs"]))
        parts.append(_own_language(judged, figures))
    if effect:
        parts.append(_effect(effect))
    return "\n\n".join(parts)


def _details(figures: Mapping[str, Any]) -> str:
    header = ("system", "cross recall@1", "recall@10", "mrr", "ms per query", "texts embedded per s")
    rows = []
    for name, item in figures.items():
        cross, speed = item["cross"], item["speed"]
        cells = [_cell(cross.get(metric)) for metric in ("recall@1", "recall@10", "mrr")]
        rows.append((name, *cells, f"{speed['ms_per_query']:.1f}", _number(speed.get("texts_per_s"))))
    return table(header, rows)


def _matrix(judged: Judged, pairs: Mapping[str, Mapping[str, float]]) -> str:
    asked = sorted({query.language for query in judged.queries})
    rows = [(f"**{one}**", *(_cell(pairs.get(f"{one}>{held}", {}).get("ndcg@10")) for held in judged.languages))
            for one in asked]
    return ("ndcg@10 of ours, question's language (rows) over passages of one language (columns):\n\n"
            + table(("", *judged.languages), rows))


def _own_language(judged: Judged, figures: Mapping[str, Any]) -> str:
    names = [name for name in ("bm25", "minilm", "ours") if name in figures]
    rows = []
    for language in judged.languages:
        own = [figures[name]["pairs"].get(f"{language}>{language}", {}) for name in names]
        rows.append((language, *(f"{_cell(item.get('ndcg@10'))} / {_cell(item.get('recall@5'))}" for item in own)))
    return "In the same language, ndcg@10 / recall@5:\n\n" + table(("", *names), rows)


def _effect(effect: Mapping[str, Any]) -> str:
    rows = [(view, *(_cell(effect[view][name]) for name in ("before", "after", "change")))
            for view in ("mixed_cross", "lists_cross")]
    added = sorted({count for count in effect["added"].values() if count})
    return (f"recall@5 in other languages before and after {added[0]} to {added[-1]} passages of the question's own "
            "language join the mixed pool:\n\n" + table(("", "before", "after", "change"), rows))


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
