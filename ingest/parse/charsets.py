"""Which character set a text file is in: byte order mark, UTF-8, UTF-16, GB 18030, then the code pages of Europe."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HIGH_RUN = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe](?:[\x81-\xfe][\x40-\x7e\x80-\xfe])*")
_CODE_PAGES = ("cp1252", "cp1250", "iso8859-2", "latin-1")
_EXPECTED = frozenset(
    "äöüßÄÖÜàâçéèêëîïôûùÿœæÀÂÇÉÈÊËÎÏÔÛÙŒìòÌÒíóúñáÁÍÓÚÑãõÃÕąćęłńśźżĄĆĘŁŃŚŹŻ"
    "¿¡„“”‚‘’«»–—…°µ±²³·×½¼€§ªº"
)
_IN_WORD = re.compile(r"(?<=[^\W\d_])[^\w\s\-'’.,/·]+(?=[^\W\d_])|(?<=[a-z])[¹²³]|[¹²³](?=[a-z])")


def read_text(path: Path) -> str:
    """The file's text with its byte order mark taken off and line ends as they are."""
    return decode(path.read_bytes())


def decode(data: bytes, declared: str = "") -> str:
    """The text of ``data``; ``declared`` is the set that a mail or a page names for itself, tried after UTF-8."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    if b"\x00" in data[:2000]:
        odd, even = data[1:2000:2].count(0), data[0:2000:2].count(0)
        return data.decode("utf-16-le" if odd >= even else "utf-16-be", "replace")
    for name in ("utf-8", declared):
        try:
            if name:
                return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    if _is_chinese(data):
        return data.decode("gb18030", "replace")
    return max((_decoded(data, page) for page in _CODE_PAGES), key=_plausibility)


def _decoded(data: bytes, page: str) -> str:
    return data.decode(page, "replace")


def _is_chinese(data: bytes) -> bool:
    """Whether high bytes come in pairs: letters with accents stand alone in European text, Han characters do not."""
    sample = data[:20_000]
    high = sum(byte >= 0x80 for byte in sample)
    paired = sum(len(run) for run in _HIGH_RUN.findall(sample) if len(run) >= 4 and all(b >= 0x80 for b in run))
    return high > 0 and paired > 0.6 * high


def _plausibility(text: str) -> int:
    sample = text[:20_000]
    score = 0
    for char in sample:
        if char > "\x7f":
            score += 1 if char in _EXPECTED else -2
    return score - 4 * len(_IN_WORD.findall(sample))
