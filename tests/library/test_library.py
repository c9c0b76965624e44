"""The library shows documents, pages, originals and outcomes to those who may see them, and to nobody else."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from pathlib import Path

import pytest

from copilot.catalog import Catalog, Policy, policy_state
from copilot.codec import parsed_file, pipeline_id, write_elements
from copilot.errors import AccessDenied, UsageError
from copilot.library import Library, original_file
from copilot.settings import Settings
from copilot.types import (
    Answer,
    Citation,
    CitedDocument,
    Document,
    Element,
    ElementKind,
    KnowledgeBase,
    Outcome,
    OutcomeStatus,
    Principal,
    Span,
    Verdict,
)

ANNA = Principal("anna", ("staff",))
BEN = Principal("ben")
LOCAL = Principal("local")
PIPELINE = pipeline_id("p", "c", "e")


def pdf(words: str) -> bytes:
    """A PDF of one page of 200 x 100 points."""
    content = f"BT /F1 12 Tf 20 50 Td ({words}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    body = b"%PDF-1.4\n"
    offsets = []
    for number, part in enumerate(parts, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(body)
    return body + b"xref\n0 5\n0000000000 65535 f \n" + table + (
        b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    )


@dataclasses.dataclass
class House:
    catalog: Catalog
    settings: Settings
    library: Library
    folder: Path

    def add(self, name: str, content: bytes = b"text", *, keep: bool = True, **fields: object) -> Document:
        sha256 = hashlib.sha256(content).hexdigest()
        source = self.folder / f"{name}.txt"
        source.write_bytes(content)
        base = Document(
            id=name, kb="service", uri=source.as_uri(), title=name, sha256=sha256, media_type="text/plain",
            pipeline=PIPELINE,
        )  # fmt: skip
        document = dataclasses.replace(base, **fields)  # type: ignore[arg-type]
        self.catalog.put_document(document, Policy.of(document.kb, document.acl, policy_state(document)))
        if keep:
            target = original_file(self.settings.originals_path, sha256)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return document


@pytest.fixture
def house(tmp_path: Path) -> House:
    settings = Settings(data_dir=tmp_path / "data")
    catalog = Catalog.at(settings.catalog_path)
    for name in ("service", "security"):
        catalog.put_knowledge_base(KnowledgeBase(name, name.title()))
    (tmp_path / "in").mkdir()
    return House(catalog, settings, Library(catalog, settings), tmp_path / "in")


def test_documents_are_listed_searched_and_withheld(house: House) -> None:
    house.add("manual", title="Brake Manual", labels=("Bremse",), language="en")
    house.add("plan", title="Assessment", kb="security", acl=("staff",), status="draft", language="de")
    library = house.library
    assert [item.id for item in library.documents(ANNA)] == ["plan", "manual"]
    assert [item.id for item in library.documents(BEN)] == ["manual"]
    assert [item.id for item in library.documents(BEN, text="brake bremse")] == ["manual"]
    assert library.documents(BEN, text="assessment") == []
    assert [item.id for item in library.documents(ANNA, status="draft")] == ["plan"]
    assert [item.id for item in library.documents(ANNA, kb="security")] == ["plan"]
    assert [(kb.name, kb.languages) for kb in library.knowledge_bases(BEN)] == [("service", ("en",))]
    assert library.counts(BEN)["knowledge_bases"] == {"service": 1}


def test_revisions_give_the_family_newest_first_without_what_is_forbidden(house: House) -> None:
    house.add("b", b"1", family="TS", effective=dt.date(2024, 1, 1), status="superseded")
    house.add("c", b"2", family="TS", effective=dt.date(2025, 1, 1))
    house.add("c", b"3", family="TS", effective=dt.date(2025, 6, 1))
    house.add("d", b"4", family="TS", effective=dt.date(2026, 1, 1), acl=("staff",))
    house.add("other", b"5")
    found = [(item.id, item.effective) for item in house.library.revisions("c", BEN)]
    assert [day for _, day in found] == [dt.date(2025, 6, 1), dt.date(2025, 1, 1), dt.date(2024, 1, 1)]
    assert [name for name, _ in found] == ["c", "c", "b"]


def test_a_page_is_drawn_and_rights_are_asked_again_for_the_cached_image(house: House) -> None:
    house.add("manual", pdf("24 Nm"), media_type="application/pdf")
    image = house.library.page_image("manual", 1, BEN)
    assert (image.width_pt, image.height_pt, image.pages) == (200, 100, 1)
    assert image.content[:4] == b"RIFF" and image.content[8:12] == b"WEBP"
    assert house.library.page_image("manual", 1, BEN) is image
    house.add("manual", pdf("24 Nm"), media_type="application/pdf", acl=("staff",))
    with pytest.raises(AccessDenied):
        house.library.page_image("manual", 1, BEN)
    assert house.library.page_image("manual", 1, ANNA) is image


def test_a_page_that_is_not_there_is_named(house: House) -> None:
    house.add("manual", pdf("24 Nm"), media_type="application/pdf")
    house.add("note")
    with pytest.raises(UsageError, match="no page 2"):
        house.library.page_image("manual", 2, BEN)
    with pytest.raises(UsageError, match="no page images"):
        house.library.page_image("note", 1, BEN)
    with pytest.raises(UsageError, match="scale"):
        house.library.page_image("manual", 1, BEN, scale=100)


def test_originals_open_after_the_file_moved_and_references_only_while_unchanged(house: House) -> None:
    house.add("kept", b"kept bytes")
    (house.folder / "kept.txt").unlink()
    original = house.library.original("kept", BEN)
    assert (original.path.read_bytes(), original.name) == (b"kept bytes", "kept.txt")
    house.add("only", b"first", keep=False)
    assert house.library.original("only", BEN).path == house.folder / "only.txt"
    (house.folder / "only.txt").write_bytes(b"other bytes")
    with pytest.raises(UsageError, match="no longer"):
        house.library.original("only", BEN)
    house.add("secret", acl=("staff",))
    with pytest.raises(AccessDenied):
        house.library.original("secret", BEN)


def test_elements_come_from_the_parsed_cache(house: House) -> None:
    document = house.add("manual")
    assert house.library.elements("manual", BEN) == []
    elements = [Element(ElementKind.TEXT, "24 Nm", Span())]
    write_elements(parsed_file(house.settings.parsed_path, document), elements)
    assert house.library.elements("manual", BEN) == elements


def test_outcomes_of_forbidden_documents_are_not_shown_and_failures_only_to_the_administrator(house: House) -> None:
    house.add("open")
    house.add("secret", acl=("staff",))
    house.catalog.record_outcomes("r", [
        Outcome("open.txt", OutcomeStatus.INDEXED, document_id="open"),
        Outcome("secret.txt", OutcomeStatus.INDEXED, document_id="secret"),
        Outcome("broken.txt", OutcomeStatus.FAILED, category="broken", document_id="never"),
    ])  # fmt: skip

    def seen(principal: Principal) -> list[str]:
        return [item.uri for item in house.library.outcomes(principal)]

    assert seen(BEN) == ["open.txt"]
    assert seen(ANNA) == ["open.txt", "secret.txt"]
    assert seen(LOCAL) == ["broken.txt", "open.txt"]
    assert seen(Principal("root", ("admin",))) == ["broken.txt", "open.txt"]
    house.catalog.mark_removed(["open", "secret"])
    assert seen(BEN) == []
    assert seen(LOCAL) == ["broken.txt", "open.txt"]


def test_only_the_administrator_may_ask_for_an_ingest(house: House) -> None:
    with pytest.raises(AccessDenied):
        house.library.request_ingest([house.folder], "service", BEN)
    with pytest.raises(UsageError, match="nowhere"):
        house.library.request_ingest(["nowhere"], "service", LOCAL)
    job = house.library.request_ingest([house.folder], "service", LOCAL)
    assert job.paths == (str(house.folder.resolve()),)
    assert house.library.jobs(LOCAL) == [job]
    assert house.library.jobs(BEN) == []


def test_a_turn_is_withheld_once_its_source_may_not_be_read(house: House) -> None:
    document = house.add("manual")
    cited = CitedDocument("manual", document.uri, "manual", "en", "", "released", document.sha256)
    answer = Answer(
        "Which torque?", "en", Verdict.ANSWERED, "24 Nm",
        citations=(Citation(1, cited, (1,), (), "", "24 Nm"),),
    )  # fmt: skip
    turn = house.catalog.save_turn(BEN, answer)
    assert house.library.turns(turn.conversation, BEN)[0].answer["text"] == "24 Nm"
    house.add("manual", acl=("staff",))
    assert house.library.turns(turn.conversation, BEN)[0].answer == {}
    assert house.library.turns(turn.conversation, ANNA) == []
