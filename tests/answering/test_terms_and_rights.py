"""A claim is explained by the terms of its document's base only to those whom the base lets in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from copilot.glossary import import_glossary
from copilot.library import Library
from copilot.service import Copilot
from copilot.types import Principal, Question
from copilot.wiring import open_translator
from ingest.testing import LengthEmbedder, PipelineHouse

GUEST, STAFF = Principal("gus", ("guests",)), Principal("anna", ("guests", "staff"))
TEXTS = (
    "The pinch sprite sits behind the roller.", "The bearing is greased every year.", "The belt has to be tensioned.",
    "The motor drives the shaft.", "The pump runs on after switching off.", "The valve opens at 16 bar.",
)
QUESTION = Question("Where does the pinch sprite sit?", language="en", answer_language="de")


@pytest.fixture
def copilot(tmp_path: Path) -> Iterator[Copilot]:
    folder = tmp_path / "plant"
    folder.mkdir()
    manifest = '[[knowledge_bases]]\nname = "plant"\ngroups = ["staff"]\n'
    for number, text in enumerate(TEXTS):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
        manifest += f'[[documents]]\npath = "{number}.txt"\nkb = "plant"\nlanguage = "en"\ngroups = ["guests"]\n'
    (folder / "manifest.toml").write_text(manifest, encoding="utf-8")
    terms = tmp_path / "terms.csv"
    terms.write_text("de,en\nKlemmzwerg,pinch sprite\n", encoding="utf-8")
    house = PipelineHouse(tmp_path / "data")
    house.ingest(folder)
    import_glossary(house.catalog, terms, "plant")
    library, translator = Library(house.catalog, house.settings), open_translator(house.settings, house.catalog)
    with Copilot(
        house.index, house.catalog, library, LengthEmbedder(), house.settings, translator=translator
    ) as made:
        yield made


def test_who_may_read_documents_is_not_told_the_terms_of_its_base(copilot: Copilot) -> None:
    told, kept = (copilot.ask(QUESTION, asker).claims[0] for asker in (STAFF, GUEST))
    assert told.citations[0].quote == kept.citations[0].quote == TEXTS[0]
    assert told.kind == "gloss" and "pinch sprite = Klemmzwerg" in told.text
    assert "Klemmzwerg" not in kept.text
