"""The catalog keeps revisions, policies, outcomes, jobs, feedback and conversations."""

from __future__ import annotations

import dataclasses
import sqlite3
from pathlib import Path

import pytest

from copilot.catalog import CURRENT, SUPERSEDED, Catalog, Policy
from copilot.errors import CatalogError, UsageError
from copilot.types import (
    Answer,
    Applicability,
    Document,
    KnowledgeBase,
    Outcome,
    OutcomeStatus,
    Principal,
    Verdict,
)

ANNA = Principal("anna")
BEN = Principal("ben")
PUBLIC = Policy.of("service", (), CURRENT)


def document(name: str = "d1", sha256: str = "a" * 64, **fields: object) -> Document:
    base = Document(
        id=name, kb="service", uri=f"file:///{name}.pdf", title=name, sha256=sha256, media_type="application/pdf"
    )
    return dataclasses.replace(base, **fields)  # type: ignore[arg-type]


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    made = Catalog.at(tmp_path / "catalog.sqlite")
    made.put_knowledge_base(KnowledgeBase("service", "Service", ("staff",), ("de", "en")))
    return made


def test_a_document_comes_back_as_it_went_in(catalog: Catalog) -> None:
    import datetime as dt

    whole = document(
        language="de", number="SM-1", family="SM", revision="C", effective=dt.date(2025, 3, 1), supersedes="x.pdf",
        owner="E. Rossi", applicability=Applicability(("Turin",), ("Civetta E",), (2024, 2025)),
        labels=("brakes",), acl=("staff",), pipeline="p1", source="samples", pages=21,
    )  # fmt: skip
    catalog.put_document(whole, Policy.of("service", ("staff",), CURRENT))
    assert catalog.document("d1") == whole
    assert catalog.document("d1", "a" * 64) == whole
    assert catalog.document("d1", "b" * 64) is None
    assert catalog.knowledge_bases() == [KnowledgeBase("service", "Service", ("staff",), ("de", "en"))]


def test_new_bytes_supersede_old_ones_and_take_their_groups_along(catalog: Catalog) -> None:
    catalog.put_document(document(), PUBLIC)
    secret = Policy.of("service", ("staff",), CURRENT)
    catalog.put_document(document(sha256="b" * 64, acl=("staff",)), secret)
    old, new = catalog.revisions_of(["d1"])
    assert (old.current, old.document.status, old.document.acl) == (False, "superseded", ("staff",))
    assert old.policy == old.stored_policy == Policy.of("service", ("staff",), SUPERSEDED).id
    assert (new.current, new.policy) == (True, secret.id)
    assert [found.sha256 for found in catalog.documents()] == ["b" * 64]
    assert len(catalog.documents(current=False)) == 2


def test_published_policies_follow_what_was_stored_only(catalog: Catalog) -> None:
    catalog.put_document(document(), PUBLIC)
    catalog.mark_published("g1")
    assert catalog.pending() == [] and catalog.generation() == "g1"
    secret = Policy.of("service", ("staff",), CURRENT)
    catalog.put_document(document(acl=("staff",)), secret, stored=False)
    catalog.mark_published("g2")
    row = catalog.revisions_of(["d1"])[0]
    assert (row.policy, row.published_policy) == (secret.id, PUBLIC.id)
    assert [found.key for found in catalog.pending()] == [row.key]
    assert [found.key for found in catalog.unstored()] == [row.key]
    catalog.mark_stored([row.key])
    catalog.mark_published("g3")
    assert catalog.pending() == [] and catalog.unstored() == []


def test_a_removed_document_is_pending_until_its_points_are_gone(catalog: Catalog) -> None:
    catalog.put_document(document(), PUBLIC)
    catalog.mark_published("g1")
    catalog.mark_removed(["d1"])
    assert catalog.documents() == []
    assert [row.removed for row in catalog.pending()] == [True]
    catalog.mark_stored([("d1", "a" * 64)])
    catalog.mark_published("g2")
    assert catalog.pending() == [] and catalog.unstored() == []
    catalog.put_document(document(), PUBLIC)
    assert [found.id for found in catalog.documents()] == ["d1"]


def test_a_document_of_an_unknown_knowledge_base_is_refused_by_name(catalog: Catalog) -> None:
    with pytest.raises(CatalogError, match="'quality'"):
        catalog.put_document(document(kb="quality"), Policy.of("quality", (), CURRENT))
    assert catalog.documents() == []


def test_outcomes_give_the_latest_of_each_file(catalog: Catalog) -> None:
    failed = Outcome("a.pdf", OutcomeStatus.FAILED, category="encrypted", reason="locked", cure="unlock")
    catalog.record_outcomes("r1", [failed, Outcome("b.pdf", OutcomeStatus.INDEXED, chunks=3, pages=2, seconds=0.5)])
    mended = Outcome("a.pdf", OutcomeStatus.INDEXED, chunks=1)
    catalog.record_outcome("r2", mended)
    assert catalog.outcomes()[0] == mended
    assert len(catalog.outcomes()) == 2
    assert catalog.outcomes("r1")[0] == failed


def test_a_job_is_taken_once_and_reported(catalog: Catalog) -> None:
    first = catalog.enqueue_job(["/in"], "service", "anna")
    catalog.enqueue_job(["/more"], "service", "anna")
    taken = catalog.next_job()
    assert taken is not None and (taken.id, taken.state) == (first.id, "running")
    catalog.update_job(taken.id, state="done", progress=1.0, message="2 files")
    second = catalog.next_job()
    assert second is not None and second.paths == ("/more",)
    assert catalog.next_job() is None
    assert [job.state for job in catalog.jobs()] == ["running", "done"]
    assert catalog.requeue_running() == 1
    again = catalog.next_job()
    assert again is not None and again.id == second.id


def test_feedback_takes_up_or_down(catalog: Catalog) -> None:
    kept = catalog.add_feedback(ANNA, "Which torque?", "up", "right page")
    assert catalog.feedback() == [kept]
    with pytest.raises(UsageError, match="'maybe'"):
        catalog.add_feedback(ANNA, "Which torque?", "maybe")


def test_conversations_belong_to_their_principal(catalog: Catalog) -> None:
    answer = Answer("Which torque?", "en", Verdict.ANSWERED, "24 Nm")
    turn = catalog.save_turn(ANNA, answer)
    again = catalog.save_turn(ANNA, answer, turn.conversation)
    assert again.conversation == turn.conversation
    assert [item.answer["text"] for item in catalog.turns(ANNA, turn.conversation)] == ["24 Nm", "24 Nm"]
    assert catalog.turns(BEN, turn.conversation) == []
    assert catalog.conversations(BEN) == []
    assert catalog.save_turn(BEN, answer, turn.conversation).conversation != turn.conversation
    assert len(catalog.turns(ANNA, turn.conversation)) == 2


def test_a_kept_turn_holds_no_spelling_of_a_document_that_it_does_not_name(catalog: Catalog) -> None:
    answer = Answer("PPR-9O87?", "en", Verdict.NOT_FOUND, "Nothing.", did_you_mean=("PPR-9087",))
    (turn,) = catalog.turns(ANNA, catalog.save_turn(ANNA, answer).conversation)
    assert "PPR-9087" not in str(turn.answer) and turn.answer["text"] == "Nothing."


def test_another_schema_is_refused_with_a_cure(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    Catalog.at(path).close()
    for version, cure in (("99", "Update"), ("0", "Ingest again")):
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE meta SET value = ? WHERE name = 'schema'", (version,))
        with pytest.raises(CatalogError, match=cure):
            Catalog.at(path)


def test_a_file_that_is_no_database_is_refused_with_a_cure(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(b"this is not a database" * 100)
    with pytest.raises(CatalogError, match="doctor"):
        Catalog.at(path)


def test_sqlite_runs_with_wal_and_foreign_keys(tmp_path: Path) -> None:
    catalog = Catalog.at(tmp_path / "catalog.sqlite")
    with catalog._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
