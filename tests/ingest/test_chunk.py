"""Chunks: nothing lost, order kept, every character located."""

from __future__ import annotations

import re
import time
from pathlib import Path

import docx
import pytest
from docx.shared import Inches
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.types import Element, ElementKind, Span
from ingest.chunk import Chunker
from ingest.parse import parse_file
from ingest.parse.context import row_context
from ingest.passages import MAX_WORDS, count_words, join_lines

TITLE, TEXT, ITEM = ElementKind.TITLE, ElementKind.TEXT, ElementKind.LIST_ITEM
ROW, TABLE, FIGURE = ElementKind.TABLE_ROW, ElementKind.TABLE, ElementKind.FIGURE_TEXT

_WORDS = st.text(alphabet="abcdefgäł 24.,:-\n\t电池。", min_size=0, max_size=400)


@st.composite
def _elements(draw: st.DrawFn) -> Element:
    kind = draw(st.sampled_from([TITLE, TEXT, TEXT, ITEM, ROW, TABLE, FIGURE]))
    text = draw(_WORDS) * draw(st.sampled_from([1, 1, 1, 8, 40] if kind in (TEXT, ITEM) else [1]))
    level = draw(st.integers(1, 4)) if kind is TITLE else 0
    lines = tuple(
        (match.start(), match.end(), 1 + match.start() // 1000, (0.0, float(match.start()), 9.0, 9.0))
        for match in re.finditer(r"[^\n]+", text)
    ) if draw(st.booleans()) else ()
    locator = draw(st.sampled_from(["", "a"]))
    return Element(kind, text, Span(1, None, locator), level=level, lines=lines,
                   context="c\nx\ty" if kind is ROW else "")


def _solid(text: str) -> str:
    return re.sub(r"\s+", "", text)


@settings(max_examples=120, deadline=None)
@given(st.lists(_elements(), max_size=12))
def test_no_text_is_lost_and_order_is_kept(elements: list[Element]) -> None:
    chunks = Chunker().chunk("d", "s", "Manual", elements, "en")
    body = _solid("".join(chunk.text for chunk in chunks if chunk.kind is not TITLE))
    assert body == _solid("".join(element.text for element in elements if element.kind is not TITLE))
    said = [_solid(text) for chunk in chunks for text in (*chunk.headings, chunk.text)]
    for element in elements:
        if element.kind is TITLE and element.text.strip():
            assert any(_solid(element.text) in text for text in said) or count_words(element.text) > MAX_WORDS


@settings(max_examples=120, deadline=None)
@given(st.lists(_elements(), max_size=12))
def test_pieces_cover_the_text_in_order(elements: list[Element]) -> None:
    for position, chunk in enumerate(Chunker().chunk("d", "s", "Manual", elements, "en")):
        assert chunk.position == position and chunk.text.strip() and chunk.pieces
        covered = 0
        for start, end, _ in chunk.pieces:
            assert covered <= start < end <= len(chunk.text)
            assert not chunk.text[covered:start].strip()
            covered = end
        assert covered == len(chunk.text)


@settings(max_examples=60, deadline=None)
@given(st.lists(_elements(), max_size=12))
def test_chunks_are_the_same_in_every_run(elements: list[Element]) -> None:
    assert Chunker().chunk("d", "s", "T", elements, "de") == Chunker().chunk("d", "s", "T", elements, "de")


def _text(text: str, kind: ElementKind = TEXT, level: int = 0) -> Element:
    return Element(kind, text, Span(), level=level)


def test_row_carries_title_headings_caption_and_headers() -> None:
    row = Element(ROW, "Housing bolt\t24", Span(3, None, "Sheet!A5:B5"),
                  context=row_context("Torques", ["Joint", "Torque (Nm)"]))
    found = Chunker().chunk("d", "s", "Manual", [_text("Assembly", TITLE, 1), row], "en")
    assert [chunk.text for chunk in found] == ["Housing bolt\t24"]
    assert found[0].headings == ("Assembly",)
    assert found[0].embed_text == "Manual > Assembly\nTorques\nJoint: Housing bolt; Torque (Nm): 24"
    assert found[0].spans == (Span(3, None, "Sheet!A5:B5"),)


def test_chunks_end_at_headings() -> None:
    found = Chunker().chunk("d", "s", "", [
        _text("Removal", TITLE, 1), _text("Loosen the bolts."),
        _text("Installation", TITLE, 1), _text("Fit the bolts."),
    ], "en")
    assert [(chunk.headings, chunk.text) for chunk in found] == [
        (("Removal",), "Loosen the bolts."), (("Installation",), "Fit the bolts."),
    ]


def test_heading_path_follows_levels() -> None:
    found = Chunker().chunk("d", "s", "", [
        _text("A", TITLE, 1), _text("B", TITLE, 2), _text("x y"), _text("C", TITLE, 2), _text("z"),
    ], "en")
    assert [chunk.headings for chunk in found] == [("A", "B"), ("A", "C")]


def test_heading_with_nothing_below_is_a_chunk_of_its_own() -> None:
    found = Chunker().chunk("d", "s", "", [_text("Cover", TITLE, 1), _text("Scope", TITLE, 1), _text("Text.")], "en")
    assert [(chunk.kind, chunk.text) for chunk in found] == [(TITLE, "Cover"), (TEXT, "Text.")]


def test_steps_stay_together_with_the_line_that_introduces_them() -> None:
    steps = [_text(f"{number}. Turn the bolt by ninety degrees and check it.", ITEM) for number in range(1, 9)]
    before = _text(" ".join(["word"] * 110) + ".")
    found = Chunker().chunk("d", "s", "", [before, _text("Tighten as follows:"), *steps], "en")
    assert len(found) == 2
    assert found[1].text.startswith("Tighten as follows:\n1. ")
    assert found[1].text.count("\n") == 8


def test_long_paragraph_is_cut_at_ends_of_sentences() -> None:
    sentence = "The cooling circuit is filled and then checked for leaks. "
    found = Chunker().chunk("d", "s", "", [_text((sentence * 60).strip())], "en")
    assert len(found) > 2
    assert all(chunk.text.endswith(".") and 40 <= count_words(chunk.text) <= MAX_WORDS for chunk in found)


@pytest.mark.parametrize("unit", ["word ", "a", "\u7535\u6c60", "x\n"])
def test_text_without_sentences_is_cut_into_bounded_parts(unit: str) -> None:
    text = unit * 40_000
    found = Chunker().chunk("d", "s", "", [_text(text)], "en")
    assert all(len(chunk.text) <= 9000 for chunk in found)
    assert _solid("".join(chunk.text for chunk in found)) == _solid(text)


def test_chinese_is_measured_in_characters() -> None:
    found = Chunker().chunk("d", "s", "", [_text("按规定的力矩拧紧电池壳体的螺栓。" * 60)], "zh")
    assert all(100 <= len(chunk.text) <= 330 and chunk.text.endswith("。") for chunk in found)
    assert {chunk.language for chunk in found} == {"zh"}


def test_language_is_told_per_chunk_and_inherited_where_it_is_not_certain() -> None:
    found = Chunker().chunk("d", "s", "", [
        _text("A", TITLE, 1), _text("Die Schrauben werden mit dem Drehmomentschlüssel angezogen und geprüft."),
        _text("B", TITLE, 1), _text("The bolts are tightened with the torque wrench and then checked."),
        _text("C", TITLE, 1), _text("PPR-9087"),
    ], "fr")
    assert [chunk.language for chunk in found] == ["de", "en", "fr"]


@pytest.mark.parametrize(("text", "searched"), [
    ("das Dreh-\nmoment prüfen", "das Drehmoment Dreh-moment prüfen"),
    ("the state-of-\nthe-art tool", "the state-ofthe state-of-the-art tool"),
    ("Ein- und Ausbau", "Ein- und Ausbau"),
    ("Vorder-\nund Hinterachse", "Vorder- und Hinterachse"),
    ("siehe PPR-\n9087", "siehe PPR-9087"),
    ("Batterie\u00adgehäuse", "Batteriegehäuse"),
])
def test_words_parted_by_a_line_end_are_whole_for_searching(text: str, searched: str) -> None:
    found = Chunker().chunk("d", "s", "", [_text(text)], "de")
    assert found[0].text == text
    assert found[0].embed_text == searched


@pytest.mark.parametrize(("first", "second", "searched"), [
    ("das Dreh-", "moment prüfen", "das Drehmoment Dreh-moment prüfen"),
    ("Kabel-", "und Steckerplatz", "Kabel- und Steckerplatz"),
    ("Hochvolt-", "Batterie", "Hochvolt-Batterie"),
    ("BP-4471-", "02 fits", "BP-4471-02 fits"),
])
def test_lines_that_were_joined_without_a_space_are_parted_where_their_pieces_are(
    first: str, second: str, searched: str
) -> None:
    text, box = first + second, (0.0, 0.0, 9.0, 9.0)
    lines = ((0, len(first), 1, box), (len(first), len(text), 1, box))
    for kind, context in ((TEXT, ""), (ROW, row_context("", ("Step",)))):
        found = Chunker().chunk("d", "s", "", [Element(kind, text, Span(), lines=lines, context=context)], "de")
        assert found[0].text == text
        assert found[0].embed_text.removeprefix("Step: ") == searched
    unbroken = Chunker().chunk("d", "s", "", [_text(text)], "de")
    assert unbroken[0].embed_text == text


def test_hyphen_at_a_line_end_of_a_sample_is_searched_in_both_forms() -> None:
    path = Path(__file__).parents[2] / "corpus_samples" / "service" / "battery_pack_manual_en.pdf"
    chunks = Chunker().chunk("d", "s", "", parse_file(path, "application/pdf", "en"), "en")
    (chunk,) = [chunk for chunk in chunks if "deep-drawn sheet" in chunk.text]
    assert "deepdrawn deep-drawn sheet" in chunk.embed_text


def test_a_very_long_word_of_hyphens_is_joined_in_no_time() -> None:
    word = "a-" * 20_000
    begun = time.monotonic()
    assert join_lines(word + "\nb", []).startswith("a-a-a")
    assert time.monotonic() - begun < 2


def test_headers_and_footers_of_pages_are_left_out_unless_there_is_nothing_else() -> None:
    header = Element(TEXT, "Orlanda Motors\tSM-HV-0410 · rev. D", Span(1, None, "header"))
    footer = Element(TEXT, "Giulia Ferraris", Span(1, None, "mail: attachment manual.docx > footer"))
    found = Chunker().chunk("d", "s", "Manual", [header, _text("Loosen the bolts."), footer], "en")
    assert [chunk.text for chunk in found] == ["Loosen the bolts."]
    alone = Chunker().chunk("d", "s", "Manual", [header, footer], "en")
    assert [chunk.text for chunk in alone] == [header.text, footer.text]


def test_a_chapter_named_header_is_no_page_furniture() -> None:
    chapter = Element(TITLE, "header", Span(1, None, "header"), level=1)
    found = Chunker().chunk("d", "s", "", [chapter, Element(TEXT, "The frame header has 8 bytes.",
                                                            Span(1, None, "header"))], "en")
    assert [chunk.text for chunk in found] == ["The frame header has 8 bytes."]


def test_header_of_a_word_document_makes_no_chunk(tmp_path: Path) -> None:
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "Orlanda Motors"
    table = section.header.add_table(1, 2, Inches(6))
    table.cell(0, 0).text, table.cell(0, 1).text = "SM-HV-0410 · rev. D", "Manual"
    section.footer.paragraphs[0].text = "Confidential"
    document.add_heading("Housing", 1)
    document.add_paragraph("Tighten the housing bolts to 24 Nm.")
    document.save(tmp_path / "a.docx")
    chunks = Chunker().chunk("d", "s", "", parse_file(tmp_path / "a.docx", "", "en"), "en")
    assert [chunk.text for chunk in chunks] == ["Tighten the housing bolts to 24 Nm."]


def test_figure_words_do_not_mix_with_prose() -> None:
    found = Chunker().chunk("d", "s", "", [_text("Before."), _text("M8 24 Nm", FIGURE), _text("After.")], "en")
    assert [chunk.kind for chunk in found] == [TEXT, FIGURE, TEXT]


def test_node_parser_gives_the_same_chunks() -> None:
    from ingest.nodes import ElementNodeParser, chunk_of, to_llama_document

    elements = [_text("Removal", TITLE, 1), _text("Loosen the bolts."), _text("B", TITLE, 1), _text("Fit them.")]
    parser = ElementNodeParser(Chunker())
    nodes = parser.get_nodes_from_documents([to_llama_document("d", "s", "Manual", elements, "en")])
    chunks = Chunker().chunk("d", "s", "Manual", elements, "en")
    assert [chunk_of(node) for node in nodes] == chunks
    assert [node.node_id for node in nodes] == [chunk.id for chunk in chunks]
    assert [node.get_content(metadata_mode="embed") for node in nodes] == [chunk.embed_text for chunk in chunks]


def test_numbers_of_a_list_are_searched_but_not_quoted() -> None:
    steps = [Element(ITEM, text, Span(), context=number) for number, text in (("1.", "Open it."), ("2.", "Shut it."))]
    (found,) = Chunker().chunk("d", "s", "", steps, "en")
    assert (found.text, found.embed_text) == ("Open it.\nShut it.", "1. Open it.\n2. Shut it.")


def test_a_table_with_few_words_gets_the_language_of_its_header(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("Seriennummer;Drehmoment;Ergebnis\nA1;24,1;bestanden\nA2;23,9;bestanden\n", encoding="utf-8")
    assert {one.language for one in Chunker().chunk("d", "s", "", parse_file(path), "und")} == {"de"}
    path.write_text("a;b;c\n1;2;3\n4;5;6\n", encoding="utf-8")
    assert {one.language for one in Chunker().chunk("d", "s", "", parse_file(path), "und")} == {"und"}
