"""The nearest manifest governs, whichever folder is ingested: what it closes stays closed."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from copilot.errors import UsageError
from copilot.settings import Settings
from copilot.types import OutcomeStatus, Principal
from ingest import wiring
from ingest.cli import register
from ingest.discover import FoundFile, discover
from ingest.pipeline import Ingestor
from ingest.testing import PipelineHouse

NOBODY, BUYER = Principal("nobody"), Principal("ada", ("purchasing",))
CLOSED = '[[documents]]\npath = "**"\ngroups = ["purchasing"]\n'


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive with a public file, and a folder two levels down whose own manifest closes it."""
    made = tmp_path / "archive"
    (made / "annex" / "prices" / "deep" / "er" / "still").mkdir(parents=True)
    (made / "open.txt").write_text("Open to all.")
    (made / "annex" / "prices" / "list.txt").write_text("The cell costs 61 EUR.")
    (made / "annex" / "prices" / "deep" / "er" / "still" / "terms.txt").write_text("Paid after 60 days.")
    (made / "annex" / "prices" / "manifest.toml").write_text(CLOSED)
    return made


@pytest.fixture
def house(tmp_path: Path) -> PipelineHouse:
    return PipelineHouse(tmp_path / "data")


def _named(*paths: Path) -> dict[str, FoundFile]:
    return {found.path.name: found for found in discover(list(paths))}


@pytest.mark.parametrize("place", ["", "annex", "annex/prices", "annex/prices/deep/er/still"])
def test_names_and_groups_do_not_depend_on_the_folder_ingested(archive: Path, place: str) -> None:
    found = _named(archive / place)["terms.txt"]
    assert (found.source_name, found.relative) == ("prices", "deep/er/still/terms.txt")
    assert found.entry.groups == ("purchasing",)


def test_a_parent_folder_does_not_open_what_a_manifest_below_closes(house: PipelineHouse, archive: Path) -> None:
    house.ingest(archive / "annex" / "prices")
    ids = {row.document.id for row in house.catalog.revisions(current=True)}
    outcomes = house.ingest(archive)
    assert outcomes["list.txt"].status is OutcomeStatus.UNCHANGED
    assert {row.document.id for row in house.catalog.revisions(current=True)} >= ids
    assert (house.readable(NOBODY), house.readable(BUYER)) == ({"open"}, {"open", "list", "terms"})


@pytest.mark.parametrize("content", [b"[[documents]\n", b"\xff\xfe", b"[[document]]\npath = 'x'\n"])
def test_a_broken_manifest_below_closes_its_folder(house: PipelineHouse, archive: Path, content: bytes) -> None:
    manifest = archive / "annex" / "prices" / "manifest.toml"
    manifest.write_bytes(content)
    outcomes = house.ingest(archive)
    for name in ("list.txt", "terms.txt"):
        assert (outcomes[name].status, outcomes[name].category) == (OutcomeStatus.FAILED, "manifest")
        assert str(manifest) in outcomes[name].reason
    assert outcomes["open.txt"].status is OutcomeStatus.INDEXED
    assert house.readable(BUYER) == {"open"}


def test_a_broken_manifest_does_not_touch_what_it_closed_before(house: PipelineHouse, archive: Path) -> None:
    house.ingest(archive)
    (archive / "annex" / "prices" / "manifest.toml").write_text("[[documents]")
    house.ingest(archive)
    assert (house.readable(NOBODY), house.readable(BUYER)) == ({"open"}, {"open", "list", "terms"})


def test_a_broken_manifest_above_refuses_the_folder(archive: Path) -> None:
    (archive / "annex" / "prices" / "manifest.toml").write_text("[[documents]")
    with pytest.raises(UsageError, match="not valid TOML"):
        _named(archive / "annex" / "prices" / "deep")


def test_a_manifest_that_is_a_dead_link_closes_its_folder(archive: Path) -> None:
    manifest = archive / "annex" / "prices" / "manifest.toml"
    manifest.unlink()
    manifest.symlink_to(archive / "gone.toml")
    problem = _named(archive)["list.txt"].problem
    assert problem is not None and problem.category == "manifest"


@pytest.mark.parametrize("place", ["", "annex", "annex/prices/list.txt"])
def test_a_manifest_below_that_says_nothing_of_access_opens_nothing(archive: Path, place: str) -> None:
    (archive / "manifest.toml").write_text('[[documents]]\npath = "annex/**"\ngroups = ["board"]\n')
    (archive / "annex" / "prices" / "manifest.toml").write_text('[[documents]]\npath = "list.txt"\ntitle = "Prices"\n')
    entry = _named(archive / place)["list.txt"].entry
    assert (entry.title, entry.groups) == ("Prices", ("board",))


def test_each_manifest_decides_on_its_own_knowledge_base(house: PipelineHouse, archive: Path) -> None:
    base = '[[knowledge_bases]]\nname = "annex"\ngroups = {}\n[[documents]]\npath = "**"\nkb = "annex"\n'
    (archive / "annex" / "prices" / "manifest.toml").write_text(base.format('["purchasing"]'))
    (archive / "zone").mkdir()
    (archive / "zone" / "manifest.toml").write_text(base.format("[]"))
    (archive / "zone" / "free.txt").write_text("Free for all.")
    for _ in range(2):
        house.ingest(archive)
        assert (house.readable(NOBODY), house.readable(BUYER)) == (
            {"open", "free"}, {"open", "free", "list", "terms"},
        )


@pytest.mark.parametrize("target", ["prices/list.txt", "prices", "prices/deep"])
def test_a_link_does_not_lead_around_a_manifest(archive: Path, target: str) -> None:
    links = archive.parent / "links"
    links.mkdir()
    (links / "shortcut").symlink_to(archive / "annex" / target)
    for path in (links, links / "shortcut"):
        found = list(discover([path]))
        assert found and all((one.source_name, one.entry.groups) == ("prices", ("purchasing",)) for one in found)


def test_two_folders_below_of_one_source_name_are_refused(archive: Path) -> None:
    (archive / "prices").mkdir()
    (archive / "prices" / "manifest.toml").write_text(CLOSED)
    with pytest.raises(UsageError, match="both sources named 'prices'"):
        _named(archive)


def test_the_command_line_shows_nobody_what_a_manifest_below_closes(
    tmp_path: Path, archive: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def open_fake(settings: Settings) -> Ingestor:
        return PipelineHouse(settings.data_dir).ingestor()

    monkeypatch.setattr(wiring, "open_ingestor", open_fake)
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, ["ingest", str(archive), "--kb", "service"])
    assert result.exit_code == 0, result.output
    house = PipelineHouse(tmp_path / "data")
    assert (house.readable(NOBODY), house.readable(BUYER)) == ({"open"}, {"open", "list", "terms"})
