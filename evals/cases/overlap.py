"""How many content words a question shares with the quote that answers it: what copies its source is easy to find."""

from __future__ import annotations

from collections.abc import Iterable

from copilot.language import concepts
from evals.types import Case

_CONTENT = frozenset({"word", "number"})
FEW = 0.5


def shared_words(case: Case) -> float:
    """The share of the question's content words whose stem stands in the quote, of the sources' greatest; 0 to 1.

    Content words are words and numbers but no function words; both sides are analysed in the question's language.
    """
    asked = [item.terms for item in concepts(case.question, case.language) if item.kind in _CONTENT]
    if not asked or not case.sources:
        return 0.0
    return max(_share(asked, source.quote, case.language) for source in case.sources)


def _share(asked: list[tuple[str, ...]], quote: str, language: str) -> float:
    said = {term for item in concepts(quote, language) for term in item.terms}
    return sum(not said.isdisjoint(terms) for terms in asked) / len(asked)


def share_of_own_words(cases: Iterable[Case]) -> float:
    """The share of the answerable cases that share fewer than half of their content words with any quote."""
    shares = [shared_words(case) for case in cases if case.answerable]
    return sum(share < FEW for share in shares) / len(shares) if shares else 0.0
