"""Tables as the parsers read them from files of several formats: the same question, the same result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from copilot.testing_rows import ask, document, said
from copilot.types import Element
from ingest.parse import parse_file

_HEAD = ["Prüfling", "Datum", "Linie", "Dichtheit (mbar)", "Ergebnis"]
_ROWS = [
    ["P-01", "03.03.2025", "L1", "4,5", "i.O."],
    ["P-02", "03.03.2025", "L2", "12,0", "n.i.O."],
    ["P-03", "10.03.2025", "L1", "1.250,5", "n.i.O."],
    ["P-04", "11.03.2025", "L2", "3,25", "i.O."],
]


def _csv(folder: Path) -> Path:
    path = folder / "t.csv"
    lines = [";".join(row) for row in [_HEAD, *_ROWS]]
    path.write_text("\n".join(lines), encoding="cp1252")
    return path


def _html(folder: Path) -> Path:
    path = folder / "t.html"
    head = "".join(f"<th>{cell}</th>" for cell in _HEAD)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in _ROWS)
    page = f"<html><body><h1>Dichtheitsprüfung</h1><table><tr>{head}</tr>{body}</table></body></html>"
    path.write_text(page, encoding="utf-8")
    return path


def _xlsx(folder: Path) -> Path:
    path = folder / "t.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(_HEAD)
    for row in _ROWS:
        sheet.append([*row[:3], float(row[3].replace(".", "").replace(",", ".")), row[4]])
    book.save(path)
    return path


def _docx(folder: Path) -> Path:
    path = folder / "t.docx"
    made = docx.Document()
    made.add_heading("Dichtheitsprüfung", 1)
    table = made.add_table(rows=0, cols=len(_HEAD))
    for row in [_HEAD, *_ROWS]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    made.save(str(path))
    return path


@pytest.fixture(params=[_csv, _html, _xlsx, _docx], ids=["csv", "html", "xlsx", "docx"])
def parsed(request: pytest.FixtureRequest, tmp_path: Path) -> list[Element]:
    make: Callable[[Path], Path] = request.param
    return parse_file(make(tmp_path))


def answer(question: str, language: str, parsed: list[Element]) -> list[str]:
    return said(ask(question, language, (document("de", "Dichtheitsprüfung"), parsed)))


def test_the_highest_value_is_told_as_the_file_writes_it(parsed: list[Element]) -> None:
    [text] = answer("Welcher Prüfling hatte die höchste Dichtheit?", "de", parsed)
    assert text in (
        "Höchster Wert Dichtheit: 1.250,5 mbar – Prüfling: P-03",
        "Höchster Wert Dichtheit: 1250.5 mbar – Prüfling: P-03",
    )


def test_a_limit_in_another_unit_is_compared(parsed: list[Element]) -> None:
    [text] = answer("Wie viele Prüflinge lagen bei der Dichtheit über 1 kPa?", "de", parsed)
    assert text == "Zeilen: 2 (Dichtheit > 1 kPa)"


def test_rows_are_counted_per_week_and_cited_where_they_stand(parsed: list[Element]) -> None:
    draft = ask("Wie viele Teile waren pro Woche n.i.O.?", "de", (document("de", "Dichtheitsprüfung"), parsed))
    assert draft is not None
    assert [claim.text for claim in draft.claims] == [
        "Datum 2025-W10: Zeilen: 1 (Ergebnis = n.i.O.)",
        "Datum 2025-W11: Zeilen: 1 (Ergebnis = n.i.O.)",
    ]
    texts = [element.text for element in parsed]
    quotes = [citation.quote for claim in draft.claims for citation in claim.citations]
    assert len(quotes) == 2 and all(quote in texts for quote in quotes)


def test_another_language_asks_the_same(parsed: list[Element]) -> None:
    assert answer("How many tests per line failed?", "en", parsed) == [
        "Linie L2: rows: 1 (Ergebnis = n.i.O.)",
        "Linie L1: rows: 1 (Ergebnis = n.i.O.)",
    ]
