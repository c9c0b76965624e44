"""The embedder: which model turns text into vectors, with which prefixes, and how it is opened; loads nothing heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copilot.embedding.families import prefixes
from copilot.embedding.published import PACKAGED, packaged_model_path, verify_packaged_model
from copilot.embedding.shipped import SHIPPED, open_shipped
from copilot.settings import EmbedderSettings

if TYPE_CHECKING:
    from copilot.embedding.sentence import SentenceTransformerEmbedding
    from copilot.embedding.static import StaticEmbedder

__all__ = [
    "PACKAGED", "SHIPPED", "identity", "open_embedder", "open_query_embedder", "open_shipped", "packaged_model_path",
    "prefixes", "verify_packaged_model",
]


def identity(settings: EmbedderSettings) -> str:
    """What tells this model from another: its name, and for the shipped one the digest of its files."""
    if settings.model == SHIPPED:
        return f"{SHIPPED}@{open_shipped().version}"
    return settings.model


def open_embedder(settings: EmbedderSettings) -> SentenceTransformerEmbedding:
    """The embedder for passages, LlamaIndex's BaseEmbedding over sentence-transformers; nothing is loaded yet."""
    from copilot.embedding.sentence import SentenceTransformerEmbedding

    query_prefix, passage_prefix = prefixes(settings)
    made = SentenceTransformerEmbedding(
        model_name=settings.model,
        query_prefix=query_prefix,
        passage_prefix=passage_prefix,
        embed_batch_size=settings.batch_size,
    )
    return made.located()


def open_query_embedder(settings: EmbedderSettings) -> StaticEmbedder | SentenceTransformerEmbedding:
    """The embedder for questions: of the shipped model its table alone, read by numpy; of others the same as above."""
    if settings.model == SHIPPED and prefixes(settings) == ("", ""):
        from copilot.embedding.static import StaticEmbedder

        return StaticEmbedder(open_shipped())
    return open_embedder(settings)
