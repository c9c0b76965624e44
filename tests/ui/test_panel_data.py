"""What the panel is given, and what its routes answer."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from copilot.answering.columns import columns
from copilot.errors import AccessDenied, UsageError
from copilot.library import PageImage
from copilot.types import Answer, Chunk, Element, ElementKind, Span, Verdict, to_json
from copilot.ui import server
from copilot.ui.decode import answer_from_json
from copilot.ui.product import product
from copilot.ui.sources import cited_sources
from copilot.ui.surroundings import surroundings
from copilot.ui.table_rows import as_table
from copilot.ui.texts import texts_of

ELEMENTS = [
    Element(ElementKind.TITLE, "7 Housing", Span(), level=2),
    Element(ElementKind.TEXT, "Insert the bolts. Tighten them\nto 24 Nm. Mark them.", Span()),
    Element(ElementKind.TABLE_ROW, "M8\t24 Nm", Span(locator="table 1, row 1"), context="Torques\nBolt\tTorque"),
    Element(ElementKind.TEXT, "First half", Span()),
    Element(ElementKind.TEXT, "second half.", Span()),
]


def test_answer_comes_back_from_its_json(written: Any) -> None:
    answer = written.answered("Which torque?")
    assert answer_from_json(json.loads(json.dumps(to_json(answer)))) == answer


def test_answer_with_dates_and_passages_comes_back(written: Any) -> None:
    answer = written.not_found("Which noise?")
    back = answer_from_json(json.loads(json.dumps(to_json(answer))))
    assert back == answer and back is not None
    assert back.passages[0].hits[0].document.effective == dt.date(2025, 3, 1)


@pytest.mark.parametrize("value", [
    {}, {"question": "x"}, {"question": "x", "language": "en", "verdict": "??", "text": ""},
])
def test_json_of_another_version_is_no_answer(value: dict[str, Any]) -> None:
    assert answer_from_json(value) is None


def test_sources_carry_box_page_and_quote(written: Any) -> None:
    (source,) = cited_sources("t1", written.answered("Which torque?"), texts_of("en"))
    sent = source.to_json()
    assert sent["key"] == "t1-c1" and sent["page"] == 2 and sent["quote"] == "Tighten to 24 Nm."
    assert sent["boxes"] == [{"page": 2, "box": [10, 20, 200, 40]}]
    assert sent["badges"] == [["Released", "green"], ["Rev C", "gray"]]


def test_closest_passages_are_one_for_each_document(written: Any) -> None:
    answer = written.not_found("Which noise?")
    doubled = Answer(answer.question, "en", Verdict.NOT_FOUND, "", passages=answer.passages * 2)
    assert len(cited_sources("t1", doubled, texts_of("en"))) == 1


def test_quote_is_marked_inside_its_element() -> None:
    found = surroundings(ELEMENTS, "Tighten them to 24 Nm.")
    assert [item["quoted"] for item in found["elements"]] == [False, True, False, False, False]
    parts = found["elements"][1]["parts"]
    assert parts == [["Insert the bolts. ", False], ["Tighten them\nto 24 Nm.", True], [" Mark them.", False]]


def test_table_row_keeps_its_cells_and_header() -> None:
    row = surroundings(ELEMENTS, "M8\t24 Nm")["elements"][2]
    assert row["quoted"] and row["parts"] == [["M8\t24 Nm", True]] and row["context"] == "Torques\nBolt\tTorque"


def test_quote_over_two_elements_marks_both() -> None:
    found = surroundings(ELEMENTS, "First half\nsecond half.")
    assert [item["quoted"] for item in found["elements"]] == [False, False, False, True, True]


def test_quote_that_is_nowhere_shows_nothing() -> None:
    assert surroundings(ELEMENTS, "42 Nm")["elements"] == []


def test_far_elements_are_left_out_and_counted() -> None:
    many = [Element(ElementKind.TEXT, f"text {number}.", Span()) for number in range(50)]
    found = surroundings(many, "text 25.")
    assert len(found["elements"]) == 17 and found["before"] == 17 and found["after"] == 16


def row_chunk(text: str, embed: str) -> Chunk:
    return Chunk("c", "d", "s", 0, text, embed, (), (), "en", ElementKind.TABLE_ROW)


def test_row_gets_its_header_back() -> None:
    chunk = row_chunk("Bolt; M8\t24\t\tno", "Manual > 7\nTorques\nJoint: Bolt; M8; Torque (Nm): 24; Reuse: no")
    assert columns(chunk) == ("Joint", "Torque (Nm)", "", "Reuse")
    lines = as_table(columns(chunk), [(chunk.text, "[1](#cite-t1-c1)")]).splitlines()
    assert lines[0] == "| Joint | Torque \\(Nm\\) | Reuse |   |"
    assert lines[2].endswith("| [1](#cite-t1-c1) |")


def test_row_whose_pairs_do_not_fit_has_no_header() -> None:
    assert columns(row_chunk("M8\t24", "Manual\nBolt; Torque M8 24")) == ()
    assert columns(row_chunk("M8\t24", "Manual\nM8; 24")) == ()


# routes


class WrittenLibrary:
    def page_image(self, document: str, page: int, principal: Any, sha256: str, scale: float) -> PageImage:
        if document != "d1":
            raise AccessDenied("This document is not there, or it is not for you.")
        if page > 4:
            raise UsageError("There is no page 9.")
        return PageImage(b"webp%d" % round(scale * 10), 595.0, 842.0, 4)

    def elements(self, document: str, principal: Any, sha256: str) -> list[Element]:
        if document != "d1":
            raise AccessDenied("This document is not there, or it is not for you.")
        return ELEMENTS


@pytest.fixture
def client(written: Any, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    shelf = product.shelf()
    monkeypatch.setattr(product, "shelf", lambda: type(shelf)(shelf.settings, WrittenLibrary(), shelf.catalog))
    return TestClient(Starlette(routes=server.routes(), middleware=server.middleware()))


def test_page_comes_with_its_size_and_is_not_kept(client: TestClient) -> None:
    response = client.get("/reader/page", params={"document": "d1", "page": 2, "zoom": 2})
    assert response.content == b"webp25" and response.headers["content-type"] == "image/webp"
    assert (response.headers["X-Page-Width"], response.headers["X-Page-Count"]) == ("595.0", "4")
    assert "no-store" in response.headers["Cache-Control"]


def test_forbidden_and_absent_documents_read_the_same(client: TestClient) -> None:
    answers = [client.get("/reader/page", params={"document": name, "page": 1}) for name in ("secret", "nowhere")]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, b"")}
    body = {"document": "secret", "sha256": "", "quote": "x"}
    assert client.post("/reader/elements", json=body).status_code == 404


@pytest.mark.parametrize("params", [{"page": "x"}, {"zoom": "9"}])
def test_odd_parameters_are_refused(client: TestClient, params: dict[str, str]) -> None:
    assert client.get("/reader/page", params={"document": "d1", **params}).status_code == 400


def test_missing_page_is_told(client: TestClient) -> None:
    response = client.get("/reader/page", params={"document": "d1", "page": 9})
    assert response.status_code == 409 and "no page 9" in response.json()["error"]


def test_elements_want_json_of_reasonable_size(client: TestClient) -> None:
    body = {"document": "d1", "sha256": "", "quote": "24 Nm"}
    assert client.post("/reader/elements", json=body).json()["elements"][1]["quoted"]
    assert client.post("/reader/elements", content=json.dumps(body)).status_code == 415
    assert client.post("/reader/elements", json={**body, "quote": "x" * 70000}).status_code == 413
    assert client.post("/reader/elements", json=["d1"]).status_code == 400


def test_every_response_has_safe_headers(client: TestClient) -> None:
    policy = client.get("/reader/page").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "object-src 'none'" in policy
    assert "http" not in policy and "'unsafe-inline'" not in policy.split("style-src")[0]


def test_policy_allows_inline_scripts_by_hash_only() -> None:
    policy = server.safe_headers("<script>window.x = 1</script>")["Content-Security-Policy"]
    assert policy.count("'sha256-") == 1
