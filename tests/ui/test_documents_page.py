from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from copilot.catalog import Catalog
from copilot.settings import Settings
from copilot.types import Principal
from copilot.ui import intake, worker
from copilot.ui.document_rows import Choice, rows, statuses


def _page() -> None:
    from copilot.ui import documents

    documents.page()


def _dialog() -> None:
    from copilot.ui import intake
    from copilot.ui.texts import texts_of

    intake.dialog(texts_of("en"))


@pytest.fixture
def dialog(written: Any) -> AppTest:
    return AppTest.from_function(_dialog, default_timeout=60).run()


@pytest.fixture
def documents(written: Any) -> AppTest:
    return AppTest.from_function(_page, default_timeout=60)


def test_page_lists_readable_documents_and_failed_files(documents: AppTest, written: Any) -> None:
    documents.run()
    assert not documents.exception
    frame = documents.dataframe[0].value
    assert list(frame["title"]) == ["Manual [P](x)", "locked.pdf"]
    assert "Secret plan" not in written.shown(documents)
    assert [metric.value for metric in documents.metric] == ["1", "1", "0", "1"]


def test_filter_by_status_and_text(documents: AppTest) -> None:
    documents.run()
    documents.pills(key="documents_statuses").set_value(["failed"]).run()
    assert list(documents.dataframe[0].value["title"]) == ["locked.pdf"]
    documents.text_input(key="documents_text").set_value("manual").run()
    assert len(documents.dataframe) == 0


def test_rows_are_found_by_owner_number_and_file(written: Any) -> None:
    found = rows(Principal("local"))
    assert [Choice(text).takes(found[0]) for text in ("ada", "sm-1", "d1.pdf", "manual sm-1", "other")] == [
        True, True, True, True, False]
    assert statuses(found) == ["released", "failed"]


def test_reader_without_rights_sees_no_failed_files(written: Any) -> None:
    assert [row.title for row in rows(Principal("guest"))] == ["Manual [P](x)"]


def test_folder_becomes_a_job_and_a_worker_is_asked_for(
    dialog: AppTest, catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Settings] = []
    monkeypatch.setattr(intake, "ensure_worker", asked.append)
    dialog.text_input(key="upload_folder").set_value(str(tmp_path))
    dialog.button(key="upload_submit").click().run()
    assert not dialog.exception
    (job,) = catalog.jobs()
    assert (job.paths, job.kb, job.state) == ((str(tmp_path),), "service", "queued")
    assert asked


def test_missing_folder_is_told(dialog: AppTest, catalog: Catalog) -> None:
    dialog.text_input(key="upload_folder").set_value("/nowhere/at/all")
    dialog.button(key="upload_submit").click().run()
    assert "no file or folder" in dialog.error[0].value
    assert catalog.jobs() == []


def test_nothing_chosen_is_told(dialog: AppTest, catalog: Catalog) -> None:
    dialog.button(key="upload_submit").click().run()
    assert dialog.error[0].value == "Choose files, or name a folder."


def test_waiting_job_shows_progress_and_its_end(
    documents: AppTest, catalog: Catalog, written: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "ensure_worker", lambda settings: False)
    job = catalog.enqueue_job(["/docs/in"], "service", "local")
    documents.run()
    assert not documents.exception
    catalog.update_job(job.id, state="done", progress=1.0, message="3 indexed")
    documents.run()
    assert "Taken in\\: 3" in documents.success[0].value


@pytest.mark.parametrize(("name", "kept"), [
    ("../../etc/passwd", "passwd"), ("a\\b\\c.pdf", "c.pdf"), (".hidden", "hidden"), ("..", ""),
    ("a:b?.pdf", "a_b_.pdf"), ("Prüfung 制动.pdf", "Prüfung 制动.pdf"),
])
def test_uploaded_names_stay_in_their_folder(name: str, kept: str) -> None:
    assert intake.safe_name(name) == kept


def test_long_names_keep_their_ending() -> None:
    name = intake.safe_name("制" * 200 + ".pdf")
    assert name.endswith(".pdf") and len(name.encode()) <= 180


def test_living_worker_is_seen_by_its_lock(tmp_path: Path) -> None:
    assert not worker.worker_lives(tmp_path)
    with (tmp_path / "worker.lock").open("w") as file:
        assert not worker.worker_lives(tmp_path)
        fcntl.flock(file, fcntl.LOCK_EX)
        assert worker.worker_lives(tmp_path)


def test_no_second_worker_is_started_beside_a_living_one(tmp_path: Path) -> None:
    with (tmp_path / "worker.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert worker.ensure_worker(Settings(data_dir=tmp_path)) is False
