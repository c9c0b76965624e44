"""Our search as a LlamaIndex retriever: its events show the legs, and its nodes work in any query engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from copilot.types import Hit, SearchResult


class HitNode(TextNode):
    """A LlamaIndex node that keeps the hit it stands for, so that pages and boxes survive the journey."""

    hit: Any = None

    @classmethod
    def of(cls, hit: Hit) -> HitNode:
        """The node of a hit; its metadata show the document, the place and each leg's rank and score."""
        pages = sorted({span.page for span in hit.chunk.spans})
        metadata = {
            "title": hit.document.title,
            "uri": hit.document.uri,
            "pages": pages,
            "language": hit.chunk.language,
            "legs": {name: {"rank": leg.rank, "score": leg.score} for name, leg in hit.legs.items()},
        }
        return cls(
            id_=hit.chunk.id,
            text=hit.chunk.text,
            metadata=metadata,
            hit=hit,
            excluded_embed_metadata_keys=list(metadata),
            excluded_llm_metadata_keys=["legs"],
        )


class CopilotRetriever(BaseRetriever):
    """Retrieves for one principal; ``search`` holds the rights already."""

    def __init__(self, search: Callable[[str], SearchResult]) -> None:
        self._search = search
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        result = self._search(query_bundle.query_str)
        return [NodeWithScore(node=HitNode.of(hit), score=hit.score) for hit in result.hits]


def hits_of(nodes: list[NodeWithScore]) -> list[Hit]:
    """The hits that our nodes stand for, in their order; nodes of others are passed over."""
    return [item.node.hit for item in nodes if isinstance(item.node, HitNode) and item.node.hit is not None]
