"""Times retrieval and full extractive answers at three sizes, beside the retriever of LlamaIndex's quickstart,
and says where the time of a retrieval goes.

    python benchmarks/query.py [--sizes 10000 100000] [--per-language 5] [--no-write]

The samples are ingested behind groups made for this, and filled up to each size with synthetic chunks, so that
principals can be named whose access filter admits a few percent, 70 %, and everything.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from _filler import (
    FEW,
    MOST,
    PER_DOCUMENT,
    REST,
    SAMPLE,
    Filler,
    Stored,
    add_filler,
    ingest_samples,
    restricted_samples,
)
from _measure import Steps, milliseconds, questions, timed_calls
from _report import machine, table, write_section

from copilot.access import Permit
from copilot.embedding import open_embedder
from copilot.embedding.static import StaticEmbedder
from copilot.index.operations import PointsReader
from copilot.retrieval.search import Search
from copilot.retrieval.spelling import Speller
from copilot.service import Copilot
from copilot.settings import Settings, load_settings
from copilot.types import Principal
from copilot.wiring import open_catalog, open_copilot, open_index

_ADMITTED, _FEW = 0.7, 0.02
_TOP_K = 10
_SLOW_S = 1.0
_SLOW_QUESTIONS = 8
# What a search is made of: (step, class, method). The rest is exact scores, characters compared, scores merged.
_STEPS: tuple[tuple[str, type, str], ...] = (
    ("rights", Copilot, "_permit"),
    ("rights", Permit, "check"),
    ("terms and their translations", Search, "_weighted"),
    ("sparse legs", PointsReader, "near_sparse"),
    ("question's vector", StaticEmbedder, "get_query_embedding"),
    ("dense legs", PointsReader, "near_dense"),
    ("texts", PointsReader, "get"),
    ("near spellings", Speller, "did_you_mean"),
)
_REST = "exact scores, merging, the rest"


@dataclass(frozen=True)
class Asker:
    """A principal of the benchmark, and the share of all chunks that it may read."""

    groups: tuple[str, ...]
    share: float


@dataclass
class Measured:
    """The rows of the table, and of the largest size {share admitted: {step: ms of a mean search}}."""

    rows: list[list[str]] = field(default_factory=list)
    steps: dict[str, dict[str, float]] = field(default_factory=dict)


def askers(stored: Sequence[Stored]) -> list[Asker]:
    """Everything, some 70 %, some 2 %: as far as there are such at this size."""
    sets = [(FEW,), (FEW, SAMPLE), (FEW, SAMPLE, MOST), (FEW, SAMPLE, MOST, REST)]
    by_share = {sum(item.group in names for item in stored) / len(stored): names for names in sets}
    few = min(by_share, key=lambda share: abs(share - _FEW))
    return [Asker(by_share[share], share) for share in sorted(by_share, reverse=True) if share > 0.6 or share == few]


def plan(present: Sequence[Stored], size: int) -> list[str]:
    """The group of each filler document that is missing up to ``size`` chunks: MOST until 70 % are admitted."""
    documents = max(0, round((size - len(present)) / PER_DOCUMENT))
    admitted = sum(item.group != REST for item in present)
    groups = []
    for _ in range(documents):
        group = MOST if admitted < _ADMITTED * (len(present) + PER_DOCUMENT * (len(groups) + 1)) else REST
        admitted += PER_DOCUMENT if group == MOST else 0
        groups.append(group)
    return groups


class Quickstart:
    """VectorStoreIndex with its default store in memory, given the vectors of our chunks."""

    def __init__(self, embedder: Any) -> None:
        from llama_index.core import VectorStoreIndex

        self._embedder = embedder
        self._index = VectorStoreIndex(nodes=[], embed_model=embedder)

    def add(self, stored: Sequence[Stored]) -> None:
        """Add chunks with the vectors that they have."""
        from llama_index.core.schema import TextNode

        self._index.insert_nodes([
            TextNode(id_=item.point.chunk.id, text=item.point.chunk.text, embedding=list(item.point.dense),
                     metadata={"group": item.group})
            for item in stored
        ])

    def retriever(self, asker: Asker) -> Any:
        """Its retriever; where not everything is admitted, with its metadata filter."""
        from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters

        if asker.share == 1:
            return self._index.as_retriever(similarity_top_k=_TOP_K)
        only = MetadataFilter(key="group", value=list(asker.groups), operator=FilterOperator.IN)
        return self._index.as_retriever(similarity_top_k=_TOP_K, filters=MetadataFilters(filters=[only]))


def measure(
    settings: Settings, theirs: Quickstart, stored: Sequence[Stored], asked: Sequence[str], measured: Measured
) -> None:
    """One row for each asker: search, answer, quickstart, each p50 and p95 in milliseconds."""
    measured.steps.clear()
    with open_copilot(settings) as copilot:
        copilot.warm()
        for asker in askers(stored):
            principal = Principal("bench", asker.groups)
            search = timed_calls(lambda text: copilot.search(text, principal), asked)  # noqa: B023
            answer = timed_calls(lambda text: copilot.ask(text, principal), asked)  # noqa: B023
            retriever = theirs.retriever(asker)
            started = time.perf_counter()
            retriever.retrieve(asked[0])
            slow = time.perf_counter() - started > _SLOW_S
            other = timed_calls(retriever.retrieve, asked[:_SLOW_QUESTIONS] if slow else asked)
            row = [f"{len(stored):,}", f"{asker.share:.0%}"]
            for times in (search, answer, other):
                row += [*milliseconds(times), str(len(times))]
            print("  " + " | ".join(row), flush=True)
            measured.rows.append(row)
            measured.steps[row[1]] = steps_of(copilot, principal, asked)


def steps_of(copilot: Copilot, principal: Principal, asked: Sequence[str]) -> dict[str, float]:
    """Milliseconds of each step of a mean search."""
    steps = Steps(outermost=True)
    with contextlib.ExitStack() as stack:
        for name, owner, method in _STEPS:
            stack.enter_context(steps.timed(name, owner, method))
        started = time.perf_counter()
        for text in asked:
            copilot.search(text, principal)
        total = time.perf_counter() - started
    named = {name: steps.seconds[name] for name, _, _ in _STEPS}
    spent = {**named, _REST: total - sum(named.values()), "together": total}
    return {name: 1000 * seconds / len(asked) for name, seconds in spent.items()}


def run(sizes: Sequence[int], per_language: int) -> Measured:
    """Fill and measure, size by size."""
    asked = questions(per_language)
    measured = Measured()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(data_dir=Path(folder) / "data")
        embedder = open_embedder(settings.embedder)
        theirs = Quickstart(embedder)
        print("Ingesting the samples", flush=True)
        stored = ingest_samples(settings, restricted_samples(Path(folder)))
        filler = Filler(stored)
        theirs.add(stored)
        measure(settings, theirs, stored, asked, measured)
        for size in sizes:
            print(f"Filling up to {size:,} chunks", flush=True)
            started = time.perf_counter()
            catalog = open_catalog(settings)
            with contextlib.closing(open_index(settings, embedder).writer()) as writer:
                added = add_filler(settings, writer, catalog, filler, plan(stored, size))
            catalog.close()
            stored += added
            print(f"  {len(added) / (time.perf_counter() - started):.0f} chunks/s, published", flush=True)
            theirs.add(added)
            measure(settings, theirs, stored, asked, measured)
    return measured


def steps_table(steps: Mapping[str, Mapping[str, float]]) -> str:
    """Where the time goes, one column for each share that an access filter admits."""
    names = list(next(iter(steps.values())))
    rows = [(name, *(f"{column[name]:.1f}" for column in steps.values())) for name in names]
    return table(("step, ms of a mean search", *(f"{share} admitted" for share in steps)), rows)


def report(measured: Measured, per_language: int) -> str:
    """The tables and what they stand on."""
    rows = measured.rows
    header = ("chunks", "admitted by the access filter", "search p50 ms", "p95", "answer p50 ms", "p95",
              "quickstart p50 ms", "p95", "questions (quickstart)")
    shown = [(*row[:4], *row[5:7], *row[8:10], f"{row[4]} ({row[10]})") for row in rows]
    return f"""{table(header, shown)}

Search is retrieval alone (`Copilot.search`), answer all of `Copilot.ask` with every quote verified; one thread, engine
warm, embedding of the question included everywhere. Questions: {per_language} golden ones of each language. The
quickstart is LlamaIndex's VectorStoreIndex with its default store, the same embedder and the vectors of the same
chunks; it retrieves {_TOP_K}, its access filter is a metadata filter, and it gets {_SLOW_QUESTIONS} questions where
one takes over {_SLOW_S:.0f} s. What exceeds the samples is synthetic filler: words drawn at random from the samples
of one language, random unit vectors, {PER_DOCUMENT} chunks a document, through the real index writer and catalog.

Where the time of a search goes, at {rows[-1][0]} chunks in all languages (legs: one sparse and one dense search for
each language of the permitted text):

{steps_table(measured.steps)}

Measured by `benchmarks/query.py` ({machine()})."""


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--per-language", type=int, default=5)
    parser.add_argument("--no-write", action="store_true")
    flags = parser.parse_args()
    text = report(run(flags.sizes, flags.per_language), flags.per_language)
    print(text)
    if not flags.no_write:
        write_section("query", "Query", text)


if __name__ == "__main__":
    main()
