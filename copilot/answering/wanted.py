"""What kind of thing a question asks for, and whether a text holds one: a value, a date, a person."""

from __future__ import annotations

import re

_ASKS_VALUE = re.compile(
    r"how (?:many|much|long|often|far|high|deep|thick|hot|heavy|large|big|fast)|\bwhat (?:is|are) the .*(?:torque|"
    r"pressure|temperature|voltage|limit|value|distance|length|width|weight|time|interval|rate|speed|number)|"
    r"wie ?viele?|wie (?:hoch|lange|oft|groß|weit|schwer|dick|tief|schnell)|wert\b|"
    r"combien|à quel(?:le)? (?:couple|pression|température|tension|valeur)|quel(?:le)?s? (?:est|sont) l.*(?:couple|"
    r"pression|température|tension|valeur|limite|durée|longueur)|"
    r"cuánt[oa]s?|cuál es (?:el|la) .*(?:par|presión|temperatura|tensión|valor|límite|duración)|"
    r"quant[oaie]\b|qual è (?:il|la) .*(?:coppia|pressione|temperatura|tensione|valore|limite|durata)|"
    r"quant[oa]s?\b|qual (?:é )?(?:o|a) .*(?:torque|pressão|temperatura|tensão|valor|limite|duração)|"
    r"\bile\b|jaki(?:e|m)? .*(?:moment|ciśnieni|temperatur|napięci|wartoś|limit|czas)|"
    r"多少|多大|多长|多高|多久|几",
    re.IGNORECASE,
)
_ASKS_DATE = re.compile(
    r"\bwhen\b|what date|\bwann\b|bis wann|\bquand\b|\bcuándo\b|\bquando\b|\bkiedy\b|do kiedy|"
    r"何时|什么时候|哪天|哪年|哪一年",
    re.IGNORECASE,
)
_ASKS_PERSON = re.compile(
    r"\bwho(?:se|m)?\b|\bwe(?:r|m|n)\b|\bqui\b|\bquién(?:es)?\b|\bchi\b|\bquem\b|\bkto\b|\bkogo\b|\bkomu\b|谁",
    re.IGNORECASE,
)
# A number with or without a unit; not a date, a year, a part of an identifier or the number of a step.
_VALUE = re.compile(
    r"(?<![\w./:-])[±+<>≤≥~≈–]?(?!(?:19|20)\d\d\b|\d{1,2}[./]\d{1,2}[./]\d{2,4})\d{1,3}(?:[.,\u00a0\u202f]?\d+)*"
    r"(?![\d]|[./:-]\d|-?[^\W\d_]{6}|\.\s)"
)
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d{1,2}\.? [^\W\d_]{3,10}\.?|\d月|\d{1,2}:\d\d"
)
_PERSON = re.compile(r"\b[^\W\d_a-zß-ÿ][^\W\d_]+(?: [^\W\d_a-zß-ÿ]\.)? [^\W\d_a-zß-ÿ][^\W\d_]+")
_HAN_BEFORE = re.compile(r"(?<=[\u3400-\u9fff])(?=\d)")


def wanted(question: str) -> str:
    """Say its kind: value, date or person; an empty string where the wording does not tell."""
    if _ASKS_DATE.search(question):
        return "date"
    if _ASKS_PERSON.search(question):
        return "person"
    return "value" if _ASKS_VALUE.search(question) else ""


def holds(kind: str, text: str) -> bool:
    """Whether a text holds a thing of that kind."""
    if kind == "date":
        return _DATE.search(text) is not None
    if kind == "person":
        return _PERSON.search(text) is not None or "\u3400" <= text[:1] <= "\u9fff"
    return _VALUE.search(_HAN_BEFORE.sub(" ", text)) is not None
