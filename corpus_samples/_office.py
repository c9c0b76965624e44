"""Owns the office formats: Word, PowerPoint and Excel files with real styles, tables and metadata."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from pptx.util import Cm
from pptx.util import Pt as SlidePt

from corpus_samples._page import COMPANY, is_warning
from corpus_samples._source import Block, Source, SourceError

LOCALES = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "it": "it-IT", "es": "es-ES", "pt": "pt-BR",
           "pl": "pl-PL", "zh": "zh-CN"}
POINT_LANGUAGES = ("en", "zh")


def plain(text: str) -> str:
    """Text without the marks of bold and code."""
    return re.sub(r"\*\*(.+?)\*\*|`(.+?)`", lambda match: match[1] or match[2], text)


def write_docx(path: Path, source: Source) -> None:
    """A Word document with heading styles, lists that restart, real tables, header and footer fields."""
    document = docx.Document()
    _set_fonts(document, source.language)
    _stamp(document.core_properties, source)
    section = document.sections[0]
    section.header.paragraphs[0].text = f"{COMPANY}\t{source.meta['title']}\t{source.mark}"
    footer = section.footer.paragraphs[0]
    footer.add_run(f"{source.meta['owner']}\t\t")
    _field(footer, "PAGE")
    document.add_heading(plain(source.heading), level=0)
    for block in source.blocks:
        if not (block.kind == "heading" and block.level == 1):
            _docx_block(document, block, source)
    _save(document, path, source)


def _set_fonts(document: Any, language: str) -> None:
    for style in document.styles:
        if style.name in ("Normal", "Title") or style.name.startswith("Heading"):
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in [name for name in fonts.attrib if "Theme" in name]:
                del fonts.attrib[theme]
            for script in ("w:ascii", "w:hAnsi", "w:eastAsia"):
                fonts.set(qn(script), "Noto Sans CJK SC" if language == "zh" else "DejaVu Sans")
    normal = document.styles["Normal"]
    normal.font.size = Pt(10)
    tag = OxmlElement("w:lang")
    tag.set(qn("w:eastAsia" if language == "zh" else "w:val"), LOCALES[language])
    normal.element.get_or_add_rPr().append(tag)


def _docx_block(document: Any, block: Block, source: Source) -> None:
    if block.kind == "heading":
        document.add_heading(plain(block.text), level=block.level - 1)
    elif block.kind in ("bullets", "steps"):
        _docx_list(document, block)
    elif block.kind == "table":
        _docx_table(document, block, source)
    elif block.kind == "note":
        paragraph = _runs(document.add_paragraph(style="Intense Quote"), block.text)
        if is_warning(block.text):
            for run in paragraph.runs:
                run.font.color.rgb = RGBColor(0xB3, 0x26, 0x1E)
    elif block.kind == "break":
        document.add_page_break()
    elif block.kind == "text":
        _runs(document.add_paragraph(), block.text)
    else:
        raise SourceError(f"{source.name}: {block.kind} cannot stand in a docx; take it out")


def _docx_list(document: Any, block: Block) -> None:
    style = "List Bullet" if block.kind == "bullets" else "List Number"
    number = _fresh_numbering(document, style) if block.kind == "steps" else None
    for item in block.items:
        paragraph = _runs(document.add_paragraph(style=style), item)
        if number is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = number


def _fresh_numbering(document: Any, style: str) -> int:
    # Without a numbering of its own, each list would count on from the one before it.
    numbering = document.part.numbering_part.numbering_definitions._numbering
    shared = document.styles[style].element.pPr.numPr.numId.val
    abstract = numbering.num_having_numId(shared).abstractNumId.val
    fresh = numbering.add_num(abstract)
    fresh.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(fresh.numId)


def _docx_table(document: Any, block: Block, source: Source) -> None:
    if block.text:
        document.add_paragraph(plain(block.text), style="Caption")
    table = document.add_table(rows=len(block.rows), cols=len(block.rows[0]))
    table.style = "Normal Table" if source.meta.get("tables") == "unruled" else "Table Grid"
    for number, (row, cells) in enumerate(zip(table.rows, block.rows, strict=True)):
        for cell, text in zip(row.cells, cells, strict=True):
            paragraph = _runs(cell.paragraphs[0], f"**{text}**" if number == 0 and text else text)
            for run in paragraph.runs:
                run.font.size = Pt(8.5)
    mark = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(mark)
    document.add_paragraph()


def _runs(paragraph: Any, text: str) -> Any:
    for part in re.split(r"(\*\*.+?\*\*)", text):
        if part:
            run = paragraph.add_run(plain(part))
            run.bold = part.startswith("**") or None
    return paragraph


def _field(paragraph: Any, code: str) -> None:
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text or None
        paragraph.add_run()._r.append(element)


def write_pptx(path: Path, source: Source) -> None:
    """A deck: a title slide, then one slide for each second-level heading, with its notes."""
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Cm(33.87), Cm(19.05)
    _stamp(deck.core_properties, source)
    opening = deck.slides.add_slide(deck.slide_layouts[0])
    opening.shapes.title.text = plain(source.heading)
    opening.placeholders[1].text = " | ".join(
        text for text in (COMPANY, source.mark, source.date.isoformat(), source.meta["owner"]) if text)
    _widen(opening)
    slide = opening
    for block in source.blocks:
        if block.kind == "heading" and block.level == 2:
            slide = deck.slides.add_slide(deck.slide_layouts[5])
            slide.shapes.title.text = plain(block.text)
            _widen(slide)
        elif not (block.kind == "heading" and block.level == 1):
            _slide_block(slide, block, source)
    _save(deck, path, source)


def _widen(slide: Any) -> None:
    slide.shapes.title.left, slide.shapes.title.width = Cm(1.5), Cm(30.8)


def _slide_block(slide: Any, block: Block, source: Source) -> None:
    # Each block stands below what is there; a slide's writer keeps it to what fits.
    low = max((shape.top + shape.height for shape in slide.shapes), default=Cm(3))
    top = max(low, Cm(4.2))
    if block.kind == "notes":
        slide.notes_slide.notes_text_frame.text = plain(block.text)
    elif block.kind == "table":
        size = len(block.rows), len(block.rows[0])
        table = slide.shapes.add_table(*size, Cm(1.5), top, Cm(30.8), Cm(0.85) * size[0]).table
        for row, cells in zip(table.rows, block.rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = plain(text)
                for paragraph in cell.text_frame.paragraphs:
                    paragraph.font.size = SlidePt(13)
    elif block.kind in ("bullets", "steps", "text", "note", "heading"):
        lines = block.items or (block.text,)
        frame = slide.shapes.add_textbox(Cm(1.5), top, Cm(30.8), Cm(0.95) * len(lines)).text_frame
        frame.word_wrap = True
        for number, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            sign = {"bullets": "• ", "steps": f"{number + 1}. "}.get(block.kind, "")
            paragraph.text = sign + plain(line)
            paragraph.font.size = SlidePt(16)
    else:
        raise SourceError(f"{source.name}: {block.kind} cannot stand on a slide; take it out")


def write_xlsx(path: Path, source: Source) -> None:
    """A workbook: one sheet for each second-level heading; numbers are numbers and keep their decimals."""
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    _stamp(book.properties, source)
    sheet: Any = None
    for block in source.blocks:
        if block.kind == "heading" and block.level == 2:
            sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", "-", plain(block.text))[:31])
        elif sheet is None and block.kind != "heading":
            raise SourceError(f"{source.name}: put a ## heading (a sheet) before the first table")
        elif sheet is not None:
            _sheet_block(sheet, block, source)
    if sheet is None:
        raise SourceError(f"{source.name}: an xlsx needs a ## heading for each sheet")
    _save(book, path, source)


def _sheet_block(sheet: Any, block: Block, source: Source) -> None:
    row = sheet.max_row + 2 if sheet.max_row > 1 or sheet["A1"].value is not None else 1
    if block.kind == "table":
        _sheet_table(sheet, block, row, source.language)
    elif block.kind != "break":
        sheet.column_dimensions["A"].width = 60
        for number, line in enumerate(block.items or (block.text,)):
            sign = f"{number + 1}. " if block.kind == "steps" else ""
            cell = sheet.cell(row + number, 1, sign + plain(line))
            cell.alignment = Alignment(vertical="top", wrap_text=True)


def _sheet_table(sheet: Any, block: Block, row: int, language: str) -> None:
    if block.text:
        sheet.cell(row, 1, plain(block.text)).font = Font(bold=True, size=12)
        row += 1
    if sheet.freeze_panes is None:
        sheet.freeze_panes = f"A{row + 1}"
    for down, cells in enumerate(block.rows):
        for across, text in enumerate(cells, start=1):
            cell = sheet.cell(row + down, across)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if down == 0:
                cell.value, cell.font = plain(text), Font(bold=True)
                cell.fill = PatternFill("solid", fgColor="E8EDF2")
            else:
                cell.value, cell.number_format = _typed(plain(text), language)
            letter = get_column_letter(across)
            wanted = min(42.0, max(float(len(text)) + 3, 9.0))
            sheet.column_dimensions[letter].width = max(sheet.column_dimensions[letter].width or 0, wanted)


def _typed(text: str, language: str) -> tuple[Any, str]:
    # 007 and part numbers stay text: a leading zero means something.
    sign = "." if language in POINT_LANGUAGES else ","
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return dt.date.fromisoformat(text), "yyyy-mm-dd"
    if re.fullmatch(rf"-?[1-9]\d?\d?(?:[{'.,'.replace(sign, '')}]\d{{3}})+", text):
        return int(re.sub(r"[.,]", "", text)), "#,##0"
    match = re.fullmatch(rf"(-?(?:0|[1-9]\d*))(?:{re.escape(sign)}(\d+))?( ?%)?", text)
    if match is None:
        return text or None, "General"
    whole, decimals, percent = match[1], match[2] or "", match[3] or ""
    value = float(f"{whole}.{decimals or 0}")
    shape = "0" + ("." + "0" * len(decimals) if decimals else "")
    if percent:
        return round(value / 100, len(decimals) + 4), shape + "%"
    return (value if decimals else int(whole)), shape


def _stamp(properties: Any, source: Source) -> None:
    properties.title, properties.creator = source.meta["title"], source.meta["owner"]
    if hasattr(type(properties), "author"):
        properties.author = source.meta["owner"]
    properties.language = LOCALES[source.language]
    properties.revision = 1
    properties.created = properties.modified = dt.datetime.combine(source.date, dt.time(8))


def _save(document: Any, path: Path, source: Source) -> None:
    # The libraries write the time of day into the archive and its core part; both are set back here.
    raw = BytesIO()
    document.save(raw)
    stamp = f"{source.date.isoformat()}T08:00:00Z".encode()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            day = source.date.timetuple()[:3]
            new.writestr(zipfile.ZipInfo(part.filename, (*day, 8, 0, 0)), content, zipfile.ZIP_DEFLATED)
