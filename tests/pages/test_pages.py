"""Pages: counting, rendering, and that reading a box and boxing a quote agree."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

import pytest
from PIL import Image

from copilot.errors import ParseError
from copilot.pages import page_count, pixels_per_point, quote_boxes, read_box, render_page
from ingest.parse import parse_file

SAMPLES = Path(__file__).parents[2] / "corpus_samples"
MANUAL = SAMPLES / "service" / "battery_pack_manual_en.pdf"
CHINESE = SAMPLES / "service" / "dianchi_weixiu_shouce_zh.pdf"


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize("path", [MANUAL, CHINESE], ids=lambda path: path.stem)
def test_quote_boxes_of_any_part_of_a_line_read_back_as_that_part(path: Path) -> None:
    pieces = [(element.text[start:end], page, box) for element in parse_file(path)
              for start, end, page, box in element.lines if end - start > 8]
    draw = random.Random(7)
    for text, page, box in draw.sample(pieces, 120):
        start = draw.randrange(len(text) - 4)
        end = draw.randrange(start + 1, len(text) + 1)
        boxes = quote_boxes(path, page, box, text, start, end)
        read = "".join(read_box(path, "application/pdf", page, part) for part in boxes)
        assert plain(read) == plain(text[start:end] or "") or not text[start:end].strip()


def test_quote_boxes_fall_back_to_the_whole_box_when_the_page_says_otherwise() -> None:
    box = (60.0, 60.0, 300.0, 80.0)
    assert quote_boxes(MANUAL, 1, box, "not what stands there", 4, 8) == [box]


def test_render_has_the_size_of_the_page_times_the_scale() -> None:
    image, width, height = render_page(MANUAL, 2, scale=1.5)
    assert (round(width), round(height)) == (595, 842)
    assert abs(image.width - width * 1.5) <= 1 and abs(image.height - height * 1.5) <= 1
    assert image.convert("L").getextrema()[0] < 100


@pytest.mark.parametrize("page", [0, 22])
def test_page_that_is_not_there_is_named(page: int) -> None:
    with pytest.raises(IndexError, match=f"page {page} is not there: the document has 21 pages"):
        render_page(MANUAL, page)


def test_image_points_follow_its_dpi_and_200_without_one(tmp_path: Path) -> None:
    with_dpi, without = tmp_path / "a.png", tmp_path / "b.png"
    Image.new("L", (600, 300), 255).save(with_dpi, dpi=(300, 300))
    Image.new("L", (600, 300), 255).save(without)
    assert render_page(with_dpi, 1)[1:] == pytest.approx((144, 72), abs=0.1)
    assert render_page(without, 1)[1:] == pytest.approx((216, 108))
    assert pixels_per_point(Image.new("L", (1, 1))) == pytest.approx((200 / 72, 200 / 72))


def test_frames_of_a_tiff_are_pages(tmp_path: Path) -> None:
    path = tmp_path / "two.tif"
    frames = [Image.new("L", (100, 100), 255), Image.new("L", (100, 100), 0)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert page_count(path) == 2
    assert render_page(path, 2)[0].getpixel((5, 5)) == (0, 0, 0)


def test_text_files_have_one_page_and_nothing_to_show(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("Tighten to 24 Nm.", encoding="utf-8")
    assert page_count(path) == 1
    with pytest.raises(ParseError, match="no pages that can be shown"):
        render_page(path, 1)
    assert read_box(path, "text/plain", 1, (0, 0, 9, 9)) == ""


def test_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(MANUAL.read_bytes())
    assert page_count(path) == 21
    path.write_bytes(CHINESE.read_bytes())
    assert page_count(path) == page_count(CHINESE)


def test_threads_share_the_open_document() -> None:
    failures: list[BaseException] = []

    def read(page: int) -> None:
        try:
            assert render_page(MANUAL, page, 0.5)[0].width > 200
            assert read_box(MANUAL, "application/pdf", page, (0, 0, 600, 850)).strip()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=read, args=(page,)) for page in range(1, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_open_documents_are_closed_before_the_process_ends_without_a_word() -> None:
    code = (
        "import sys; from pathlib import Path; from copilot.pages import page_count, read_box\n"
        "for path in map(Path, sys.argv[1:]):\n"
        "    assert read_box(path, 'application/pdf', page_count(path), (0, 0, 600, 850))"
    )
    paths = [str(path) for path in sorted(SAMPLES.rglob("torque_spec*.pdf"))]
    done = subprocess.run([sys.executable, "-c", code, *paths], cwd=SAMPLES.parent, capture_output=True, text=True,
                          check=False)
    assert (len(paths), done.returncode, done.stdout, done.stderr) == (2, 0, "", "")
