"""'Did you mean' offers what the reader's own documents hold, and says nothing of any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.catalog import Policy, policy_state
from copilot.library import Library
from copilot.service import Copilot
from copilot.types import Principal, Question, Verdict
from ingest.testing import LengthEmbedder, PipelineHouse

BEN, ANNA = Principal("ben"), Principal("anna", ("staff",))
OPEN_TEXT = """Part PPR-9087 is the cover of the charging socket.
Part PPR-9187 is its gasket.
The flow meter FM-1058 stands at the inlet.
Tighten the housing bolts with the prescribed torque of 24 Nm.
"""
CLOSED_TEXT = """Part XQZ-4711 is the prototype of the inverter.
The zirconium cartridge must stay sealed.
"""


def asked(text: str) -> Question:
    return Question(text, language="en")


@contextmanager
def opened(house: PipelineHouse) -> Iterator[Copilot]:
    library = Library(house.catalog, house.settings)
    with Copilot(house.index, house.catalog, library, LengthEmbedder(), house.settings) as copilot:
        yield copilot


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("spelling") / "manuals"
    made.mkdir()
    (made / "open.txt").write_text(OPEN_TEXT, encoding="utf-8")
    (made / "closed.txt").write_text(CLOSED_TEXT, encoding="utf-8")
    (made / "manifest.toml").write_text(
        '[[knowledge_bases]]\nname = "service"\ngroups = []\n'
        '[[documents]]\npath = "open.txt"\ngroups = []\n[[documents]]\npath = "closed.txt"\ngroups = ["staff"]\n',
        encoding="utf-8",
    )
    return made


@pytest.fixture(scope="module")
def copilot(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copilot]:
    house = PipelineHouse(tmp_path_factory.mktemp("spelling-data") / "data")
    house.ingest(folder)
    with opened(house) as made:
        yield made


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("PPR-9O87", "PPR-9087"),  # O for 0
        ("ppr 9o87", "PPR-9087"),
        ("PPR-9078", "PPR-9087"),  # transposed
        ("PPR-90877", "PPR-9087"),  # doubled
        ("PPR-987", "PPR-9087"),  # left out
        ("PBR-9087", "PPR-9087"),  # replaced
        ("FM-lO58", "FM-1058"),  # two look-alikes
        ("FM-1O5B", "FM-1058"),
        ("torqeu", "torque"),
        ("prescrbed", "prescribed"),
    ],
)
def test_search_offers_the_spelling_that_the_documents_hold(copilot: Copilot, typed: str, meant: str) -> None:
    assert meant in copilot.search(asked(f"What is {typed}?"), BEN).did_you_mean


def test_the_likeliest_slip_alone_is_offered(copilot: Copilot) -> None:
    # PPR-9187 is one digit away, too, but a letter O in a number is a misread zero.
    assert copilot.search(asked("PPR-9O87"), BEN).did_you_mean == ("PPR-9087",)


@pytest.mark.parametrize("typed", ["PPR-9087", "ppr9087", "PPR 9087", "torque", "24 Nm"])
def test_what_the_documents_hold_is_not_questioned(copilot: Copilot, typed: str) -> None:
    assert copilot.search(asked(typed), BEN).did_you_mean == ()


def test_a_near_spelling_is_never_silently_taken(copilot: Copilot) -> None:
    answer = copilot.ask(asked("What is part PPR-9O87?"), BEN)
    assert answer.verdict is Verdict.NOT_FOUND and not answer.claims
    assert answer.missing == ("PPR-9O87",) and answer.did_you_mean == ("PPR-9087",)


def test_an_answer_that_was_found_offers_nothing(copilot: Copilot) -> None:
    answer = copilot.ask(asked("What is part PPR-9087?"), BEN)
    assert answer.claims and answer.did_you_mean == ()


@pytest.mark.parametrize("typed", ["XQZ-47l1", "XQZ-4171", "zircoinum"])
def test_a_forbidden_document_lends_no_spelling(copilot: Copilot, typed: str) -> None:
    assert copilot.search(asked(typed), BEN).did_you_mean == ()
    assert copilot.search(asked(typed), ANNA).did_you_mean != ()


def test_a_document_closed_or_removed_since_it_was_published_lends_no_spelling(folder: Path, tmp_path: Path) -> None:
    house = PipelineHouse(tmp_path / "data")
    house.ingest(folder)
    (row,) = (row for row in house.catalog.revisions() if row.document.title == "open")
    with opened(house) as copilot:
        assert copilot.search(asked("PPR-9O87"), BEN).did_you_mean == ("PPR-9087",)
        closed = replace(row.document, acl=("staff",))
        house.catalog.put_document(closed, Policy.of(closed.kb, closed.acl, policy_state(closed)))
        assert copilot.search(asked("PPR-9O87"), BEN).did_you_mean == ()
        assert copilot.search(asked("PPR-9O87"), ANNA).did_you_mean == ("PPR-9087",)
        house.catalog.mark_removed([row.document.id])
        assert copilot.search(asked("PPR-9O87"), ANNA).did_you_mean == ()


def test_bounds_of_the_question_bind_the_spellings_too(copilot: Copilot) -> None:
    bounded = Question("PPR-9O87", language="en", documents=("another-document",))
    assert copilot.search(bounded, BEN).did_you_mean == ()


codes = st.text("PQRXZ0123456789OIlSB-", min_size=3, max_size=12)
words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12)


@settings(
    max_examples=60, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(typed=st.one_of(codes, words, st.sampled_from(["XQZ-4711", "XQZ-471", "zirconum", "protoype", "PPR-9O87"])))
def test_whatever_is_typed_only_readable_text_is_offered(copilot: Copilot, typed: str) -> None:
    offered = copilot.search(asked(typed), BEN).did_you_mean
    assert all(form in OPEN_TEXT for form in offered)
    assert len(offered) <= 5
