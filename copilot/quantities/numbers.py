"""Numbers as eight languages write them: decimal marks, marks of thousands, full-width digits, fractions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

POINT_LANGUAGES = frozenset({"en", "zh"})
# In these languages a single point before three digits marks thousands; in French and Polish it is not customary.
_POINT_GROUPS = frozenset({"de", "es", "it", "pt"})
_COMMA_LANGUAGES = frozenset({"de", "es", "fr", "it", "pl", "pt"})
_WIDE = {0xFF10 + digit: str(digit) for digit in range(10)} | {
    0xFF0E: ".", 0xFF0B: "+", 0xFF0D: "-", 0x2212: "-", 0x2010: "-", 0x2011: "-", 0x3BC: "µ", 0x2126: "Ω",
}  # fmt: skip
_BLANKS = " \u00a0\u2009\u202f\u2007"
_FRACTIONS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8"}
_GROUP_MARKS = rf"[{_BLANKS}'’.,]"
# A number without its sign: grouped by thousands, or plain; a power of ten may follow.
NUMBER = (
    rf"(?:\d{{1,3}}(?:([{_BLANKS}'’.,])\d{{3}})(?:\1\d{{3}})*(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)"
    rf"(?:[{_BLANKS}]?[x×·][{_BLANKS}]?10(?:\^[+-]?\d+|[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|[eE][+-]?\d{{1,3}}(?![^\W_]))?"
)
_POWER = re.compile(r"\s?[x×·]\s?10(?:\^([+-]?\d+)|([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))$|[eE]([+-]?\d+)$")
_RAISED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_FRACTION = re.compile(r"^(?:(\d+)[ -])?(\d{1,3})/(\d{1,3})$")


@dataclass(frozen=True, slots=True)
class Number:
    """A value and the place of its last written digit (``step``: .1 for "2,5"; 0 for a fraction, which is exact)."""

    value: Decimal
    step: Decimal


def narrow(text: str) -> str:
    """The text with full-width digits, minus signs and look-alikes in one form, character for character."""
    return text.translate(_WIDE)


def parse_number(text: str, language: str = "", decimal: str = "") -> Number | None:
    """The number that ``text`` writes in ``language``; None if it is none, or may be read in two ways.

    ``decimal`` ("." or ",") says what the decimal mark is where more than the language is known, a column, say.
    """
    text = narrow(text.strip())
    sign = -1 if text[:1] in "-–" and text[1:2] and text[1:2] in "0123456789.,½¼¾⅛⅜⅝⅞ " else 1
    text = text[1:].lstrip() if sign < 0 or text[:1] == "+" else text
    for char, written in _FRACTIONS.items():
        text = text.replace(char, f" {written}") if text[:1].isdigit() else text.replace(char, written)
    fraction = _FRACTION.match(" ".join(text.split()))
    if fraction:
        whole, above, below = (int(part or 0) for part in fraction.groups())
        return Number(sign * (whole + Decimal(above) / below), Decimal(0)) if below else None
    power = _POWER.search(text)
    exponent = int(power.group(1) or (power.group(2) or "").translate(_RAISED) or power.group(3)) if power else 0
    plain = _plain(text[: power.start()] if power else text, language, decimal)
    if plain is None:
        return None
    value = Decimal(plain).scaleb(exponent)
    return Number(sign * value, Decimal(1).scaleb(exponent - len(plain.partition(".")[2])))


def _plain(text: str, language: str, decimal: str) -> str | None:
    """Digits with a decimal point."""
    text = re.sub(rf"(?<=\d)[{_BLANKS}'’](?=\d{{3}}(?!\d))", "", text)
    if not re.fullmatch(r"\d*(?:[.,]\d+)*", text) or not any(char.isdigit() for char in text):
        return None
    marks = [char for char in text if char in ".,"]
    if not marks:
        return text
    mark = decimal if decimal in marks else _decimal_mark(text, marks, language) if not decimal else ""
    if mark is None:
        return None
    whole, _, rest = text.rpartition(mark) if mark else (text, "", "")
    groups = re.split(r"[.,]", whole)
    if (
        mark
        and mark in whole
        or any(len(group) != 3 for group in groups[1:])
        or len(groups[0]) > 3 < len(whole)
        and (len(groups) > 1)
    ):
        return None
    try:
        Decimal("".join(groups) or "0")
    except InvalidOperation:
        return None
    return f"{''.join(groups) or '0'}.{rest}" if mark else "".join(groups)


def _decimal_mark(text: str, marks: list[str], language: str) -> str | None:
    """The decimal mark of a number with these marks; "" where they all mark thousands, None where it is open."""
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:
        return ""
    mark = marks[0]
    whole, _, rest = text.partition(mark)
    if len(rest) != 3 or len(whole) > 3 or whole in ("", "0"):
        return mark
    if language in POINT_LANGUAGES:
        return "" if mark == "," else mark
    if language in _COMMA_LANGUAGES:
        return mark if mark == "," else "" if language in _POINT_GROUPS else None
    return None


def decimal_mark(texts: list[str], language: str) -> str:
    """The decimal mark that a column's numbers use, told by those that can be read in one way only; "" if none tells.

    Raises ValueError where they contradict each other.
    """
    seen: set[str] = set()
    for text in texts:
        cell = narrow(text.strip()).lstrip("+-–<>≤≥ ")
        found = re.match(rf"\d[\d.,{_BLANKS}'’]*", cell)
        if found is None:
            continue
        written = found.group().strip().rstrip(".,")
        marks = [char for char in written if char in ".,"]
        if len(set(marks)) == 2:
            seen.add(marks[-1])
        elif len(marks) > 1:
            seen.add("," if marks[0] == "." else ".")
        elif marks:
            whole, _, rest = written.partition(marks[0])
            if len(rest) != 3 or len(whole) > 3 or whole in ("", "0"):
                seen.add(marks[0])
    if len(seen) > 1:
        raise ValueError("decimal commas and decimal points in one column")
    return seen.pop() if seen else ""


def write_number(value: Decimal, language: str) -> str:
    """The value as the language writes it, in full; from 10,000 on with marks of thousands."""
    text = format(value, "f")
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, rest = text.partition(".")
    if len(whole) > 4:
        mark = (
            ","
            if language in POINT_LANGUAGES or language not in _COMMA_LANGUAGES
            else ("\u202f" if language in ("fr", "pl") else ".")
        )
        whole = f"{int(whole):,}".replace(",", mark)
    point = "," if language in _COMMA_LANGUAGES else "."
    return f"{sign}{whole}{point}{rest}" if rest else f"{sign}{whole}"
