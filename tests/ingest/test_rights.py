"""What a manifest says of access acts at the next run, whatever becomes of the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.types import OutcomeStatus, Principal
from ingest.examine import MANIFEST_CHANGED
from ingest.testing import PipelineHouse

BEN, ANNA = Principal("ben"), Principal("anna", ("staff",))
INHERITED = "Tighten to 24 Nm."


@pytest.fixture
def house(tmp_path: Path) -> PipelineHouse:
    return PipelineHouse(tmp_path / "data")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two documents: 'inherited' leaves access to the knowledge base, 'open' opens itself to everybody."""
    made = tmp_path / "manuals"
    made.mkdir()
    (made / "inherited.txt").write_text(INHERITED)
    (made / "open.txt").write_text("Cooling circuit at 1.5 bar.")
    let_read(made, "[]")
    return made


def let_read(folder: Path, groups: str) -> None:
    (folder / "manifest.toml").write_text(
        f'[[knowledge_bases]]\nname = "service"\ngroups = {groups}\n'
        '[[documents]]\npath = "open.txt"\ngroups = []\n'
    )


def test_changed_groups_of_a_knowledge_base_reach_unchanged_files(house: PipelineHouse, folder: Path) -> None:
    house.ingest(folder)
    assert house.readable(BEN) == {"inherited", "open"}
    house.parser.parsed.clear()
    let_read(folder, '["staff"]')
    outcomes = house.ingest(folder)
    assert (outcomes["inherited.txt"].status, outcomes["inherited.txt"].reason) == (
        OutcomeStatus.REPLACED, MANIFEST_CHANGED,
    )
    assert outcomes["open.txt"].status is OutcomeStatus.UNCHANGED
    assert house.parser.parsed == []
    assert (house.readable(BEN), house.readable(ANNA)) == ({"open"}, {"inherited", "open"})
    assert all(row.policy == row.stored_policy == row.published_policy for row in house.catalog.revisions())
    assert house.ingest(folder)["inherited.txt"].status is OutcomeStatus.UNCHANGED
    let_read(folder, "[]")
    house.ingest(folder)
    assert house.readable(BEN) == {"inherited", "open"}


def test_a_document_whose_file_broke_is_closed_with_its_knowledge_base(house: PipelineHouse, folder: Path) -> None:
    house.ingest(folder)
    let_read(folder, '["staff"]')
    (folder / "inherited.txt").write_text("broken")
    assert house.ingest(folder)["inherited.txt"].status is OutcomeStatus.FAILED
    assert (house.readable(BEN), house.readable(ANNA)) == ({"open"}, {"inherited", "open"})


def test_a_run_over_another_file_closes_what_the_manifest_closes(house: PipelineHouse, folder: Path) -> None:
    house.ingest(folder)
    let_read(folder, '["staff"]')
    assert house.ingest(folder / "open.txt")["open.txt"].status is OutcomeStatus.UNCHANGED
    assert (house.readable(BEN), house.readable(ANNA)) == ({"open"}, {"inherited", "open"})


def test_rights_change_before_the_first_file_is_read(house: PipelineHouse, folder: Path) -> None:
    house.ingest(folder)
    let_read(folder, '["staff"]')
    (folder / "a_new_one.txt").write_text("Read before the others.")
    seen_meanwhile: list[set[str]] = []
    house.parser.before = lambda path: seen_meanwhile.append(house.readable(BEN))
    house.ingest(folder)
    assert seen_meanwhile == [{"open"}]
