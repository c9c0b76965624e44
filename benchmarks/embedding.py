"""Times the shipped embedder beside all-MiniLM-L6-v2: texts a second as ingest encodes them, one question, loading.

    python benchmarks/embedding.py [--texts 2000] [--no-write]

The texts are the chunks of the samples. Both models are timed in turns in one process, so that a busy machine slows
both alike; what is read is CPU time. Before, the light path of a question must give sentence-transformers' vectors.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from _measure import questions
from _report import ROOT, machine, table, write_section

from copilot.embedding import PACKAGED, SHIPPED, open_embedder, open_query_embedder
from copilot.settings import EmbedderSettings

_ROUNDS = 3
_AGREE = 1e-3
_COLD = """
import json, pathlib, time
from copilot.embedding import open_embedder, open_query_embedder
from copilot.settings import EmbedderSettings
started, wall = time.process_time(), time.perf_counter()
{opening}(EmbedderSettings(model={model!r})).get_query_embedding("Which torque?")
status = pathlib.Path("/proc/self/status").read_text()
peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps([time.process_time() - started, time.perf_counter() - wall, peak]))
"""


def sample_texts(count: int) -> list[str]:
    """Passages of some 400 characters from the samples' text files, again from the beginning where they run out."""
    texts: list[str] = []
    for path in sorted((ROOT / "corpus_samples").rglob("*")):
        if path.suffix in (".md", ".txt", ".html", ".csv", ".eml"):
            words = path.read_text(encoding="utf-8", errors="replace").split()
            texts += [" ".join(words[start : start + 60]) for start in range(0, len(words), 60)]
    return [texts[number % len(texts)] for number in range(count)]


def cpu(call: Callable[[], object]) -> float:
    """CPU seconds of a call, all threads."""
    started = time.process_time()
    call()
    return time.process_time() - started


def cold(opening: str, model: str) -> list[float]:
    """(CPU seconds, seconds, peak MiB) from the choice of the model to the first vector, in a process of its own."""
    program = _COLD.format(opening=opening, model=model)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


def speeds(texts: Sequence[str], few: Sequence[str]) -> tuple[float, float]:
    """Texts a CPU second of the shipped and of the packaged model, the best of a few rounds in turns."""
    shipped, packaged = (open_embedder(EmbedderSettings(model=model)) for model in (SHIPPED, PACKAGED))
    for embedder in (shipped, packaged):
        embedder.get_text_embedding_batch(list(few[:32]))
    rounds = []
    for _ in range(_ROUNDS):
        ours = len(texts) / cpu(lambda: shipped.get_text_embedding_batch(list(texts)))
        theirs = len(few) / cpu(lambda: packaged.get_text_embedding_batch(list(few)))
        print(f"  {ours:,.0f} against {theirs:,.0f} texts a CPU second", flush=True)
        rounds.append((ours, theirs))
    return max(ours for ours, _ in rounds), max(theirs for _, theirs in rounds)


def question_ms(asked: Sequence[str]) -> tuple[float, float]:
    """Median milliseconds of a question, light and with the packaged model."""
    found = []
    for embedder in (open_query_embedder(EmbedderSettings()), open_embedder(EmbedderSettings(model=PACKAGED))):
        embedder.get_query_embedding(asked[0])
        taken = []
        for question in asked:
            started = time.perf_counter()
            embedder.get_query_embedding(question)
            taken.append(1000 * (time.perf_counter() - started))
        found.append(statistics.median(taken))
    return found[0], found[1]


def check_agreement(texts: Sequence[str]) -> float:
    """The largest difference between the light path and sentence-transformers; raises where it is above 1e-3."""
    light = np.array([open_query_embedder(EmbedderSettings()).get_query_embedding(text) for text in texts[:20]])
    full = np.array(open_embedder(EmbedderSettings()).get_text_embedding_batch(list(texts[:20])))
    apart = float(np.abs(light - full).max())
    if apart > _AGREE:
        raise SystemExit(f"The light path is {apart:.1e} away from sentence-transformers.")
    return apart


def report(count: int) -> str:
    """The table and what it stands on."""
    texts, asked = sample_texts(count), questions(5)
    apart = check_agreement([*asked, *texts])
    ours, theirs = speeds(texts, texts[: max(64, count // 20)])
    light_ms, packaged_ms = question_ms(asked)
    light, full = cold("open_query_embedder", SHIPPED), cold("open_query_embedder", PACKAGED)
    size = sum(path.stat().st_size for path in Path(ROOT / "copilot/models/embedder").rglob("*") if path.is_file())
    rows = [
        ("texts embedded a CPU second", f"{ours:,.0f}", f"{theirs:,.0f}", f"{ours / theirs:.0f}x"),
        ("a question, ms (median)", f"{light_ms:.2f}", f"{packaged_ms:.1f}", f"{packaged_ms / light_ms:.0f}x"),
        ("load and first question, CPU s", f"{light[0]:.2f}", f"{full[0]:.1f}", f"{full[0] / light[0]:.0f}x"),
        ("peak memory of that process, MiB", f"{light[2]:.0f}", f"{full[2]:.0f}", f"{full[2] / light[2]:.1f}x"),
    ]
    return f"""{table(("", "shipped static model", "all-MiniLM-L6-v2", "ratio"), rows)}

Passages of 60 words from the samples in eight languages, encoded by sentence-transformers as ingest does, list of
numbers included; both models in turns in one process, {_ROUNDS} rounds, the best of each. A question is encoded by the
light path (tokenizer, mapped table, numpy), which agreed with sentence-transformers to {apart:.0e} beforehand. Loading
is a process of its own, from the choice of the model to the first vector, digests of all files checked. The shipped
model is {size / 2**20:.0f} MiB of files.

Measured by `benchmarks/embedding.py` ({machine()})."""


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--no-write", action="store_true")
    flags = parser.parse_args()
    text = report(flags.texts)
    print(text)
    if not flags.no_write:
        write_section("embedding", "Embedding", text)


if __name__ == "__main__":
    main()
