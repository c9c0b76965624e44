"""The static multilingual model that is shipped: where it lies, which one it is, and whether its files are whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from copilot.embedding.published import sha256_of
from copilot.errors import ModelError

SHIPPED = "static-multilingual"
FOLDER = Path(__file__).resolve().parent.parent / "models" / "embedder"
_CARD = "README.md"
_SHAPING = ("model.safetensors", "tokenizer.json")
_CURE = "Install the product again, or make the model with `python -m training.embedder`."


@dataclass(frozen=True, slots=True)
class ShippedModel:
    """A sentence-transformers folder with its manifest: file names with their sha256, without the model's card."""

    folder: Path
    dimension: int
    files: tuple[tuple[str, str], ...]

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits over the files that shape the vectors."""
        text = "\n".join(f"{name} {digest}" for name, digest in sorted(self.files) if name in _SHAPING)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def verify(self) -> None:
        """Raise ModelError unless every file is the one that the manifest names."""
        for name, digest in self.files:
            try:
                found = sha256_of(self.folder / name)
            except OSError as error:
                raise ModelError(f"The embedder's file {name} cannot be read: {error.strerror}.", _CURE) from error
            if found != digest:
                raise ModelError(f"The embedder's file {name} is damaged (sha256 {found[:12]}...).", _CURE)


@lru_cache(maxsize=8)
def open_shipped(folder: Path = FOLDER) -> ShippedModel:
    """The model in this folder, by its manifest; ModelError where there is none."""
    path = folder / "manifest.json"
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
        # The card is for people, who may mend it; nothing reads it.
        files = tuple((str(name), str(digest)) for name, digest in stated["files"].items() if name != _CARD)
        return ShippedModel(folder, int(stated["dimension"]), files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"The shipped embedder has no readable manifest ({type(error).__name__}).", _CURE) from error
