"""The only file of the write side that names concrete classes; heavy imports stand inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copilot.settings import Settings

if TYPE_CHECKING:
    from ingest.pipeline import Ingestor


def open_ingestor(settings: Settings) -> Ingestor:
    """The ingestor of the product; models and parsers are loaded with the first file."""
    from copilot.embedding import open_embedder
    from copilot.wiring import fingerprint, open_catalog, open_index
    from ingest.chunk import Chunker
    from ingest.node_chunker import NodeChunker
    from ingest.parse.detect import detect_media_type
    from ingest.parser import FileParser
    from ingest.pipeline import Ingestor, Parts

    embedder = open_embedder(settings.embedder)
    parts = Parts(
        parser=FileParser(settings),
        chunker=NodeChunker(Chunker()),
        embedder=embedder,
        embedder_fingerprint=fingerprint(settings),
        index=open_index(settings, embedder),
        catalog=open_catalog(settings),
        media_type=detect_media_type,
    )
    return Ingestor(parts, settings)
