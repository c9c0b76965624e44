"""PDF parsing on the built samples and on small files made here: boxes, order, tables, furniture, broken files."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from copilot.errors import ParseError
from copilot.pages import read_box
from copilot.types import Element, ElementKind
from ingest.parse import parse_file

SAMPLES = Path(__file__).parents[2] / "corpus_samples"
PRINTED = sorted(path for path in SAMPLES.glob("*/*.pdf") if "conduite_refroidissement" not in path.name)
MANUAL = SAMPLES / "service" / "battery_pack_manual_en.pdf"
CODES = SAMPLES / "service" / "lista_kodow_usterek_tasso_h_pl.pdf"


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def write_pdf(path: Path, pages: list[list[tuple[float, float, float, str]]], extra: str = "", rotate: int = 0) -> Path:
    """A PDF of Helvetica text: for each page (x, y from the bottom, size, text) in the order of the stream."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for runs in pages:
        content = extra + "".join(f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n" for x, y, size, text in runs)
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}endstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Rotate {rotate} /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    data += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(data)
    return path


def paragraph(x: float, top: float, lines: list[str], size: float = 10) -> list[tuple[float, float, float, str]]:
    return [(x, top - 12 * number, size, line) for number, line in enumerate(lines)]


def texts(elements: list[Element], kind: ElementKind = ElementKind.TEXT) -> list[str]:
    return [element.text for element in elements if element.kind is kind]


@pytest.mark.parametrize("path", PRINTED, ids=lambda path: path.stem)
def test_every_piece_of_every_sample_reads_back_from_its_box(path: Path) -> None:
    pieces = 0
    for element in parse_file(path, "application/pdf"):
        for start, end, page, box in element.lines:
            assert plain(read_box(path, "application/pdf", page, box)) == plain(element.text[start:end])
            pieces += 1
    assert pieces > 30


@pytest.mark.parametrize("path", PRINTED, ids=lambda path: path.stem)
def test_pieces_cover_the_text_of_rows_and_paragraphs(path: Path) -> None:
    for element in parse_file(path, "application/pdf"):
        if element.kind is ElementKind.TABLE:
            continue
        covered = "".join(element.text[start:end] for start, end, _, _ in element.lines)
        assert plain(covered) == plain(element.text)


def test_no_text_of_the_manual_is_lost_or_told_twice() -> None:
    elements = parse_file(MANUAL)
    told = plain("".join(element.text for element in elements if element.kind is not ElementKind.TABLE))
    for sentence in ("No person may work alone on an open pack.", "Press the emergency stop", "Lianxin Power, Hang"):
        assert told.count(plain(sentence)) == 1


def test_ruled_rows_carry_caption_and_header_as_context() -> None:
    rows = [element for element in parse_file(MANUAL) if element.kind is ElementKind.TABLE_ROW]
    voltage = next(row for row in rows if row.text.startswith("Nominal voltage\t"))
    assert voltage.text == "Nominal voltage\t393\tV"
    assert voltage.context == "Battery pack BP-4471-02\nProperty\tValue\tUnit"
    assert voltage.span.locator.endswith("row 1")


def test_unruled_rows_keep_wrapped_cells_together() -> None:
    rows = [element for element in parse_file(CODES) if element.kind is ElementKind.TABLE_ROW]
    code = next(row for row in rows if row.text.startswith("P0A1D"))
    assert code.text == ("P0A1D\tsterownik napędu hybrydowego, usterka wewnętrzna\tbłąd sumy kontrolnej pamięci\tW\t"
                         "wgrać oprogramowanie 3.4.2")
    assert code.context.splitlines()[1].split("\t")[0] == "Kod"


def test_table_on_the_next_page_keeps_header_and_caption() -> None:
    rows = [element for element in parse_file(CODES) if element.kind is ElementKind.TABLE_ROW]
    moved = next(row for row in rows if row.text.startswith("U0293"))
    assert moved.span.page == 2
    assert moved.context == next(row for row in rows if row.text.startswith("P0A1D")).context


def test_running_header_and_page_numbers_are_left_out() -> None:
    told = " ".join(element.text for element in parse_file(MANUAL))
    assert "1 / 21" not in told
    assert told.count("Service Manual: High-Voltage Battery Pack, Civetta E") == 1


def test_a_figure_in_a_heading_at_the_top_is_no_page_number(tmp_path: Path) -> None:
    runs = [(50.0, 790.0, 16.0, "Manuale Porte Ferroviarie PF-"), (50.0, 770.0, 16.0, "900"),
            *paragraph(50, 700, ["The door closes in three seconds.", "It opens in two."]), (300.0, 30.0, 9.0, "1")]
    told = [element.text for element in parse_file(write_pdf(tmp_path / "door.pdf", [runs]))]
    assert "900" in " ".join(told).split() or any("PF-900" in text for text in told)
    assert "1" not in " ".join(told).split()


def test_figures_that_count_the_pages_are_left_out_and_others_stay(tmp_path: Path) -> None:
    pages = [[(300.0, 800.0, 9.0, str(41 + number)), (50.0, 760.0, 10.0, f"{7 * number + 312}"),
              *paragraph(50, 700, [f"Door {'ABC'[number]} closes in three seconds."])] for number in range(3)]
    told = " ".join(element.text for element in parse_file(write_pdf(tmp_path / "doors.pdf", pages))).split()
    assert not {"41", "42", "43"} & set(told)
    assert {"312", "319", "326"} <= set(told)


def test_two_columns_written_line_by_line_are_read_column_by_column(tmp_path: Path) -> None:
    left = [f"The left column says in line {number} what comes first." for number in range(10)]
    right = [f"The right column says in line {number} what is second." for number in range(10)]
    pairs = zip(paragraph(40, 700, left, 9), paragraph(320, 700, right, 9), strict=True)
    runs = [run for pair in pairs for run in pair]
    found = " ".join(texts(parse_file(write_pdf(tmp_path / "columns.pdf", [runs]))))
    assert found.index("left column says in line 9") < found.index("right column says in line 0")
    assert "line 3 what comes first. The left column says in line 4" in found


def test_larger_line_is_a_heading_and_paragraphs_part_at_gaps(tmp_path: Path) -> None:
    runs = [(50.0, 740.0, 16.0, "Cooling circuit"),
            *paragraph(50, 710, ["The pump moves fourteen litres in a minute and is", "driven by the control unit."]),
            *paragraph(50, 660, ["A second paragraph stands apart from the first one."])]
    elements = parse_file(write_pdf(tmp_path / "heading.pdf", [runs]))
    assert [(element.kind, element.level) for element in elements] == [
        (ElementKind.TITLE, 1), (ElementKind.TEXT, 0), (ElementKind.TEXT, 0)]
    assert elements[1].text.endswith("and is driven by the control unit.")


def test_paragraph_cut_by_the_page_is_one_with_pieces_on_both(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "cut.pdf", [
        paragraph(50, 120, ["The housing is closed with thirty-eight new bolts that"]),
        paragraph(50, 640, ["are tightened from the middle to the corners."])])
    (element,) = parse_file(path)
    assert [page for _, _, page, _ in element.lines] == [1, 2]
    assert element.text == ("The housing is closed with thirty-eight new bolts that "
                            "are tightened from the middle to the corners.")


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_boxes_are_those_of_the_page_as_it_is_shown(tmp_path: Path, rotate: int) -> None:
    path = write_pdf(tmp_path / "turned.pdf", [paragraph(50, 700, ["Tighten to 24 Nm and turn by 90 degrees."])],
                     rotate=rotate)
    (element,) = parse_file(path)
    (_, _, page, box) = element.lines[0]
    corner = {0: (50, 100), 90: (700, 50), 180: (550, 700), 270: (100, 550)}[rotate]
    assert box[0] - 4 <= corner[0] <= box[2] + 4 and box[1] - 4 <= corner[1] <= box[3] + 4
    assert plain(read_box(path, "application/pdf", page, box)) == plain(element.text)


def test_encrypted_file_names_the_cure(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(CODES))
    writer.encrypt("secret", algorithm="RC4-128")
    path = tmp_path / "locked.pdf"
    writer.write(path)
    with pytest.raises(ParseError, match="password") as caught:
        parse_file(path)
    assert caught.value.category == "encrypted"


@pytest.mark.parametrize(("content", "category"), [(b"", "empty"), (b"%PDF-1.7\nnothing more", "broken")])
def test_unreadable_files_have_their_category(tmp_path: Path, content: bytes, category: str) -> None:
    path = tmp_path / "bad.pdf"
    path.write_bytes(content)
    with pytest.raises(ParseError) as caught:
        parse_file(path, "application/pdf")
    assert caught.value.category == category


def test_page_without_any_text_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(ParseError) as caught:
        parse_file(write_pdf(tmp_path / "blank.pdf", [[]]))
    assert caught.value.category == "no_text"
