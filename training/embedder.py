"""Make the multilingual sentence embedder again, from parallel text: the shipped static one, or a small transformer.

    python -m training.embedder --data DIR --out copilot/models/embedder [--size static|transformer]
        [--sources all|permissive] [--steps N | --minutes N] [--seed 1] [--dev DIR] [--work build/embedder]

DIR holds parallel/en-xx.tsv.gz {source, en, xx} and parallel/sections.jsonl.gz {id, en: [title, text], ...}. Each step
leaves its result under --work, and what lies there is not made again: an interrupted run goes on where it stood. The
sources kept for reports are never read. --dev names folders of questions and passages (corpus.jsonl, queries.jsonl,
qrels.tsv) whose figures go into the card. The transformer wants an accelerator; the command is the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from training import embedder_static as static
from training import embedder_transformer as transformer
from training.embedder_batches import Batches, Store, make_store
from training.embedder_card import Made, write_card
from training.embedder_corpus import LANGUAGES, Corpus, read_corpus
from training.embedder_dev import DevSet, Encode, read_set, score
from training.embedder_export import quantise, write_manifest, write_static, write_transformer
from training.embedder_start import start_vectors
from training.embedder_tokens import SPECIAL, train_tokenizer

# Characters of each language that the vocabulary is learnt from; Chinese says as much in fewer.
_SHOWN, _SHOWN_ZH = 6_000_000, 2_500_000
_PROBE = 20


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the result, beside the data."""

    size: str
    sources: str
    seed: int
    steps: int
    pieces: int
    dimension: int
    batch: int
    cycle: str
    block: int
    layers: int


class Work:
    """The folder of what was made so far."""

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        # What is prepared depends on these; what is learnt on the whole recipe.
        shaped = (recipe.size, recipe.sources, recipe.seed, recipe.pieces, recipe.dimension)
        self.folder, self.recipe = folder / "-".join(map(str, shaped)), recipe
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def digest(self) -> str:
        """Eight digits that name the recipe."""
        return hashlib.sha256(json.dumps(asdict(self.recipe)).encode()).hexdigest()[:8]

    def checkpoint(self, suffix: str) -> Path:
        """Where what was learnt so far by this recipe is kept."""
        return self.folder / f"checkpoint-{self.digest}.{suffix}"

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What ``make`` gives, from the file where it was made before."""
        path = self.folder / f"{name}.pickle"
        if not path.exists():
            started = time.monotonic()
            made = make()
            fresh = path.with_suffix(".tmp")
            with fresh.open("wb") as file:
                pickle.dump(made, file, protocol=5)
            fresh.replace(path)
            say(f"{name}: {time.monotonic() - started:.0f} s")
            return made
        with path.open("rb") as file:
            return pickle.load(file)


def say(text: str) -> None:
    """A line of the log."""
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def vocabulary_texts(corpus: Corpus, seed: int) -> list[str]:
    """Texts drawn until each language has had its share of characters."""
    by_language: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for language, text in corpus.texts():
        by_language[language].append(text)
    rng = random.Random(seed)
    drawn: list[str] = []
    for language, texts in by_language.items():
        left = _SHOWN_ZH if language == "zh" else _SHOWN
        rng.shuffle(texts)
        for text in texts:
            drawn.append(text)
            left -= len(text)
            if left < 0:
                break
    return drawn


def open_teacher() -> Any:
    """MiniLM from its package, verified."""
    from sentence_transformers import SentenceTransformer

    from copilot.embedding import packaged_model_path, verify_packaged_model

    path = packaged_model_path()
    verify_packaged_model(path)
    return SentenceTransformer(str(path), device="cpu")


def prepare(data: Path, work: Work) -> tuple[Any, Store, np.ndarray, dict[str, int]]:
    """(tokenizer, store, start vectors, pairs by source), each made once."""
    from tokenizers import Tokenizer

    recipe = work.recipe
    read: list[Corpus] = []

    def corpus() -> Corpus:
        if not read:
            read.append(read_corpus(data, permissive=recipe.sources == "permissive"))
        return read[0]

    def encode(texts: Sequence[str]) -> np.ndarray:
        vectors: np.ndarray = open_teacher().encode(list(texts), batch_size=256, show_progress_bar=False)
        return vectors

    special = SPECIAL[:1] if recipe.size == "static" else SPECIAL

    def vocabulary() -> str:
        text: str = train_tokenizer(vocabulary_texts(corpus(), recipe.seed), recipe.pieces, special).to_str()
        return text

    tokenizer = Tokenizer.from_str(work.once("tokenizer", vocabulary))
    counts = work.once("counts", lambda: _counts(corpus()))
    store = work.once("store", lambda: make_store(corpus(), tokenizer))
    start = work.once("start", lambda: start_vectors(tokenizer, store, recipe.dimension, encode))
    return tokenizer, store, start, counts


def _counts(corpus: Corpus) -> dict[str, int]:
    found: Counter[str] = Counter()
    for row, source in zip(corpus.messages, corpus.sources, strict=True):
        found[source] += sum(text is not None for text in row) - 1
    for column, language in enumerate(LANGUAGES[1:], start=1):
        found[f"en-{language}"] = sum(row[column] is not None for row in corpus.messages)
    found["sections"] = len(corpus.sections)
    found["neighbours"] = len(corpus.neighbours)
    return dict(found)


def train_static(work: Work, store: Store, start: np.ndarray) -> np.ndarray:
    """The learnt vectors, (pieces, dimension) float32."""
    recipe = work.recipe
    table = static.Table(start)
    batches = Batches(store, recipe.batch, recipe.cycle, recipe.seed, recipe.block)
    plan = static.Plan(recipe.steps)
    static.learn(table, batches, plan, work.checkpoint("npz"), lambda step, losses: say(static.line(step, losses)))
    return table.vectors


def steps_in(minutes: float, store: Store, start: np.ndarray, recipe: Recipe) -> int:
    """How many steps fit, by the time of a few."""
    table = static.Table(start)
    batches = Batches(store, recipe.batch, recipe.cycle, recipe.seed, recipe.block)
    started = time.monotonic()
    for step in range(_PROBE):
        loss, numbers, rows = static.loss_of(table, batches.draw(step), 20.0)
        loss.backward()
        table.move(numbers, rows.grad, 0.0)
    return max(_PROBE, round(minutes * 60 * _PROBE / (time.monotonic() - started)))


def static_encoder(tokenizer: Any, vectors: np.ndarray) -> Encode:
    """Vectors of texts as the shipped model will give them, quantised."""
    rows, scales = quantise(vectors)
    table = rows.astype(np.float32) * scales[:, None]

    def encode(texts: Sequence[str]) -> np.ndarray:
        encodings = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        means = np.stack([table[item.ids or [0]].mean(0) for item in encodings])
        return means / np.linalg.norm(means, axis=1, keepdims=True)

    return encode


def train_transformer(work: Work, flags: argparse.Namespace, store: Store, start: np.ndarray, tokenizer: Any) -> Any:
    """The learnt transformer."""
    import torch

    recipe, teacher = work.recipe, open_teacher()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(recipe.seed)
    plan = transformer.Plan(recipe.steps, recipe.layers, warm=min(500, recipe.steps // 10 + 1), device=device)
    student = transformer.make_student(teacher, tokenizer, start, recipe.layers)
    lesson = transformer.Lesson(store, tokenizer, teacher.to(device), plan)
    batches = Batches(store, recipe.batch, recipe.cycle, recipe.seed, recipe.block)

    def report(step: int, losses: dict[str, float]) -> None:
        if step % 50 == 0:
            say(static.line(step, losses))

    transformer.learn(student, lesson, batches, work.checkpoint("pt"), report)
    return student.cpu().eval()


def run(flags: argparse.Namespace) -> None:
    """Prepare, learn, write, measure."""
    recipe = Recipe(flags.size, flags.sources, flags.seed, flags.steps, flags.pieces, flags.dimension, flags.batch,
                    flags.cycle, flags.block, flags.layers)
    work = Work(flags.work, recipe)
    tokenizer, store, start, counts = prepare(flags.data, work)
    if flags.minutes:
        name = f"steps-{flags.minutes:g}-{recipe.batch}-{recipe.cycle}"
        steps = work.once(name, lambda: steps_in(flags.minutes, store, start, recipe))
        work.recipe = recipe = replace(recipe, steps=steps)
    started = time.monotonic()
    if recipe.size == "static":
        vectors = train_static(work, store, start)
        encode = static_encoder(tokenizer, vectors)
        write_static(flags.out, tokenizer, vectors)
    else:
        student = train_transformer(work, flags, store, start, tokenizer)
        encode = write_transformer(flags.out, tokenizer, student)
    seconds = work.once(f"seconds-{work.digest}", lambda: time.monotonic() - started)
    figures = measure(flags.dev, encode)
    say(json.dumps(figures))
    beside = json.loads((flags.beside / "manifest.json").read_text(encoding="utf-8")) if flags.beside else {}
    write_card(flags.out, Made(asdict(recipe), counts, figures, seconds, beside))
    write_manifest(flags.out, dimension=recipe.dimension, recipe=asdict(recipe), figures=figures)


def measure(folders: Sequence[Path], encode: Encode) -> dict[str, dict[str, float]]:
    """nDCG@10 on each dev set."""
    sets: dict[str, DevSet] = {folder.name: read_set(folder) for folder in folders}
    return {
        name: {kind: round(value, 4) for kind, value in score(found, encode).items()} for name, found in sets.items()
    }


def main() -> None:
    """Read the flags and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("build/embedder"))
    parser.add_argument("--dev", type=Path, nargs="*", default=[])
    parser.add_argument("--beside", type=Path, help="another model made by this command, shown in the card")
    parser.add_argument("--size", choices=("static", "transformer"), default="static")
    parser.add_argument("--sources", choices=("all", "permissive"), default="all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=12_000)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--pieces", type=int, default=64_000)
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--cycle", default="ppsqsqn")
    parser.add_argument("--block", type=int, default=1)
    parser.add_argument("--layers", type=int, default=6)
    run(parser.parse_args())


if __name__ == "__main__":
    main()
