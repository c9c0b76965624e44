"""Ingests the samples, and beside it runs LlamaIndex's quickstart over the files that it reads, with the same embedder.

    python benchmarks/ingestion.py [--no-write]
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import tempfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from _measure import SAMPLES, Steps
from _report import machine, table, write_section

from copilot.embedding import open_embedder
from copilot.embedding.sentence import SentenceTransformerEmbedding
from copilot.index.edge import EdgeWriter
from copilot.settings import load_settings
from copilot.types import OutcomeStatus
from ingest.node_chunker import NodeChunker
from ingest.parser import FileParser
from ingest.wiring import open_ingestor

_MAIL = ".eml"
_MARKUP = (".html",)


@dataclass(frozen=True)
class Run:
    """What one ingest did."""

    files: int
    pages: int
    chunks: int
    seconds: float
    steps: dict[str, float] = field(default_factory=dict)
    failed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Readable:
    """How LlamaIndex's quickstart fares with each file: documents where it finds text, else why not."""

    documents: dict[str, list[Any]]
    refused: dict[str, str]


def ours(folder: Path) -> Run:
    """Ingest a folder into a fresh data folder, with seconds per step."""
    steps, outcomes = Steps(), []
    with tempfile.TemporaryDirectory() as data, contextlib.ExitStack() as stack:
        for step, owner, *methods in (
            ("parse (ours: OCR, two processes, summed)", FileParser, "parse"),
            ("chunk", NodeChunker, "chunk"),
            ("embed", SentenceTransformerEmbedding, "_get_text_embeddings"),
            ("write points", EdgeWriter, "upsert", "flush"),
            ("publish", EdgeWriter, "publish"),
        ):
            stack.enter_context(steps.timed(step, owner, *methods))
        started = time.perf_counter()
        with contextlib.closing(open_ingestor(load_settings(data_dir=Path(data)))) as ingestor:
            for outcome in ingestor.ingest([folder]):
                outcomes.append(outcome)
                print(f"  {outcome.status:10} {outcome.chunks:5} chunks  {Path(outcome.uri).name}", flush=True)
        seconds = time.perf_counter() - started
    done = [item for item in outcomes if item.status is OutcomeStatus.INDEXED]
    failed = tuple(f"{Path(item.uri).name}: {item.reason}" for item in outcomes if item not in done)
    return Run(len(done), sum(o.pages for o in done), sum(o.chunks for o in done), seconds, steps.seconds, failed)


def _paths() -> list[str]:
    entries = tomllib.loads((SAMPLES / "manifest.toml").read_text(encoding="utf-8"))["documents"]
    return [entry["path"] for entry in entries]


def readable() -> Readable:
    """Load each sample alone, so that one that fails does not end the rest."""
    from llama_index.core import SimpleDirectoryReader

    found = Readable({}, {})
    for path in _paths():
        try:
            reader = SimpleDirectoryReader(input_files=[str(SAMPLES / path)], raise_on_error=True)
            documents = reader.load_data()
        except Exception as error:  # whatever a reader raises is the finding
            cause = error.__cause__ or error
            found.refused[path] = str(cause).splitlines()[0][:120]
            continue
        if Path(path).suffix == _MAIL:
            found.refused[path] = "read as undecoded source, attachments as base64"
        elif not any(document.text.strip() for document in documents):
            found.refused[path] = "no text (no OCR)"
        else:
            found.documents[path] = documents
    return found


def quickstart(paths: Sequence[str], embedder: Any, pages: int) -> Run:
    """SimpleDirectoryReader and VectorStoreIndex with their defaults and our embedder; ``pages`` as we count them."""
    from llama_index.core import SimpleDirectoryReader, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter

    steps = Steps()
    with contextlib.ExitStack() as stack:
        for step, owner, *methods in (
            ("parse (ours: OCR, two processes, summed)", SimpleDirectoryReader, "load_data"),
            ("chunk", SentenceSplitter, "_parse_nodes"),
            ("embed", SentenceTransformerEmbedding, "_get_text_embeddings"),
        ):
            stack.enter_context(steps.timed(step, owner, *methods))
        started = time.perf_counter()
        documents = SimpleDirectoryReader(input_files=[str(SAMPLES / path) for path in paths]).load_data()
        index = VectorStoreIndex.from_documents(
            documents, embed_model=embedder, transformations=[SentenceSplitter()]
        )
        seconds = time.perf_counter() - started
    return Run(len(paths), pages, len(index.docstore.docs), seconds, steps.seconds)


def part_of_samples(paths: Sequence[str], target: Path) -> Path:
    """These samples with their entries of the manifest, as a folder of their own."""
    folder = target / SAMPLES.name
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SAMPLES / path, folder / path)
    head, *entries = (SAMPLES / "manifest.toml").read_text(encoding="utf-8").split("[[documents]]\n")
    kept = [entry for entry in entries if tomllib.loads(entry)["path"] in set(paths)]
    text = head + "".join("[[documents]]\n" + entry for entry in kept)
    (folder / "manifest.toml").write_text(text, encoding="utf-8")
    return folder


def _row(name: str, run: Run) -> tuple[object, ...]:
    return (name, run.files, run.pages, run.chunks, f"{run.seconds:.1f}", f"{run.pages / run.seconds:.1f}",
            f"{run.chunks / run.seconds:.1f}")


def report(load_s: float, all_: Run, same: Run, theirs: Run, found: Readable) -> str:
    """The tables, with the files left out of the comparison and why."""
    speed = table(
        ("run", "files", "pages", "chunks", "s", "pages/s", "chunks/s"),
        [_row("Engineering copilot, all samples", all_), _row("Engineering copilot, the files that both read", same),
         _row("LlamaIndex quickstart, the same files", theirs)],
    )
    names = list(dict.fromkeys([*all_.steps, *same.steps, *theirs.steps]))
    steps = table(
        ("seconds per step", "all samples", "files that both read", "quickstart"),
        [(name, *(f"{run.steps[name]:.1f}" if name in run.steps else "-" for run in (all_, same, theirs)))
         for name in names],
    )
    reasons: dict[str, list[str]] = {}
    for path, reason in found.refused.items():
        reasons.setdefault(reason, []).append(Path(path).name)
    left_out = "\n".join(f"- {reason}: {', '.join(sorted(names))}" for reason, names in sorted(reasons.items()))
    rate = same.chunks / same.seconds / (theirs.chunks / theirs.seconds)
    markup = sum(Path(path).suffix in _MARKUP for path in found.documents)
    return f"""{speed}

Over the files that both read, ours takes {same.seconds / theirs.seconds:.2f} times the quickstart's time for
{same.chunks / theirs.chunks:.1f} times its chunks: {rate:.2f} times its chunks/s.
Its chunks are larger (1,024 tokens, of which the embedder reads the first 256), so it embeds only a part of the text;
it reads {markup} HTML files with their markup, and keeps neither boxes nor table rows. Pages are counted as ours. Each
run starts with the embedder loaded ({load_s:.1f} s, once per process) and without any cache.

{steps}

The quickstart (SimpleDirectoryReader, SentenceSplitter and VectorStoreIndex with their defaults, our embedder) was not
given these files:

{left_out}

Measured by `benchmarks/ingestion.py` ({machine()})."""


def main() -> None:
    """Run ours, theirs, ours over theirs; print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-write", action="store_true")
    flags = parser.parse_args()
    embedder = open_embedder(load_settings().embedder)
    started = time.perf_counter()
    embedder.get_query_embedding("warm")
    load_s = time.perf_counter() - started
    print(f"Embedder loaded in {load_s:.1f} s. All samples:")
    all_ = ours(SAMPLES)
    found = readable()
    with tempfile.TemporaryDirectory() as folder:
        print(f"{len(found.documents)} files that both read:")
        same = ours(part_of_samples(list(found.documents), Path(folder)))
    theirs = quickstart(list(found.documents), embedder, same.pages)
    for failure in {*all_.failed, *same.failed}:
        print("NOT INGESTED", failure)
    text = report(load_s, all_, same, theirs, found)
    print(text)
    if not flags.no_write:
        write_section("ingest", "Ingest of the samples", text)


if __name__ == "__main__":
    main()
