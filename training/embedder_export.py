"""Writes the static embedder as a sentence-transformers folder: int8 rows with a scale each, manifest and card."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

_LIMIT = 127
_LONGEST = 256


def quantise(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(int8 rows, float32 scales): row = int8 row * scale."""
    scales = (np.abs(vectors).max(1) / _LIMIT).astype(np.float32)
    scales[scales == 0] = 1
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def write_static(folder: Path, tokenizer: Any, vectors: np.ndarray) -> None:
    """A folder that SentenceTransformer(folder) loads offline; what stood there is replaced."""
    import torch
    from safetensors.numpy import save_file
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    shutil.rmtree(folder, ignore_errors=True)
    # The table is written by the library once, for its files beside it, and then again as int8.
    made = StaticEmbedding(tokenizer, embedding_weights=torch.from_numpy(vectors))
    SentenceTransformer(modules=[made, Normalize()], device="cpu").save(str(folder), create_model_card=False)
    rows, scales = quantise(vectors)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    weights = folder / "model.safetensors"
    save_file({"embeddings": rows, "weights": scales}, str(weights))
    weights.chmod(0o644)


def write_manifest(folder: Path, **stated: Any) -> None:
    """manifest.json: the digest of every other file but the card, which people edit, and what is stated beside."""
    files = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in ("manifest.json", "README.md")
    }
    text = json.dumps({**stated, "files": files}, indent=1)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def write_transformer(folder: Path, tokenizer: Any, student: Any) -> Callable[[Sequence[str]], np.ndarray]:
    """The student as a folder that SentenceTransformer(folder) loads offline; gives its encoder."""
    import tempfile

    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from tokenizers.processors import TemplateProcessing
    from transformers import PreTrainedTokenizerFast

    marks = [(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=marks)
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]",
        model_max_length=_LONGEST,
    )
    with tempfile.TemporaryDirectory() as body:
        student.save_pretrained(body)
        wrapped.save_pretrained(body)
        module = Transformer(body, max_seq_length=_LONGEST)
    pooled = Pooling(module.get_embedding_dimension(), pooling_mode="mean")
    made = SentenceTransformer(modules=[module, pooled, Normalize()], device="cpu")
    shutil.rmtree(folder, ignore_errors=True)
    made.save(str(folder), create_model_card=False)

    def encode(texts: Sequence[str]) -> np.ndarray:
        vectors: np.ndarray = made.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return vectors

    return encode
