import pytest

from copilot.retrieval import Asked, Search, Synonym
from copilot.retrieval.families import grouped
from copilot.retrieval.variants import variants
from copilot.types import Chunk, Document, ElementKind, Hit, Span, Where
from training.pools import POLICY, Item, MemoryReader

OPEN = Where(frozenset({POLICY}))
WORDS = {
    ("schraub", "de", "en"): (("screw", 0.6), ("bolt", 0.3)),
    ("schraub", "de", "fr"): (("vis", 0.8),),
    ("torqu", "en", "de"): (("drehmoment", 0.7),),
    ("torqu", "en", "fr"): (("coupl", 0.7),),
}
PASSAGES = [
    ("en", "Tighten the bolt of the flange by hand."),
    ("en", "The cat sleeps on the warm bonnet."),
    ("fr", "La vis du carter est en acier."),
    ("fr", "Le chat dort."),
    ("de", "Die Katze schläft auf der warmen Haube."),
    ("de", "Das Drehmoment wird in Newtonmetern angegeben."),
    ("de", "Der Deckel PPR-9087 ist aus Stahl."),
]


class Words:
    def translations(self, term: str, source: str, target: str) -> tuple[tuple[str, float], ...]:
        return WORDS.get((term, source, target), ())

    def surface(self, term: str, language: str) -> str:
        return {"screw": "screws"}.get(term, term)


def _search(lexicon: Words | None = None) -> Search:
    items = [Item(f"{number}", f"{number}", language, "", text) for number, (language, text) in enumerate(PASSAGES)]
    return Search(MemoryReader(items, None), None, lexicon=lexicon)


def _first(search: Search, asked: Asked, language: str) -> str:
    where = Where(OPEN.policies, languages=(language,))
    found = search.run(asked, where).candidates
    return _text(found[0].id) if found else ""


def _text(name: str) -> str:
    return PASSAGES[int(name)][1]


def test_run_finds_a_word_of_another_language_by_its_translation() -> None:
    asked = Asked("Schrauben", "de")
    assert _first(_search(), asked, "en") == ""
    assert "bolt" in _first(_search(Words()), asked, "en")
    assert "vis" in _first(_search(Words()), asked, "fr")


def test_run_word_of_a_third_language_inside_the_question_is_understood() -> None:
    asked = Asked("Was ist das torque?", "de")
    assert "Drehmoment" in _first(_search(Words()), asked, "de")


def test_run_identifier_needs_no_translation() -> None:
    assert "PPR-9087" in _first(_search(Words()), Asked("couvercle ppr 9087", "fr"), "de")


@pytest.mark.parametrize("written", ["1.850", "1,850", "1 850", "1850"])
def test_run_number_is_found_in_another_language_however_its_thousands_are_marked(written: str) -> None:
    passages = ["The nut takes 1 850 Nm.", "The nut takes 24 Nm.", "A nut."]
    items = [Item(f"{number}", f"{number}", "en", "", text) for number, text in enumerate(passages)]
    ranked = Search(MemoryReader(items, None), None, lexicon=Words()).run(Asked(f"{written} Nm", "de"), OPEN)
    assert ranked.candidates[0].id == "0"
    assert any(term.term == "1850" and term.frequency for term in ranked.weighted["en"])


def test_run_glossary_synonym_is_searched() -> None:
    synonym = Synonym("Feline", "Katze", 1.0)
    asked = Asked("feline", "en", synonyms={"de": [synonym]})
    assert "Katze" in _first(_search(), asked, "de")


def test_run_machine_translation_and_words_are_both_searched() -> None:
    asked = Asked("Schrauben", "de", translations={"en": "the cat"})
    texts = {_text(item.id) for item in _search(Words()).run(asked, OPEN).candidates}
    assert {PASSAGES[0][1], PASSAGES[1][1]} <= texts


def test_run_contributions_of_the_legs_explain_the_score() -> None:
    ranked = _search(Words()).run(Asked("Schrauben am Flansch", "de"), OPEN)
    assert ranked.candidates
    for item in ranked.candidates:
        assert item.score == pytest.approx(sum(item.added.values()), abs=1e-5)


def test_run_searches_only_languages_that_are_permitted() -> None:
    nobody = _search(Words()).run(Asked("Schrauben", "de"), Where(frozenset()))
    assert nobody.candidates == () and dict(nobody.weighted) == {}


def test_variants_tell_how_words_were_translated() -> None:
    ranked = _search(Words()).run(Asked("Schrauben", "de"), OPEN)
    shown = {item.language: item.text for item in variants("Schrauben", "de", {}, ranked.weighted, Words())}
    assert shown["en"] == "Schrauben: screws 0.60, bolt 0.30"


def _hit(name: str, language: str, family: str, page: int) -> Hit:
    chunk = Chunk(name, name, "s", 0, name, name, (), ((0, 1, Span(page)),), language, ElementKind.TEXT)
    document = Document(name, "kb", "uri", name, "s", "text/plain", language, family=family, pages=9)
    return Hit(chunk, document, 1.0)


def test_grouped_puts_translations_of_a_page_behind_and_loses_nothing() -> None:
    hits = [_hit("a", "de", "m", 3), _hit("b", "en", "m", 3), _hit("c", "en", "m", 4), _hit("d", "de", "m", 3)]
    hits += [_hit("e", "fr", "", 3)]
    assert [hit.chunk.id for hit in grouped(hits)] == ["a", "c", "d", "e", "b"]
