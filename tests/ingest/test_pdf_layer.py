"""Which text layers are believed: printed pages are, pictures and scrambled fonts are not."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pypdfium2
import pytest

from copilot.pagetext import read_characters
from ingest.parse.pdf_layer import Layer, image_share, judge

SAMPLES = Path(__file__).parents[2] / "corpus_samples"


def layers(source: Path | bytes) -> list[Layer]:
    document = pypdfium2.PdfDocument(source)
    found = []
    for page in document:
        textpage = page.get_textpage()
        found.append(judge(page, textpage, read_characters(page, textpage)))
    document.close()
    return found


def with_text(words: list[str], mode: int, picture: bool) -> bytes:
    """One page with lines of ten words in the given rendering mode, over a picture of the whole page or not."""
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(600, 800)
    if picture:
        image = pypdfium2.PdfImage.new(document)
        bitmap = pypdfium2.PdfBitmap.new_native(60, 80, 4)
        image.set_bitmap(bitmap)
        image.set_matrix(pypdfium2.PdfMatrix().scale(600, 800))
        page.insert_obj(image)
    font = pypdfium2.raw.FPDFText_LoadStandardFont(document, b"Helvetica")
    for number in range(0, len(words), 10):
        item = pypdfium2.raw.FPDFPageObj_CreateTextObj(document, font, 10)
        text = (" ".join(words[number:number + 10]) + "\0").encode("utf-16-le")
        _set_text(item, text)
        pypdfium2.raw.FPDFTextObj_SetTextRenderMode(item, mode)
        pypdfium2.raw.FPDFPageObj_Transform(item, 1, 0, 0, 1, 40, 740 - 1.4 * number)
        pypdfium2.raw.FPDFPage_InsertObject(page, item)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def _set_text(item: object, text: bytes) -> None:
    import ctypes

    buffer = ctypes.create_string_buffer(text)
    pypdfium2.raw.FPDFText_SetText(item, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))


def scrambled(count: int) -> list[str]:
    draw = random.Random(3)
    return ["".join(draw.choice("bcdfghjklmnpqrstvwxz") for _ in range(7)) for _ in range(count)]


PROSE = ("the pump of the cooling circuit is driven by the control unit and moves the coolant through "
         "the plate on which the modules stand so that none of them is warmer than the others").split() * 4


@pytest.mark.parametrize("name", ["battery_pack_manual_en.pdf", "dianchi_weixiu_shouce_zh.pdf",
                                  "lista_kodow_usterek_tasso_h_pl.pdf", "torque_spec_TS-2207_rev_C.pdf"])
def test_every_page_of_printed_samples_is_believed(name: str) -> None:
    assert set(layers(SAMPLES / "service" / name)) == {Layer.GOOD}


def test_pages_that_are_pictures_have_no_layer() -> None:
    assert set(layers(SAMPLES / "service" / "instruction_conduite_refroidissement_fr.pdf")) == {Layer.ABSENT}


def test_prose_is_believed_and_scrambled_letters_are_not() -> None:
    assert layers(with_text(PROSE, 0, picture=False)) == [Layer.GOOD]
    assert layers(with_text(scrambled(120), 0, picture=False)) == [Layer.UNUSABLE]


def test_invisible_text_over_a_picture_is_an_old_ocr_and_visible_text_is_not() -> None:
    assert layers(with_text(PROSE, 3, picture=True)) == [Layer.OLD_OCR]
    assert layers(with_text(PROSE, 0, picture=True)) == [Layer.GOOD]


def test_image_share_is_that_of_the_largest_picture() -> None:
    document = pypdfium2.PdfDocument(with_text(PROSE, 0, picture=True))
    assert image_share(document[0]) == pytest.approx(1.0)
    document.close()
