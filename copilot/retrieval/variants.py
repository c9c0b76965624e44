"""The forms in which a question was searched, for people: as typed, by machine, word by word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from copilot.language.unshown import fit_to_show
from copilot.retrieval.expansion import Lexicon
from copilot.retrieval.query import Synonym
from copilot.types import QueryTerm, Variant

_SHOWN = 3
_LEAST = 0.15  # rarer readings are often strange, and count little


def variants(
    text: str,
    language: str,
    translated: Mapping[str, str],
    weighted: Mapping[str, Sequence[QueryTerm]],
    lexicon: Lexicon | None,
    synonyms: Mapping[str, Sequence[Synonym]] | None = None,
) -> tuple[Variant, ...]:
    """The question, its machine translations, and per language what glossary and word table made of its words."""
    made = [Variant("original", language, text)]
    made += [Variant("machine", name, item) for name, item in translated.items()]
    for name, found in (synonyms or {}).items():
        if found:
            made.append(Variant("glossary", name, _terms(found)))
    for name, terms in weighted.items():
        told = " ".join(item.surface.casefold() for item in (synonyms or {}).get(name, ()))
        shown = [
            _word(term, name, lexicon)
            for term in terms
            if term.expansions and lexicon is not None and term.surface.casefold() not in told
        ]
        if shown:
            made.append(Variant("table", name, "; ".join(shown)))
    return tuple(made)


def _word(term: QueryTerm, language: str, lexicon: Lexicon | None) -> str:
    assert lexicon is not None
    likely = [
        (item, chance) for item, chance in term.expansions[:_SHOWN] if chance >= _LEAST and fit_to_show(item, language)
    ]
    names = ", ".join(f"{lexicon.surface(item, language)} {chance:.2f}" for item, chance in likely)
    return f"{term.surface}: {names}" if names else term.surface


def _terms(found: Sequence[Synonym]) -> str:
    """Each of the question's words with what the glossary calls it."""
    called: dict[str, list[str]] = {}
    for item in found:
        called.setdefault(item.surface, []).append(item.text)
    return "; ".join(f"{surface}: {', '.join(texts)}" for surface, texts in called.items())
