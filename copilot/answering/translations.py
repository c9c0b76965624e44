"""Where a translator serves the pair: the question in the corpus's languages, the claims in the asker's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from copilot.protocols import Translator
from copilot.types import Citation, Claim, Passage


class Translations:
    """Translates what can be translated faithfully and leaves the rest in its language."""

    def __init__(self, translator: Translator | None) -> None:
        self._translator = translator

    def question(self, text: str, language: str, languages: Sequence[str]) -> dict[str, str]:
        """{language: the question in it}, for those languages that a translation is to be had for."""
        made = {}
        for target in languages:
            translated = self._one(text, language, target)
            if translated is not None and target != language:
                made[target] = translated
        return made

    def claim(self, claim: Claim, language: str, passages: Sequence[Passage]) -> Claim:
        """The claim in the reader's language, its citations with their translation beside the original."""
        spoken = {hit.chunk.id: hit.chunk.language for item in passages for hit in item.hits}
        citations = tuple(
            self._citation(item, spoken.get(item.chunk_id, language), language) for item in claim.citations
        )
        translated = next((item.quote_translated for item in citations if item.quote_translated), "")
        if claim.kind != "original" or not translated:
            return replace(claim, citations=citations)
        if any(spoken.get(item.chunk_id) == language for item in citations):
            return replace(claim, citations=citations)  # one of its sources says it in the reader's language
        return replace(claim, text=translated, kind="machine", citations=citations)

    def _citation(self, citation: Citation, source: str, target: str) -> Citation:
        if source == target:
            return citation
        return replace(citation, quote_translated=self._one(citation.quote, source, target) or "")

    def _one(self, text: str, source: str, target: str) -> str | None:
        if self._translator is None or source == target or (source, target) not in self._translator.pairs():
            return None
        return self._translator.translate([text], source, target)[0]
