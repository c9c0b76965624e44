"""Scans: words where they stand, upright whatever way the sheet lay, and clear errors where tesseract is missing."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from PIL import Image

from copilot.errors import ParseError
from copilot.pages import quote_boxes, render_page
from copilot.types import Box, Element, ElementKind
from ingest.parse import ocr, parse_file

SAMPLES = Path(__file__).parents[2] / "corpus_samples"
MANUAL = SAMPLES / "service" / "battery_pack_manual_en.pdf"
PAGE = 7
DPI = 200


def _installed() -> bool:
    try:
        return all((ocr.data_folder() / f"{name}.traineddata").is_file() for name in ("osd", *ocr.PACKAGES.values()))
    except ParseError:
        return False


needs_tesseract = pytest.mark.skipif(not _installed(), reason="tesseract's language data are not installed")


def scan(path: Path, turn: float) -> Path:
    """A page of the manual as a picture, turned counterclockwise."""
    image, _, _ = render_page(MANUAL, PAGE, DPI / 72)
    grey = image.convert("L").rotate(turn, expand=turn % 90 == 0, fillcolor=255, resample=Image.Resampling.BICUBIC)
    grey.save(path, dpi=(DPI, DPI))
    return path


def words(elements: list[Element]) -> dict[str, Box]:
    """The boxes of the words that occur once."""
    found: dict[str, list[Box]] = {}
    for element in elements:
        for start, end, _, box in element.lines:
            found.setdefault(element.text[start:end], []).append(box)
    return {word: boxes[0] for word, boxes in found.items() if len(boxes) == 1 and len(word) > 6}


@functools.cache
def printed() -> list[Element]:
    return parse_file(MANUAL)


def printed_word(word: str) -> Box | None:
    """Where a word stands on the page of the manual, by its text layer."""
    for element in printed():
        for start, end, page, box in element.lines:
            if page == PAGE and element.text[start:end].split().count(word) == 1:
                line = element.text[start:end]
                return quote_boxes(MANUAL, page, box, line, line.index(word), line.index(word) + len(word))[0]
    return None


def turned(box: Box, turn: int, width: float, height: float) -> Box:
    x0, y0, x1, y1 = box
    return {0: box, 90: (y0, width - x1, y1, width - x0), 180: (width - x1, height - y1, width - x0, height - y0),
            270: (height - y1, x0, height - y0, x1)}[turn]


@needs_tesseract
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_words_of_a_turned_scan_lie_where_they_are_printed(tmp_path: Path, turn: int) -> None:
    found = words(parse_file(scan(tmp_path / "page.png", turn), language="en"))
    assert len(found) > 40
    checked = 0
    for word in list(found)[:60:6]:
        place = printed_word(word)
        if place is None:
            continue
        expected = turned(place, turn, 594.96, 841.92)
        assert all(abs(a - b) < 3 for a, b in zip(found[word], expected, strict=True)), word
        checked += 1
    assert checked >= 5


@needs_tesseract
def test_skewed_scan_is_read_as_well_as_a_straight_one(tmp_path: Path) -> None:
    text = " ".join(element.text for element in parse_file(scan(tmp_path / "page.png", 2.5), language="en"))
    assert "Scratches in the coating are acceptable" in text


@needs_tesseract
@pytest.mark.parametrize(("name", "sentence"), [
    ("arbeitsanweisung_kuehlleitung_de.png", "Blaue Leitung auf den unteren Stutzen drücken, bis es hörbar klickt."),
    ("instruccion_tubo_refrigeracion_es.png", "Tirar de cada conexión con 60 N; no debe moverse."),
    ("instruction_conduite_refroidissement_fr.pdf", "Appliquer la graisse sur les deux joints toriques."),
])
def test_language_of_a_sample_scan_is_found_and_its_steps_are_read(name: str, sentence: str) -> None:
    elements = parse_file(SAMPLES / "service" / name)
    step = next(element for element in elements if sentence in element.text)
    assert step.kind is ElementKind.LIST_ITEM
    assert [step.text[start:end] for start, end, _, _ in step.lines] == step.text.split()


@needs_tesseract
def test_chinese_scan_is_found_without_a_hint() -> None:
    elements = parse_file(SAMPLES / "service" / "zuoye_zhidao_lengque_guanlu_zh.png")
    assert any("没有堵盖的管路放入红色料箱" in element.text for element in elements)


@needs_tesseract
def test_ruled_table_of_a_scan_becomes_rows_with_header() -> None:
    rows = [element for element in parse_file(SAMPLES / "service" / "arbeitsanweisung_kuehlleitung_de.png")
            if element.kind is ElementKind.TABLE_ROW]
    force = next(row for row in rows if row.text.startswith("Zugkraft"))
    assert force.text == "Zugkraft\t60 N\tjedes 50. Fahrzeug"
    assert force.context.endswith("Merkmal\tWert\tHäufigkeit")


@needs_tesseract
def test_blank_picture_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "blank.png"
    Image.new("L", (1653, 2339), 255).save(path, dpi=(200, 200))
    with pytest.raises(ParseError) as caught:
        parse_file(path)
    assert caught.value.category == "no_text"


def test_missing_language_data_name_the_system_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "eng.traineddata").write_bytes(b"")
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    with pytest.raises(ParseError, match="tesseract-ocr-chi-sim") as caught:
        ocr.require("chi_sim")
    assert caught.value.category == "missing_dependency"


def test_truncated_picture_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "cut.png"
    path.write_bytes((SAMPLES / "service" / "arbeitsanweisung_kuehlleitung_de.png").read_bytes()[:20_000])
    with pytest.raises(ParseError) as caught:
        parse_file(path)
    assert caught.value.category == "broken"
