"""Words of the tables that are searched like any other, but never shown to people: vulgar ones and insults.

Tables learned from dictionaries know each slang sense of a screw, a nut or a beaver. The file beside holds numbers
instead of the words, one a line: the CRC-32 of language, blank and analysed word, in hexadecimal.
"""

from __future__ import annotations

import functools
import zlib
from pathlib import Path

FILE = Path(__file__).resolve().with_name("unshown.txt")


def fit_to_show(term: str, language: str) -> bool:
    """Whether neither the analysed term nor a word of it is marked in this language."""
    marked = _marked()
    return not any(number(word, language) in marked for word in {term, *term.split()})


def number(word: str, language: str) -> int:
    """What stands for an analysed word in the file."""
    return zlib.crc32(f"{language} {word}".encode())


@functools.cache
def _marked() -> frozenset[int]:
    return frozenset(int(line, 16) for line in FILE.read_text(encoding="ascii").split())
