"""Finds quantities in a text: a number or a range, its tolerance, and the unit that belongs to it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from copilot.quantities.numbers import NUMBER, Number, narrow, parse_number
from copilot.quantities.spellings import LOCAL, UNITS

_LETTER = r"0-9A-Za-zÀ-ɏΑ-ωµ_"
_GAP = "[ \u00a0\u2009\u202f]?"
_PRODUCT = r"[ \u00a0]?[·⋅∙•.*×-]?[ \u00a0]?"
_FRACTION = r"(?:\d{1,3}[ -])?\d{1,2}/\d{1,3}(?![\d/])|\d*[½¼¾⅛⅜⅝⅞]"
_BETWEEN = {
    "en": r"to|and", "de": r"bis|und", "fr": r"à|et", "es": r"a|y", "it": r"a|e", "pt": r"a|e", "pl": r"do|i",
}  # fmt: skip
# Before a pair of values that "and" ties: between 5 and 7 bar.
_PAIRED = re.compile(r"(?:between|zwischen|entre|tra|fra|między|pomiędzy)\s*$", re.IGNORECASE)
_AND = frozenset({"and", "und", "et", "y", "e", "i"})
_DIFFERENCE = re.compile(
    r"differen\w*|différen\w*|diferen\w*|δ ?t|Δ ?T|\brise\b|increase of|drop of|\bspread\b|erwärmung|spreizung|"
    r"abweichung|toleran\w*|écart|élévation de|elevación de|aumento de|salto t[ée]rmico|scostamento|innalzamento di|"
    r"desvio|elevação de|różnic\w*|wzrost o|spadek o|温差|温升|偏差|公差|\bby\b|\bum\b",
    re.IGNORECASE,
)
_DEGREES = re.compile(r"(?:[-–]\d{1,3}|(?<![\d.,])\d{3})(?:\.\d+)?$")
_SMALLER = {"h": ("min", 60), "min": ("s", 60), "ft": ("in", 12)}
_TABLE_HEAD = re.compile(r"[\[(（]([^\[\]()（）]{1,16})[\])）]\s*[:：]\s*")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its unit as a text gives it at ``start`` to ``end``; ``step`` is the place of its last digit.

    ``upper`` is the end of a range, ``tolerance`` what follows "±", both in ``unit`` (a symbol of UNITS). A
    ``difference`` (of temperatures, say) has no zero point. ``source`` is the string itself.
    """

    value: Decimal
    unit: str
    start: int = 0
    end: int = 0
    source: str = ""
    step: Decimal = Decimal(0)
    upper: Decimal | None = None
    tolerance: Decimal | None = None
    difference: bool = False


def quantities(text: str, language: str) -> tuple[Quantity, ...]:
    """The quantities of a text in ``language``, in order; a number that can be read in two ways is left out."""
    return _found(text, language)


@functools.lru_cache(maxsize=4096)
def unit_named(text: str, language: str = "") -> str | None:
    """The symbol of the unit that ``text`` is the name of, and nothing else; None where it is none or not certain."""
    text = narrow(text.strip().rstrip("?？!"))
    found = _units(language).fullmatch(text) or _units(language).fullmatch(text.rstrip("."))
    return _symbol(found, language) if found else None


@functools.lru_cache(maxsize=2048)
def units_named(text: str, language: str) -> tuple[tuple[str, int, int], ...]:
    """Every unit that a text names, with or without a number: its symbol, start and end."""
    return tuple(_units_named(text, language))


def _units_named(text: str, language: str) -> Iterator[tuple[str, int, int]]:
    plain = narrow(text)
    position = 0
    while found := _units(language).search(plain, position):
        start, end = found.span()
        position = start + 1
        if found.group().startswith(("in ", "in\u00a0")):  # "in lbf" without a number is no product
            continue
        begins = start == 0 or not re.match(rf"[{_LETTER}/·]", plain[start - 1]) or "\u3400" <= plain[start] <= "\u9fff"
        if begins and (_ends(plain, found.group(), end) or found.group() in ("in", '"')):
            symbol = _symbol(found, language)
            position = end
            if symbol:
                yield symbol, start, end


@functools.lru_cache(maxsize=2048)
def _found(text: str, language: str) -> tuple[Quantity, ...]:
    plain = narrow(text)
    found = list(_headed(plain, text, language))
    taken = [(item.start, item.end) for item in found]
    position = 0
    while match := _start(language).search(plain, position):
        made = _read(plain, text, match, language)
        position = made.end if made else match.end("number")
        if made and not any(start < made.end and made.start < end for start, end in taken):
            found.append(made)
    return tuple(sorted(found, key=lambda item: item.start))


@functools.cache
def _start(language: str) -> re.Pattern[str]:
    number = NUMBER.replace(r"\1", "(?P=group)").replace("([", "(?P<group>[", 1)
    return re.compile(
        rf"(?<![{_LETTER}])(?<![{_LETTER}][.,/:\-])(?P<sign>±{_GAP}|\+/-{_GAP}|[+\-–](?=[\d.,]))?"
        rf"(?P<number>{_FRACTION}|{number})"
    )


@functools.cache
def _units(language: str) -> re.Pattern[str]:
    """Every spelling of every unit, the longest first; the group "u<number>" tells which unit it is."""
    spelled: list[tuple[str, int, bool]] = []
    for number, unit in enumerate(UNITS.values()):
        spelled += [(item, number, True) for item in unit.symbols] + [(item, number, False) for item in unit.words]
    symbols = list(UNITS)
    spelled += [(item, symbols.index(chosen[language]), True) for item, chosen in LOCAL.items() if language in chosen]
    spelled.append(
        ("mil", symbols.index("mil"), True) if language in ("", "en") else ("mils", symbols.index("mil"), True)
    )
    spelled.sort(key=lambda item: -len(item[0]))
    parts = []
    for place, (item, number, cased) in enumerate(spelled):
        pattern = _spelling(item)
        parts.append(f"(?P<u{number}_{place}>{pattern if cased else f'(?i:{pattern})'})")
    return re.compile("|".join(parts))


def _spelling(text: str) -> str:
    pattern = re.escape(text).replace("·", _PRODUCT).replace(r"\ ", "[ \u00a0]")
    pattern = pattern.replace("²", r"(?:²|\^?2)").replace("³", r"(?:³|\^?3)").replace("⁻¹", r"(?:⁻¹|\^?-1)")
    if text and "\u3400" <= text[-1] <= "\u9fff":
        return pattern + {"安": "(?![全装排置])", "升": "(?![高级温降至到])", "克": "(?![服])"}.get(text[-1], "")
    return pattern


def _symbol(match: re.Match[str], language: str) -> str | None:
    number = int(str(match.lastgroup)[1:].partition("_")[0])
    symbol = list(UNITS)[number]
    return None if symbol == "t" and match.group() == "t" and language not in LOCAL["t"] else symbol


def _unit_at(plain: str, position: int, language: str) -> tuple[str, int] | None:
    """The unit that follows a number, and where it ends; None for none, a longer word, or an unknown unit."""
    gap = re.compile(f"{_GAP}(?:-(?=[^\\W\\d_]))?").match(plain, position)
    begin = gap.end() if gap else position
    if plain[begin : begin + 1] in ('"', "″", "”") and begin == position:
        quoted = plain[:begin].count('"') % 2 == 1 or plain[:begin].count("“") > plain[:begin].count("”")
        return None if quoted else ("in", begin + 1)
    found = _units(language).match(plain, begin)
    while found:
        end = found.end()
        if _ends(plain, found.group(), end):
            symbol = _symbol(found, language)
            bare = found.group() == "F"  # of degrees where no count of farads or poles is likely
            return (symbol, end) if symbol and (not bare or _DEGREES.search(plain[:position])) else None
        found = _shorter(plain, begin, found, language)
    return None


def _shorter(plain: str, begin: int, found: re.Match[str], language: str) -> re.Match[str] | None:
    """A shorter spelling at the same place, which ends where a word ends ("min" of "min.")."""
    trimmed = _units(language).match(plain, begin, found.end() - 1)
    return trimmed if trimmed and trimmed.end() < found.end() else None


def _ends(plain: str, spelled: str, end: int) -> bool:
    """Whether a unit ends there: no letter goes on, and no product or quotient makes another unit of it."""
    after = plain[end : end + 8]
    if "\u3400" <= spelled[-1] <= "\u9fff":
        return not re.match(r"[·/每]\s?[\u3400-\u9fffA-Za-z]", after)
    if re.match(rf"[{_LETTER}]", after) or re.match(r"\s?/\s?(?:[^\W\d_]|°|100\b)", after):
        return False
    if re.match(r"[²³⁻^]|[·⋅*×]\s?[^\W\d_]|-1\b", after):
        return False
    if spelled == "in" and not re.match(
        r"\s*(?:[.,;:)\]±?？、。，）/]|$|[x×] |\u2013|- ?\d|\.\.\.|(?:diameter|long|wide|thick|"
        r"deep|bore|drive|hose|pipe|bolt|thread)\b)",
        plain[end : end + 12],
    ):
        return False
    return True


def _read(plain: str, text: str, match: re.Match[str], language: str) -> Quantity | None:
    first = parse_number(match.group("number"), language)
    if first is None:
        return None
    minus = -1 if (match.group("sign") or "")[:1] in ("-", "–") else 1
    alone = (match.group("sign") or "")[:1] == "±" or (match.group("sign") or "").startswith("+/-")
    end = match.end("number")
    fraction = first.step == 0
    unit = _unit_at(plain, end, language)
    second, second_end, second_unit, how = _second(plain, unit[1] if unit else end, language, match.start())
    if second is not None and (second_unit or unit):
        made = _together(first, minus, unit, second, second_unit, how)
        if made is not None:
            value, upper, tolerance, symbol, step = made
            last = second_end
            return _made(plain, text, match.start(), last, value, symbol, step, upper, tolerance, alone)
    longer = _continued(plain, unit, language) if unit and not fraction and first.step == 1 else None
    if unit and longer:
        value = minus * (first.value * _SMALLER[unit[0]][1] + longer[0])
        return _made(plain, text, match.start(), longer[1], value, _SMALLER[unit[0]][0], Decimal(1), None, None, alone)
    if unit is None or fraction and unit[0] not in ("in", "ft", "lb", "mi", "gal", "oz"):
        return None
    return _made(plain, text, match.start(), unit[1], minus * first.value, unit[0], first.step, None, None, alone)


def _continued(plain: str, unit: tuple[str, int], language: str) -> tuple[Decimal, int] | None:
    """What follows in the next smaller unit, and where it ends: the "20 min" of "4 h 20 min"."""
    smaller, factor = _SMALLER.get(unit[0], ("", 0))
    found = re.compile(rf"{_GAP}(\d{{1,2}})").match(plain, unit[1]) if smaller else None
    following = _unit_at(plain, found.end(), language) if found else None
    if found is None or following is None or following[0] != smaller or int(found.group(1)) >= factor:
        return None
    return Decimal(found.group(1)), following[1]


def _made(
    plain: str, text: str, start: int, end: int, value: Decimal, unit: str, step: Decimal,
    upper: Decimal | None, tolerance: Decimal | None, alone: bool,
) -> Quantity:  # fmt: skip
    before = plain[max(0, start - 30) : start]
    told = alone or unit in ("°C", "°F", "K") and _DIFFERENCE.search(before) is not None
    return Quantity(value, unit, start, end, text[start:end], step, upper, tolerance, told)


def _second(
    plain: str, position: int, language: str, begin: int
) -> tuple[Number | None, int, tuple[str, int] | None, str]:
    """The end of a range or a tolerance that follows: number, where it ends, its unit, and the sign between."""
    words = _BETWEEN.get(language, "")
    tie = re.compile(
        rf"\s?(?P<how>±|\+/-|\.\.\.?|…|[–—~〜～至到]|-(?=\s?[\d–+-])|(?:{words})(?=\s)|\s)\s?" if words
        else r"\s?(?P<how>±|\+/-|\.\.\.?|…|[–—~〜～至到]|-(?=\s?[\d–+-]))\s?"
    ).match(plain, position)  # fmt: skip
    if tie is None or not tie.group("how").strip():
        return None, position, None, ""
    how = tie.group("how")
    if how in _AND and not _PAIRED.search(plain[max(0, begin - 12) : begin]):
        return None, position, None, ""
    number = re.compile(rf"([+\-–]?)({_FRACTION}|{NUMBER.replace(chr(92) + '1', chr(92) + '3')})").match(
        plain, tie.end()
    )
    parsed = parse_number(number.group(2), language) if number else None
    if number is None or parsed is None:
        return None, position, None, ""
    unit = _unit_at(plain, number.end(), language)
    signed = Number(-parsed.value, parsed.step) if number.group(1) in ("-", "–") else parsed
    return signed, unit[1] if unit else number.end(), unit, how


def _together(
    first: Number,
    minus: int,
    unit: tuple[str, int] | None,
    second: Number,
    second_unit: tuple[str, int] | None,
    how: str,
) -> tuple[Decimal, Decimal | None, Decimal | None, str, Decimal] | None:
    """Value, upper end, tolerance, unit and step of the two numbers; None where they do not belong together."""
    if unit and second_unit and unit[0] != second_unit[0]:
        return None
    if unit and not second_unit:
        return None
    symbol = (second_unit or unit or ("", 0))[0]
    value, step = minus * first.value, min(first.step, second.step)
    if how in ("±", "+/-"):
        return value, None, abs(second.value), symbol, step
    if second.value <= value:
        return None
    return value, second.value, None, symbol, step


def _headed(plain: str, text: str, language: str) -> Iterator[Quantity]:
    """Cells after a column's name that ends with a unit in brackets: "Torque [Nm]: 25"."""
    for head in _TABLE_HEAD.finditer(plain):
        symbol = unit_named(head.group(1), language)
        match = _start(language).match(plain, head.end()) if symbol else None
        if match is None or symbol is None or _unit_at(plain, match.end("number"), language):
            continue
        parsed = parse_number(match.group("number"), language)
        after = plain[match.end("number") : match.end("number") + 1]
        if parsed is not None and (not after or after in ";\n\t ,"):
            minus = -1 if (match.group("sign") or "")[:1] in ("-", "–") else 1
            start, end = match.start(), match.end("number")
            yield Quantity(minus * parsed.value, symbol, start, end, text[start:end], parsed.step)
