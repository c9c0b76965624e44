"""Argos packages as models: the only file that imports argostranslate and ctranslate2, late and without downloads.

A package is read by argostranslate; its sentences go to CTranslate2 in one batch, since argostranslate sends them one
paragraph at a time (2.6 times the CPU) through a sentence splitter that it would have to download.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.errors import ModelError

BEAM = 4
LENGTH_PENALTY = 0.2  # argostranslate's
_BATCH_TOKENS = 1024
_MAX_TOKENS = 1000
_LOCK = threading.Lock()
# What the two libraries raise over files that are not what they should be.
_FAULTS = (RuntimeError, ValueError, OSError, LookupError, AttributeError, TypeError, MemoryError)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One translation; ``score`` is its mean log probability per token.

    With an empty text ``refused`` says why none is shown: lost (something that must stay, whatever was tried), or
    unsure (the package's calibration does not let it speak here).
    """

    text: str
    score: float
    refused: str = ""


class Model:
    """The model of one package, loaded at the first sentence, once. Thread-safe."""

    def __init__(self, folder: Path, threads: int = 2) -> None:
        self.folder = folder
        self._threads = threads
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def hypotheses(self, texts: Sequence[str], n: int = 1, beam: int = BEAM) -> list[list[Hypothesis]]:
        """Up to ``n`` translations of each text, best first, all texts in one batch; ModelError for a torn package."""
        if not texts:
            return []
        package, translator = self._load()
        try:
            tokens = [package.tokenizer.encode(text)[:_MAX_TOKENS] for text in texts]
            prefix = package.target_prefix
            results = translator.translate_batch(
                tokens,
                target_prefix=[[prefix]] * len(tokens) if prefix else None,
                replace_unknowns=True,
                max_batch_size=_BATCH_TOKENS,
                batch_type="tokens",
                beam_size=max(n, beam),
                num_hypotheses=n,
                length_penalty=LENGTH_PENALTY,
                max_decoding_length=min(2 * max(map(len, tokens)) + 20, _MAX_TOKENS),
                return_scores=True,
            )
        except _FAULTS as error:
            raise _torn(self.folder, error) from error
        return [self._decoded(package, prefix, result) for result in results]

    def _decoded(self, package: Any, prefix: str, result: Any) -> list[Hypothesis]:
        found = []
        for tokens, score in zip(result.hypotheses, result.scores, strict=True):
            length = max(len(tokens), 1)
            text = str(package.tokenizer.decode(tokens)).removeprefix(prefix).strip()
            found.append(Hypothesis(text, score * length**LENGTH_PENALTY / length))
        return found

    def _load(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self.folder, self._threads)
            return self._loaded


def _load(folder: Path, threads: int) -> tuple[Any, Any]:
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    package_module = _argos()
    import ctranslate2

    try:
        package = package_module.Package(folder)
        package.tokenizer.encode("a")  # a package without a tokenizer, or with a torn one, fails here
        translator = ctranslate2.Translator(
            str(folder / "model"), device="cpu", compute_type="int8", inter_threads=threads, intra_threads=1
        )
    except _FAULTS as error:
        raise _torn(folder, error) from error
    return package, translator


def _torn(folder: Path, error: Exception) -> ModelError:
    why = (str(error) or repr(error)).splitlines()[0]
    return ModelError(
        f"The translation package {folder.name} cannot be used: {why}.",
        "Remove it and install it again (copilot models remove, copilot models install).",
    )


def _argos() -> Any:
    """The library's package module; the folders that it makes when it is imported go away with the program."""
    with _LOCK:
        import sys

        if "argostranslate.package" not in sys.modules:
            _import_argos()
        from argostranslate import package

        return package


def public_index() -> str:
    """The address of the public index, as argostranslate has it."""
    _argos()
    from argostranslate import settings

    return str(settings.remote_package_index)


def _import_argos() -> None:
    names = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    before = {name: os.environ.get(name) for name in names}
    with tempfile.TemporaryDirectory(prefix="copilot-argos-") as folder:
        os.environ.update(dict.fromkeys(names, folder))
        try:
            import argostranslate.package  # noqa: F401
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
