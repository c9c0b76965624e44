"""Turns the pairs of one or more directions into a vocabulary, encoded training rows and development sets."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from training.translation import pairs as parallel
from training.translation import workshop
from training.translation.pairs import Pair
from training.translation.recipe import EOS, MASKS, UNKNOWN, Size

COMPOSED = 24_000
_COMPOSED_ASIDE = 300
_HEADINGS = 8  # times over


def prepare(data: Path, work: Path, directions: Sequence[tuple[str, str]], size: Size, sources: str) -> None:
    """Write pieces.model, rows.npz, dev.json and words-xx.txt into the work folder, unless they stand there."""
    if (work / "rows.npz").exists():
        return
    work.mkdir(parents=True, exist_ok=True)
    train: list[tuple[str, Pair]] = []
    aside: dict[str, dict[str, list[dict[str, str]]]] = {}
    for source, target in directions:
        foreign = source if target == "en" else target
        rows = parallel.read(data / f"en-{foreign}.tsv.gz")
        kept, held = parallel.split(rows, sources, into_english=target == "en")
        composed = _composed(source, target)
        kept, held["composed"] = (
            kept + composed[_COMPOSED_ASIDE:],
            [workshop.with_codes(pair) for pair in composed[:_COMPOSED_ASIDE]],
        )
        train += [(_prefix(target, directions), pair) for pair in kept]
        aside[f"{source}-{target}"] = {name: [asdict(pair) for pair in found] for name, found in held.items()}
        _count_words(kept, work / f"words-{source}-{target}.txt")
    pieces = train_pieces([text for _, pair in train for text in (pair.source, pair.target)], work, size, directions)
    (work / "dev.json").write_text(json.dumps(aside, ensure_ascii=False), encoding="utf-8")
    np.savez(work / "rows.npz", **encode(pieces, train, size))


def _composed(source: str, target: str) -> list[Pair]:
    """Sentences of workshop language, where there are frames for the pair."""
    if {source, target} != {"en", "es"}:
        return []
    made = workshop.pairs(COMPOSED) + workshop.headings(_HEADINGS)
    return made if target == "en" else [Pair(pair.origin, pair.target, pair.source) for pair in made]


def _prefix(target: str, directions: Sequence[tuple[str, str]]) -> str:
    """One model for several target languages is told which one by the first piece of its answer."""
    return f"<2{target}>" if len({to for _, to in directions}) > 1 else ""


def _count_words(kept: Sequence[Pair], path: Path) -> None:
    """Stems of the source side in how many pairs, from three on: what the model can be said to know."""
    from copilot.language.analysis import terms

    seen: Counter[str] = Counter()
    language = path.stem.split("-")[1]
    for pair in kept:
        seen.update(set(terms(pair.source, language)))
    lines = (f"{word}\t{count}" for word, count in seen.most_common() if count >= 3)
    path.write_text("\n".join(lines), encoding="utf-8")


def train_pieces(texts: list[str], work: Path, size: Size, directions: Sequence[tuple[str, str]]) -> Any:
    """A unigram vocabulary with masks and language prefixes as whole pieces, and bytes for what it never saw."""
    import sentencepiece

    random.Random(7).shuffle(texts)
    prefixes = sorted({_prefix(to, directions) for _, to in directions} - {""})
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts[:600_000]),
        model_prefix=str(work / "pieces"),
        vocab_size=size.vocabulary,
        unk_id=UNKNOWN,
        eos_id=EOS,
        bos_id=-1,
        pad_id=-1,
        byte_fallback=True,
        character_coverage=0.9997,
        hard_vocab_limit=False,
        user_defined_symbols=[*prefixes, *MASKS],
        num_threads=1,
        minloglevel=2,
    )
    return open_pieces(work)


def open_pieces(work: Path) -> Any:
    """The vocabulary of a work folder or a package."""
    import sentencepiece

    name = next(name for name in ("pieces.model", "sentencepiece.model") if (work / name).exists())
    return sentencepiece.SentencePieceProcessor(model_file=str(work / name))


def encode(pieces: Any, train: Sequence[tuple[str, Pair]], size: Size) -> dict[str, np.ndarray]:
    """Flat arrays of pieces with row ends: source plain, source split at random (to learn rare words), target."""
    plain: list[list[int]] = []
    varied: list[list[int]] = []
    targets: list[list[int]] = []
    for number, (prefix, pair) in enumerate(train):
        for each in (pair, parallel.masked(pair, number)):
            if each is None:
                continue
            source = pieces.encode(each.source) + [EOS]
            target = ([pieces.piece_to_id(prefix)] if prefix else []) + pieces.encode(each.target)
            if max(len(source), len(target)) < size.longest and target:
                plain.append(source)
                targets.append(target)
                other = pieces.encode(each.source, enable_sampling=True, alpha=0.2, nbest_size=-1) + [EOS]
                varied.append(other if len(other) < size.longest else source)
    return _flat("source", plain) | _flat("varied", varied) | _flat("target", targets)


def _flat(name: str, rows: Sequence[Sequence[int]]) -> dict[str, np.ndarray]:
    ends = np.cumsum([len(row) for row in rows], dtype=np.int64)
    values = np.fromiter((piece for row in rows for piece in row), dtype=np.int32, count=int(ends[-1]))
    return {name: values, f"{name}_ends": ends}
