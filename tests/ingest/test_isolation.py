"""Parsing in a limited process: a file that hangs, is too large or broken is an error, and the next one is read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from copilot.errors import ParseError
from copilot.settings import Settings, load_settings
from ingest.parse.isolation import close_pools, parse_isolated

SAMPLES = Path(__file__).parents[2] / "corpus_samples"
CODES = SAMPLES / "service" / "lista_kodow_usterek_tasso_h_pl.pdf"


@pytest.fixture(scope="module", autouse=True)
def _ended() -> Iterator[None]:
    yield
    close_pools()


def settings(**ingest: object) -> Settings:
    return load_settings(ingest={"workers": 1, **ingest})


def endless_pdf(path: Path) -> Path:
    """A PDF of under 1 kB that pdfium never finishes: a form that draws itself three times."""
    draws = "/X Do\n" * 3
    resources = "/Resources << /XObject << /X 5 0 R >> >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        f"<< /Length {len(draws)} >>\nstream\n{draws}endstream",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 3 0 R {resources} >>",
        f"<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] {resources} /Length {len(draws)} >>\n"
        f"stream\n{draws}endstream",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(f"{at:010d} 00000 n \n".encode() for at in offsets)
    data += f"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(data)
    return path


def category(path: Path, limits: Settings) -> str:
    with pytest.raises(ParseError) as caught:
        parse_isolated(path, "", "", limits)
    assert path.name in str(caught.value) and caught.value.cure
    return caught.value.category


def test_same_elements_as_without_isolation() -> None:
    from ingest.parse import parse_file

    assert parse_isolated(CODES, "application/pdf", "pl", settings()) == parse_file(CODES, "application/pdf", "pl")


def test_workers_do_not_run_the_program_that_started_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "page.py"
    script.write_text("raise SystemExit('run again by a worker')\n", encoding="utf-8")
    program = ModuleType("__main__")
    program.__file__ = str(script)
    monkeypatch.setitem(sys.modules, "__main__", program)
    close_pools()
    assert parse_isolated(CODES, "application/pdf", "pl", settings())


def test_file_that_never_ends_is_a_timeout_and_the_next_is_read(tmp_path: Path) -> None:
    limits = settings(timeout_s=3.0)
    assert category(endless_pdf(tmp_path / "endless.pdf"), limits) == "timeout"
    assert parse_isolated(CODES, "", "pl", limits)


def test_errors_keep_their_category_across_processes(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing more")
    empty = tmp_path / "empty.pdf"
    empty.touch()
    assert category(broken, settings()) == "broken"
    assert category(empty, settings()) == "empty"
    assert category(tmp_path / "gone.pdf", settings()) == "unreadable"


def test_limits_of_bytes_and_pages(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"Tighten to 24 Nm.\n" * 70_000)
    assert category(large, settings(max_file_mb=1)) == "too_large"
    assert category(CODES, settings(max_pages=2)) == "too_large"


def test_memory_limit_is_too_large(tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "huge.png"
    Image.new("L", (11_000, 11_000), 255).save(path, dpi=(100, 100))
    assert category(path, settings(memory_mb=256)) == "too_large"
