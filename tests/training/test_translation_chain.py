"""The whole way from a table of pairs to an installed package that translates its narrow domain."""

import gzip
import json
from pathlib import Path

import pytest

THINGS = [("die Schraube", "the bolt"), ("den Deckel", "the cover"), ("die Dichtung", "the gasket"),
          ("den Stecker", "the connector"), ("das Ventil", "the valve"), ("den Filter", "the filter")]  # fmt: skip
DEEDS = [("Prüfen Sie", "Check"), ("Entfernen Sie", "Remove"), ("Reinigen Sie", "Clean"), ("Ersetzen Sie", "Replace")]
PAIRS = [(f"{deed} {thing}.", f"{does} {what}.") for deed, does in DEEDS for thing, what in THINGS]
CODED = [(f"{source[:-1]} A{n}B.", f"{target[:-1]} A{n}B.") for n, (source, target) in enumerate(PAIRS)]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from training.translation.__main__ import main

    folder = tmp_path_factory.mktemp("chain")
    with gzip.open(folder / "en-de.tsv.gz", "wt", encoding="utf-8") as table:
        table.write("source\ten\txx\n")
        table.writelines(f"made\t{target}\t{source}\n" for source, target in PAIRS + CODED)
        table.writelines(f"security-101\t{target} Now.\t{source} Jetzt.\n" for source, target in PAIRS)
    options = ["--data", str(folder), "--work", str(folder / "work"), "--out", str(folder / "out")]
    main([*options, "--size", "tiny", "--pairs", "de-en", "--steps", "500", "--threads", "1"])
    return folder / "out"


@pytest.mark.slow
def test_chain_makes_a_package_that_translates_its_domain(packages: Path) -> None:
    from copilot.translation.argos import Model

    made = Model(packages / "translate-de_en-1_0").hypotheses([source for source, _ in PAIRS])
    right = sum(found[0].text == target for found, (_, target) in zip(made, PAIRS, strict=True))
    assert right >= 0.9 * len(PAIRS)


@pytest.mark.slow
def test_chain_teaches_to_carry_masks_over(packages: Path) -> None:
    from copilot.translation.argos import Model

    # A model of this size carries most masks over; what it loses the product sees, and tries another way.
    made = Model(packages / "translate-de_en-1_0").hypotheses([f"{source[:-1]} ⟦0⟧." for source, _ in PAIRS])
    right = sum(found[0].text == f"{target[:-1]} ⟦0⟧." for found, (_, target) in zip(made, PAIRS, strict=True))
    assert right > len(PAIRS) / 2


@pytest.mark.slow
def test_chain_never_trains_on_what_it_reports(packages: Path) -> None:
    rows = json.loads((packages.parent / "work" / "dev.json").read_text(encoding="utf-8"))["de-en"]
    assert {row["origin"] for row in rows["reported"]} == {"security-101"}
    metadata = json.loads((packages / "translate-de_en-1_0" / "metadata.json").read_text(encoding="utf-8"))
    assert metadata["copilot"]["sets"]["reported"]["sentences"] == len(PAIRS)


@pytest.mark.slow
def test_chain_package_installs_into_argos_and_speaks(packages: Path, tmp_path: Path) -> None:
    import zipfile

    from copilot.translation.argos import Model
    from training.translation.package import archive

    packed = archive(packages / "translate-de_en-1_0")
    with zipfile.ZipFile(packed) as opened:
        opened.extractall(tmp_path)
    model = Model(tmp_path / "translate-de_en-1_0")
    assert model.hypotheses(["Ersetzen Sie die Dichtung."])[0][0].text == "Replace the gasket."
