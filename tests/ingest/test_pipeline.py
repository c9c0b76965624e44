"""Each file becomes an outcome; the index and the catalog follow the files, whatever happens to them."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from urllib.parse import quote

import pytest

from copilot.catalog import SUPERSEDED, Policy
from copilot.errors import IndexLocked, UsageError
from copilot.library import original_file
from copilot.types import OutcomeStatus, Principal
from ingest.testing import LineParser, PipelineHouse

BEN = Principal("ben")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "manuals"
    made.mkdir()
    (made / "a.txt").write_text("# Brake manual\nTighten to 24 Nm.\nThen 90 degrees.")
    (made / "b.txt").write_text("Cooling circuit at 1.5 bar.")
    return made


@pytest.fixture
def house(tmp_path: Path) -> PipelineHouse:
    return PipelineHouse(tmp_path / "data")


def manifest(folder: Path, text: str) -> None:
    (folder / "manifest.toml").write_text('[[knowledge_bases]]\nname = "service"\n' + text)


def test_files_are_indexed_published_and_kept(house: PipelineHouse, folder: Path) -> None:
    outcomes = house.ingest(folder)
    assert {name: (item.status, item.chunks) for name, item in outcomes.items()} == {
        "a.txt": (OutcomeStatus.INDEXED, 3),
        "b.txt": (OutcomeStatus.INDEXED, 1),
    }
    assert house.readable(BEN) == {"Brake manual", "b"}
    document = next(item for item in house.catalog.documents() if item.title == "b")
    assert (document.language, document.kb, document.media_type) == ("en", "service", "text/plain")
    kept = original_file(house.settings.originals_path, document.sha256)
    assert kept.read_text() == "Cooling circuit at 1.5 bar."
    assert [row.published_policy for row in house.catalog.revisions()] == [Policy.of("service", (), "current").id] * 2
    assert {item.uri for item in house.catalog.outcomes()} == {item.uri for item in outcomes.values()}


def test_a_second_run_reads_nothing_and_publishes_nothing(house: PipelineHouse, folder: Path) -> None:
    house.ingest(folder)
    before = house.index.current()
    house.parser.parsed.clear()
    outcomes = house.ingest(folder)
    assert {item.status for item in outcomes.values()} == {OutcomeStatus.UNCHANGED}
    assert house.parser.parsed == []
    assert house.index.current() == before


def test_changed_bytes_replace_and_the_old_revision_is_found_as_of_then(house: PipelineHouse, folder: Path) -> None:
    house.ingest(folder)
    old = next(item.sha256 for item in house.catalog.documents() if item.title == "Brake manual")
    (folder / "a.txt").write_text("# Brake manual C\nTighten to 28 Nm.")
    outcomes = house.ingest(folder)
    assert outcomes["a.txt"].status is OutcomeStatus.REPLACED
    assert "superseded" in outcomes["a.txt"].reason
    assert house.readable(BEN) == {"Brake manual C", "b"}
    row = next(row for row in house.catalog.revisions() if row.document.sha256 == old)
    assert (row.current, row.document.status) == (False, "superseded")
    assert row.published_policy == Policy.of("service", (), SUPERSEDED).id
    assert house.state()[0] == {row.key: 3 for row in [row]} | {
        item.key: count for item, count in zip(house.catalog.revisions(current=True), (2, 1), strict=True)
    }
    # Gone back to the first bytes: the same points serve again.
    (folder / "a.txt").write_text("# Brake manual\nTighten to 24 Nm.\nThen 90 degrees.")
    assert house.ingest(folder)["a.txt"].status is OutcomeStatus.REPLACED
    assert house.readable(BEN) == {"Brake manual", "b"}


def test_a_changed_manifest_changes_rights_without_reading_the_file(house: PipelineHouse, folder: Path) -> None:
    house.ingest(folder)
    house.parser.parsed.clear()
    manifest(folder, '[[documents]]\npath = "a.txt"\ngroups = ["staff"]\neffective = 2025-03-01\n')
    outcomes = house.ingest(folder)
    assert outcomes["a.txt"].status is OutcomeStatus.REPLACED
    assert outcomes["b.txt"].status is OutcomeStatus.UNCHANGED
    assert house.parser.parsed == []
    assert house.readable(BEN) == {"b"}
    assert house.readable(Principal("anna", ("staff",))) == {"Brake manual", "b"}
    rows = house.catalog.revisions()
    assert all(row.policy == row.stored_policy == row.published_policy for row in rows)
    assert {row.document.effective for row in rows} == {None, dt.date(2025, 3, 1)}


def test_a_knowledge_bases_groups_hold_for_documents_without_their_own(house: PipelineHouse, folder: Path) -> None:
    (folder / "manifest.toml").write_text(
        '[[knowledge_bases]]\nname = "security"\ngroups = ["cyber"]\n'
        '[[documents]]\npath = "*.txt"\nkb = "security"\n[[documents]]\npath = "b.txt"\ngroups = []\n'
    )
    house.ingest(folder)
    assert house.readable(BEN) == {"b"}
    assert house.readable(Principal("anna", ("cyber",))) == {"Brake manual", "b"}


def test_a_bad_file_is_an_outcome_with_a_cure_and_the_rest_goes_on(house: PipelineHouse, folder: Path) -> None:
    (folder / "0.txt").write_text("")
    (folder / "a.txt").write_text("broken")
    outcomes = house.ingest(folder)
    assert (outcomes["a.txt"].status, outcomes["a.txt"].category) == (OutcomeStatus.FAILED, "broken")
    assert outcomes["0.txt"].category == "empty"
    assert all(item.cure and item.reason for item in (outcomes["a.txt"], outcomes["0.txt"]))
    assert outcomes["b.txt"].status is OutcomeStatus.INDEXED
    assert house.readable(BEN) == {"b"}
    (folder / "a.txt").write_text("mended")
    assert house.ingest(folder)["a.txt"].status is OutcomeStatus.INDEXED
    assert {item.status for item in house.catalog.outcomes()} == {OutcomeStatus.INDEXED, OutcomeStatus.FAILED}
    kept = [path for path in house.settings.originals_path.rglob("*") if path.is_file()]
    assert len(kept) == 2, "only what was read is kept"


def test_a_file_that_breaks_later_leaves_its_last_good_revision(house: PipelineHouse, folder: Path) -> None:
    house.ingest(folder)
    (folder / "a.txt").write_text("broken")
    assert house.ingest(folder)["a.txt"].status is OutcomeStatus.FAILED
    assert house.readable(BEN) == {"Brake manual", "b"}


def test_a_file_over_the_limit_is_skipped(tmp_path: Path, folder: Path) -> None:
    house = PipelineHouse(tmp_path / "data", max_file_mb=1)
    (folder / "big.txt").write_bytes(b"x" * (1 << 20) + b"x")
    outcome = house.ingest(folder)["big.txt"]
    assert (outcome.status, outcome.category) == (OutcomeStatus.SKIPPED, "too_large")


def test_a_file_that_changes_while_it_is_read_is_noticed(tmp_path: Path, folder: Path) -> None:
    def touch(path: Path) -> None:
        if path.name == "a.txt":
            path.write_text("something else")

    house = PipelineHouse(tmp_path / "data", LineParser(before=touch))
    outcomes = house.ingest(folder)
    assert outcomes["a.txt"].category == "changed_while_read"
    assert house.readable(BEN) == {"b"}


def test_a_vanished_file_is_removed_and_comes_back(house: PipelineHouse, folder: Path) -> None:
    house.ingest(folder)
    whole = house.state()
    text = (folder / "a.txt").read_text()
    (folder / "a.txt").unlink()
    outcomes = house.ingest(folder)
    assert outcomes["a.txt"].status is OutcomeStatus.REMOVED
    assert house.readable(BEN) == {"b"}
    assert len(house.state()[0]) == 1  # type: ignore[arg-type]
    assert "a.txt" not in house.ingest(folder)
    (folder / "a.txt").write_text(text)
    assert house.ingest(folder)["a.txt"].status is OutcomeStatus.INDEXED
    assert house.state() == whole


def test_ingesting_one_file_removes_nothing(house: PipelineHouse, folder: Path) -> None:
    house.ingest(folder)
    (folder / "a.txt").unlink()
    assert set(house.ingest(folder / "b.txt")) == {"b.txt"}
    assert "Brake manual" in house.readable(BEN)


def test_another_folder_of_the_same_name_neither_overwrites_nor_removes(house: PipelineHouse, folder: Path) -> None:
    house.ingest(folder)
    other = folder.parent / "elsewhere" / "manuals"
    other.mkdir(parents=True)
    (other / "a.txt").write_text("quite another text")
    outcomes = house.ingest(other)
    assert {name: item.category for name, item in outcomes.items()} == {"a.txt": "name_clash"}
    assert house.readable(BEN) == {"Brake manual", "b"}


def test_a_folder_that_moved_keeps_its_documents(house: PipelineHouse, folder: Path) -> None:
    house.ingest(folder)
    ids = {document.id for document in house.catalog.documents()}
    moved = folder.parent / "archive" / "manuals"
    moved.parent.mkdir()
    folder.rename(moved)
    (moved / "b.txt").unlink()
    outcomes = house.ingest(moved)
    assert {name: item.status for name, item in outcomes.items()} == {
        "a.txt": OutcomeStatus.UNCHANGED,
        "b.txt": OutcomeStatus.REMOVED,
    }
    assert {document.id for document in house.catalog.documents()} < ids
    assert house.catalog.documents()[0].uri == (moved / "a.txt").as_uri()


def test_a_rebuild_makes_everything_again_from_files_and_originals(house: PipelineHouse, folder: Path) -> None:
    house.ingest(folder)
    (folder / "a.txt").write_text("# Brake manual C\nTighten to 28 Nm.")
    house.ingest(folder)
    whole = house.state()
    (folder / "b.txt").rename(folder.parent / "b.txt")
    outcomes = house.ingest(folder / "a.txt", rebuild=True)
    assert {name: item.status for name, item in outcomes.items()} == {
        "a.txt": OutcomeStatus.REPLACED,
        "b.txt": OutcomeStatus.REPLACED,
    }
    assert house.state() == whole
    assert set(house.ingest(rebuild=True)) == {"a.txt", "b.txt"}
    assert house.state() == whole


def test_another_parser_reads_everything_again(house: PipelineHouse, folder: Path) -> None:
    house.ingest(folder)
    (folder / "a.txt").write_text("# Brake manual C\nTighten to 28 Nm.")
    house.ingest(folder)
    whole = house.state()
    house.parser.fingerprint = "lines-2"
    outcomes = house.ingest(folder)
    assert {item.status for item in outcomes.values()} == {OutcomeStatus.REPLACED}
    assert house.state() == whole


def test_missing_points_are_made_again(house: PipelineHouse, folder: Path) -> None:
    house.ingest(folder)
    whole = house.state()
    writer = house.index.writer()
    writer.remove([document.id for document in house.catalog.documents()])
    writer.upsert([])
    writer.flush()
    writer.close()
    house.ingest(folder / "a.txt")
    assert house.state() == whole


def test_a_second_writer_is_told_who_writes(house: PipelineHouse, folder: Path) -> None:
    writer = house.index.writer()
    told: list[str] = []
    with pytest.raises(IndexLocked, match="process"):
        list(house.ingestor().ingest([folder], "service", wait_s=0.6, on_wait=told.append))
    assert len(told) == 1 and "Waiting up to" in told[0]
    writer.close()
    assert len(house.ingest(folder)) == 2


def test_a_path_that_is_not_there_is_refused_before_anything_happens(house: PipelineHouse, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        house.ingest(tmp_path / "nowhere")
    assert house.index.current() == ""


def test_a_stop_publishes_what_is_stored_and_the_next_run_does_the_rest(tmp_path: Path, folder: Path) -> None:
    for number in range(30):
        (folder / f"m{number:02}.txt").write_text(f"Manual {number}")
    house = PipelineHouse(tmp_path / "data", workers=1)
    ingestor = house.ingestor()

    def stop_at(path: Path) -> None:
        if path.name == "m05.txt":
            ingestor.stop.ask()

    house.parser.before = stop_at
    done = list(ingestor.ingest([folder], "service"))
    assert 0 < len(done) < 32
    assert len(house.readable(BEN)) == len(done)
    house.ingest(folder)
    assert len(house.readable(BEN)) == 32


def test_odd_names_loops_and_sockets_are_outcomes(house: PipelineHouse, folder: Path) -> None:
    (folder / "扭矩 表.txt").write_text("Torque 24 Nm")
    os.symlink(folder, folder / "loop")
    os.symlink("self", folder / "self")
    os.mkfifo(folder / "pipe")
    with open(os.path.join(os.fsencode(folder), b"\xff.txt"), "wb") as file:
        file.write(b"odd name")
    outcomes = house.ingest(folder)
    assert outcomes[quote("扭矩 表.txt")].status is OutcomeStatus.INDEXED
    assert outcomes["%FF.txt"].status is OutcomeStatus.INDEXED
    assert outcomes["self"].category == "unreadable"
    assert outcomes["pipe"].category == "unsupported"
    assert len(outcomes) == 6
    again = {item.status for item in house.ingest(folder).values()}
    assert again == {OutcomeStatus.UNCHANGED, OutcomeStatus.FAILED, OutcomeStatus.SKIPPED}
