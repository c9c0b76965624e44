"""Cross-encoders, which read a question and a passage together, opened by path or name."""

from __future__ import annotations

from typing import Any

from copilot.errors import ModelError


def open_cross_encoder(model: str) -> Any:
    """sentence-transformers' CrossEncoder on the CPU; ModelError where it cannot be loaded."""
    from sentence_transformers import CrossEncoder

    try:
        return CrossEncoder(model, device="cpu")
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(
            f"The reranker '{model}' cannot be loaded: {str(error).splitlines()[0]}.",
            "Set COPILOT_RETRIEVAL__RERANKER to the folder of a cross-encoder, or unset it.",
        ) from error
