"""Any sentence-transformers model behind LlamaIndex's BaseEmbedding, checked before use, loaded late."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from copilot.embedding.published import PACKAGED, PACKAGED_DIMENSION, packaged_model_path, verify_packaged_model
from copilot.embedding.shipped import SHIPPED, open_shipped
from copilot.embedding.static import UNKNOWN
from copilot.errors import ModelError

# A mean over a table costs less than what a small batch costs around it.
_STATIC_BATCH = 512


class SentenceTransformerEmbedding(BaseEmbedding):
    """Vectors of unit length; the model is loaded at the first text, once, by one thread."""

    query_prefix: str = ""
    passage_prefix: str = ""
    model_path: str = ""

    _model: Any = PrivateAttr(default=None)
    _lock: Any = PrivateAttr(default_factory=threading.Lock)

    def located(self) -> SentenceTransformerEmbedding:
        """The same with the folder of its model, where its name stands for one; ModelError where that is missing."""
        if self.model_name == SHIPPED:
            self.model_path = str(open_shipped().folder)
            self.embed_batch_size = max(self.embed_batch_size, _STATIC_BATCH)
        elif self.model_name == PACKAGED:
            self.model_path = str(packaged_model_path())
        return self

    @property
    def dimension(self) -> int:
        """The length of the vectors; loads a model that did not come with the product."""
        if self.model_name == SHIPPED:
            return open_shipped().dimension
        if self.model_name == PACKAGED:
            return PACKAGED_DIMENSION
        return int(self.load().get_embedding_dimension())

    def load(self) -> Any:
        """The sentence-transformers model, loaded at the first call; ModelError where it cannot be had."""
        with self._lock:
            if self._model is None:
                self._model = _load(self.model_name, self.model_path)
        return self._model

    def _encode(self, texts: list[str], prefix: str) -> list[list[float]]:
        vectors = self._raw(texts, prefix)
        # A text of which the tokenizer leaves nothing has a vector of zeros or none at all.
        for number in np.flatnonzero(~(np.isfinite(vectors).all(1) & vectors.any(1))):
            vectors[number] = self._raw([UNKNOWN], prefix)[0]
        encoded: list[list[float]] = vectors.tolist()
        return encoded

    def _raw(self, texts: list[str], prefix: str) -> Any:
        # The prefix is always stated, or a model's own default would be put before questions and passages alike.
        return self.load().encode(
            texts, prompt=prefix, batch_size=self.embed_batch_size, normalize_embeddings=True, show_progress_bar=False,
        )

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._encode([query], self.query_prefix)[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._encode([text], self.passage_prefix)[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._encode(texts, self.passage_prefix)


def _load(name: str, path: str) -> Any:
    # A loaded machine spins in OpenMP's barrier otherwise: 6.3 s instead of 1.4 s in one case.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if name in (SHIPPED, PACKAGED):
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        if name == SHIPPED:
            open_shipped().verify()
        else:
            verify_packaged_model(Path(path))
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    try:
        return SentenceTransformer(path or name, device="cpu")
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(
            f"The embedder '{name}' cannot be loaded: {str(error).splitlines()[0]}.",
            "Set COPILOT_EMBEDDER__MODEL to the folder of a sentence-transformers model, or unset it.",
        ) from error
