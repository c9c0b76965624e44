"""From evidence to a draft: computed over rows where that is asked, else by the answerer; then what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from copilot.answering.conversions import conversions
from copilot.answering.synthesizer import proposals
from copilot.conflicts import applicability_notes, conflicts
from copilot.protocols import Answerer
from copilot.rows import compute, guessed
from copilot.types import Claim, Draft, Evidence, Hit

More = Callable[[Sequence[Claim]], Sequence[Hit]]
"""Hits beyond the evidence, in which contradictions of these claims are looked for, too: other editions, mostly."""


def drafted(answerer: Answerer, evidence: Evidence, more: More = lambda claims: ()) -> Iterator[Claim | Draft]:
    """The claims as they are found, then the Draft that holds them all, with the contradictions that they meet."""
    computed = compute(evidence, evidence.elements)
    if computed is not None:
        yield from computed.claims
        yield computed
        return
    told = evidence.question.answer_language or evidence.language
    draft, claims, converted = Draft(), list[Claim](), False
    for item in proposals(answerer, evidence):
        if isinstance(item, Draft):
            draft = item
            continue
        if not claims and guessed(item, evidence):  # one row of many is no answer to which is the highest
            yield Draft(closest=item.citations, shape=draft.shape, engine=draft.engine)
            return
        found = () if converted else conversions(item, evidence.question.text, told)
        converted = converted or bool(found)
        added = [item, *found]
        claims += added
        yield from added
    notes = (*draft.warnings, *applicability_notes(claims, evidence))
    met = conflicts(claims, evidence, more(claims)) if claims else ()
    yield replace(draft, claims=tuple(claims), conflicts=met, warnings=notes)
