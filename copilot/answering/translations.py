"""Where a translator serves the pair: the question in the corpus's languages, the claims in the asker's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from copilot.protocols import Translator
from copilot.translation.kinds import TRANSLATED, overall_kind
from copilot.types import Citation, Claim, Passage, TranslatedText


class Translations:
    """Shows each claim in the reader's language as far as that can be done, and says how it came about."""

    def __init__(self, translator: Translator | None) -> None:
        self._translator = translator

    def question(self, text: str, language: str, languages: Sequence[str]) -> dict[str, str]:
        """{language: the question in it}, for those languages that a translation is to be had for at once."""
        others = [name for name in languages if name != language]
        made = self._translator.hypotheses(text, language, others, 1) if self._translator and others else {}
        return {target: texts[0] for target, texts in made.items() if texts}

    def claim(self, claim: Claim, language: str, passages: Sequence[Passage], permitted: Collection[str]) -> Claim:
        """The claim in the reader's language, its citations with their translation beside the original.

        Glossary and memory are those of the knowledge bases that the cited passages come from, as far as they are
        ``permitted``: who was let into one document only may not see the terms of its base.
        """
        hits = {hit.chunk.id: hit for item in passages for hit in item.hits}
        cited = {hits[item.chunk_id].document.kb for item in claim.citations if item.chunk_id in hits}
        bases = cited.intersection(permitted)
        citations: list[Citation] = []
        renderings: list[TranslatedText] = []
        for item in claim.citations:
            spoken = hits[item.chunk_id].chunk.language if item.chunk_id in hits else language
            rendered = self._render(item.quote, spoken, language, bases)
            translated = rendered is not None and overall_kind(rendered) in TRANSLATED
            citations.append(replace(item, quote_translated=rendered.text) if rendered and translated else item)
            if rendered is not None:
                renderings.append(rendered)
        told = replace(claim, citations=tuple(citations))
        if claim.kind != "original" or not renderings or len(renderings) < len(citations):
            return told  # computed by us, or one of its sources says it in the reader's language
        best = max(renderings, key=lambda rendered: overall_kind(rendered) in TRANSLATED)
        kind = overall_kind(best)
        return told if kind == "original" else replace(told, text=best.text, kind=kind)

    def _render(self, quote: str, source: str, target: str, bases: Collection[str]) -> TranslatedText | None:
        """None where the quote already is in the reader's language, or nobody translates."""
        if self._translator is None or source == target:
            return None
        return self._translator.render(quote, source, target, bases)
