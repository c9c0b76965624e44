"""A genuine package: it truly translates its narrow domain, and everything around it holds."""

from __future__ import annotations

import random
import shutil
import zipfile
from pathlib import Path

import pytest

from copilot.catalog import Catalog, Unit
from copilot.errors import ModelError
from copilot.models import folders
from copilot.models.installing import install, verify
from copilot.settings import load_settings
from copilot.translation import Engine, Memory, TranslationService
from copilot.translation.argos import Model
from copilot.types import KnowledgeBase
from copilot.wiring import open_translator

pytestmark = [
    pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]  # fmt: skip
THINGS = ["die Schraube", "den Deckel", "die Dichtung", "den Stecker", "das Ventil"]
DEEDS = ["Prüfen Sie", "Entfernen Sie", "Reinigen Sie", "Ersetzen Sie"]
TOKENS = ["PPR-9087", "P0A7E", "ISO 26262-6:2018", "UN R155", "VDA 6.3", "24 Nm", "2,37 mm", "-40 °C", "manual_de.pdf",
          "https://example.org/a_b?c=1", "x.y@example.org", "`a_b = 1`", "M8x1.25", "12.03.2025", "R134a"]  # fmt: skip


def _service(folder: Path, tmp_path: Path) -> TranslationService:
    catalog = Catalog.at(tmp_path / "catalog.sqlite")
    return TranslationService(Engine([folder]), catalog, Memory(catalog))


def _packed(argos_packages: Path, path: Path) -> Path:
    folder = argos_packages / "translate-de_en-1_0"
    with zipfile.ZipFile(path, "w") as archive:
        for item in folder.rglob("*"):
            archive.write(item, Path(folder.name) / item.relative_to(folder))
    return path


def test_it_translates_sentence_by_sentence(argos_packages: Path, tmp_path: Path) -> None:
    made = _service(argos_packages, tmp_path).render("Prüfen Sie die Dichtung. Entfernen Sie den Deckel.", "de", "en")
    assert made.text == "Check the gasket. Remove the cover."
    assert [item.kind for item in made.sentences] == ["machine", "machine"]


def test_no_protected_token_is_altered_in_two_hundred_sentences(argos_packages: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    service = _service(argos_packages, tmp_path)
    texts = [
        f"{chance.choice(DEEDS)} {chance.choice(THINGS)} {chance.choice(TOKENS)} ({chance.choice(TOKENS)})."
        for _ in range(200)
    ]
    made = service.render_all(texts, "de", "en")
    sentences = [item for text in made for item in text.sentences]
    assert sum(item.kind == "original" for item in sentences) <= 0.05 * len(sentences)
    for item in sentences:
        assert item.protected and all(item.text.count(token) >= item.protected.count(token) for token in item.protected)


def test_the_glossary_is_obeyed_in_two_hundred_sentences(tmp_path: Path, argos_packages: Path) -> None:
    from copilot.glossary import import_glossary

    settings = load_settings(data_dir=tmp_path / "data", translation={"packages": str(argos_packages)})
    catalog = Catalog.at(settings.catalog_path)
    catalog.put_knowledge_base(KnowledgeBase("plant"))
    table = tmp_path / "terms.csv"
    table.write_text("de,en\nSchraube,fastener\nDeckel,lid\nDichtung,seal\nStecker,plug\nVentil,valve\n", "utf-8")
    import_glossary(catalog, table, "plant")
    service = open_translator(settings, catalog)
    texts = [f"{deed} {thing} {number}." for number in range(11, 21) for deed in DEEDS for thing in THINGS]
    made = service.render_all(texts, "de", "en", ["plant"])
    hits = [hit for text in made for item in text.sentences for hit in item.glossary]
    assert len(hits) == 200 and sum(hit.used for hit in hits) >= 190
    assert sum(hit.target_term in text.text for text, hit in zip(made, hits, strict=True)) >= 190


def test_it_is_installed_verified_and_found(argos_packages: Path, tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "data")
    install(settings, _packed(argos_packages, tmp_path / "de_en.argosmodel"))
    assert [(item.ok, item.checksums) for item in verify(settings, "de>en")] == [(True, "good")]
    assert ("de", "en") in open_translator(settings).pairs()


def test_a_corrupt_model_in_a_sound_zip_is_refused(argos_packages: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(argos_packages / "translate-de_en-1_0", copy / "translate-de_en-1_0")
    (copy / "translate-de_en-1_0" / "model" / "model.bin").write_bytes(b"\0" * 100)
    settings = load_settings(data_dir=tmp_path / "data")
    with pytest.raises(ModelError, match="cannot be used"):
        install(settings, copy / "translate-de_en-1_0")
    assert not any(item.origin == "installed" for item in folders.models(settings))
    made = _service(copy, tmp_path).render("Prüfen Sie die Dichtung.", "de", "en")
    assert made.text == "Prüfen Sie die Dichtung." and "cannot be used" in made.warnings[0]


def test_a_reviewed_correction_is_shown_from_then_on(argos_packages: Path, tmp_path: Path) -> None:
    catalog = Catalog.at(tmp_path / "catalog.sqlite")
    service = TranslationService(Engine([argos_packages]), catalog, Memory(catalog))
    assert service.render("Prüfen Sie das Ventil.", "de", "en").text == "Check the valve."
    catalog.remember([Unit("de", "en", "Prüfen Sie das Ventil.", "Inspect the valve.", reviewed=True)])
    made = service.render("Prüfen Sie das Ventil.", "de", "en")
    assert (made.text, made.sentences[0].kind) == ("Inspect the valve.", "reviewed")


def test_threads_get_the_same_as_one(argos_packages: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    model = Model(argos_packages / "translate-de_en-1_0")
    texts = [f"{deed} {thing}." for deed in DEEDS for thing in THINGS]
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda text: model.hypotheses([text])[0][0].text, texts * 3))
    assert made == [options[0].text for options in model.hypotheses(texts)] * 3
