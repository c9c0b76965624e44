"""How a spreadsheet shows a value: number formats applied as far as they change digits, percent and dates."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_NUMBER = re.compile(r"[#0?,]*[#0?](?:\.([#0?]+))?")
_CURRENCY = re.compile(r"\[\$([^\]\-]*)[^\]]*\]")


def shown(value: Any, number_format: str | None = "General") -> str:
    """The text that the program shows for a cell, with a decimal point; white space is collapsed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return _moment(value, number_format or "")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat("seconds") if value.second else value.isoformat("minutes")
    if isinstance(value, dt.timedelta):
        return _duration(value)
    if isinstance(value, int | float):
        return _number(value, number_format or "General")
    return " ".join(str(value).split())


def _moment(value: dt.datetime, number_format: str) -> str:
    pattern = number_format.lower()
    if not any(sign in pattern for sign in "hs") and value.time() == dt.time():
        return value.date().isoformat()
    return value.isoformat(" ", "seconds" if value.second else "minutes")


def _duration(value: dt.timedelta) -> str:
    seconds = int(value.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _number(value: float, number_format: str) -> str:
    sections = number_format.split(";")
    section = sections[1] if value < 0 and len(sections) > 1 and sections[1].strip() else sections[0]
    currency = _CURRENCY.search(section)
    literal = _QUOTED.sub(lambda match: "\x00" if match.group(1) or match.group(2) else "", section)
    pattern = _NUMBER.search(literal)
    if pattern is None or "general" in section.lower() or "@" in section or re.search(r"[eE][+-]|/", literal):
        return _general(value)
    digits = pattern.group(1) or ""
    percent = "%" in literal
    amount = Decimal(repr(value)) * (100 if percent else 1)
    if value < 0 and section is not sections[0]:
        amount = -amount
    text = _rounded(amount, len(digits), digits.count("0"))
    whole, point, rest = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    width = sum(char == "0" for char in pattern.group().split(".")[0])
    whole = sign + whole.lstrip("-").zfill(width)
    before, after = _around(section, pattern.group())
    if currency and currency.group(1).strip():
        before, after = (currency.group(1), after) if section.index("[$") < section.index(pattern.group()[-1]) else (
            before, f" {currency.group(1).strip()}")
    if "-" in before or "(" in before:
        before = before.replace("(", "-")
        after = after.replace(")", "")
    return f"{before}{whole}{point}{rest}{after}".strip()


def _around(section: str, pattern: str) -> tuple[str, str]:
    """The text that a format writes before and after the number."""
    start = section.find(pattern)
    if start < 0:
        return "", "%" if "%" in section else ""
    return _literal(section[:start]), _literal(section[start + len(pattern):])


def _literal(text: str) -> str:
    kept = re.sub(r"\[[^\]]*\]|_.|\*.", "", text)
    return re.sub(r'"([^"]*)"|\\(.)', lambda match: match.group(1) or match.group(2) or "", kept)


def _rounded(amount: Decimal, places: int, fixed: int) -> str:
    text = str(amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))
    if "E" in text or "." not in text:
        return f"{amount:.{places}f}" if "E" in text else text
    while places > fixed and text.endswith("0"):
        text, places = text[:-1], places - 1
    return text.rstrip(".")


def _general(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.10g}"
