"""Slides: partition_pptx for text and tables, with our own rule for titles, and the figures of charts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from copilot.types import Element, Span
from ingest.parse.elements import Row, from_unstructured, make, make_table

_MAX_TITLE = 160
_BULLET = re.compile(r"^[•▪◦·–\-]\s+")
_ITEM = re.compile(r"^(?:[•▪◦·–\-]|\d{1,3}[.)])\s+")


def parse(path: Path, media_type: str, language: str) -> list[Element]:
    """The elements of a .pptx: per slide its title, text, tables, charts, then its notes; page = slide number."""
    import pptx
    from unstructured.partition.pptx import partition_pptx

    deck = pptx.Presentation(str(path))
    found: dict[int, list[Any]] = {}
    for element in partition_pptx(str(path), languages=[""], include_slide_notes=False, include_page_breaks=False):
        found.setdefault(element.metadata.page_number or 1, []).append(element)
    result: list[Element] = []
    for number, slide in enumerate(deck.slides, start=1):
        result.extend(_slide(slide, number, found.get(number, [])))
    return result


def _slide(slide: Any, number: int, elements: list[Any]) -> list[Element]:
    span = Span(number, None, f"slide {number}")
    title = _title(slide, elements)
    converted: list[Element] = from_unstructured([make("Title", title, span, level=1)] if title else [])
    rest = Counter(_plain(line) for line in title.splitlines()) if title else Counter[str]()
    placed: list[Any] = []
    for element in elements:
        text = (element.text or "").strip()
        if rest[_plain(text)] > 0 and element.category != "Table":
            rest[_plain(text)] -= 1
        elif element.category == "Table":
            placed.append(element)
        elif text:
            item = element.category == "ListItem" or _ITEM.match(text)
            placed.append(make("ListItem" if item else "NarrativeText", _BULLET.sub("", text), span))
    converted += [_on_slide(element, span) for element in from_unstructured(placed, page=number)]
    converted += from_unstructured(_charts(slide.shapes, span))
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = slide.notes_slide.notes_text_frame.text.strip()
        lines = [line.strip() for line in notes.splitlines() if line.strip()]
        converted += from_unstructured(
            make("NarrativeText", line, Span(number, None, f"slide {number} > notes")) for line in lines)
    return converted


def _on_slide(element: Element, span: Span) -> Element:
    locator = element.span.locator
    return replace(element, span=Span(span.page, None,
                                      locator if locator.startswith("slide") else f"{span.locator} > {locator}"))


def _title(slide: Any, elements: list[Any]) -> str:
    """The title placeholder's text, else the first short text."""
    shape = slide.shapes.title
    if shape is not None and shape.text_frame.text.strip():
        return str(shape.text_frame.text.strip())
    for element in elements:
        text = (element.text or "").strip()
        if element.category != "Table" and text:
            return text if len(text) <= _MAX_TITLE and not text.endswith((".", "。", ";", ":")) else ""
    return ""


def _plain(text: str) -> str:
    return " ".join(text.split())


def _charts(shapes: Any, span: Span) -> Iterator[Any]:
    """Each chart as a table: a row for each category, a column for each series."""
    for shape in shapes:
        if shape.shape_type is not None and hasattr(shape, "shapes"):
            yield from _charts(shape.shapes, span)
        elif getattr(shape, "has_chart", False):
            chart = shape.chart
            caption = chart.chart_title.text_frame.text.strip() if _has_title(chart) else ""
            yield from _series(chart, caption or shape.name, span)


def _has_title(chart: Any) -> bool:
    return bool(chart.has_title and chart.chart_title.has_text_frame)


def _series(chart: Any, caption: str, span: Span) -> Iterator[Any]:
    for plot in chart.plots:
        series = list(plot.series)
        categories = [str(category) for category in plot.categories]
        header = ["", *(str(one.name or f"series {number}") for number, one in enumerate(series, start=1))]
        rows = []
        for place, category in enumerate(categories):
            values = [_figure(list(one.values), place) for one in series]
            rows.append(Row((category, *values), Span(span.page, None, f"{span.locator} > {caption}, row {place + 1}")))
        if rows:
            yield make_table(rows, span, header=header, caption=caption)


def _figure(values: list[Any], place: int) -> str:
    value = values[place] if place < len(values) else None
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
