from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.errors import ModelError
from copilot.language import stem
from copilot.language.wordtable import WordTable, open_word_table, table_path
from training.words_write import write_tables

_TERM = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
_ROW = st.lists(st.tuples(_TERM, st.floats(0.001, 1.0)), max_size=4, unique_by=lambda item: item[0])
_TABLE = st.dictionaries(_TERM, _ROW, max_size=6)
LANGUAGES = ("de", "en", "es", "fr", "it", "pl", "pt", "zh")


def _scaled(table: dict[str, list[tuple[str, float]]]) -> dict[str, list[tuple[str, float]]]:
    """Rows as training makes them: the surest first, with a sum of 1 at most."""
    return {
        term: sorted(((item, share / max(1.0, sum(p for _, p in row))) for item, share in row), key=lambda x: -x[1])
        for term, row in table.items()
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(_TABLE, _TABLE, st.dictionaries(_TERM, _TERM, max_size=6))
def test_what_is_written_is_read_again(
    tmp_path: Path, there: dict[str, list[tuple[str, float]]], back: dict[str, list[tuple[str, float]]],
    faces: dict[str, str],
) -> None:  # fmt: skip
    there, back = _scaled(there), _scaled(back)
    path = tmp_path / "words.bin"
    write_tables(path, {("en", "de"): there, ("de", "en"): back}, {"de": faces})
    table = WordTable(path)
    for (source, target), rows in {("en", "de"): there, ("de", "en"): back}.items():
        for term, row in rows.items():
            found = table.translations(term, source, target)
            assert sum(share for _, share in found) <= 1.0 + 1e-9
            read = dict(found)
            for item, share in row:
                assert read.get(item, 0.0) == pytest.approx(share, abs=0.009)
                assert read.get(item, 0.0) <= share + 1e-9
    held = {item for row in there.values() for item, _ in row} | set(back)
    assert all(table.surface(term, "de") == faces.get(term, term) for term in held)


def test_languages_meet_through_english(tmp_path: Path) -> None:
    path = tmp_path / "words.bin"
    write_tables(
        path,
        {
            ("de", "en"): {"schraub": [("screw", 0.75), ("bolt", 0.25)]},
            ("en", "fr"): {"screw": [("vis", 1.0)], "bolt": [("boulon", 0.64), ("vis", 0.16)]},
        },
    )
    found = dict(WordTable(path).translations("schraub", "de", "fr"))
    assert found["vis"] == pytest.approx(0.75 + 0.25 * 0.16, abs=0.01)
    assert found["boulon"] == pytest.approx(0.25 * 0.64, abs=0.01)


def test_unknown_terms_and_languages_have_no_translations() -> None:
    table = open_word_table()
    assert table.translations("qzxvw", "en", "de") == ()
    assert table.translations("screw", "en", "xx") == ()
    assert table.surface("qzxvw", "en") == "qzxvw"


@pytest.mark.parametrize(
    ("word", "source", "target", "expected"),
    [
        ("torque", "en", "de", "drehmoment"),
        ("Drehmoment", "de", "en", "torque"),
        ("screw", "en", "fr", "vis"),
        ("pression", "fr", "en", "pressure"),
        ("tornillo", "es", "en", "screw"),
        ("oil", "en", "es", "aceite"),
        ("maintenance", "en", "it", "manutenzione"),
        ("pressione", "it", "en", "pressure"),
        ("ciśnienie", "pl", "en", "pressure"),
        ("temperature", "en", "pl", "temperatura"),
        ("parafuso", "pt", "en", "screw"),
        ("temperature", "en", "zh", "温度"),
        ("压力", "zh", "en", "pressure"),
        ("Wartung", "de", "fr", "maintenance"),
        ("tornillo", "es", "de", "Schraube"),
        ("温度", "zh", "pl", "temperatura"),
    ],
)
def test_everyday_engineering_words_are_known(word: str, source: str, target: str, expected: str) -> None:
    found = open_word_table().translations(stem(word, source), source, target)
    assert stem(expected, target) in [term for term, _ in found[:3]]


def test_terms_are_shown_as_people_write_them() -> None:
    table = open_word_table()
    assert table.surface("drehmoment", "de") == "Drehmoment"
    assert table.surface(stem("pressure", "en"), "en").lower() == "pressure"


@pytest.mark.parametrize("sources", ["all", "permissive"])
def test_no_shipped_row_sums_beyond_one(sources: str) -> None:
    if not table_path(sources).exists():
        pytest.skip("one table only is shipped")
    table = WordTable(table_path(sources))
    table.verify()
    assert {name for pair in table.pairs for name in pair} == set(LANGUAGES)
    for source in LANGUAGES:
        target = "de" if source == "en" else "en"
        for term in table.terms(source)[::25]:
            found = table.translations(term, source, target)
            assert all(0 < share <= 1 for _, share in found)
            assert sum(share for _, share in found) <= 1 + 1e-9
            assert found == tuple(sorted(found, key=lambda item: -item[1]))


def _small(folder: Path) -> Path:
    path = folder / "words.bin"
    write_tables(path, {("en", "de"): {"screw": [("schraub", 1.0)]}})
    digest = sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps({"files": {path.name: {"sha256": digest}}}), encoding="utf-8")
    return path


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: b"x" * len(data), lambda data: data[:-8]])
def test_a_damaged_file_is_refused_with_its_cure(tmp_path: Path, damage: object) -> None:
    path = _small(tmp_path)
    assert callable(damage)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ModelError, match=r"words\.bin.*Install"):
        WordTable(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        WordTable(tmp_path / "nowhere.bin")


def test_verify_sees_a_changed_byte(tmp_path: Path) -> None:
    path = _small(tmp_path)
    WordTable(path).verify()
    data = bytearray(path.read_bytes())
    data[-8] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ModelError, match="checksum"):
        WordTable(path).verify()
