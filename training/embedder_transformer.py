"""The small transformer's learning: MiniLM's body over our pieces, taught by MiniLM's vectors and by ranking."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.embedder_batches import Batch, Batches, Store
from training.embedder_tokens import PREFIX, SPECIAL

_SAVE_EVERY_S = 120.0
_PAD, _CLS, _SEP = (SPECIAL.index(name) for name in ("[PAD]", "[CLS]", "[SEP]"))


@dataclass(frozen=True, slots=True)
class Plan:
    """How to learn. The loss of pairs: squared error to the teacher's English vector, both sides, + half the ranking.

    Sections and the rest count with half the ranking loss. ``longest`` counts pieces of a text.
    """

    steps: int
    layers: int = 6
    longest: int = 128
    rate: float = 3e-4
    scale: float = 20.0
    warm: int = 500
    device: str = "cpu"


def make_student(teacher: Any, tokenizer: Any, static: np.ndarray, layers: int) -> Any:
    """The teacher's first layers with an embedding row for each piece of ours.

    English rows: the mean of the teacher's rows of the piece; the others: the static vectors through the least-squares
    map that takes static vectors of English pieces to the teacher's rows.
    """
    import torch
    from transformers import BertConfig, BertModel

    source = teacher[0].auto_model
    config = BertConfig(**{**source.config.to_dict(), "vocab_size": tokenizer.get_vocab_size(),
                           "num_hidden_layers": layers, "pad_token_id": _PAD})
    student = BertModel(config, add_pooling_layer=False)
    kept = {name: value for name, value in source.state_dict().items() if "word_embeddings" not in name}
    student.load_state_dict(kept, strict=False)
    rows = source.embeddings.word_embeddings.weight.detach().numpy()
    made = _rows(teacher.tokenizer, tokenizer, static, rows)
    with torch.no_grad():
        student.embeddings.word_embeddings.weight.copy_(torch.from_numpy(made))
    return student


def _rows(theirs: Any, ours: Any, static: np.ndarray, rows: np.ndarray) -> np.ndarray:
    texts = [ours.id_to_token(number) for number in range(ours.get_vocab_size())]
    found = theirs([text.removeprefix(PREFIX) for text in texts], add_special_tokens=False)["input_ids"]
    made = np.zeros((len(texts), rows.shape[1]), dtype=np.float32)
    known = np.zeros(len(texts), dtype=bool)
    for number, ids in enumerate(found):
        if 0 < len(ids) <= 3 and theirs.unk_token_id not in ids and number >= len(SPECIAL):
            made[number], known[number] = rows[ids].mean(0), True
    mapping, *_ = np.linalg.lstsq(static[known], made[known], rcond=None)
    made[~known] = static[~known] @ mapping
    special = {"[UNK]": theirs.unk_token_id, "[PAD]": theirs.pad_token_id, "[CLS]": theirs.cls_token_id,
               "[SEP]": theirs.sep_token_id}
    for name, number in special.items():
        made[SPECIAL.index(name)] = rows[number]
    return made


def padded(side: tuple[np.ndarray, np.ndarray], longest: int) -> np.ndarray:
    """(texts, pieces) int64 with the marks of beginning and end."""
    pieces, offsets = side
    ends = np.r_[offsets[1:], len(pieces)]
    lengths = np.minimum(ends - offsets, longest - 2)
    table = np.full((len(offsets), int(lengths.max()) + 2), _PAD, dtype=np.int64)
    table[:, 0] = _CLS
    for row, (start, length) in enumerate(zip(offsets, lengths, strict=True)):
        table[row, 1 : length + 1] = pieces[start : start + length]
        table[row, length + 1] = _SEP
    return table


def encode(student: Any, table: np.ndarray, device: str) -> Any:
    """Unit vectors: the mean over all pieces."""
    import torch
    from torch.nn import functional

    ids = torch.from_numpy(table).to(device)
    mask = ids != _PAD
    states = student(input_ids=ids, attention_mask=mask.long()).last_hidden_state
    mean = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
    return functional.normalize(mean, dim=1)


class Lesson:
    """What a step needs beside the student: the texts, the teacher and the plan."""

    def __init__(self, store: Store, tokenizer: Any, teacher: Any, plan: Plan) -> None:
        from tokenizers.decoders import WordPiece

        self._store, self._teacher, self.plan = store, teacher, plan
        self._decoder = WordPiece(prefix=PREFIX)
        self._tokenizer = tokenizer

    def loss(self, student: Any, batch: Batch) -> Any:
        """The loss of one batch."""
        import torch
        from torch.nn import functional

        plan = self.plan
        one, two = (encode(student, padded(side, plan.longest), plan.device) for side in (batch.one, batch.two))
        cosines = one @ two.T * plan.scale
        groups = torch.from_numpy(batch.groups).to(plan.device)
        same = (groups[:, None] == groups[None, :]) & ~torch.eye(len(groups), dtype=torch.bool, device=plan.device)
        cosines = cosines.masked_fill(same, -1e4)
        right = torch.arange(len(groups), device=plan.device)
        ranking = (functional.cross_entropy(cosines, right) + functional.cross_entropy(cosines.T, right)) / 4
        if not len(batch.english):
            return ranking
        taught = self._taught(batch.english)
        # The sum over dimensions: with unit vectors 2 - 2 cos, of the size of the ranking loss.
        return ranking + ((one - taught).square().sum(1) + (two - taught).square().sum(1)).mean()

    def _taught(self, rows: np.ndarray) -> Any:
        """The teacher's vectors of these texts, put together from their pieces: it knows lower case only as well."""
        import torch

        pieces, offsets = self._store.texts.take(rows, self.plan.longest)
        name = self._tokenizer.id_to_token
        texts = [
            self._decoder.decode([name(int(piece)) for piece in text]) for text in np.split(pieces, offsets[1:])
        ]
        with torch.no_grad():
            return self._teacher.encode(
                texts, convert_to_tensor=True, normalize_embeddings=True, show_progress_bar=False, batch_size=256,
            ).clone().to(self.plan.device)


def learn(
    student: Any, lesson: Lesson, batches: Batches, checkpoint: Path, report: Callable[[int, dict[str, float]], None]
) -> None:
    """Run the remaining steps; on an accelerator the student computes in bfloat16."""
    import torch

    plan = lesson.plan
    student.to(plan.device).train()
    optimizer = torch.optim.AdamW(student.parameters(), lr=plan.rate, weight_decay=0.01)
    done = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True, map_location=plan.device)
        student.load_state_dict(state["student"])
        optimizer.load_state_dict(state["optimizer"])
        done = state["step"]
    saved = time.monotonic()
    for step in range(done, plan.steps):
        batch = batches.draw(step)
        rate = plan.rate * min(1, (step + 1) / plan.warm, max(0.01, 1 - step / plan.steps))
        for group in optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast(plan.device, torch.bfloat16, enabled=plan.device != "cpu"):
            loss = lesson.loss(student, batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        report(step + 1, {batch.kind: float(loss.detach())})
        if time.monotonic() - saved > _SAVE_EVERY_S or step + 1 == plan.steps:
            _save(checkpoint, student, optimizer, step + 1)
            saved = time.monotonic()


def _save(path: Path, student: Any, optimizer: Any, step: int) -> None:
    import torch

    fresh = path.with_suffix(".tmp")
    torch.save({"student": student.state_dict(), "optimizer": optimizer.state_dict(), "step": step}, fresh)
    fresh.replace(path)
