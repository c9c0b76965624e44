"""What a source applies to, and when a question names another site, model or year than it does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from copilot.language import fold
from copilot.types import Applicability, CitedDocument, Claim, Evidence

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_OTHER = {
    "de": "„{title}“ gilt für {scope}; gefragt ist nach {asked}.",
    "en": "“{title}” applies to {scope}; the question is about {asked}.",
    "es": "“{title}” se aplica a {scope}; la pregunta trata de {asked}.",
    "fr": "« {title} » s’applique à {scope} ; la question porte sur {asked}.",
    "it": "“{title}” vale per {scope}; la domanda riguarda {asked}.",
    "pl": "„{title}” dotyczy: {scope}; pytanie dotyczy: {asked}.",
    "pt": "“{title}” aplica-se a {scope}; a pergunta é sobre {asked}.",
    "zh": "“{title}”适用于{scope}；问题涉及{asked}。",
}
_FALLBACK = "en"


def scope(item: Applicability, most: int = 6) -> str:
    """The sites, models and years on one line, years in runs ("2024-2026"); empty where it applies to everything."""
    parts = [_listed(item.sites, most), _listed(item.models, most), _years(item.years)]
    return ", ".join(part for part in parts if part)


def _listed(values: Sequence[str], most: int) -> str:
    more = f" +{len(values) - most}" if len(values) > most else ""
    return ", ".join(values[:most]) + more


def _years(years: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def applicability_notes(claims: Sequence[Claim], evidence: Evidence) -> tuple[str, ...]:
    """A sentence for each cited document that applies to other sites, models or years than the question names.

    Which names are sites or models, the documents of the evidence say; the sentence is in the answer's language.
    """
    documents = [hit.document.applicability for passage in evidence.passages for hit in passage.hits]
    asked = evidence.question.text
    named = (
        _named(asked, {site for item in documents for site in item.sites}),
        _named(asked, {model for item in documents for model in item.models}),
        {int(year) for year in _YEAR.findall(asked)},
    )
    language = evidence.question.answer_language or evidence.language
    cited = {citation.document.id: citation.document for claim in claims for citation in claim.citations}
    notes = [_note(document, named, language) for document in cited.values()]
    return tuple(note for note in notes if note)


def _note(document: CitedDocument, named: tuple[set[str], set[str], set[int]], language: str) -> str:
    item = document.applicability
    sites, models, years = named
    others: list[str] = []
    for wanted, known in ((sites, item.sites), (models, item.models)):
        if wanted and known and not wanted & set(known):
            others += sorted(wanted)
    if years and item.years and not years & set(item.years):
        others += [str(year) for year in sorted(years)]
    if not others:
        return ""
    text = _OTHER.get(language, _OTHER[_FALLBACK])
    return text.format(title=document.title, scope=scope(item), asked=", ".join(others))


def _named(text: str, known: set[str]) -> set[str]:
    folded = fold(text)
    return {name for name in known if re.search(rf"(?<!\w){re.escape(fold(name))}(?!\w)", folded) or _han(name, text)}


def _han(name: str, text: str) -> bool:
    return "\u3400" <= name[:1] <= "\u9fff" and name in text
