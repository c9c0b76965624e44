from collections.abc import Collection, Sequence

from copilot.answering.translations import Translations
from copilot.types import (
    Chunk,
    Citation,
    CitedDocument,
    Claim,
    Document,
    ElementKind,
    Hit,
    Passage,
    Support,
    TranslatedSentence,
    TranslatedText,
)


class _Dictionary:
    """Knows two texts; what it does not know it glosses where it speaks of a cover, else leaves."""

    name = "dictionary"

    def __init__(self) -> None:
        self.bases: list[Collection[str]] = []

    def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset({("de", "en"), ("en", "de")})

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str | None]:
        return [None for _ in texts]

    def render(
        self, text: str, source: str, target: str, knowledge_bases: Collection[str] = ()
    ) -> TranslatedText:
        self.bases.append(knowledge_bases)
        known = {
            "Deckel prüfen.": ("Check the cover.", "memory"),
            "Deckel!": ("Deckel!\nKey terms: Deckel = cover", "gloss"),
        }
        made, kind = known.get(text, (text, "original"))
        return TranslatedText(made, source, target, (TranslatedSentence(text, made, kind, source),))

    def hypotheses(self, text: str, source: str, targets: Sequence[str], n: int = 3) -> dict[str, tuple[str, ...]]:
        return {"de": ("Welcher Deckel?", "Was für ein Deckel?")} if "de" in targets else {}


def _claim(quote: str) -> tuple[Claim, list[Passage]]:
    chunk = Chunk("c", "d", "s", 0, quote, quote, (), (), "de", ElementKind.TEXT)
    hit = Hit(chunk, Document("d", "plant", "u", "t", "s", "text/plain", "de"), 1.0)
    citation = Citation(1, CitedDocument("d", "u", "t", "de", "", ""), (1,), (), "", quote, chunk_id="c")
    return Claim(quote, "original", (citation,), Support(0.9, "")), [Passage(1, (hit,))]


def test_claim_is_translated_with_its_kind_and_keeps_its_original_in_the_citation() -> None:
    claim, passages = _claim("Deckel prüfen.")
    translator = _Dictionary()
    shown = Translations(translator).claim(claim, "en", passages, {"plant"})
    assert (shown.text, shown.kind) == ("Check the cover.", "memory")
    assert (shown.citations[0].quote, shown.citations[0].quote_translated) == ("Deckel prüfen.", "Check the cover.")
    assert [set(bases) for bases in translator.bases] == [{"plant"}]


def test_a_base_whose_terms_are_not_for_the_reader_gives_none_to_the_claim() -> None:
    claim, passages = _claim("Deckel prüfen.")
    translator = _Dictionary()
    Translations(translator).claim(claim, "en", passages, {"office", "public"})
    Translations(translator).claim(claim, "en", passages, ())
    assert [set(bases) for bases in translator.bases] == [set(), set()]


def test_a_gloss_is_no_translation_of_the_quote() -> None:
    claim, passages = _claim("Deckel!")
    shown = Translations(_Dictionary()).claim(claim, "en", passages, {"plant"})
    assert (shown.text, shown.kind) == ("Deckel!\nKey terms: Deckel = cover", "gloss")
    assert shown.citations[0].quote_translated == ""


def test_claim_that_cannot_be_translated_faithfully_stays_original() -> None:
    claim, passages = _claim("Etwas anderes.")
    shown = Translations(_Dictionary()).claim(claim, "en", passages, {"plant"})
    assert (shown.text, shown.kind, shown.citations[0].quote_translated) == ("Etwas anderes.", "original", "")


def test_a_claim_in_the_readers_language_is_not_touched() -> None:
    claim, passages = _claim("Deckel prüfen.")
    assert Translations(_Dictionary()).claim(claim, "de", passages, {"plant"}) == claim
    assert Translations(None).claim(claim, "en", passages, {"plant"}) == claim


def test_question_is_put_in_the_languages_that_can_be_served() -> None:
    assert Translations(_Dictionary()).question("Which cover?", "en", ["de", "fr", "en"]) == {"de": "Welcher Deckel?"}
    assert Translations(None).question("Which cover?", "en", ["de"]) == {}
