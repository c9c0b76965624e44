"""The answerer over passages in another language than the question's: what counts as said, and what is refused."""

import pytest

from copilot.answering.extractive import ExtractiveAnswerer
from copilot.answering.features import options
from copilot.answering.text import Bag, coverage, match
from copilot.types import Chunk, Document, Draft, ElementKind, Evidence, Hit, Passage, QueryTerm, Question, Span

TORQUE = QueryTerm("Drehmoment", "torqu", "word", 3.0, 4, 3.0, (("torqu", 0.8), ("moment", 0.2)))
BOLT = QueryTerm("Gehäuseschrauben", "bolt", "word", 3.0, 4, 3.0, (("bolt", 0.5), ("screw", 0.3), ("hous", 0.2)))
BAKERY = QueryTerm("Bäckerei", "bakeri", "word", 5.0, 0, 5.0, (("bakeri", 0.9), ("bread", 0.1)))
PLUG = QueryTerm("Servicetrennstecker", "plug", "word", 4.0, 1, 4.0, (("servic disconnect", 0.6), ("plug", 0.4)))


def number(text: str, frequency: int = 1) -> QueryTerm:
    return QueryTerm(text, text, "number", 4.0, frequency, 4.0)


def words(*terms: str) -> Bag:
    return Bag(frozenset(terms), frozenset())


def hit(order: int, text: str, language: str = "en") -> Hit:
    span = Span(order, (10.0, 10.0, 200.0, 20.0), "")
    chunk = Chunk(
        f"c{order}", f"d{order}", "s", 0, text, text, (), ((0, len(text), span),), language, ElementKind.TEXT
    )
    document = Document(f"d{order}", "kb", f"file:///{order}.pdf", "Manual", "s", "application/pdf")
    return Hit(chunk, document, 3.0 - order)


BOLTS = hit(1, "Clean the sealing face. Tighten the housing bolts M8 with a torque of 24 Nm in two passes.")
COOLING = hit(2, "The cooling circuit holds 6.5 litres. Bleed it at the upper valve after every repair.")


def ask(question: str, terms: tuple[QueryTerm, ...], *hits: Hit) -> Draft:
    passages = tuple(Passage(marker, (item,)) for marker, item in enumerate(hits, start=1))
    return ExtractiveAnswerer().answer(Evidence(Question(question), "de", passages, {"en": terms}))


def test_a_sure_translation_counts_more_and_lesser_ones_add_up() -> None:
    assert match(TORQUE, words("torqu")) == pytest.approx(0.8**0.5)
    assert match(BOLT, words("screw")) == pytest.approx(0.3**0.5)
    assert match(BOLT, words("screw", "hous")) == pytest.approx(0.5**0.5)
    assert match(BOLT, words("bolt", "screw", "hous")) == pytest.approx(1.0)
    assert match(TORQUE, words("pressur")) == 0.0


def test_a_translation_of_several_words_wants_all_of_them() -> None:
    assert match(PLUG, words("servic", "disconnect")) == pytest.approx(0.6**0.5)
    assert match(PLUG, words("servic", "manual")) == 0.0


def test_coverage_counts_translations_by_the_weight_of_their_word() -> None:
    assert coverage([TORQUE, BAKERY], words("torqu", "moment")) == pytest.approx(3.0 / 8.0)


def test_character_ngrams_tell_nothing_between_languages() -> None:
    (first, *_) = options("Drehmoment der Gehäuseschrauben", "de", [BOLTS], [TORQUE], foreign=True)
    assert first.feature("gram_sentence") == 0.0
    (first, *_) = options("sealing face clean", "en", [BOLTS], [TORQUE])
    assert first.feature("gram_sentence") > 0.0


def test_a_german_question_is_answered_by_the_english_sentence() -> None:
    draft = ask("Welches Drehmoment haben die Gehäuseschrauben?", (TORQUE, BOLT), BOLTS, COOLING)
    assert draft.claims[0].text == "Tighten the housing bolts M8 with a torque of 24 Nm in two passes."


def test_an_absent_topic_is_not_found_in_another_language_either() -> None:
    opening = QueryTerm("Öffnungszeiten", "open", "word", 5.0, 0, 5.0, (("open", 0.5), ("hour", 0.4)))
    assert not ask("Welche Öffnungszeiten hat die Bäckerei?", (opening, BAKERY), BOLTS, COOLING).claims


def test_a_number_asked_for_must_stand_in_the_foreign_passage() -> None:
    asked = (TORQUE, BOLT, number("4471", 0))
    draft = ask("Welches Drehmoment haben die Gehäuseschrauben nach Blatt 4471?", asked, BOLTS)
    assert not draft.claims and draft.missing == ("4471",)


def test_a_name_that_no_foreign_text_holds_must_stand_there_unless_it_is_a_word() -> None:
    unknown = QueryTerm("Zyrkonia", "zyrkonia", "word", 5.0, 0, 5.0)
    passages = (Passage(1, (BOLTS,)),)
    for term, missing in ((unknown, ("Zyrkonia",)), (BOLT, ())):
        evidence = Evidence(Question("torque pour Zyrkonia ?"), "fr", passages, {"en": (TORQUE, term)})
        assert ExtractiveAnswerer().answer(evidence).missing == missing
