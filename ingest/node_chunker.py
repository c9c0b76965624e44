"""The chunker that ingesting uses: LlamaIndex's NodeParser interface, with ours under it, so its events show it."""

from __future__ import annotations

from collections.abc import Iterable

from copilot.protocols import Chunker
from copilot.types import Chunk, Element
from ingest.nodes import ElementNodeParser, chunk_of, to_llama_document


class NodeChunker:
    """See the protocol Chunker."""

    def __init__(self, chunker: Chunker) -> None:
        self.fingerprint = chunker.fingerprint
        self._parser = ElementNodeParser(chunker)

    def chunk(
        self, document_id: str, sha256: str, title: str, elements: Iterable[Element], language: str
    ) -> list[Chunk]:
        """The chunks of one document in order; ``language`` is used where a chunk's own is not certain."""
        document = to_llama_document(document_id, sha256, title, elements, language)
        return [chunk_of(node) for node in self._parser.get_nodes_from_documents([document])]
