"""Text that others wrote, made safe for Markdown: no image, no link, no formula, no heading of theirs survives."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=^@\"'/])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """One line without control and direction characters; cells of a table row are parted by a middle dot."""
    cells = [_SPACE.sub(" ", _CONTROL.sub("", cell)).strip() for cell in text.split("\t")]
    return " · ".join(cell for cell in cells if cell)


def escaped(text: str) -> str:
    """``plain`` text in which every Markdown special stands for itself."""
    return _SPECIAL.sub(r"\\\1", plain(text))


def shortened(text: str, limit: int) -> str:
    """At most ``limit`` characters of ``plain`` text, cut at a word where there is one."""
    whole = plain(text)
    if len(whole) <= limit:
        return whole
    cut = whole[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip(" ,;:·") + "…"


def marker(label: int | str, source: str) -> str:
    """A citation marker: a Markdown link that the source panel listens for. ``source`` is a source's key."""
    return f"[{label}](#cite-{source})"


def joined_markers(markers: list[str]) -> str:
    """Markers after a sentence; the no-break space keeps the first with its last word."""
    return "\u00a0" + " ".join(markers) if markers else ""


def badge(text: str, colour: str, icon: str = "") -> str:
    """A badge of a theme colour; the text may not close its bracket, whatever a document is called."""
    words = unicodedata.normalize("NFC", escaped(text))
    return f":{colour}-badge[{icon}{' ' if icon else ''}{words}]"
