from collections.abc import Sequence

from copilot.answering.translations import Translations
from copilot.types import Chunk, Citation, CitedDocument, Claim, Document, ElementKind, Hit, Passage, Support


class _Dictionary:
    name = "dictionary"

    def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset({("de", "en"), ("en", "de")})

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str | None]:
        known = {"Deckel prüfen.": "Check the cover.", "Which cover?": "Welcher Deckel?"}
        return [known.get(text) for text in texts]


def _claim(quote: str) -> tuple[Claim, list[Passage]]:
    chunk = Chunk("c", "d", "s", 0, quote, quote, (), (), "de", ElementKind.TEXT)
    hit = Hit(chunk, Document("d", "kb", "u", "t", "s", "text/plain", "de"), 1.0)
    citation = Citation(1, CitedDocument("d", "u", "t", "de", "", ""), (1,), (), "", quote, chunk_id="c")
    return Claim(quote, "original", (citation,), Support(0.9, "")), [Passage(1, (hit,))]


def test_claim_is_translated_and_keeps_its_original_in_the_citation() -> None:
    claim, passages = _claim("Deckel prüfen.")
    shown = Translations(_Dictionary()).claim(claim, "en", passages)
    assert (shown.text, shown.kind) == ("Check the cover.", "machine")
    assert (shown.citations[0].quote, shown.citations[0].quote_translated) == ("Deckel prüfen.", "Check the cover.")


def test_claim_that_cannot_be_translated_faithfully_stays_original() -> None:
    claim, passages = _claim("Etwas anderes.")
    shown = Translations(_Dictionary()).claim(claim, "en", passages)
    assert (shown.text, shown.kind, shown.citations[0].quote_translated) == ("Etwas anderes.", "original", "")


def test_question_is_put_in_the_languages_that_can_be_served() -> None:
    assert Translations(_Dictionary()).question("Which cover?", "en", ["de", "fr", "en"]) == {"de": "Welcher Deckel?"}
    assert Translations(None).question("Which cover?", "en", ["de"]) == {}
