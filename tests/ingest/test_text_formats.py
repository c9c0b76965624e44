"""Web pages, Markdown, text, mail and open formats, made here and read back."""

from __future__ import annotations

import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from copilot.errors import ParseError
from copilot.language import sentences
from copilot.types import ElementKind
from ingest.chunk import Chunker
from ingest.parse import parse_file
from ingest.parse.context import split_context
from ingest.parse.html import parse_html
from ingest.parse.markdown import parse as parse_markdown
from ingest.parse.text import parse_text

TITLE, TEXT, ITEM = ElementKind.TITLE, ElementKind.TEXT, ElementKind.LIST_ITEM


def _texts(source: str) -> str:
    return "\n".join(element.text for element in parse_html(source))


@pytest.mark.parametrize("hidden", [
    '<p style="display:none">SECRET</p>', '<p hidden>SECRET</p>', '<p style="font-size:0">SECRET</p>',
    '<p style="opacity: 0">SECRET</p>', '<p style="color:#fff;font-size:1px">SECRET</p>',
    '<div style="height:0;overflow:hidden"><p>SECRET</p></div>', '<p class="gone">SECRET</p>',
    '<p style="visibility:hidden">SECRET</p>', '<script>SECRET</script>', '<!-- SECRET -->',
    '<p style="text-indent:-9999px">SECRET</p>',
])
def test_html_drops_what_no_reader_sees(hidden: str) -> None:
    head = "<head><style>.gone { display: none }</style></head>"
    page = f"<html>{head}<body><p>Seen.</p>{hidden}<p>End.</p></body></html>"
    assert _texts(page).split() == ["Seen.", "End."]


@pytest.mark.parametrize("kept", [
    '<p style="opacity:0.5">WORDS</p>', '<p style="font-size:10px">WORDS</p>', '<p style="line-height:0">WORDS</p>',
    '<p style="width:100%">WORDS</p>', "<header>WORDS</header>", "<aside>WORDS</aside>",
    "<details><summary>Sum</summary>WORDS</details>", "<nav>WORDS</nav>", "<footer><p>WORDS</p></footer>",
    '<p style="border-width:0">WORDS</p>', "<dl><dt>Term</dt><dd>WORDS</dd></dl>",
    "<div>" * 400 + "<p>WORDS</p>" + "</div>" * 400,
])
def test_html_keeps_what_a_reader_sees(kept: str) -> None:
    assert "WORDS" in _texts(f"<body><main><p>Seen.</p></main>{kept}</body>")


def test_html_nested_beyond_what_can_be_read_is_refused() -> None:
    with pytest.raises(ParseError, match="deep"):
        parse_html("<div>" * 5000 + "<p>WORDS</p>" + "</div>" * 5000)


def test_html_tables_with_spans_and_captions() -> None:
    elements = parse_html("""<h1>Torques</h1><table><caption>Bolts</caption><thead>
        <tr><th rowspan=2>Joint</th><th colspan=2>Torque</th></tr><tr><th>Nm</th><th>deg</th></tr></thead>
        <tr><td rowspan=2>M8</td><td>24</td><td>90</td></tr><tr><td>26</td><td>95</td></tr></table>""")
    rows = [one for one in elements if one.kind is ElementKind.TABLE_ROW]
    assert [row.text for row in rows] == ["M8\t24\t90", "M8\t26\t95"]
    assert split_context(rows[0].context) == ("Bolts", ("Joint", "Torque Nm", "Torque deg"))
    assert [one.text for one in elements if one.kind is ElementKind.TABLE] == ["Bolts"]


def test_wrapped_lines_become_one_paragraph_and_list_items_stay_apart() -> None:
    elements = parse_text(
        "The torque of the housing bolts is checked with the wrench DW-40 before the\n"
        "Civetta leaves the line. A second check follows after the leak test at 1.5\n"
        "bar, with brake-\nby-wire active.\n\n"
        "- Loosen the bolts of the cover crosswise, in three steps, and keep them in the\n"
        "  Tray 4.\n- Clean the face.\n\n"
        "Station: EOL-4\nResult: passed after the second measurement of the insulation\nDate: 2025-03-01\n")
    texts = [one.text for one in elements]
    assert texts[0] == ("The torque of the housing bolts is checked with the wrench DW-40 before the Civetta leaves "
                        "the line. A second check follows after the leak test at 1.5 bar, with brake-\nby-wire active.")
    assert len(sentences(texts[0], "en")) == 2
    assert texts[1:3] == ["Loosen the bolts of the cover crosswise, in three steps, and keep them in the Tray 4.",
                          "Clean the face."]
    assert texts[3].splitlines() == ["Station: EOL-4", "Result: passed after the second measurement of the insulation",
                                     "Date: 2025-03-01"]


def test_wrapped_chinese_lines_are_one_sentence_and_searched_without_the_gap() -> None:
    (one,) = parse_text("必须断开高压维修开关，并等待至少十分钟后，再测量直流母\n线电压，直到降到六十伏以下。\n")
    assert one.text == "必须断开高压维修开关，并等待至少十分钟后，再测量直流母 线电压，直到降到六十伏以下。"
    (chunk,) = Chunker().chunk("d", "s", "", [one], "zh")
    assert "直流母线电压" in chunk.embed_text


def test_wrapped_lines_of_a_mail_become_one_paragraph(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", "Test"
    message.set_content("Dear all,\n\nthe bench in Turin runs again since Monday, and the results of the\n"
                        "Thermal tests are in the folder.\n\nBest regards\nAna\n")
    path = tmp_path / "a.eml"
    path.write_bytes(message.as_bytes())
    body = [one.text for one in parse_file(path) if one.span.locator.startswith("mail: body")]
    assert body == ["Dear all,", "the bench in Turin runs again since Monday, and the results of the Thermal tests are "
                    "in the folder.", "Best regards\nAna"]


def test_html_numbers_of_lists_are_context_not_text() -> None:
    elements = parse_html("<ol start=3><li>Open.</li><li><p>Close.</p></li></ol><ul><li>Note.</li></ul>"
                          "<ol><li><h2>Part</h2><p>Words.</p></li></ol>")
    items = [(one.context, one.text) for one in elements if one.kind is ITEM]
    assert items[:3] == [("3.", "Open."), ("4.", "Close."), ("", "Note.")]
    assert "\ue000" not in repr(elements) and "Words." in "\n".join(one.text for one in elements)


def test_html_layout_table_is_no_data() -> None:
    elements = parse_html("<table><tr><td><h2>Menu</h2><p>Words here.</p></td></tr></table>")
    assert not any(one.kind is ElementKind.TABLE for one in elements)
    assert [one.text for one in elements] == ["Menu", "Words here."]


def test_markdown_headings_steps_tables_and_footnotes(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: x\n---\n# Manual\n\nIntro:\n- one\n- two\n\n## Steps\n\n1. Open\n2. Close[^a]\n\n"
                    "Table: Values\n| A | B |\n|---|---|\n| x | 1 |\n\n[^a]: With care.\n", encoding="utf-8")
    elements = parse_markdown(path, "text/markdown", "")
    assert [(one.text, one.level) for one in elements if one.kind is TITLE] == [("Manual", 1), ("Steps", 2)]
    assert [(one.context, one.text) for one in elements if one.kind is ITEM] == [
        ("", "one"), ("", "two"), ("1.", "Open"), ("2.", "Close[^a]")]
    row = next(one for one in elements if one.kind is ElementKind.TABLE_ROW)
    assert row.text == "x\t1" and split_context(row.context) == ("Table: Values", ("A", "B"))
    assert any("With care." in one.text for one in elements)
    assert elements[1].span.locator == "Manual"


def test_markdown_nested_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.md"
    path.write_text(">" * 5000 + " x", encoding="utf-8")
    with pytest.raises(ParseError) as caught:
        parse_file(path)
    assert caught.value.category == "too_large"


def test_text_headings_paragraphs_lists_and_columns() -> None:
    elements = parse_text("Report\n======\n\nThe test ran\non Monday.\n\n2.1 Results\n\n"
                          "Values\nBolt  Torque  Unit\nM8    24      Nm\nM6    10      Nm\n\n"
                          "1. Open.\n2. Close.\n- Done.\n\n18.03.2025 06:04 passed\n")
    assert [(one.text, one.level) for one in elements if one.kind is TITLE] == [("Report", 1), ("2.1 Results", 3)]
    prose = [one.text for one in elements if one.kind is TEXT]
    assert prose == ["The test ran on Monday.", "18.03.2025 06:04 passed"]
    assert [one.text for one in elements if one.kind is ITEM] == ["1. Open.", "2. Close.", "Done."]
    rows = [one for one in elements if one.kind is ElementKind.TABLE_ROW]
    assert [row.text for row in rows] == ["M8\t24\tNm", "M6\t10\tNm"]
    assert split_context(rows[0].context) == ("Values", ("Bolt", "Torque", "Unit"))
    assert rows[0].span.locator == "Report > 2.1 Results > line 11"


def _mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Ada <ada@x.example>", "b@x.example", "Prüfung der Schrauben"
    mail.set_content("Hallo Bo,\n\ndas Drehmoment beträgt 24 Nm.\n")
    mail.add_alternative("<p>Hallo Bo (HTML)</p>", subtype="html")
    return mail


def test_mail_headers_body_and_attachments(tmp_path: Path) -> None:
    mail = _mail()
    mail.add_attachment(b"Name,Wert\nM8,24\n", maintype="text", subtype="csv", filename="werte.csv")
    path = tmp_path / "mail.eml"
    path.write_bytes(mail.as_bytes())
    elements = parse_file(path)
    assert elements[0].text == "Prüfung der Schrauben" and elements[0].kind is TITLE
    assert elements[1].text == "From: Ada <ada@x.example>\nTo: b@x.example\nSubject: Prüfung der Schrauben"
    body = [one.text for one in elements if one.span.locator.startswith("mail: body")]
    assert body == ["Hallo Bo,", "das Drehmoment beträgt 24 Nm."]
    row = next(one for one in elements if one.kind is ElementKind.TABLE_ROW)
    assert row.text == "M8\t24" and row.span.locator == "mail: attachment werte.csv > row 2"


def test_mail_survives_bad_attachments_and_reads_attached_mails(tmp_path: Path) -> None:
    outer = _mail()
    outer.add_attachment(b"%PDF-1.7 broken", maintype="application", subtype="pdf", filename="broken.pdf")
    outer.add_attachment(b"", maintype="application", subtype="pdf", filename="empty.pdf")
    outer.add_attachment(_mail())
    path = tmp_path / "mail.eml"
    path.write_bytes(outer.as_bytes())
    elements = parse_file(path)
    texts = [one.text for one in elements]
    assert "broken.pdf" in texts and "empty.pdf" in texts
    assert any(one.span.locator == "mail: attachment Prüfung der Schrauben > mail: body" for one in elements)


def test_mail_with_html_only(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"] = "x"
    mail.set_content("<h2>Note</h2><p>Only HTML.</p><p hidden>SECRET</p>", subtype="html")
    path = tmp_path / "mail.eml"
    path.write_bytes(mail.as_bytes())
    texts = [one.text for one in parse_file(path)]
    assert "Only HTML." in texts and "SECRET" not in texts


def test_outlook_mail_is_read_through_the_same_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime as dt
    from types import SimpleNamespace

    import oxmsg

    message = SimpleNamespace(
        sender="Ada <ada@x.example>", subject="Bolts", sent_date=dt.datetime(2025, 3, 1, 9, 30), html_body=None,
        body="Torque is 24 Nm.", recipients=[SimpleNamespace(name="Bo", email_address="bo@x.example")],
        attachments=[SimpleNamespace(file_name="v.csv", file_bytes=b"Name,Nm\nM8,24\n"),
                     SimpleNamespace(file_name="lost.pdf", file_bytes=None)])
    for name in ("sender", "subject", "sent_date", "html_body", "body", "recipients", "attachments"):
        assert hasattr(oxmsg.Message, name), name
    monkeypatch.setattr(oxmsg.Message, "load", lambda path: message)
    path = tmp_path / "a.msg"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    texts = [one.text for one in parse_file(path)]
    headers = "From: Ada <ada@x.example>\nTo: Bo <bo@x.example>\nDate: 2025-03-01 09:30\nSubject: Bolts"
    assert texts == ["Bolts", headers, "Torque is 24 Nm.", "v.csv", "", "M8\t24"]


def test_rtf(tmp_path: Path) -> None:
    path = tmp_path / "note.rtf"
    path.write_bytes(rb"{\rtf1\ansi\ansicpg1252 Pr\'fcfung der Schrauben\par\par Moment 24 Nm.\par}")
    assert [one.text for one in parse_file(path)] == ["Prüfung der Schrauben", "Moment 24 Nm."]


_ODT = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">
<office:body><office:text><text:h text:outline-level="1">Manual</text:h><text:p>Tighten<text:s/>it.</text:p>
<text:list><text:list-item><text:p>Step.</text:p></text:list-item></text:list>
<table:table><table:table-row><table:table-cell><text:p>Bolt</text:p></table:table-cell><table:table-cell>
<text:p>Torque</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>M8</text:p>
</table:table-cell><table:table-cell><text:p>24 Nm</text:p></table:table-cell></table:table-row></table:table>
</office:text></office:body></office:document-content>"""


def test_odt(tmp_path: Path) -> None:
    path = tmp_path / "a.odt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", _ODT)
    elements = parse_file(path)
    assert [(one.kind, one.text) for one in elements] == [
        (TITLE, "Manual"), (TEXT, "Tighten it."), (ITEM, "Step."), (ElementKind.TABLE, ""),
        (ElementKind.TABLE_ROW, "M8\t24 Nm")]


def test_epub(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml",
                         '<container><rootfiles><rootfile full-path="o/b.opf"/></rootfiles></container>')
        archive.writestr("o/b.opf", '<package><manifest><item id="1" href="two.xhtml"/>'
                         '<item id="0" href="one%20x.xhtml"/></manifest>'
                         '<spine><itemref idref="0"/><itemref idref="1"/></spine></package>')
        archive.writestr("o/one x.xhtml", "<html><body><h1>One</h1><p>First.</p></body></html>")
        archive.writestr("o/two.xhtml", "<html><body><p>Second.</p></body></html>")
    assert [one.text for one in parse_file(path)] == ["One", "First.", "Second."]
