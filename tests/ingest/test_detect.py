"""What a file really is."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from copilot.errors import ParseError
from ingest.parse import parse_file
from ingest.parse.charsets import decode
from ingest.parse.detect import DOCX, MSG, detect_media_type

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def _write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(("name", "content", "expected"), [
    ("scan.pdf", PNG, "image/png"),
    ("report.docx", b"%PDF-1.7\n%abc", "application/pdf"),
    ("log.txt", "Prüfung bestanden\n".encode("cp1252"), "text/plain"),
    ("log.csv", "a;b\n1;2\n".encode("utf-16"), "text/csv"),
    ("page.html", b"<p>x</p>", "text/html"),
    ("mail.msg", OLE, MSG),
    ("note.rtf", b"{\\rtf1 x}", "text/rtf"),
    ("\u7535\u6c60 \u624b\u518c.md", b"# x", "text/markdown"),
])
def test_media_type_follows_bytes_and_for_text_the_name(
    tmp_path: Path, name: str, content: bytes, expected: str,
) -> None:
    assert detect_media_type(_write(tmp_path, name, content)) == expected


@pytest.mark.parametrize(("name", "content", "category"), [
    ("empty.pdf", b"", "empty"),
    ("zeros.txt", b"\x00" * 5000, "empty"),
    ("locked.docx", OLE, "encrypted"),
    ("old.doc", OLE, "unsupported"),
    ("fake.pdf", b"just some words in a file\n", "mislabelled"),
    ("fake.docx", b"\x01\x02\x00\x03 nothing known", "mislabelled"),
    ("binary.txt", b"\x01\x02\x00\x03 nothing known", "mislabelled"),
    ("damaged.docx", b"PK\x03\x04 cut off", "broken"),
])
def test_bad_file_is_named_with_category_and_cure(
    tmp_path: Path, name: str, content: bytes, category: str,
) -> None:
    with pytest.raises(ParseError) as caught:
        detect_media_type(_write(tmp_path, name, content))
    assert caught.value.category == category
    assert name in caught.value.reason and caught.value.cure


def test_archive_is_told_by_its_parts(tmp_path: Path) -> None:
    for part, name in (("word/document.xml", "a.zip"), ("readme.txt", "b.zip")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(part, "x")
    assert detect_media_type(tmp_path / "a.zip") == DOCX
    with pytest.raises(ParseError) as caught:
        detect_media_type(tmp_path / "b.zip")
    assert caught.value.category == "unsupported"


def test_broken_document_becomes_a_parse_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w:document")
    with pytest.raises(ParseError) as caught:
        parse_file(path)
    assert caught.value.category == "broken"


def test_file_without_text_is_no_success(tmp_path: Path) -> None:
    path = _write(tmp_path, "blank.html", b"<html><body><p> </p></body></html>")
    with pytest.raises(ParseError) as caught:
        parse_file(path)
    assert caught.value.category == "no_text"


@pytest.mark.parametrize(("text", "charset"), [
    ("Drehmoment für die Gehäuseschrauben: 24 Nm ± 2 Nm, größer als üblich", "cp1252"),
    ("Śruby obudowy należy dokręcać momentem 24 Nm, później sprawdzić łączność", "cp1250"),
    ("Śruby obudowy należy dokręcać momentem 24 Nm, później sprawdzić łączność", "iso8859-2"),
    ("Le couple de serrage à appliquer après contrôle, être prêt où il faut", "cp1252"),
    ("El par de apriete del tornillo: ¿cuál es? Año de fabricación", "cp1252"),
    ("电池壳体螺栓的拧紧力矩为24牛米。", "gb18030"),
    ("电池 battery", "utf-16"),
    ("Łódź", "utf-8-sig"),
])
def test_charset_is_found(text: str, charset: str) -> None:
    assert decode(text.encode(charset)) == text
