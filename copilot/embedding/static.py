"""The shipped model without torch: tokenizer, memory-mapped table, mean; sentence-transformers' vectors to 1e-3."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from copilot.embedding.shipped import SHIPPED, ShippedModel
from copilot.errors import ModelError

# A text of which the tokenizer leaves nothing still needs a vector: the index refuses one of zeros.
UNKNOWN = "[UNK]"
# Longer texts are summed up in blocks of so many pieces, so that a book needs no gigabyte.
_BLOCK = 8192
_TYPES: dict[str, np.dtype[Any]] = {"I8": np.dtype("i1"), "F16": np.dtype("<f2"), "F32": np.dtype("<f4")}


class StaticEmbedder:
    """Vectors of unit length; the files are verified and mapped at the first text, once, by one thread."""

    def __init__(self, model: ShippedModel) -> None:
        self.model_name = SHIPPED
        self._model = model
        self._lock = threading.Lock()
        self._table: _Table | None = None

    @property
    def dimension(self) -> int:
        """The length of the vectors; loads nothing."""
        return self._model.dimension

    def get_query_embedding(self, query: str) -> list[float]:
        """The vector of a question."""
        vector: list[float] = self._loaded().vector(query).tolist()
        return vector

    def get_text_embedding_batch(self, texts: Sequence[str], show_progress: bool = False) -> list[list[float]]:
        """The vectors of passages."""
        table = self._loaded()
        return [table.vector(text).tolist() for text in texts]

    def _loaded(self) -> _Table:
        if self._table is None:
            with self._lock:
                if self._table is None:
                    self._model.verify()
                    self._table = _Table(self._model.folder)
        return self._table


class _Table:
    """int8 rows with a scale each, or floating-point rows, and the tokenizer that names them."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tensors = map_tensors(folder / "model.safetensors")
        self._rows = tensors["embeddings"] if "embeddings" in tensors else tensors["embedding.weight"]
        self._scales = tensors.get("weights")

    def vector(self, text: str) -> np.ndarray:
        """(dimension) float32 of unit length."""
        pieces = self._pieces(text) or self._pieces(UNKNOWN)
        total = np.zeros(self._rows.shape[1], dtype=np.float32)
        for start in range(0, len(pieces), _BLOCK):
            block = pieces[start : start + _BLOCK]
            rows = self._rows[block].astype(np.float32)
            total += rows.sum(0) if self._scales is None else self._scales[block] @ rows
        length = float(np.linalg.norm(total))
        return total / length if length > 0 else self.vector(UNKNOWN)

    def _pieces(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids


def map_tensors(path: Path) -> dict[str, Any]:
    """The tensors of a safetensors file as read-only arrays over the mapped file; ModelError where it is none."""
    try:
        with path.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            header: dict[str, Any] = json.loads(file.read(size))
        header.pop("__metadata__", None)
        return {
            name: np.memmap(
                path, dtype=_TYPES[stated["dtype"]], mode="r", offset=8 + size + stated["data_offsets"][0],
                shape=tuple(stated["shape"]),
            )
            for name, stated in header.items()
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"The embedder's table {path.name} cannot be read: {error}.", "Install it again.") from error
