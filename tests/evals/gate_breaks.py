"""Faults to seed into the product, one at a time: each patches the product's code, never a score."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from copilot.types import Claim

Break = Callable[[pytest.MonkeyPatch], None]


def sparse_leg_off(patch: pytest.MonkeyPatch) -> None:
    """Words find nothing and count nothing."""
    import numpy as np

    from copilot.retrieval import search

    patch.setattr(search.StructuredQuery, "scores", lambda self, passages: np.zeros(len(passages)))
    patch.setattr(search, "query_vector", lambda *_: search.SparseVector((), ()))


def dense_leg_off(patch: pytest.MonkeyPatch) -> None:
    """Meaning finds nothing and counts nothing."""
    from copilot.retrieval.search import Search

    patch.setattr(Search, "_dense", lambda self, text, where, weights: {})


def languages_swapped(patch: pytest.MonkeyPatch) -> None:
    """The word table takes English for Italian and Italian for English."""
    from copilot.language.wordtable import WordTable

    real, swapped = WordTable.translations, {"en": "it", "it": "en"}

    def translations(self: WordTable, term: str, source: str, target: str) -> Any:
        return real(self, term, source, swapped.get(target, target))

    patch.setattr(WordTable, "translations", translations)


def pages_off_by_one(patch: pytest.MonkeyPatch) -> None:
    """Citations count pages from 2."""
    _citing(patch, lambda citation: replace(citation, pages=tuple(page + 1 for page in citation.pages)))


def access_ignored(patch: pytest.MonkeyPatch) -> None:
    """Everyone meets every demand on the reader."""
    from copilot.access import Rights

    patch.setattr(Rights, "meets", lambda self, policy: True)


def decimals_not_normalised(patch: pytest.MonkeyPatch) -> None:
    """A question's "2,37" is not the documents' "2.37"."""
    from copilot.language import analysis

    patch.setattr(analysis, "normalise_number", lambda text: (text,))


def abstention_off(patch: pytest.MonkeyPatch) -> None:
    """Whatever is likeliest is said, however unlikely."""
    from copilot.answering.calibration import Calibration

    patch.setattr(Calibration, "threshold", lambda self, *_: 0.0)


def old_revision_preferred(patch: pytest.MonkeyPatch) -> None:
    """Superseded documents are found, and not those that supersede them."""
    from copilot import searching
    from copilot.catalog import CURRENT, SUPERSEDED

    real = searching.permit

    def permit(catalog: Any, principal: Any, **bounds: Any) -> Any:
        found = real(catalog, principal, **bounds)
        rows = catalog.revisions()
        old = {(row.document.family or row.document.number, row.document.language) for row in rows
               if row.document.status == "superseded"}  # fmt: skip
        newer = {row.document.id for row in rows if row.document.status != "superseded"
                 and (row.document.family or row.document.number, row.document.language) in old}  # fmt: skip
        rights = replace(found._rights, states=frozenset({CURRENT, SUPERSEDED}))
        policies = frozenset(name for name, policy in rights.policies.items()
                             if policy.state in rights.states and rights.meets(policy))  # fmt: skip
        where = replace(found.where, policies=policies, exclude=found.where.exclude | newer)
        return replace(found, where=where, _rights=rights)

    patch.setattr(searching, "permit", permit)


def citations_shuffled(patch: pytest.MonkeyPatch) -> None:
    """Each claim goes with the next one's citations."""

    def shuffled(claims: Sequence[Claim]) -> list[Claim]:
        turned = [*claims[1:], *claims[:1]]
        return [replace(claim, citations=other.citations) for claim, other in zip(claims, turned, strict=True)]

    _numbering(patch, shuffled)


def quotes_altered(patch: pytest.MonkeyPatch) -> None:
    """The first digit of every quote is another."""
    _citing(patch, lambda citation: replace(citation, quote=re.sub(r"\d", _next_digit, citation.quote, count=1)))


def _next_digit(match: re.Match[str]) -> str:
    return str((int(match[0]) + 1) % 10) if match[0].isascii() else "1"


def _citing(patch: pytest.MonkeyPatch, change: Callable[[Any], Any]) -> None:
    def changed(claims: Sequence[Claim]) -> list[Claim]:
        return [replace(claim, citations=tuple(map(change, claim.citations))) for claim in claims]

    _numbering(patch, changed)


def _numbering(patch: pytest.MonkeyPatch, change: Callable[[Sequence[Claim]], list[Claim]]) -> None:
    """Change claims where the service numbers them: after verification, before anyone sees them."""
    from copilot import service

    real = service.renumber
    patch.setattr(service, "renumber", lambda claims, passages: real(change(claims), passages))


def forget_texts() -> None:
    """Empty the product's memories of texts: what was worked out before a fault must not hide it, nor outlive it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("copilot."):
            for item in list(vars(module).values()):
                if isinstance(item, functools._lru_cache_wrapper) and item.cache_info().maxsize is not None:
                    item.cache_clear()
