from pathlib import Path

import pytest

from copilot.language.translation import ArgosTranslator, kept


def test_pairs_without_packages_is_empty(tmp_path: Path) -> None:
    translator = ArgosTranslator(tmp_path / "none")
    assert translator.pairs() == frozenset()
    assert translator.translate(["Prüfen Sie den Deckel."], "de", "en") == [None]


def test_translate_into_the_same_language_changes_nothing(tmp_path: Path) -> None:
    assert ArgosTranslator(tmp_path).translate(["M8 24 Nm"], "de", "de") == ["M8 24 Nm"]


@pytest.mark.parametrize("text", ["24 Nm", "PPR-9087 at 2,37 mm", "P0A7E"])
def test_kept_counts_numbers_by_value_and_identifiers(text: str) -> None:
    assert kept(text) == kept(text.replace(",", "."))
    assert kept(text) != kept(text.replace("4", "5").replace("7", "8"))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_translate_genuine_package_sentence_by_sentence(argos_packages: Path) -> None:
    translator = ArgosTranslator(argos_packages)
    assert translator.pairs() == {("de", "en")}
    made = translator.translate(["Prüfen Sie die Dichtung. Entfernen Sie den Deckel."], "de", "en")
    assert made[0] is not None and "Check the gasket." in made[0] and "Remove the cover." in made[0]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_translate_that_loses_a_number_is_not_shown(argos_packages: Path) -> None:
    assert ArgosTranslator(argos_packages).translate(["Prüfen Sie die Schraube 77."], "de", "en") == [None]
