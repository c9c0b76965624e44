"""Runs the shipped reader: ONNX with int8 weights over the pieces of the shipped embedder, on one thread."""

from __future__ import annotations

import functools
import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from copilot.embedding import open_shipped
from copilot.embedding.published import sha256_of
from copilot.embedding.static import map_tensors
from copilot.errors import ModelError
from copilot.reading.packing import FIRST, MARK, PLACE, QUESTION, Window, windows

FOLDER = Path(__file__).resolve().parent.parent / "models" / "reader"
_MODEL = "model.onnx"
_KEPT = 512
_CURE = "Install the product again, or make the model with `python -m training.reader`."


class Reader:
    """Scores sentences by how surely they answer a question; 0 stands for "no sentence of this passage"."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None
        self._read = functools.lru_cache(maxsize=_KEPT)(self._scores)

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits of the model's file; loads nothing."""
        return str(_manifest(self._folder)["files"][_MODEL])[:12]

    def verify(self) -> None:
        """Raise ModelError unless the model is the one that its manifest names, over the shipped embedder."""
        _verified(self._folder)

    def scores(self, question: str, place: str, sentences: Sequence[str]) -> tuple[float, ...]:
        """Of each sentence the logit against "none of these"; ``place`` is the passage's title and headings."""
        return self._read(question, place, tuple(sentences))

    def _scores(self, question: str, place: str, sentences: tuple[str, ...]) -> tuple[float, ...]:
        loaded = self._open()
        asked, placed, *texts = loaded.pieces([question, place, *sentences])
        found = [score for window in windows(asked, placed, texts) for score in loaded.run(window)]
        return tuple(found)

    def _open(self) -> _Loaded:
        if self._loaded is None:
            with self._lock:
                if self._loaded is None:
                    self._loaded = _Loaded(self._folder)
        return self._loaded


class _Loaded:
    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import onnxruntime
        from tokenizers import Tokenizer

        model = _verified(folder)
        shipped = open_shipped()
        self._tokenizer = Tokenizer.from_file(str(shipped.folder / "tokenizer.json"))
        self._rows = map_tensors(shipped.folder / "model.safetensors")["embeddings"]
        options = onnxruntime.SessionOptions()
        # One thread: a server answers several askers at once, and a sum in one order is the same every time.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of each text's pieces."""
        return [found.ids for found in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def run(self, window: Window) -> list[float]:
        """The scores of a window's sentences; each window alone, so that none depends on what else was found."""
        pieces, segments = np.array(window.pieces), np.array(window.segments)
        marks = np.where(pieces < 0, -pieces, 0)
        rows = self._rows[np.maximum(pieces, 0)].astype(np.float32)
        vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
        told: Any = self._session.run(None, {
            "vectors": vectors[None], "marks": marks[None], "kinds": kinds(segments)[None],
            "there": np.ones((1, len(pieces)), dtype=bool),
        })[0][0]  # fmt: skip
        return [_score(told[segments == FIRST + number]) for number in range(window.count)]


def kinds(segments: np.ndarray) -> np.ndarray:
    """0 question, 1 place, 2 passage; marks count with the question."""
    return np.where(segments == MARK, QUESTION, np.clip(segments, QUESTION, PLACE + 1))


def _score(told: np.ndarray) -> float:
    """The mean of the first column plus the log of the mean of exp of the second; nothing for no pieces."""
    if not len(told):
        return -10.0
    most = told[:, 1].max()
    return float(told[:, 0].mean() + most + np.log(np.exp(told[:, 1] - most).mean()))


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        stated: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if not isinstance(stated["files"], dict) or _MODEL not in stated["files"] or not stated["embedder"]:
            raise KeyError("files, embedder")
        return stated
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"The shipped reader has no readable manifest ({type(error).__name__}).", _CURE) from error


def _verified(folder: Path) -> Path:
    stated = _manifest(folder)
    model = folder / _MODEL
    try:
        whole = sha256_of(model) == stated["files"][_MODEL]
    except OSError as error:
        raise ModelError(f"The reader's file {_MODEL} cannot be read: {error.strerror}.", _CURE) from error
    if not whole:
        raise ModelError(f"The reader's file {_MODEL} is damaged.", _CURE)
    if stated["embedder"] != open_shipped().version:
        raise ModelError("The reader was made over the pieces of another embedder than the shipped one.", _CURE)
    return model


@functools.cache
def open_reader(folder: Path = FOLDER) -> Reader:
    """The reader of this folder, one for the whole process; ModelError where there is none."""
    _manifest(folder)
    return Reader(folder)
