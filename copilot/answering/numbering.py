"""Numbers the passages that an answer cites, and writes its sentences with those numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from copilot.answering.columns import labelled
from copilot.types import Claim, Passage


def renumber(claims: Sequence[Claim], passages: Sequence[Passage]) -> tuple[list[Claim], tuple[Passage, ...]]:
    """Number the cited passages 1, 2, 3 in the order of their first citation; the others are left out."""
    order: dict[int, int] = {}
    for claim in claims:
        for citation in claim.citations:
            order.setdefault(citation.marker, len(order) + 1)
    renumbered = [
        replace(
            claim, citations=tuple(replace(citation, marker=order[citation.marker]) for citation in claim.citations)
        )
        for claim in claims
    ]
    used = [replace(item, marker=order[item.marker]) for item in passages if item.marker in order]
    return renumbered, tuple(sorted(used, key=lambda item: item.marker))


def readable(claim: Claim) -> str:
    """What a claim says; a table row with the names of its columns."""
    quoted = next((item for item in claim.citations if item.columns and item.quote == claim.text), None)
    return labelled(claim.text, quoted.columns) if quoted else claim.text


def marked_text(claims: Sequence[Claim]) -> str:
    """The claims as one text, a line each, with the markers of their citations behind."""
    parts = []
    for claim in claims:
        markers = "".join(f"[{marker}]" for marker in Counter(item.marker for item in claim.citations))
        parts.append(f"{' '.join(readable(claim).split())} {markers}")
    return "\n".join(parts)
