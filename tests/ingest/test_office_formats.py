"""Word, slides, workbooks and delimited tables, made here and read back."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from docx.oxml import parse_xml
from openpyxl.styles import Font
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm

from copilot.types import Element, ElementKind
from ingest.parse import parse_file
from ingest.parse.context import split_context
from ingest.parse.formats import shown
from ingest.parse.spreadsheet import column_name

_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def _rows(elements: list[Element]) -> list[Element]:
    return [element for element in elements if element.kind is ElementKind.TABLE_ROW]


def _paragraph(inner: str) -> object:
    return parse_xml(f"<w:p {_NS} {_MATH}>{inner}</w:p>")


def _run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_docx_keeps_tracked_text_content_controls_and_equations(tmp_path: Path) -> None:
    document = docx.Document()
    body = document.element.body
    body.insert(0, _paragraph(f'<w:ins w:id="1" w:author="x">{_run("inserted words")}</w:ins>'
                              f'<w:del w:id="2" w:author="x"><w:r><w:delText>deleted words</w:delText></w:r></w:del>'))
    controlled = f"<w:sdtContent><w:p>{_run('controlled words')}</w:p></w:sdtContent>"
    body.insert(1, parse_xml(f"<w:sdt {_NS}>{controlled}</w:sdt>"))
    body.insert(2, _paragraph(f"{_run('torque ')}<m:oMath><m:r><m:t>M=24 Nm</m:t></m:r></m:oMath>"))
    body.insert(3, _paragraph(f"{_run('anchor')}<w:r><w:pict><w:txbxContent><w:p>{_run('boxed words')}</w:p>"
                              "</w:txbxContent></w:pict></w:r>"))
    path = tmp_path / "tracked.docx"
    document.save(str(path))
    text = "\n".join(element.text for element in parse_file(path))
    for kept in ("inserted words", "controlled words", "torque M=24 Nm", "boxed words", "anchor"):
        assert text.count(kept) == 1, kept
    assert "deleted words" not in text


def test_docx_keeps_footnotes(tmp_path: Path) -> None:
    plain, path = tmp_path / "plain.docx", tmp_path / "noted.docx"
    document = docx.Document()
    document.add_paragraph("Body.")
    document.save(str(plain))
    notes = (f'<w:footnotes {_NS}><w:footnote w:type="separator" w:id="-1"><w:p>{_run("line")}</w:p></w:footnote>'
             f'<w:footnote w:id="1"><w:p>{_run("Measured at 23 degrees.")}</w:p></w:footnote></w:footnotes>')
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.infolist():
            new.writestr(part, old.read(part))
        new.writestr("word/footnotes.xml", notes)
    texts = [element.text for element in parse_file(path)]
    assert "Measured at 23 degrees." in texts and "line" not in texts


def test_docx_headings_lists_and_table_rows(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Manual", 0)
    document.add_heading("Removal", 1)
    document.add_heading("Cover", 2)
    document.add_paragraph("Loosen the bolts crosswise.")
    document.add_paragraph("Lift the cover.", style="List Number")
    document.add_paragraph("Torques of the cover", style="Caption")
    table = document.add_table(rows=3, cols=2)
    for row, cells in zip(table.rows, [("Joint", "Torque (Nm)"), ("M8", "24"), ("M6", "10")], strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    path = tmp_path / "manual.docx"
    document.save(str(path))
    elements = parse_file(path)
    titles = [(one.text, one.level) for one in elements if one.kind is ElementKind.TITLE]
    assert titles == [("Manual", 1), ("Removal", 2), ("Cover", 3)]
    assert any(one.kind is ElementKind.LIST_ITEM and one.text.endswith("Lift the cover.") for one in elements)
    table_element = next(one for one in elements if one.kind is ElementKind.TABLE)
    assert table_element.text == "Torques of the cover" and "<td>" in table_element.html
    rows = _rows(elements)
    assert [row.text for row in rows] == ["M8\t24", "M6\t10"]
    assert split_context(rows[0].context) == ("Torques of the cover", ("Joint", "Torque (Nm)"))
    assert rows[0].span.locator == "Manual > Removal > Cover > table 1, row 2"
    assert not any(one.text == "Torques of the cover" for one in elements if one.kind is ElementKind.TEXT)


def test_pptx_slides_titles_notes_and_charts(tmp_path: Path) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Yield"
    slide.shapes.add_textbox(Cm(1), Cm(5), Cm(9), Cm(3)).text_frame.text = "First pass 81 %"
    chart = CategoryChartData()
    chart.categories = ["May", "June"]
    chart.add_series("Faults", (12.5, 7))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(1), Cm(8), Cm(9), Cm(5), chart)
    slide.notes_slide.notes_text_frame.text = "Ask the board."
    path = tmp_path / "deck.pptx"
    deck.save(str(path))
    elements = parse_file(path)
    assert [one.text for one in elements if one.kind is ElementKind.TITLE] == ["Yield"]
    assert [one.text for one in elements if one.kind is ElementKind.TEXT] == ["First pass 81 %", "Ask the board."]
    assert [row.text for row in _rows(elements)] == ["May\t12.5", "June\t7"]
    assert split_context(_rows(elements)[0].context)[1] == ("", "Faults")
    assert {one.span.page for one in elements} == {1}
    assert elements[-1].span.locator == "slide 1 > notes"


def _workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Zweites Blatt")
    assert first is not None
    first.title = "Torques"
    first["A1"] = "Tightening values"
    for column, text in enumerate(["Joint", "Share", "Code"], start=1):
        first.cell(2, column, text).font = Font(bold=True)
        first.cell(2, column + 5, f"Other {text}").font = Font(bold=True)
    for row, values in enumerate([("Cover", 0.155, "007"), ("NA", 0.2, "N/A")], start=3):
        for column, value in enumerate(values, start=1):
            first.cell(row, column, value)
            first.cell(row, column + 5, f"r{row}c{column}")
        first.cell(row, 2).number_format = "0.0%"
    second["B2"] = "A note on a sheet of its own."
    book.save(path)
    return path


def test_xlsx_cells_as_shown_with_side_by_side_tables_apart(tmp_path: Path) -> None:
    elements = parse_file(_workbook(tmp_path / "torque.xlsx"))
    rows = _rows(elements)
    assert [row.text for row in rows] == [
        "Cover\t15.5%\t007", "NA\t20.0%\tN/A", "r3c1\tr3c2\tr3c3", "r4c1\tr4c2\tr4c3"]
    assert rows[0].span.locator == "Torques!A3:C3" and rows[2].span.locator == "Torques!F3:H3"
    assert split_context(rows[0].context) == ("Tightening values", ("Joint", "Share", "Code"))
    assert split_context(rows[2].context) == ("", ("Other Joint", "Other Share", "Other Code"))
    note = elements[-1]
    assert (note.text, note.span.page, note.span.locator) == ("A note on a sheet of its own.", 2, "Zweites Blatt!B2")


def test_large_workbook_reads_the_same_cells_faster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ingest.parse.spreadsheet as spreadsheet

    path = _workbook(tmp_path / "torque.xlsx")
    monkeypatch.setattr(spreadsheet, "_MANY_BYTES", 10)
    rows = _rows(parse_file(path))
    assert [row.span.locator for row in rows][:2] == ["Torques!A3:C3", "Torques!A4:C4"]
    assert rows[0].text == "Cover\t0.155\t007"


@pytest.mark.parametrize(("value", "pattern", "text"), [
    (0.155, "0.0%", "15.5%"), (2.5, "0.00", "2.50"), (1234.5, "#,##0.0", "1234.5"), (7, "000", "007"),
    (24, "General", "24"), (24.0, "General", "24"), (0.1 + 0.2, "General", "0.3"), (24, '0" Nm"', "24 Nm"),
    (-3.2, "0.0;(0.0)", "-3.2"), (2.345, "0.##", "2.35"), (2.0, "0.##", "2"), (True, "General", "TRUE"),
    (dt.datetime(2025, 3, 1), "yyyy-mm-dd", "2025-03-01"),
    (dt.datetime(2025, 3, 1, 6, 4), "dd.mm.yyyy hh:mm", "2025-03-01 06:04"),
    (dt.timedelta(hours=25, minutes=3), "[h]:mm", "25:03:00"), (dt.time(6, 4), "hh:mm", "06:04"),
    (" two\n lines ", "@", "two lines"), (12, '[$€-407] 0.00', "€12.00"),
])
def test_values_are_shown_as_the_program_shows_them(value: object, pattern: str, text: str) -> None:
    assert shown(value, pattern) == text


def test_column_names() -> None:
    assert [column_name(number) for number in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]


@pytest.mark.parametrize(("name", "charset", "delimiter"), [
    ("log.csv", "utf-8", ","), ("log.csv", "cp1250", ";"), ("log.csv", "utf-16", ";"), ("log.tsv", "utf-8", "\t"),
])
def test_delimited_cells_stay_as_written(tmp_path: Path, name: str, charset: str, delimiter: str) -> None:
    lines = [["Część", "Moment (Nm)", "Uwaga"], ["00123", "2.50", "łożysko zużyte"], ["00124", "NA", "null"]]
    path = tmp_path / name
    path.write_bytes("\n".join(delimiter.join(line) for line in lines).encode(charset))
    rows = _rows(parse_file(path))
    assert [row.text.split("\t") for row in rows] == lines[1:]
    assert split_context(rows[0].context)[1] == tuple(lines[0])
    assert [row.span.locator for row in rows] == ["row 2", "row 3"]


def test_delimited_quotes_and_decimal_commas(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text('Name;Wert\n"Schraube; M8";2,37\n"zwei\nZeilen";4,00\n', encoding="utf-8")
    assert [row.text for row in _rows(parse_file(path))] == ["Schraube; M8\t2,37", "zwei Zeilen\t4,00"]


def test_docx_numbers_of_lists_are_context_unless_somebody_wrote_them(tmp_path: Path) -> None:
    document = docx.Document()
    for text in ("Open the valve.", "2 bar are reached."):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("3. Written by hand.", style="List Bullet")
    path = tmp_path / "steps.docx"
    document.save(str(path))
    items = [(one.context, one.text) for one in parse_file(path)]
    assert items == [("1.", "Open the valve."), ("2.", "2 bar are reached."), ("", "3. Written by hand.")]
