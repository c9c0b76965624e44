"""Yes or no, where the quoted sentence or row decides it: same polarity and nothing opposed; else neither is said."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.answering.stated import states
from copilot.answering.text import bag, coverage
from copilot.types import Claim, Hit, QueryTerm, Support
from copilot.verification.polarity import opposed, polarity

YES = {"de": "Ja.", "en": "Yes.", "es": "Sí.", "fr": "Oui.", "it": "Sì.", "pl": "Tak.", "pt": "Sim.", "zh": "是。"}
NO = {"de": "Nein.", "en": "No.", "es": "No.", "fr": "Non.", "it": "No.", "pl": "Nie.", "pt": "Não.", "zh": "否。"}
_YES_CELLS = frozenset("yes y ja j oui o sí si sì s tak t sim 是 有 允许 可以 ✓ ✔ x".split())
_NO_CELLS = frozenset("no n nein non nie não nao 否 无 不 禁止 不允许 ✗ –".split())
# Below, the sentence speaks of something else beside what was asked, and its polarity may belong to that.
_COVERED = 0.7
_HEAD_COVERED = 0.3


def decided(
    question: str, language: str, hit: Hit, claim: Claim, terms: Sequence[QueryTerm]
) -> bool | None:
    """Whether the claim's first citation says yes (True) or no (False) to the question; None: it decides nothing."""
    quote, spoken = claim.citations[0].quote, hit.chunk.language
    heads = claim.citations[0].columns
    if heads:
        return _by_cell(quote.split("\t"), heads, terms, spoken)
    if coverage(terms, bag(quote, spoken)) < _COVERED or quote.rstrip().endswith(("?", "？")):
        return None
    if not states(question, language, f"{quote}\n{hit.chunk.embed_text.partition(quote)[0]}", spoken, limits=False):
        return None  # a limit of the same kind is told, but whether it allows the value is the reader's to say
    asked, told = polarity(question, language), polarity(quote, spoken)
    if asked.negated or opposed(asked, told):
        return None
    if told.negated:
        return False
    return None if told.hidden else True


def verdict(said: bool, claim: Claim, language: str) -> Claim:
    """The word for it, in the reader's language, with the citation that decides."""
    words = YES if said else NO
    support = Support(claim.support.score, "decided by the sentence cited")
    return Claim(words.get(language, words["en"]), "computed", claim.citations[:1], support)


def _by_cell(cells: Sequence[str], heads: Sequence[str], terms: Sequence[QueryTerm], language: str) -> bool | None:
    """What the cell says whose head the question names, if it says yes or no; None where two do."""
    if len(cells) != len(heads):
        return None
    said = []
    for cell, head in zip(cells, heads, strict=True):
        word = cell.strip().casefold().rstrip(".")
        if word in _YES_CELLS | _NO_CELLS and head and coverage(terms, bag(head, language)) >= _HEAD_COVERED:
            said.append(word in _YES_CELLS)
    return said[0] if len(said) == 1 else None
