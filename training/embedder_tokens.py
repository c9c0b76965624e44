"""Pieces for the embedder: a byte-pair vocabulary over eight languages, and texts as flat arrays of piece numbers."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

UNKNOWN = "[UNK]"
# The unknown piece has number 0; the others serve the transformer alone.
SPECIAL = (UNKNOWN, "[PAD]", "[CLS]", "[SEP]")
PREFIX = "##"
_ALPHABET = 7000
_BATCH = 4096


def train_tokenizer(texts: Iterable[str], size: int, special: Sequence[str] = SPECIAL[:1]) -> Any:
    """A `tokenizers` BPE of ``size`` pieces: NFKC, lower case, split at scripts, punctuation and digits."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    made = Tokenizer(models.BPE(unk_token=UNKNOWN, continuing_subword_prefix=PREFIX))
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    made.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(), pre_tokenizers.UnicodeScripts(), pre_tokenizers.Punctuation(),
        pre_tokenizers.Digits(individual_digits=False),
    ])
    trainer = trainers.BpeTrainer(
        vocab_size=size, min_frequency=3, special_tokens=list(special), limit_alphabet=_ALPHABET,
        continuing_subword_prefix=PREFIX, show_progress=False, max_token_length=20,
    )
    made.train_from_iterator(texts, trainer)
    return made


@dataclass(slots=True)
class Texts:
    """Texts as pieces: ``pieces`` uint16 one after the other, ``starts`` int64 of length n + 1."""

    pieces: np.ndarray
    starts: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def take(self, rows: np.ndarray, longest: int, rng: np.random.Generator | None = None) -> tuple[Any, Any]:
        """(pieces, offsets) int64 of these texts; longer ones are cut, at a random window where ``rng`` is given."""
        start, end = self.starts[rows], self.starts[rows + 1]
        length = np.minimum(end - start, longest)
        if rng is not None:
            start = start + (rng.random(len(rows)) * (end - start - length + 1)).astype(np.int64)
        return self.slices(start, length)

    def slices(self, start: np.ndarray, length: np.ndarray) -> tuple[Any, Any]:
        """(pieces, offsets) int64 of these stretches."""
        offsets = np.zeros(len(start), dtype=np.int64)
        np.cumsum(length[:-1], out=offsets[1:])
        within = np.arange(int(length.sum()), dtype=np.int64) - np.repeat(offsets, length)
        return self.pieces[np.repeat(start, length) + within].astype(np.int64), offsets


def tokenise(tokenizer: Any, texts: Iterable[str]) -> Texts:
    """All texts as pieces; an empty one gets the unknown piece."""
    blocks: list[np.ndarray] = []
    lengths: list[int] = []
    for batch in _batches(texts):
        for item in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            ids = item.ids or [0]
            lengths.append(len(ids))
            blocks.append(np.array(ids, dtype=np.uint16))
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return Texts(np.concatenate(blocks), starts)


def _batches(texts: Iterable[str]) -> Iterator[Sequence[str]]:
    iterator = iter(texts)
    while batch := list(itertools.islice(iterator, _BATCH)):
        yield batch
