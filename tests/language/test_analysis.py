import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.language import concepts, normalise_number, sparse_vector, terms
from copilot.types import LANGUAGES


@pytest.mark.parametrize("spelling", ["PPR-9087", "PPR 9087", "ppr9087", "PPR9087", "ppr-9087"])
def test_terms_identifier_in_any_spelling_shares_its_joined_form(spelling: str) -> None:
    assert "ppr9087" in terms(spelling, "en")


@pytest.mark.parametrize("spelling", ["BP-4471-02", "BP 4471-02", "BP447102", "bp-4471-02"])
def test_terms_long_identifier_in_any_spelling_shares_its_joined_form(spelling: str) -> None:
    assert "bp447102" in terms(spelling, "de")


@pytest.mark.parametrize("norm", ["ISO 26262", "ISO26262", "iso-26262"])
def test_terms_norm_with_or_without_space_is_one(norm: str) -> None:
    assert "iso26262" in terms(norm, "pl")


@pytest.mark.parametrize(
    ("written", "readings"),
    [
        ("2,37", ("2.37",)),
        ("2.37", ("2.37",)),
        ("2.50", ("2.5",)),
        ("24", ("24",)),
        ("24,0", ("24",)),
        ("1.200", ("1200", "1.2")),
        ("1,234.5", ("1234.5",)),
        ("1.234.567,5", ("1234567.5",)),
        ("1.234.567", ("1234567",)),
        ("0,125", ("0.125",)),
    ],
)
def test_normalise_number_reads_both_decimal_marks(written: str, readings: tuple[str, ...]) -> None:
    assert normalise_number(written) == readings


@pytest.mark.parametrize("quantity", ["2,37 mm", "2.37 mm", "2,37mm", "2.37\u202fmm"])
def test_terms_quantity_joins_value_and_unit(quantity: str) -> None:
    assert "2.37mm" in terms(quantity, "fr")


def test_terms_spaced_thousands_are_one_number() -> None:
    assert "12500" in terms("obciążenie 12 500 N", "pl")


def test_terms_inflected_words_share_a_stem() -> None:
    for language, one, other in [
        ("de", "Schraube", "Schrauben"),
        ("en", "bolt", "bolts"),
        ("fr", "pression", "pressions"),
        ("it", "coppia", "coppie"),
        ("es", "tornillo", "tornillos"),
        ("pt", "parafuso", "parafusos"),
        ("pl", "śruba", "śruby"),
    ]:
        assert set(terms(one, language)) & set(terms(other, language)), language


def test_terms_missing_diacritics_still_meet() -> None:
    assert set(terms("dokręcania", "pl")) & set(terms("dokrecania", "pl"))
    assert set(terms("Gehäuse", "de")) & set(terms("Gehause", "de"))


def test_terms_chinese_is_segmented() -> None:
    found = terms("电池包壳体螺栓的拧紧力矩", "zh")
    assert {"螺栓", "力矩"} <= set(found)


def test_concepts_function_words_are_marked() -> None:
    kinds = {concept.surface: concept.kind for concept in concepts("What is the torque of the bolt", "en")}
    assert kinds["the"] == "function" and kinds["torque"] == "word"


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_sparse_vector_is_sorted_unique_and_positive(text: str, language: str) -> None:
    vector = sparse_vector(text, language)
    assert list(vector.indices) == sorted(set(vector.indices))
    assert len(vector.indices) == len(vector.values)
    assert all(0 < value < 2.3 for value in vector.values)
    assert all(0 <= index < 2**32 for index in vector.indices)


@given(st.text(alphabet=string.ascii_letters, min_size=2, max_size=5), st.integers(10, 99999))
def test_identifier_spellings_always_share_a_term(letters: str, digits: int) -> None:
    joined = (letters + str(digits)).lower()
    for spelling in (f"{letters}-{digits}", f"{letters} {digits}", f"{letters}{digits}", f"{letters}_{digits}"):
        assert joined in terms(f"part {spelling}.", "en"), spelling
