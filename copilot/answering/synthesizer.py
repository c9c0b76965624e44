"""Our answers as a LlamaIndex synthesizer: node identity is kept, and no LLM is asked for unless one answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from llama_index.core.base.response.schema import Response
from llama_index.core.indices.prompt_helper import ChatPromptHelper, PromptHelper
from llama_index.core.instrumentation.events.synthesis import SynthesizeEndEvent, SynthesizeStartEvent
from llama_index.core.llms.mock import MockLLM
from llama_index.core.response_synthesizers.base import BaseSynthesizer
from llama_index.core.schema import NodeWithScore, QueryBundle
from llama_index_instrumentation import get_dispatcher

from copilot.protocols import Answerer, StreamingAnswerer
from copilot.retrieval.retriever import hits_of
from copilot.types import Claim, Draft, Evidence, Hit

_DISPATCHER = get_dispatcher(__name__)


def proposals(answerer: Answerer, evidence: Evidence) -> Iterator[Claim | Draft]:
    """The claims, as they come where the answerer streams, then the Draft that holds them all."""
    if isinstance(answerer, StreamingAnswerer):
        yield from answerer.stream(evidence)
        return
    draft = answerer.answer(evidence)
    yield from draft.claims
    yield draft


class CopilotSynthesizer(BaseSynthesizer):
    """Hands the hits behind the nodes to our answerer; the draft travels in the response's metadata."""

    def __init__(self, draft: Callable[[Sequence[Hit]], Draft | Iterator[Claim | Draft]]) -> None:
        # The base reaches for a hosted LLM and loads a tokenizer when it is given none; these are never called.
        super().__init__(
            llm=MockLLM(),
            prompt_helper=PromptHelper(tokenizer=str.split),
            chat_prompt_helper=ChatPromptHelper(tokenizer=str.split),
        )
        self._draft = draft

    def stream(self, query: str, nodes: list[NodeWithScore]) -> Iterator[Claim | Draft]:
        """The claims as they are found, then the Draft that holds them all."""
        _DISPATCHER.event(SynthesizeStartEvent(query=QueryBundle(query)))
        made, draft = self._draft(hits_of(nodes)), Draft()
        proposed: Iterable[Claim | Draft] = (*made.claims, made) if isinstance(made, Draft) else made
        for item in proposed:
            draft = item if isinstance(item, Draft) else draft
            yield item
        _DISPATCHER.event(SynthesizeEndEvent(query=QueryBundle(query), response=self._response(draft, nodes)))

    def synthesize(
        self,
        query: Any,
        nodes: list[NodeWithScore],
        additional_source_nodes: Sequence[NodeWithScore] | None = None,
        **response_kwargs: Any,
    ) -> Response:
        """The response whose text is the claims, whose metadata hold the Draft."""
        *_, draft = self.stream(query if isinstance(query, str) else query.query_str, nodes)
        assert isinstance(draft, Draft)
        return self._response(draft, [*nodes, *(additional_source_nodes or ())])

    async def asynthesize(
        self,
        query: Any,
        nodes: list[NodeWithScore],
        additional_source_nodes: Sequence[NodeWithScore] | None = None,
        **response_kwargs: Any,
    ) -> Response:
        """The same; nothing here waits."""
        return self.synthesize(query, nodes, additional_source_nodes, **response_kwargs)

    def _response(self, draft: Draft, sources: list[NodeWithScore]) -> Response:
        text = " ".join(claim.text for claim in draft.claims)
        return Response(text or self._empty_response, sources, {"draft": draft})

    def get_response(self, query_str: str, text_chunks: Sequence[str], **response_kwargs: Any) -> str:
        """Not usable: bare text has no source to cite."""
        raise NotImplementedError("Answers are made from nodes: call synthesize.")

    async def aget_response(self, query_str: str, text_chunks: Sequence[str], **response_kwargs: Any) -> str:
        """Not usable: bare text has no source to cite."""
        return self.get_response(query_str, text_chunks)

    def _get_prompts(self) -> dict[str, Any]:
        return {}

    def _update_prompts(self, prompts: dict[str, Any]) -> None:
        return None
