"""Our chunker as a LlamaIndex NodeParser, which the default ingest runs through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import BaseNode, NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.core.schema import Document as LlamaDocument
from pydantic import PrivateAttr

from copilot.protocols import Chunker
from copilot.types import Chunk, Element

ELEMENTS = "elements"
CHUNK = "chunk"


def to_llama_document(
    document_id: str, sha256: str, title: str, elements: Iterable[Element], language: str,
) -> LlamaDocument:
    """A document as the parser below takes it: its elements and what a chunk needs to know stand in the metadata."""
    return LlamaDocument(id_=document_id, text="", metadata={
        "sha256": sha256, "title": title, "language": language, ELEMENTS: tuple(elements),
    })


def chunk_of(node: BaseNode) -> Chunk:
    """The chunk that a node of the parser below carries."""
    chunk = node.metadata[CHUNK]
    if not isinstance(chunk, Chunk):
        raise TypeError(f"The node {node.node_id} carries no chunk: make it with ElementNodeParser.")
    return chunk


class ElementNodeParser(NodeParser):
    """Cuts documents made by ``to_llama_document``; a node's id, text and embedded text are those of its chunk."""

    _chunker: Any = PrivateAttr()

    def __init__(self, chunker: Chunker, **settings: Any) -> None:
        super().__init__(include_metadata=False, include_prev_next_rel=False, **settings)
        self._chunker = chunker

    @classmethod
    def class_name(cls) -> str:
        """The name that LlamaIndex stores."""
        return "ElementNodeParser"

    def _parse_nodes(
        self, nodes: Sequence[BaseNode], show_progress: bool = False, **settings: Any,
    ) -> list[BaseNode]:
        return [self._node(chunk) for node in nodes for chunk in self._chunks(node)]

    def _chunks(self, node: BaseNode) -> list[Chunk]:
        known = node.metadata
        chunks: list[Chunk] = self._chunker.chunk(
            node.node_id, known["sha256"], known["title"], known[ELEMENTS], known["language"])
        return chunks

    def _node(self, chunk: Chunk) -> TextNode:
        # The source says no more than the id: with the whole document in it, every node would carry all elements.
        source = RelatedNodeInfo(node_id=chunk.document_id)
        return TextNode(
            id_=chunk.id, text=chunk.embed_text, metadata={CHUNK: chunk},
            excluded_embed_metadata_keys=[CHUNK], excluded_llm_metadata_keys=[CHUNK],
            relationships={NodeRelationship.SOURCE: source},
        )
