"""From evidence to a draft: computed over rows where that is asked, else by the answerer; then what follows from it."""

from __future__ import annotations

from collections.abc import Iterator

from copilot.answering.conversions import conversions, with_conversions
from copilot.answering.synthesizer import proposals
from copilot.protocols import Answerer
from copilot.rows import compute
from copilot.types import Claim, Draft, Evidence


def drafted(answerer: Answerer, evidence: Evidence) -> Iterator[Claim | Draft]:
    """The claims as they are found, then the Draft that holds them all."""
    computed = compute(evidence, evidence.elements)
    if computed is not None:
        yield from computed.claims
        yield computed
        return
    draft = Draft()
    for item in proposals(answerer, evidence):
        if isinstance(item, Draft):
            draft = item
        else:
            yield item
            yield from conversions(item, evidence.question.text, evidence.language)
    yield with_conversions(draft, evidence.question.text, evidence.language)
