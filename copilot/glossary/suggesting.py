"""Suggesting pairs for a glossary from documents that exist in several languages: their editions, aligned and mined."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from copilot.glossary.alignment import align
from copilot.glossary.gloss import Words
from copilot.glossary.glossary import Glossary
from copilot.glossary.mining import Pair, mine
from copilot.language import fold
from copilot.library import Library
from copilot.types import LANGUAGES, Document, Element, Principal

PIVOT = "en"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate concept: a term by language, the least of its pairs' figures, and where it was seen."""

    terms: Mapping[str, str]
    score: float
    dice: float
    count: int
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mined:
    """What was suggested, and from how much: families of documents, and aligned passages by pair of languages."""

    suggestions: tuple[Suggestion, ...]
    families: int
    passages: Mapping[str, int]


def suggest(
    library: Library,
    principal: Principal,
    kb: str = "",
    languages: Collection[str] = (),
    glossary: Glossary | None = None,
    bases: Collection[str] = (),
    words: Words | None = None,
) -> Mined:
    """Mine what the principal may read; pairs that the glossaries of ``bases`` know already are left out."""
    families = _families(library.documents(principal, kb), languages)
    passages: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    seen_in: dict[tuple[str, str], set[str]] = defaultdict(set)
    for family, editions in families.items():
        texts = {name: _elements(library, document, principal) for name, document in editions.items()}
        pivot = PIVOT if PIVOT in editions else max(sorted(editions), key=lambda name: len(texts[name]))
        for name in editions:
            if name != pivot:
                pairs = align(texts[pivot], texts[name], pivot, name)
                passages[pivot, name] += [(left.text, right.text) for left, right in pairs]
                seen_in[pivot, name].add(family)
    mined = {key: mine(found, *key, words) for key, found in passages.items()}
    suggestions = _joined(mined, seen_in)
    if glossary is not None:
        suggestions = [item for item in suggestions if not _is_known(item, glossary, bases)]
    counts = {"-".join(key): len(found) for key, found in sorted(passages.items())}
    return Mined(tuple(suggestions), len(families), counts)


def _families(documents: Sequence[Document], languages: Collection[str]) -> dict[str, dict[str, Document]]:
    """{family: {language: its newest edition}} of families in two of the languages or more."""
    found: dict[str, dict[str, Document]] = defaultdict(dict)
    for document in documents:
        if not document.family or document.language not in (languages or LANGUAGES):
            continue
        known = found[f"{document.kb}/{document.family}"].get(document.language)
        if known is None or str(known.effective or "") < str(document.effective or ""):
            found[f"{document.kb}/{document.family}"][document.language] = document
    return {family: editions for family, editions in sorted(found.items()) if len(editions) > 1}


def _elements(library: Library, document: Document, principal: Principal) -> list[Element]:
    return [item for item in library.elements(document.id, principal, document.sha256) if item.text.strip()]


def _joined(
    mined: Mapping[tuple[str, str], Sequence[Pair]], seen_in: Mapping[tuple[str, str], Collection[str]]
) -> list[Suggestion]:
    """Pairs of one term of one pivot become one concept; the same word in every language is a name, and left out."""
    found: dict[tuple[str, str], dict[str, Pair]] = defaultdict(dict)
    for (pivot, name), pairs in mined.items():
        for pair in pairs:
            found[pivot, fold(pair.left)].setdefault(name, pair)
    suggestions = [
        Suggestion(
            {pivot: next(iter(pairs.values())).left, **{name: pair.right for name, pair in pairs.items()}},
            max(pair.score for pair in pairs.values()), min(pair.dice for pair in pairs.values()),
            min(pair.count for pair in pairs.values()),
            tuple(sorted({family for name in pairs for family in seen_in[pivot, name]})),
        )
        for (pivot, lead), pairs in found.items() if any(fold(pair.right) != lead for pair in pairs.values())
    ]  # fmt: skip
    return sorted(suggestions, key=lambda item: (-len(item.terms), -item.score))


def _is_known(item: Suggestion, glossary: Glossary, kbs: Collection[str]) -> bool:
    """Whether one concept of the glossaries has a term for every language, and one of these terms as a whole."""
    for language, term in item.terms.items():
        for match in glossary.matches(term, language, kbs=kbs):
            if (match.start, match.end) == (0, len(term)):
                held = next(concept for concept in glossary.concepts(match.kb) if concept.id == match.concept)
                if set(item.terms) <= set(held.languages):
                    return True
    return False


def to_csv(suggestions: Sequence[Suggestion]) -> str:
    """A table that `copilot glossary import` takes, with figures that it passes over."""
    languages = [name for name in LANGUAGES if any(name in item.terms for item in suggestions)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*languages, "score", "dice", "count"])
    for item in suggestions:
        terms = [item.terms.get(name, "") for name in languages]
        writer.writerow([*terms, item.score, item.dice, item.count])
    return out.getvalue()
