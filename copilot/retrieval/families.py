"""Translations of one text crowd a list: of each place that stands in several languages, the best goes first."""

from __future__ import annotations

from collections.abc import Iterable

from copilot.types import Hit


def grouped(hits: Iterable[Hit]) -> list[Hit]:
    """Hits best first, those behind that repeat an earlier one's place in another language of its family.

    Nothing is dropped, and hits of one language keep their order: each may say something else.
    """
    first: dict[tuple[str, int], str] = {}
    kept: list[Hit] = []
    repeated: list[Hit] = []
    for hit in hits:
        family = hit.document.family
        places = _places(hit) if family else set()
        languages = {first.setdefault((family, place), hit.chunk.language) for place in places}
        (repeated if languages and hit.chunk.language not in languages else kept).append(hit)
    return kept + repeated


def _places(hit: Hit) -> set[int]:
    """Its pages; in a document without pages its position, where a translation may differ by one."""
    if hit.document.pages > 1:
        return {span.page for span in hit.chunk.spans}
    return {hit.chunk.position - 1, hit.chunk.position, hit.chunk.position + 1}
