"""The shipped samples in formats without a layout: all are read, and known values stand in the right rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.types import Chunk, ElementKind
from ingest.chunk import Chunker
from ingest.discover import FoundFile, discover
from ingest.parse import parse_file

ROOT = Path(__file__).resolve().parents[2] / "corpus_samples"
FORMATS = (".docx", ".pptx", ".xlsx", ".csv", ".tsv", ".html", ".md", ".txt")
FOUND = {one.relative: one for one in discover([ROOT])
         if one.path.suffix in FORMATS and one.entry.kb}


def _chunks(found: FoundFile) -> list[Chunk]:
    elements = parse_file(found.path)
    return Chunker().chunk("d", "s", found.entry.title, elements, found.entry.language)


@pytest.mark.parametrize("relative", sorted(FOUND))
def test_sample_is_read_in_its_language_with_headed_rows(relative: str) -> None:
    found = FOUND[relative]
    elements = parse_file(found.path)
    chunks = Chunker().chunk("d", "s", found.entry.title, elements, found.entry.language)
    own = sum(chunk.language == found.entry.language for chunk in chunks)
    assert own >= 0.85 * len(chunks)
    rows = [element for element in elements if element.kind is ElementKind.TABLE_ROW]
    assert all("\t" in row.context and row.span.locator for row in rows)
    body = "".join("".join(chunk.text.split()) for chunk in chunks)
    furniture = [element for element in elements if element.span.locator in ("header", "footer")]
    assert (len(furniture) == 2) == relative.endswith(".docx")
    for element in elements:
        if element.kind not in (ElementKind.TITLE, ElementKind.TABLE):
            assert ("".join(element.text.split()) in body) == (element not in furniture)


@pytest.mark.parametrize(("relative", "wanted"), [
    ("service/dtc_list_civetta_e_en.csv", ("P0A7E", "over temperature")),
    ("quality/fmea_brake_by_wire_de.xlsx", ("F-06", "Massebolzen")),
    ("quality/fmea_brake_by_wire_en.docx", ("F-06", "corroded ground bolt G12")),
    ("engineering/launch_review_tasso_h_en.pptx", ("Start of production", "2025-09-01")),
])
def test_row_of_a_sample_is_a_chunk_of_its_own(relative: str, wanted: tuple[str, str]) -> None:
    rows = [chunk.text for chunk in _chunks(FOUND[relative]) if chunk.kind is ElementKind.TABLE_ROW]
    assert any(all(part in row for part in wanted) for row in rows)


def test_hidden_text_of_the_portal_note_is_not_read() -> None:
    text = "\n".join(chunk.text for chunk in _chunks(FOUND["engineering/supplier_portal_note_sp_0457_en.html"]))
    assert "maintenance mode" not in text and "900 days" not in text
    assert "guest-5521" in text
