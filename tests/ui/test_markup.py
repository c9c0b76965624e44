from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from copilot.ui.markup import badge, escaped, joined_markers, marker, plain, shortened

HOSTILE = [
    "![pixel](http://evil.example/p.png)", "[click](javascript:alert(1))", "<img src=x onerror=alert(1)>",
    "# Heading", "> quote", "- item", "1. item", "1) item", "**bold** _it_ ~~no~~", "`code`", "    indented",
    "$x^2$ and $$y$$", ":red[danger] :material/home: :smile:", "http://evil.example www.evil.example a@evil.example",
    "| a | b |\n|---|---|\n| c | d |", "line\n***\nline", "&lt;b&gt; &#60;", "[x]: http://evil.example\n[x]",
    "<!-- hidden -->", "\\[not\\](escaped)", "---", "===",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_is_one_paragraph_of_text(text: str) -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(escaped(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children or []} <= {"text", "text_special"}
    assert "".join(child.content for child in tokens[1].children or []) == plain(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_leaves_streamlit_no_directive(text: str) -> None:
    unescaped = escaped(text).replace("\\\\", "").split("\\")
    assert not any(part.startswith((":", "$", "[")) for part in unescaped[:1])
    assert all(sign not in escaped(text).replace("\\" + sign, "") for sign in ":$[]<>`@")


def test_plain_drops_direction_and_zero_width_characters() -> None:
    assert plain("24\u202e mN\u200b\x00 x") == "24 mN x"


def test_cells_of_a_row_are_parted_by_a_dot() -> None:
    assert plain("M8 x 25\t24\t\tno") == "M8 x 25 · 24 · no"


def test_long_text_is_cut_at_a_word() -> None:
    assert shortened("one two three four", 12) == "one two…"
    assert shortened("短" * 30, 10) == "短" * 9 + "…"
    assert shortened("short", 10) == "short"


def test_markers_are_links_to_their_source() -> None:
    assert joined_markers([marker(1, "t1-c1"), marker(2, "t1-c2")]) == "\u00a0[1](#cite-t1-c1) [2](#cite-t1-c2)"
    assert joined_markers([]) == ""


def test_badge_cannot_be_left_by_its_text() -> None:
    assert badge("a] b", "green") == ":green-badge[a\\] b]"
