from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from copilot.language import concepts
from copilot.language.wordtable import WordTable
from training import words
from training.words_align import Rows, align
from training.words_compounds import standing_alone
from training.words_text import COARSE, FINE, FUNCTION, LANGUAGES, readings, rows

THINGS = {"pump": "Pompa", "valve": "Zawor", "screw": "Vida", "gasket": "Conta", "motor": "Silnik", "cable": "Kablo"}
DEEDS = {"check": "kontra", "clean": "pulita", "replace": "ersata", "grease": "lubrika"}


def _rows(language: str) -> list[str]:
    """A language of our own making: each English word has one other word, in another order."""
    made = []
    for deed, does in DEEDS.items():
        for thing, named in THINGS.items():
            made.append(f"manual\t{deed} {thing}\t{named}{language} {does}{language}")
    made += [f"wiktionary\t{thing}\t{named}{language}" for thing, named in THINGS.items()]
    return [*made, f"security-101\tpump\tfalse{language}", f"owasp-asvs/s\tvalve\tfalse{language}"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    for language in LANGUAGES:
        lines = ["source\ten\txx", *_rows(language)]
        (folder / f"en-{language}.tsv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    return folder


def _train(monkeypatch: pytest.MonkeyPatch, data: Path, out: Path) -> None:
    flags = ["words", "--data", str(data), "--out", str(out), "--work", str(out / "work"), "--processes", "1"]
    monkeypatch.setattr("sys.argv", [*flags, "--sources", "all"])
    words.main()


def test_training_finds_the_words_that_stand_for_each_other(
    monkeypatch: pytest.MonkeyPatch, data: Path, tmp_path: Path
) -> None:
    _train(monkeypatch, data, tmp_path / "out")
    table = WordTable(tmp_path / "out" / "words-all.bin")
    table.verify()
    for thing, named in THINGS.items():
        english = concepts(thing, "en")[0].terms[0]
        foreign = concepts(f"{named}es", "es")[0].terms[0]
        assert table.translations(english, "en", "es")[0][0] == foreign
        assert table.translations(foreign, "es", "en")[0][0] == english
        french = concepts(f"{named}fr", "fr")[0].terms[0]
        assert table.translations(foreign, "es", "fr")[0][0] == french
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["tables"]["all"]["rows"]["es"] == {"manual": 24, "wiktionary": 6}
    assert not [term for term in table.terms("es") if term.startswith("false")]


def test_training_again_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch, data: Path, tmp_path: Path) -> None:
    made = []
    for name in ("one", "two", "one"):  # the third run finds the first one's work
        _train(monkeypatch, data, tmp_path / name)
        made.append((tmp_path / name / "words-all.bin").read_bytes())
    assert made[0] == made[1] == made[2]


def test_held_back_sources_are_never_read(data: Path) -> None:
    assert {source for source, _, _ in rows(data / "en-de.tsv.gz")} == {"manual", "wiktionary"}


def test_permissive_sources_alone(data: Path) -> None:
    assert {source for source, _, _ in rows(data / "en-de.tsv.gz", frozenset({"manual"}))} == {"manual"}


def test_compounds_stand_in_parts_or_whole_never_in_both() -> None:
    found = {item.surface: role for item, role in readings(concepts("der Drehmomentschlüssel", "de"), "de")}
    assert found == {"der": FINE | COARSE | FUNCTION, "Drehmomentschlüssel": COARSE,
                     "dreh": FINE, "moment": FINE, "schlüssel": FINE}  # fmt: skip
    found = {item.surface: role for item, role in readings(concepts("read-only file", "en"), "en")}
    assert found == {"read": FINE, "only": FINE | FUNCTION, "read-only": COARSE, "file": FINE | COARSE}
    found = {item.surface: role for item, role in readings(concepts("安全性", "zh"), "zh")}
    assert found == {"安全": FINE, "安全性": COARSE}


def test_words_that_share_every_row_are_told_apart_by_the_rows_that_they_do_not_share() -> None:
    flat, starts = np.array([0, 1, 0, 1, 0], np.int32), np.array([0, 2, 4, 5], np.int64)
    links = align(Rows(flat, starts), Rows(flat, starts), 2, 2)
    counts = {(a, b): value for a, b, value in zip(links.left, links.right, links.expected, strict=True)}
    assert counts[0, 0] > 5 * counts.get((0, 1), 0.0)
    assert counts[1, 1] > 5 * counts.get((1, 0), 0.0)


def test_a_noun_that_is_a_compound_does_not_stand_alone() -> None:
    counts = standing_alone(["Pumpe", "Ölpumpe", *["das Öl läuft"] * 5])
    assert counts == {"lauft": 5, "ol": 5, "pump": 1}
