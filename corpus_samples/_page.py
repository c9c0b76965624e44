"""Owns everything with a page: HTML from blocks, PDFs printed by Chromium, and scans made from them."""

from __future__ import annotations

import html
import re
import shutil
import time
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image
from playwright.sync_api import sync_playwright

from corpus_samples._source import Block, Source, SourceError

SCAN_DPI = 200
SCAN_LIMIT = 700_000
SCAN_TILT_DEG = 0.4
COMPANY = "Orlanda Motors"
WARNINGS = ("warning", "danger", "warnung", "gefahr", "attention", "danger", "avvertenza", "pericolo",
            "advertencia", "peligro", "aviso", "perigo", "ostrzeżenie", "niebezpieczeństwo", "警告", "危险")

CSS = """
@page { size: A4; margin: 24mm 20mm 20mm 22mm; }
:root { --ink: #1a1a1a; --line: #8a8f96; --accent: #17456b; }
body { font-family: "DejaVu Sans", "Noto Sans CJK SC", sans-serif; font-size: 10.5pt; line-height: 1.55;
       color: var(--ink); margin: 0; }
h1 { font-size: 19pt; line-height: 1.25; color: var(--accent); margin: 0 0 4mm; }
h2 { font-size: 14pt; color: var(--accent); margin: 8mm 0 3mm; break-after: avoid; }
h3 { font-size: 11pt; margin: 5mm 0 2mm; break-after: avoid; }
h4 { font-size: 10pt; margin: 4mm 0 2mm; break-after: avoid; }
p { margin: 0 0 2.5mm; } ol, ul { margin: 0 0 3mm; padding-left: 7mm; } li { margin-bottom: 1.2mm; }
table { border-collapse: collapse; width: 100%; font-size: 9pt; line-height: 1.4; margin: 0 0 4mm; }
thead { display: table-header-group; } tr { break-inside: avoid; }
caption { text-align: left; font-weight: bold; font-size: 9pt; padding: 2mm 0 1mm; }
th, td { text-align: left; vertical-align: top; padding: 1.1mm 2mm; }
.ruled th, .ruled td { border: .3mm solid var(--line); } .ruled th { background: #e8edf2; }
.unruled th, .unruled td { padding: .8mm 4mm .8mm 0; }
blockquote { margin: 0 0 3mm; padding: 2mm 3mm; border-left: 1.2mm solid #6b7680; background: #f3f4f6; }
blockquote.warning { border-color: #b3261e; background: #fbeceb; }
blockquote p { margin: 0; } code { font-family: "DejaVu Sans Mono", monospace; font-size: .93em; }
.break { break-after: page; } .id { white-space: nowrap; }
.two-column main { columns: 2; column-gap: 8mm; font-size: 9pt; }
.two-column table { font-size: 7.4pt; } .two-column th, .two-column td { padding: .8mm 1mm; }
.two-column .break { break-after: column; }
@media screen { body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; } }
"""

EDGE = """<div style="width:100%;margin:0 20mm 0 22mm;font:8px 'DejaVu Sans','Noto Sans CJK SC';color:#555;
display:flex;justify-content:space-between"><span>{left}</span><span>{right}</span></div>"""


def render_html(source: Source) -> str:
    """The source as one standalone page; raw HTML lines of the body are kept as they are."""
    layout = source.meta.get("layout", "plain")
    ruling = source.meta.get("tables", "ruled")
    body = "\n".join(_block_html(block, ruling) for block in source.blocks if not _is_top(block))
    locale = {"zh": "zh-CN"}.get(source.language, source.language)
    return f"""<!DOCTYPE html>
<html lang="{locale}">
<head>
<meta charset="utf-8">
<title>{html.escape(source.meta["title"])}</title>
<style>{CSS}</style>
</head>
<body class="{layout}">
<header>
<h1>{_inline(source.heading)}</h1>
{_facts(source)}
</header>
<main>
{body}
</main>
</body>
</html>
"""


def _is_top(block: Block) -> bool:
    return block.kind == "heading" and block.level == 1


def _facts(source: Source) -> str:
    known = [COMPANY, source.mark, source.date.isoformat(), source.meta["owner"]]
    return f"<p><small>{html.escape(' | '.join(fact for fact in known if fact))}</small></p>"


def _block_html(block: Block, ruling: str) -> str:
    if block.kind == "heading":
        return f"<h{block.level}>{_inline(block.text)}</h{block.level}>"
    if block.kind in ("bullets", "steps"):
        tag = "ul" if block.kind == "bullets" else "ol"
        return f"<{tag}>" + "".join(f"<li>{_inline(item)}</li>" for item in block.items) + f"</{tag}>"
    if block.kind == "table":
        return _table_html(block, ruling)
    if block.kind == "note":
        style = ' class="warning"' if is_warning(block.text) else ""
        return f"<blockquote{style}><p>{_inline(block.text)}</p></blockquote>"
    if block.kind == "break":
        return '<div class="break"></div>'
    return block.text if block.kind == "html" else f"<p>{_inline(block.text)}</p>"


def is_warning(text: str) -> bool:
    """Whether a note opens with a word for a warning or a danger."""
    return text.lstrip("*").casefold().startswith(WARNINGS)


def _table_html(block: Block, ruling: str) -> str:
    head = "".join(f"<th>{_inline(cell)}</th>" for cell in block.rows[0])
    rows = ("".join(f"<td>{_inline(cell)}</td>" for cell in row) for row in block.rows[1:])
    caption = f"<caption>{_inline(block.text)}</caption>" if block.text else ""
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table class="{ruling}">{caption}<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>'


def _inline(text: str) -> str:
    safe = html.escape(text, quote=False)
    safe = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", safe)
    safe = re.sub(r"`(.+?)`", r"<code>\1</code>", safe)
    # A part number that breaks at its hyphen comes out of the PDF's text layer without it.
    return re.sub(r"\b[A-Z0-9]{2,}(?:-[A-Z0-9]+)+\b", r'<span class="id">\g<0></span>', safe)


class Printer:
    """Prints sources to PDF in one headless Chromium, opened at first use; use it in a with block."""

    def __init__(self) -> None:
        self._playwright: Any = None
        self._browser: Any = None

    def __enter__(self) -> Printer:
        return self

    def __exit__(self, *_: object) -> None:
        if self._playwright is not None:
            self._browser.close()
            self._playwright.stop()

    def pdf(self, source: Source) -> bytes:
        """The printed PDF with running header, page numbers and the document's own date."""
        page = self._open().new_page()
        page.set_content(render_html(source), wait_until="load")
        title = html.escape(source.meta["title"])
        data: bytes = page.pdf(
            prefer_css_page_size=True, print_background=True, display_header_footer=True,
            header_template=EDGE.format(left=f"{COMPANY} · {title}", right=html.escape(source.mark)),
            footer_template=EDGE.format(
                left=html.escape(source.meta["owner"]),
                right='<span><span class="pageNumber"></span> / <span class="totalPages"></span></span>'),
        )
        page.close()
        return _fix_dates(data, source)

    def _open(self) -> Any:
        if self._browser is None:
            program = shutil.which("chromium")
            if program is None:
                raise SourceError("building PDFs needs Chromium; install the system package 'chromium'")
            self._playwright = sync_playwright().start()
            self._browser = self._playwright.chromium.launch(
                executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        return self._browser


def _fix_dates(data: bytes, source: Source) -> bytes:
    # Same length, so that the offsets in the cross-reference table stay true.
    stamp = source.date.strftime("%Y%m%d080000").encode()
    return re.sub(rb"(/(?:Creation|Mod)Date \(D:)\d{14}", rb"\g<1>" + stamp, data)


def scan_pages(source: Source, printed: bytes) -> list[Image.Image]:
    """The printed pages as a tired office scanner would see them: grey, noisy, tilted by some .4 degrees."""
    noise = np.random.default_rng(zlib.crc32(source.name.encode()))
    return [_scan(image, number, noise) for number, image in enumerate(_rendered(printed))]


def _rendered(printed: bytes) -> Iterator[Image.Image]:
    document = pypdfium2.PdfDocument(printed)
    for page in document:
        yield page.render(scale=SCAN_DPI / 72, grayscale=True).to_pil().convert("L")
    document.close()


def _scan(image: Image.Image, number: int, noise: np.random.Generator) -> Image.Image:
    tilt = SCAN_TILT_DEG * (1 if number % 2 == 0 else -0.75)
    turned = image.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=255)
    grey = np.asarray(turned, dtype=np.float32) * (206 / 255) + 40
    grey += noise.normal(0, 3.0, grey.shape)
    specks = noise.random(grey.shape) < 0.00002
    grey[specks] = 70
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def write_scan_pdf(path: Path, source: Source, pages: list[Image.Image]) -> None:
    """An image-only PDF of JPEG pages; the quality falls until the file is below SCAN_LIMIT."""
    stamp = time.strptime(source.date.isoformat(), "%Y-%m-%d")
    for quality in (60, 45, 35, 28, 20):
        out = BytesIO()
        pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=SCAN_DPI,
                      quality=quality, creationDate=stamp, modDate=stamp)
        if out.tell() <= SCAN_LIMIT:
            break
    path.write_bytes(out.getvalue())


def write_scan_png(path: Path, pages: list[Image.Image]) -> None:
    """The pages, one below the other, as a PNG of 16 greys, which keeps scanner noise small."""
    sheet = Image.new("L", (pages[0].width, sum(page.height for page in pages)), 255)
    for number, page in enumerate(pages):
        sheet.paste(page, (0, number * pages[0].height))
    sheet.point(lambda value: value // 17 * 17).save(path, optimize=True, dpi=(SCAN_DPI, SCAN_DPI))
