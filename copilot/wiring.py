"""The only file that names concrete classes: it builds the product from settings; heavy imports stand inside."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from copilot.settings import Settings

if TYPE_CHECKING:
    from copilot.catalog import Catalog
    from copilot.embedding import SentenceTransformerEmbedding
    from copilot.library import Library
    from copilot.protocols import Index, Translator
    from copilot.service import Copilot


def fingerprint(settings: Settings) -> str:
    """What shapes the vectors: the embedder with its prefixes, and the analysis."""
    from copilot.embedding import prefixes
    from copilot.language import ANALYSIS_VERSION

    query, passage = prefixes(settings.embedder)
    return "|".join([settings.embedder.model, query, passage, f"analysis-{ANALYSIS_VERSION}"])


def open_index(settings: Settings, embedder: SentenceTransformerEmbedding) -> Index:
    """The embedded engine in the data folder, or a Qdrant server where a URL is set."""
    if settings.index.url:
        from copilot.index.server import ServerIndex

        return ServerIndex.connect(settings.index, embedder.dimension, fingerprint(settings))
    from copilot.index.edge import EdgeIndex

    return EdgeIndex(settings.index_path, embedder.dimension, fingerprint(settings))


def open_catalog(settings: Settings) -> Catalog:
    """The catalog, made where there is none."""
    from copilot import catalog

    return catalog.open_catalog(settings)


def open_library(settings: Settings) -> Library:
    """What a reader may look at."""
    from copilot.library import Library

    return Library(open_catalog(settings), settings)


def open_copilot(settings: Settings) -> Copilot:
    """The read side; close it after use."""
    from copilot.embedding import open_embedder
    from copilot.library import Library
    from copilot.service import Copilot

    embedder = open_embedder(settings.embedder)
    catalog = open_catalog(settings)
    index = open_index(settings, embedder)
    translator = open_translator(settings)
    engine = engine_parts(settings, translator)
    library = Library(catalog, settings)
    return Copilot(index, catalog, library, embedder, settings, translator=translator, engine=engine)


def open_translator(settings: Settings) -> Translator:
    """Argos over the packages of the data folder; with none there it serves no pair."""
    from copilot.language.translation import ArgosTranslator

    return ArgosTranslator(settings.packages_path)


def engine_parts(settings: Settings, translator: Translator) -> dict[str, str]:
    """What is in use, for status lines: answerer, index, embedder, translator."""
    pairs = sorted(f"{source}>{target}" for source, target in translator.pairs())
    translating = f"{translator.name} {' '.join(pairs)}" if pairs else "none"
    if settings.index.url:
        index = f"Qdrant server {settings.index.url}"
    else:
        index = f"Qdrant Edge {metadata.version('qdrant-edge-py')}"
    return {"answerer": "extractive", "index": index, "embedder": settings.embedder.model, "translator": translating}
