"""The page that translates says what stands behind each sentence, and lets a reader correct it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from copilot import wiring
from copilot.catalog import Catalog, Term, TermConcept
from copilot.errors import ModelError
from copilot.types import GlossaryHit, KnowledgeBase, TranslatedSentence, TranslatedText
from copilot.ui.translated_view import KINDS, marked_text

MACHINE = TranslatedSentence(
    "Drehmomente an M8 prüfen.", "Check the torques on M8.", "machine", "de", ("M8",),
    (GlossaryHit("Drehmoment", "torque", True),),
)  # fmt: skip
GLOSS = TranslatedSentence(
    "Die Drehkraft <b>prüfen</b>.", "Die Drehkraft <b>prüfen</b>.\nKey terms: Drehkraft = torque", "gloss", "de", (),
    (GlossaryHit("Drehkraft", "torque", False, True),),
)  # fmt: skip


class WrittenTranslator:
    """Gives the sentences that the test wrote down, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str, Sequence[str]]] = []
        self.sentences: tuple[TranslatedSentence, ...] = (MACHINE,)
        self.served = frozenset({("de", "en")})
        self.fault: Exception | None = None

    def pairs(self) -> frozenset[tuple[str, str]]:
        return self.served

    def render(self, text: str, source: str, target: str, kbs: Sequence[str] = ()) -> TranslatedText:
        self.asked.append((text, source, target, kbs))
        if self.fault is not None:
            raise self.fault
        shown = " ".join(sentence.text for sentence in self.sentences)
        return TranslatedText(shown, source or "de", target, self.sentences, ("<i>note</i>",))


def _page() -> None:
    from copilot.ui import translate

    translate.page()


@pytest.fixture
def translator(monkeypatch: pytest.MonkeyPatch) -> WrittenTranslator:
    made = WrittenTranslator()
    monkeypatch.setattr(wiring, "open_translator", lambda settings, catalog=None: made)
    return made


@pytest.fixture
def page(written: Any, translator: WrittenTranslator, catalog: Catalog) -> AppTest:
    terms = (Term("Drehmoment", "de"), Term("Drehkraft", "de", "forbidden"), Term("torque", "en"))
    catalog.put_concepts("service", [TermConcept("1", "service", terms)])
    catalog.put_knowledge_base(KnowledgeBase("board", default_acl=("board",)))
    return AppTest.from_function(_page, default_timeout=60).run()


def translated(page: AppTest, text: str = "Ein Text.") -> AppTest:
    page.text_area(key="translate_text").set_value(text)
    page.button(key="translate_go").click().run()
    assert not page.exception
    return page


def test_sentence_shows_kind_marks_and_original(page: AppTest, translator: WrittenTranslator, written: Any) -> None:
    shown = written.shown(translated(page))
    assert "Check the :green-background[torques] on :gray-background[M8]" in shown
    assert "violet-badge" in shown and "yellow-badge" not in shown
    assert "Drehmomente an M8 prüfen" in shown and "torque ✓" in shown
    assert translator.asked == [("Ein Text.", "", "en", ("service",))], "only glossaries that the reader may use"


def test_gloss_is_never_shown_as_a_translation_and_text_is_escaped(
    page: AppTest, translator: WrittenTranslator, written: Any
) -> None:
    translator.sentences, translator.served = (GLOSS,), frozenset()
    shown = written.shown(translated(page))
    assert "gloss, no translation" in shown and "violet-badge" not in shown
    assert "No translation package for German – English is installed" in shown
    assert "copilot models pull de en" in shown
    assert ":green-background[Drehkraft]" in shown and "do not use" in shown
    assert "<b>" not in shown


def test_nothing_typed_asks_nothing(page: AppTest, translator: WrittenTranslator) -> None:
    translated(page, "   ")
    assert translator.asked == []


def test_fault_is_told_with_its_cure(page: AppTest, translator: WrittenTranslator) -> None:
    translator.fault = ModelError("The package is broken.", "Install it again.")
    assert "Install it again" in translated(page).error[0].value


def test_swap_turns_languages_and_text_around(page: AppTest) -> None:
    page.selectbox(key="translate_from").set_value("de").run()
    translated(page)
    page.button(key="translate_swap").click().run()
    assert page.selectbox(key="translate_from").value == "en"
    assert page.selectbox(key="translate_to").value == "de"
    assert page.text_area(key="translate_text").value == MACHINE.text


def test_correction_goes_into_the_memory_and_the_text_is_translated_again(
    page: AppTest, translator: WrittenTranslator, catalog: Catalog
) -> None:
    translated(page)
    assert page.text_area(key="correction_0").value == MACHINE.text
    page.text_area(key="correction_0").set_value("Check torques at M8.").run()
    page.button(key="correct_save_0").click().run()
    (unit,) = catalog.units(["service"], "de", "en")
    assert (unit.source, unit.target, unit.reviewed, unit.author) == (
        MACHINE.source, "Check torques at M8.", True, "local",
    )  # fmt: skip
    assert len(translator.asked) == 2


def test_marked_text_keeps_blanks_and_lets_no_span_overlap() -> None:
    assert marked_text("a bb cc", [(2, 4, "gray"), (2, 7, "green"), (5, 7, "gray")]) == "a :green-background[bb cc]"
    assert marked_text("a bb c", [(2, 4, "gray")]) == "a :gray-background[bb] c"


def test_every_kind_has_its_words() -> None:
    from copilot.ui.texts import catalogue

    assert {f"kind_{kind}" for kind in KINDS} <= set(catalogue())
