"""Each sentence says what stands behind it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from copilot.catalog import Catalog, Unit
from copilot.errors import ModelError
from copilot.translation import Engine, Memory, TranslationService
from copilot.translation.argos import Hypothesis
from copilot.translation.kinds import overall_kind

WORDS = {
    "Prüfen": "Check", "Sie": "", "die": "the", "den": "the", "Dichtung": "gasket", "Deckel": "cover", "mit": "with",
    "cover": "couvercle", "the": "le", "Check": "Vérifier", "gasket": "joint", "with": "avec",
}  # fmt: skip


class WordByWord:
    """Puts one word for another; counts the sentences."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def hypotheses(self, texts: Sequence[str], n: int = 1) -> list[list[Hypothesis]]:
        self.asked += texts
        return [[Hypothesis(self._say(text), -0.5)] for text in texts]

    def _say(self, text: str) -> str:
        words = [WORDS.get(word.rstrip("."), word.rstrip(".")) for word in text.split()]
        return " ".join(word for word in words if word) + ("." if text.endswith(".") else "")


class Torn:
    """A package whose model cannot be loaded."""

    def hypotheses(self, texts: Sequence[str], n: int = 1) -> list[list[Hypothesis]]:
        raise ModelError("The package is torn.", "Install it again.")


@dataclass(frozen=True)
class Match:
    start: int
    end: int
    source_term: str
    target_term: str
    forbidden: bool = False


class Glossary:
    """Knows one word: Dichtung is seal."""

    terms = {"en": "seal", "fr": "bague"}

    def version(self) -> str:
        return "1"

    def matches(self, text: str, source: str, target: str, kbs: Collection[str]) -> list[Match]:
        start = text.find("Dichtung")
        return [Match(start, start + 8, "Dichtung", self.terms[target])] if start >= 0 and "plant" in kbs else []


@pytest.fixture
def model() -> WordByWord:
    return WordByWord()


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog.at(tmp_path / "catalog.sqlite")


@pytest.fixture
def service(tmp_path: Path, model: WordByWord, catalog: Catalog) -> TranslationService:
    for pair in ("de_en", "en_fr"):
        folder = tmp_path / "packages" / f"translate-{pair}"
        folder.mkdir(parents=True)
        table = dict(zip(("from_code", "to_code"), pair.split("_"), strict=True)) | {"package_version": "1"}
        (folder / "metadata.json").write_text(json.dumps(table), encoding="utf-8")
    engine = Engine([tmp_path / "packages"], open_model=lambda folder, threads: model)

    def gloss(text: str, *_: object) -> str:
        return f"{text}\nKey terms: x" if "Deckel" in text else ""

    return TranslationService(engine, catalog, Memory(catalog), Glossary(), gloss)


def test_layout_kinds_and_protected_tokens_are_told(service: TranslationService) -> None:
    made = service.render("- Prüfen Sie die Dichtung mit 24 Nm.\n- PPR-9087\n", "de", "en")
    assert made.text == "- Check the gasket with 24 Nm.\n- PPR-9087\n"
    assert [(item.kind, item.protected) for item in made.sentences] == [
        ("machine", ("24 Nm",)), ("original", ("PPR-9087",)),
    ]
    assert overall_kind(made) == "machine"


def test_the_same_sentence_is_asked_of_a_model_once(service: TranslationService, model: WordByWord) -> None:
    service.render("Prüfen Sie die Dichtung. Prüfen Sie die Dichtung.", "de", "en")
    service.render("Prüfen Sie die Dichtung.", "de", "en")
    assert model.asked == ["Prüfen Sie die Dichtung."]


def test_a_pair_without_a_package_goes_by_way_of_english(service: TranslationService) -> None:
    made = service.render("Prüfen Sie den Deckel mit 24 Nm.", "de", "fr")
    assert made.text == "Vérifier le couvercle avec 24 Nm."


def test_what_people_made_comes_before_the_model(service: TranslationService, catalog: Catalog) -> None:
    catalog.remember([Unit("de", "en", "Prüfen Sie den Deckel.", "Inspect the lid.")])
    made = service.render("Prüfen Sie den Deckel.", "de", "en")
    assert (made.text, made.sentences[0].kind, made.sentences[0].score) == ("Inspect the lid.", "memory", 1.0)
    catalog.remember([Unit("de", "en", "Prüfen Sie den Deckel.", "Check the lid.", reviewed=True)])
    assert service.render("Prüfen Sie den Deckel.", "de", "en").sentences[0].kind == "reviewed"


def test_terms_of_the_glossary_are_put_in_for_those_who_may_read_it(service: TranslationService) -> None:
    assert service.render("Prüfen Sie die Dichtung.", "de", "en").text == "Check the gasket."
    made = service.render("Prüfen Sie die Dichtung.", "de", "en", ["plant"])
    assert made.text == "Check the seal."
    assert [(hit.source_term, hit.target_term, hit.used) for hit in made.sentences[0].glossary] == [
        ("Dichtung", "seal", True)
    ]
    assert service.render("Prüfen Sie die Dichtung.", "de", "fr", ["plant"]).text == "Vérifier le bague."


def test_without_a_package_the_gloss_or_the_original_is_shown_and_the_cure_told(service: TranslationService) -> None:
    made = service.render("Prüfen Sie den Deckel.", "de", "pl")
    assert made.text == "Prüfen Sie den Deckel.\nKey terms: x" and made.sentences[0].kind == "gloss"
    assert any("copilot models install" in note for note in made.warnings)
    both = service.render("- Den Deckel.\n- Die Dichtung.", "de", "pl")
    assert both.text == "- Den Deckel. [Key terms: x]\n- Die Dichtung."
    assert service.translate(["Die Dichtung."], "de", "pl") == [None]


def test_a_sentence_that_would_lose_something_is_told_of(service: TranslationService, model: WordByWord) -> None:
    model._say = lambda text: f"{text} 99"  # type: ignore[method-assign]
    made = service.render("Prüfen Sie die Dichtung PPR-9087.", "de", "en")
    assert (made.sentences[0].kind, made.sentences[0].reason) == ("original", "lost")
    assert made.warnings == ("1 sentence(s) are not translated: a number, a name or a code would have been lost.",)
    again = service.render("Prüfen Sie die Dichtung PPR-9087.", "de", "en")
    assert again == made


def test_a_torn_package_is_a_state_and_not_an_error(tmp_path: Path, service: TranslationService) -> None:
    broken = TranslationService(Engine([tmp_path / "packages"], open_model=lambda folder, threads: Torn()))
    made = broken.render("Prüfen Sie die Dichtung.", "de", "en")
    assert (made.text, made.sentences[0].kind) == ("Prüfen Sie die Dichtung.", "original")
    assert made.sentences[0].reason == "damaged"
    assert made.warnings == ("The package is torn. Install it again.",)


@pytest.mark.parametrize(
    ("text", "source"),
    [("12 345,6 7.8", "de"), ("Check the cover before you start the engine.", "de"), ("P0A7E", ""), ("", "de"),
     ("\n\t \n", "de"), ("Check it.", "en")],
)  # fmt: skip
def test_what_needs_no_translation_stays(
    service: TranslationService, model: WordByWord, text: str, source: str
) -> None:
    made = service.render(text, source, "en")
    assert made.text == text and {item.kind for item in made.sentences} <= {"original"} and not model.asked


def test_the_language_of_each_sentence_is_found_out_where_none_is_given(service: TranslationService) -> None:
    text = "Prüfen Sie die Dichtung mit der Hand. The cover is on the table and must be closed."
    made = service.render(text, "", "en")
    assert [item.language for item in made.sentences] == ["de", "en"]
    assert [item.kind for item in made.sentences] == ["machine", "original"]


def test_a_very_long_text_comes_back_whole(service: TranslationService) -> None:
    text = "Prüfen Sie die Dichtung mit 24 Nm.\n" * 1500
    made = service.render(text, "de", "en")
    assert made.text == "Check the gasket with 24 Nm.\n" * 1500


def test_a_question_is_put_in_every_language_that_is_served(service: TranslationService) -> None:
    assert service.hypotheses("Prüfen Sie den Deckel", "de", ["en", "fr", "pl", "de"]) == {
        "en": ("Check the cover",), "fr": ("Vérifier le couvercle",),
    }


def test_forgetting_empties_the_cache(service: TranslationService, catalog: Catalog, model: WordByWord) -> None:
    service.render("Prüfen Sie die Dichtung.", "de", "en")
    assert catalog.forget_translations() == 1
    service.render("Prüfen Sie die Dichtung.", "de", "en")
    assert len(model.asked) == 2
