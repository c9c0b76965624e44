"""The reader's network: an English sentence encoder's first layers over the shipped embedder's multilingual pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from copilot.reading.packing import FIRST, LONGEST, PAD, windows
from training.embedder_tokens import PREFIX
from training.reader.readings import Reading

WIDTH, HEADS, HIDDEN = 384, 12, 1536
_NAMES = {"out": "attention.output.dense", "norm1": "attention.output.LayerNorm", "up": "intermediate.dense",
          "down": "output.dense", "norm2": "output.LayerNorm"}  # fmt: skip


class Layer(nn.Module):
    """One layer of BERT (Devlin et al. 2019), normalised after each half."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, 1e-12)
        self.up = nn.Linear(WIDTH, HIDDEN)
        self.down = nn.Linear(HIDDEN, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, 1e-12)

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(texts, pieces, WIDTH) of the same shape; ``mask`` (texts, 1, 1, pieces) is true where there is a piece."""
        size = states.shape[:2]
        parts = self.qkv(states).view(*size, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        mixed = nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], attn_mask=mask)
        states = self.norm1(states + self.out(mixed.transpose(1, 2).reshape(*size, WIDTH)))
        return self.norm2(states + self.down(nn.functional.gelu(self.up(states))))


class Network(nn.Module):
    """Scores of the sentences of a passage; 0 is the score of "none of them"."""

    def __init__(self, table: np.ndarray, layers: int) -> None:
        super().__init__()
        self.register_buffer("table", torch.from_numpy(table), persistent=False)
        self.project = nn.Linear(table.shape[1], WIDTH)
        self.marks = nn.Embedding(3, WIDTH)
        self.places = nn.Embedding(LONGEST, WIDTH)
        self.kinds = nn.Embedding(3, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, 1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.by_mean = nn.Linear(WIDTH, 1)
        self.by_piece = nn.Linear(WIDTH, 1)

    def forward(self, batch: Batch) -> torch.Tensor:
        """(texts, most sentences) float32; -inf where a text has fewer."""
        pieces, segments = batch.pieces, batch.segments
        marks = pieces < 0
        states = self.project(self.table[pieces.clamp(min=0)])
        states = torch.where(marks[..., None], self.marks(torch.where(marks, -1 - pieces, 0)), states)
        there = segments > -2
        states = states + self.places.weight[: pieces.shape[1]] + self.kinds(segments.clamp(0, 2))
        states = self.norm(states)
        for layer in self.layers:
            states = layer(states, there[:, None, None, :])
        states = states.float()
        within = nn.functional.one_hot((segments - FIRST).clamp(min=-1) + 1, batch.most + 1)[..., 1:].float()
        mean = (within.transpose(1, 2) @ states) / within.sum(1).clamp(min=1)[..., None]
        best = self.by_piece(states) + torch.where(within > 0, 0.0, -1e4)
        scores = self.by_mean(mean).squeeze(-1) + torch.logsumexp(best, 1) - torch.log(within.sum(1).clamp(min=1))
        return scores.masked_fill(within.sum(1) == 0, -torch.inf)


@dataclass(frozen=True, slots=True)
class Batch:
    """``pieces`` (texts, longest) are rows of the table or marks; ``segments`` as packed, and -2 for padding."""

    pieces: torch.Tensor
    segments: torch.Tensor
    right: torch.Tensor
    most: int


Packed = tuple[tuple[int, ...], tuple[int, ...], frozenset[int], int]


def pack(reading: Reading, tokenizer: Any) -> Packed | None:
    """Pieces, segments, the right sentences and how many there are: of the window that holds most right ones."""
    asked, placed = (tokenizer.encode(text, add_special_tokens=False).ids for text in (reading.question, reading.place))
    texts = [encoded.ids for encoded in tokenizer.encode_batch(list(reading.sentences), add_special_tokens=False)]
    best: Packed | None = None
    for window in windows(asked, placed, texts):
        right = frozenset(item - window.first for item in reading.right if 0 <= item - window.first < window.count)
        if best is None or len(right) > len(best[2]):
            best = window.pieces, window.segments, right, window.count
    return best


def collate(packed: Sequence[Packed]) -> Batch:
    """Padded to the longest."""
    longest = max(len(item[0]) for item in packed)
    most = max(item[3] for item in packed)
    pieces = np.full((len(packed), longest), PAD, dtype=np.int64)
    segments = np.full((len(packed), longest), -2, dtype=np.int64)
    right = np.zeros((len(packed), most), dtype=bool)
    for row, (ids, parts, answers, _) in enumerate(packed):
        pieces[row, : len(ids)], segments[row, : len(parts)] = ids, parts
        right[row, list(answers)] = True
    return Batch(torch.from_numpy(pieces), torch.from_numpy(segments), torch.from_numpy(right), most)


def loss(scores: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """The mean of -log P(a right sentence), or of -log P(none)."""
    none = torch.zeros(len(scores), 1)
    chances = torch.log_softmax(torch.cat([none, scores], 1), 1)
    found = torch.logsumexp(chances[:, 1:].masked_fill(~right, -torch.inf), 1)
    return -torch.where(right.any(1), found, chances[:, 0]).mean()


def unit_rows(table: np.ndarray) -> np.ndarray:
    """Rows of the embedder at length 1: a frequent word is small there, but here it tells what is asked."""
    return table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-6)


def start(table: np.ndarray, tokenizer: Any, teacher: Any, layers: int) -> Network:
    """The teacher's first layers; the projection takes unit rows to the teacher's rows by least squares."""
    body = teacher[0].auto_model.state_dict()
    network = Network(table, layers)
    rows = body["embeddings.word_embeddings.weight"].numpy()
    theirs = teacher.tokenizer
    names = [tokenizer.id_to_token(number).removeprefix(PREFIX) for number in range(tokenizer.get_vocab_size())]
    found = theirs(names, add_special_tokens=False)["input_ids"]
    known = [number for number, ids in enumerate(found) if len(ids) == 1 and ids[0] != theirs.unk_token_id]
    wanted = rows[[found[number][0] for number in known]]
    given = np.c_[table[known], np.ones(len(known), dtype=np.float32)]
    mapping, *_ = np.linalg.lstsq(given, wanted, rcond=None)
    explained = 1 - ((given @ mapping - wanted) ** 2).sum() / ((wanted - wanted.mean(0)) ** 2).sum()
    print(f"{len(known)} pieces known to the teacher; the projection explains {explained:.2f} of their rows")
    spread = wanted.std() / (given @ mapping).std()
    mapping[:-1] *= spread
    with torch.no_grad():
        network.project.weight.copy_(torch.from_numpy(mapping[:-1].T.copy()))
        network.project.bias.copy_(torch.from_numpy(mapping[-1]))
        for mark, number in enumerate((theirs.cls_token_id, theirs.sep_token_id, theirs.pad_token_id)):
            network.marks.weight[mark] = torch.from_numpy(rows[number])
        network.places.weight.copy_(body["embeddings.position_embeddings.weight"][:LONGEST])
        network.kinds.weight.copy_(body["embeddings.token_type_embeddings.weight"][:1].expand(3, -1))
        network.norm.load_state_dict(_named(body, "embeddings.LayerNorm"))
        for number, layer in enumerate(network.layers):
            _fill(layer, body, f"encoder.layer.{number}")
        for head in (network.by_mean, network.by_piece):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
    return network


def _fill(layer: Any, body: dict[str, torch.Tensor], name: str) -> None:
    for kind in ("weight", "bias"):
        three = [body[f"{name}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
        getattr(layer.qkv, kind).copy_(torch.cat(three))
    for mine, theirs in _NAMES.items():
        getattr(layer, mine).load_state_dict(_named(body, f"{name}.{theirs}"))


def _named(body: dict[str, torch.Tensor], name: str) -> dict[str, torch.Tensor]:
    return {kind: body[f"{name}.{kind}"] for kind in ("weight", "bias")}
