from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import ModelError
from copilot.language import concepts, terms
from copilot.language.compounds import lexicon, parts, split

SEEN = {"dreh": 9, "moment": 20, "schlussel": 50, "drehmoment": 2, "rat": 7, "end": 30}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Drehmomentschlüssel", ("dreh", "moment", "schlüssel")),
        ("Kühlmitteltemperatur", ("kühl", "mittel", "temperatur")),
        ("Sicherheitsventil", ("sicherheits", "ventil")),
        ("Hydraulikpumpe", ("hydraulik", "pumpe")),
        ("Getriebeöl", ("getriebe", "öl")),
        ("STROMVERSORGUNG", ("strom", "versorgung")),
    ],
)
def test_compounds_of_engineering_come_apart(word: str, expected: tuple[str, ...]) -> None:
    assert parts(word) == expected


@pytest.mark.parametrize("word", ["Verbindung", "Information", "Bereich", "Öl", "", "Schraube", "x" * 200])
def test_words_that_are_no_compounds_stay_whole(word: str) -> None:
    assert parts(word) == ()


def test_split_takes_the_parts_seen_most_and_few_of_them() -> None:
    assert split("drehmomentschlüssel", SEEN) == ("dreh", "moment", "schlüssel")
    assert split("drehmomentschlüssel", SEEN | {"drehmoment": 400}) == ("drehmoment", "schlüssel")
    assert split("drehmomentschloss", SEEN) == ()


def test_an_ending_is_no_part() -> None:
    assert split("schlüsselende", SEEN) == ()


@given(st.lists(st.sampled_from(["dreh", "moment", "schlüssel"]), min_size=2, max_size=4))
def test_parts_always_spell_their_word(pieces: list[str]) -> None:
    word = "".join(pieces)
    assert "".join(split(word, SEEN)) == word


def test_passages_hold_the_whole_and_its_parts() -> None:
    counts = terms("Der Drehmomentschlüssel", "de")
    assert {"drehmomentschlussel", "dreh", "moment", "schlussel"} <= counts.keys()
    assert [concept.kind for concept in concepts("Drehmomentschlüssel", "de")] == ["word", "part", "part", "part"]


def test_other_languages_are_not_split() -> None:
    assert [concept.kind for concept in concepts("Drehmomentschlüssel", "en")] == ["word"]


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(b"one two three\n"), gzip.compress(b"dreh 9\n")[:12]])
def test_a_damaged_list_is_named_with_its_cure(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "compounds-de.txt.gz"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"compounds-de\.txt\.gz.*Install"):
        lexicon(path)
