"""What kind of thing a question asks for, and whether a text holds one: a value, a date, a person."""

from __future__ import annotations

import re

_ASKS_VALUE = re.compile(
    r"\bhow (?:many|much|long|often|far|high|deep|thick|hot|heavy|large|big|fast|wide)\b|"
    r"\bwie ?(?:viele?|hoch|lange|oft|groß|weit|schwer|dick|tief|schnell|breit)\b|\bcombien\b|\bcuánt[oa]s?\b|"
    r"\bquant[oaie]s?\b|\bile\b|\bjak (?:długo|często|daleko|wysok\w*|szybko)\b|多少|多大|多长|多高|多久|几",
    re.IGNORECASE,
)
# Quantities by name: who asks for a torque wants a number, however it is worded.
_QUANTITY = re.compile(
    r"torque|drehmoment|anzugsmoment|couple de serrage|par de apriete|coppia|moment\w* dokręc|binário|力矩|扭矩|"
    r"pressure|druck\b|pression|presión|pressione|pressão|ciśnieni|压力|temperatur|température|温度|"
    r"voltage|spannung\b|tensión|tensione|tensão|napięci|电压|resistance|widerstand\b|résistance|resistencia|"
    r"resistenza|resistência|rezystancj|电阻|weight|gewicht\b|poids|\bpeso\b|\bmas[ay]\b|重量|distance|abstand\b|"
    r"distancia|distanza|distância|odległoś|距离|\blimits?\b|grenzwert|límite|\blimite\b|granic|限值|上限|下限|"
    r"duration|dauer\b|durée|duración|durata|duração|speed|geschwindigkeit|vitesse|velocidad|velocità|prędkoś|速度|"
    r"capacity|kapazität|capacité|capacidad|capacità|pojemnoś|容量|thickness|épaisseur|espesor|spessore|espessura|"
    r"gruboś|厚度|interval|odstęp|间隔|tolerance|toleranz|tolérance|tolerancia|tolleranza|tolerância|tolerancj|公差",
    re.IGNORECASE,
)
_ASKS_REASON = re.compile(
    r"\bwhy\b|\bwarum\b|\bwieso\b|\bweshalb\b|\bpourquoi\b|\bpor ?qu[eé]\b|\bperché\b|\bdlaczego\b|为什么|为何",
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
PERSON = re.compile(
    r"\b[^\W\d_a-zß-ÿ](?:[^\W\d_]+(?: [^\W\d_a-zß-ÿ]\.)? |\. ?(?:[^\W\d_a-zß-ÿ]\. ?)?)[^\W\d_a-zß-ÿ][^\W\d_]+"
)
# The two ends of a time: what asks for one, and what tells it.
_ENDS = (
    (
        r"\bsince when|\bfrom when|\bseit wann|\bab wann|\bdesde cuándo|\bdepuis quand|\bà partir de quand|"
        r"\bda quando|\bod kiedy|\bdesde quando|\ba partir de cuándo|\ba partir de quando|[从自](?:何时|什么时候)",
        r"\b(?:since|from|as of|effective|start\w*|beg[ia]n\w*|introduced|seit|ab|vom|von|desde|depuis|à partir|dès|"
        r"du|da|dal|dall['’]\w*|a partire|od|a partir|vigor|vigueur|vigore)\b|[从自起]|生效|开始",
    ),
    (
        r"\b(?:un)?till? when|\bbis wann|\bhasta cuándo|\bjusqu['’](?:à )?quand|\bfino a quando|\bdo kiedy|"
        r"\baté quando|到(?:何时|什么时候)|何时(?:到期|截止)",
        r"\b(?:until|till|through|by|to|before|expir\w*|valid|due|end\w*|bis|spätestens|fällig|hasta|antes|vence\w*|"
        r"jusqu\w*|avant|au|expire\w*|fino|entro|scad\w*|do|przed|upływa|até|prazo|validade)\b|[至到前]|截止",
    ),
)
_HAN_BEFORE = re.compile(r"(?<=[\u3400-\u9fff])(?=\d)")


def wanted(question: str) -> str:
    """Say its kind: value, date or person; an empty string where the wording does not tell."""
    if _ASKS_DATE.search(question):
        return "date"
    if _ASKS_PERSON.search(question):
        return "person"
    if _ASKS_REASON.search(question):
        return ""
    return "value" if _ASKS_VALUE.search(question) or _QUANTITY.search(question) else ""


def holds(kind: str, text: str) -> bool:
    """Whether a text holds a thing of that kind."""
    if kind == "date":
        return _DATE.search(text) is not None
    if kind == "person":
        return PERSON.search(text) is not None or "\u3400" <= text[:1] <= "\u9fff"
    return _VALUE.search(_HAN_BEFORE.sub(" ", text)) is not None


def other_end(question: str, text: str) -> bool:
    """Whether a text tells only until when something holds where the question asks since when, or the reverse."""
    for (asks, tells), (_, other) in (_ENDS, _ENDS[::-1]):
        if re.search(asks, question, re.IGNORECASE):
            return not re.search(tells, text, re.IGNORECASE) and re.search(other, text, re.IGNORECASE) is not None
    return False
