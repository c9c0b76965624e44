"""What RAGAS is given of an observation: question, response, contexts and reference as plain texts."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.types import Claim
from evals.metrics.matching import names
from evals.types import Observation

MOST_CONTEXTS = 10


@dataclass(frozen=True, slots=True)
class Sample:
    """The texts of a case: ``contexts`` are what was searched or shown to the answerer, ``ids`` name document#page."""

    question: str
    language: str
    response: str
    reference: str
    contexts: tuple[str, ...]
    ids: tuple[str, ...]
    reference_contexts: tuple[str, ...]
    reference_ids: tuple[str, ...]


def retrieved(observation: Observation) -> Sample:
    """With the first ten hits of the search as contexts."""
    hits = observation.search.hits[:MOST_CONTEXTS] if observation.search else ()
    contexts = tuple(hit.chunk.text for hit in hits)
    sources = observation.case.sources
    ids = []
    for hit in hits:
        pages = sorted({span.page for span in hit.chunk.spans})
        own = [f"{source.document}#{source.page}" for source in sources
               if source.page in pages and names(hit.document.uri, source.document)]
        ids.append(own[0] if own else f"{hit.document.uri}#{pages[0] if pages else 1}")
    return _sample(observation, contexts, tuple(ids))


def shown(observation: Observation, most: int = MOST_CONTEXTS) -> Sample:
    """With the passages as contexts that the answer was made from; where it has none, the hits of the search."""
    answer = observation.answer
    contexts = tuple("\n".join(hit.chunk.text for hit in passage.hits) for passage in answer.passages) if answer else ()
    if not contexts and observation.search is not None:
        contexts = tuple(hit.chunk.text for hit in observation.search.hits)
    return _sample(observation, contexts[:most], ())


def _said(claim: Claim) -> str:
    """The claim's sentence; a list of key terms is none, and stands for the quote that it helps to read."""
    return " ".join(citation.quote for citation in claim.citations) if claim.kind == "gloss" else claim.text


def _sample(observation: Observation, contexts: tuple[str, ...], ids: tuple[str, ...]) -> Sample:
    case, answer = observation.case, observation.answer
    return Sample(
        case.question, case.language, "\n".join(map(_said, answer.claims)) if answer else "",
        case.reference, contexts, ids, tuple(source.quote for source in case.sources),
        tuple(f"{source.document}#{source.page}" for source in case.sources),
    )
