"""Sentences are found again, exactly or nearly, and TMX files go in and out."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.catalog import Catalog, Unit
from copilot.errors import UsageError
from copilot.translation import Memory
from copilot.translation.tmx import read_tmx, write_tmx

SENTENCE = "Ziehen Sie die Schrauben des Gehäuses mit 24 Nm an."
UNIT = Unit("de", "en", SENTENCE, "Tighten the housing bolts to 24 Nm.")


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    catalog = Catalog.at(tmp_path / "catalog.sqlite")
    catalog.remember([UNIT])
    return catalog


def test_the_same_sentence_is_found_both_ways(catalog: Catalog) -> None:
    memory = Memory(catalog)
    found = memory.find(f"  {SENTENCE.replace(' ', '  ')}", "de", "en")
    assert found is not None and (found.text, found.kind, found.score) == (UNIT.target, "memory", 1.0)
    back = memory.find(UNIT.target, "en", "de")
    assert back is not None and back.text == SENTENCE


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ziehen Sie alle Schrauben des Gehäuses mit 24 Nm an.", True),
        ("Ziehen Sie die Schrauben des Gehäuses mit 24 Nm an!", True),
        ("Ziehen Sie die Schrauben des Gehäuses mit 25 Nm an.", False),
        ("Ziehen Sie die Schrauben des Gehäuses nicht mit 24 Nm an.", False),
        ("Ziehen Sie die Schrauben M8 des Gehäuses mit 24 Nm an.", False),
        ("Entfernen Sie den Deckel und prüfen Sie ihn.", False),
    ],
)
def test_a_near_sentence_is_taken_only_if_numbers_names_and_sense_agree(
    catalog: Catalog, text: str, found: bool
) -> None:
    assert (Memory(catalog).find(text, "de", "en") is not None) is found


def test_what_belongs_to_a_knowledge_base_is_for_its_readers(catalog: Catalog) -> None:
    catalog.remember([Unit("de", "en", "Deckel schließen und verriegeln.", "Close and lock the lid.", kb="plant")])
    memory = Memory(catalog)
    assert memory.find("Deckel schließen und verriegeln.", "de", "en") is None
    assert memory.find("Deckel schließen und verriegeln.", "de", "en", ["plant"]) is not None


def test_a_reviewed_translation_is_not_replaced_by_an_imported_one(catalog: Catalog) -> None:
    reviewed = Unit("de", "en", SENTENCE, "Torque the housing bolts to 24 Nm.", reviewed=True)
    assert catalog.remember([reviewed]) == 1 and catalog.remember([UNIT]) == 0
    found = Memory(catalog).find(SENTENCE, "de", "en")
    assert found is not None and (found.text, found.kind) == (reviewed.target, "reviewed")


def test_tmx_round_trip_keeps_every_unit(tmp_path: Path) -> None:
    chinese = Unit("zh", "fr", "拧紧 <螺栓> & 24 Nm", "Serrer la vis.", reviewed=True)
    units = [UNIT, chinese, Unit("pl", "it", "a\nb", "c")]
    path = tmp_path / "memory.tmx"
    assert write_tmx(path, units) == 3
    assert read_tmx(path) == units


def test_tmx_of_other_tools_is_read(tmp_path: Path) -> None:
    path = tmp_path / "other.tmx"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header srclang="de-DE"/><body>'
        '<tu><note>n</note><tuv xml:lang="de-DE"><seg>Den <bpt i="1">{b}</bpt>Deckel<ept i="1">{/b}</ept> prüfen.</seg>'
        '</tuv><tuv xml:lang="EN-US"><seg>Check the <hi>cover</hi>.</seg></tuv><tuv xml:lang="ja"><seg>x</seg></tuv>'
        '<tuv lang="fr"><seg>Vérifier le couvercle.</seg></tuv></tu>'
        '<tu><tuv xml:lang="de"><seg/></tuv></tu></body></tmx>',
        encoding="utf-8",
    )
    assert [(unit.source_language, unit.target_language, unit.source, unit.target) for unit in read_tmx(path)] == [
        ("de", "en", "Den Deckel prüfen.", "Check the cover."),
        ("de", "fr", "Den Deckel prüfen.", "Vérifier le couvercle."),
        ("en", "fr", "Check the cover.", "Vérifier le couvercle."),
    ]


@pytest.mark.parametrize("content", ["", "<tmx><body><tu>", "<html/>", "plain text"])
def test_a_file_that_is_no_sound_tmx_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.tmx"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"bad\.tmx"):
        read_tmx(path)


def test_entities_of_a_tmx_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    path = tmp_path / "evil.tmx"
    path.write_text(
        f'<!DOCTYPE tmx [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "aaaa">]><tmx version="1.4"><body><tu>'
        '<tuv xml:lang="de"><seg>a &x; &y; b</seg></tuv><tuv xml:lang="en"><seg>c</seg></tuv></tu></body></tmx>',
        encoding="utf-8",
    )
    assert all("secret" not in unit.source and "aaaa" not in unit.source for unit in read_tmx(path))
