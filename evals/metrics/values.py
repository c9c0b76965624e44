"""Which values of a reference an answer lacks: numbers with their units where both have one, codes, plain numbers."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from copilot.quantities import Quantity, quantities, same
from copilot.types import Answer, Claim
from evals.metrics.figures import Figure, figures, lacking

Said = Sequence[tuple[str, str]]
_QUOTING = frozenset(("original", "gloss"))


def said(answer: Answer) -> Said:
    """What the reader is told: (text, language) of the claims and of contradictory readings.

    A claim that is a quote, or stands for one (key terms), tells the whole quote; any other tells its own words alone.
    """
    pieces = []
    for claim in answer.claims:
        pieces.append((claim.text, answer.language))
        if claim.kind in _QUOTING:
            pieces += proof(claim)
    for conflict in answer.conflicts:
        for reading in conflict.readings:
            language = reading.citation.document.language
            pieces += [(reading.value, language), (reading.citation.quote, language)]
    return pieces


def proof(claim: Claim) -> Said:
    """What the claim cites: the quotes, and the header cells above a row's."""
    return [
        (text, citation.document.language)
        for citation in claim.citations for text in (citation.quote, *citation.columns)
    ]


def lacking_values(reference: str, language: str, pieces: Said) -> list[str]:
    """The values of the reference that no piece holds, as they were written.

    "25 Nm" is lacking in "25 bar" and held by "18.4 lbf·ft" (within the rounding of what was written) and by a bare 25,
    as in a table whose head names the unit.
    """
    theirs = [found for text, spoken in pieces for found in _quantities(text, spoken)]
    missing, settled = [], set[Figure]()
    for quantity in _quantities(reference, language):
        own = figures(quantity.source, language)
        settled.update(own)
        if not any(same(quantity, found) for found in theirs) and lacking(own, _without_other_units(quantity, pieces)):
            missing.append(quantity.source)
    wanted = [figure for figure in distinct(reference, language) if figure not in settled]
    return missing + lacking(wanted, "\n".join(text for text, _ in pieces))


def values(reference: str, language: str) -> int:
    """How many values the reference holds: quantities, and the numbers and codes beside them."""
    found = _quantities(reference, language)
    within = {figure for quantity in found for figure in figures(quantity.source, language)}
    return len(found) + len([figure for figure in distinct(reference, language) if figure not in within])


def distinct(text: str, language: str) -> tuple[Figure, ...]:
    """The figures of a text, each once."""
    return tuple({figure.readings: figure for figure in figures(text, language)}.values())


def _without_other_units(quantity: Quantity, pieces: Said) -> str:
    """The pieces without their quantities in another unit."""
    kept = []
    for text, spoken in pieces:
        for found in reversed(_quantities(text, spoken)):
            if found.unit != quantity.unit:
                text = f"{text[: found.start]} {text[found.end :]}"
        kept.append(text)
    return "\n".join(kept)


@functools.lru_cache(maxsize=8192)
def _quantities(text: str, language: str) -> tuple[Quantity, ...]:
    return tuple(sorted(quantities(text, language), key=lambda found: found.start))
