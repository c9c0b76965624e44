"""Numbers written as words, up to ninety-nine and a few more, in our languages."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from copilot.verification.units import unit_of

_UNITS = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
          "eighteen nineteen",
    "de": "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
          "achtzehn neunzehn",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
          "dix-neuf",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
          "dieciocho diecinueve",
    "it": "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
          "diciassette diciotto diciannove",
    "pt": "um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete "
          "dezoito dezenove",
    "pl": "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście "
          "czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "pl": "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt "
          "dziewięćdziesiąt",
}
_TIES = {"en": "{t}-{u}", "de": "{u}und{t}", "fr": "{t}-{u}", "es": "{t} y {u}", "it": "{t}{u}", "pt": "{t} e {u}",
         "pl": "{t} {u}"}
_OTHERS = {
    "en": "both=2 twice=2 dozen=12 hundred=100",
    "de": "zwo=2 beide=2 beiden=2 zweimal=2 dreimal=3 viermal=4 fünfmal=5 hundert=100 zweier=2 dreier=3 vieren=4",
    "fr": "cent=100 vingtaine=20 douzaine=12 dizaine=10",
    "es": "ambos=2 ambas=2 cien=100 docena=12 veintidós=22 veinticuatro=24 veinticinco=25 veintiséis=26 "
          "veintiocho=28",
    "it": "entrambi=2 entrambe=2 cento=100 dozzina=12",
    "pt": "duas=2 ambos=2 ambas=2 cem=100 dúzia=12 dezasseis=16 dezassete=17",
    "pl": "dwie=2 dwóch=2 dwoma=2 dwaj=2 oba=2 obie=2 obu=2 trzech=3 trzema=3 czterech=4 czterema=4 pięciu=5 "
          "sześciu=6 siedmiu=7 ośmiu=8 dziewięciu=9 dziesięciu=10 dwunastu=12 dwudziestu=20 trzydziestu=30 sto=100 "
          "dwukrotnie=2 trzykrotnie=3 kilkunastu=",
}
# Words that mostly mean something else: they may prove a number, but say none.
_DOUBTFUL = frozenset("one ein un uno um jeden sei neuf cent cien cem sto hundred dozen".split())
_HAN_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"两": 2, "双": 2}
_HAN = re.compile(
    r"[一二两三四五六七八九十百]+"
    r"(?=个|根|条|次|小时|天|分钟|名|台|级|步|秒|块|件|颗|周|层|道|组|套|只|人|班|处|项|种|张|年|倍)"
)
_PERCENT = re.compile(r"百分之([一二三四五六七八九十百]+)")


@functools.cache
def _words(language: str) -> tuple[re.Pattern[str], dict[str, int]]:
    units = {word: number for number, word in enumerate(_UNITS[language].split(), 1)}
    found = dict(units)
    tie = _TIES[language]
    for number, ten in enumerate(_TENS[language].split(), 2):
        found[ten] = number * 10
        for unit, small in units.items():
            if small < 10:
                elided = ten[:-1] if language == "it" and unit[0] in "uo" else ten
                found[tie.format(t=elided, u=unit)] = number * 10 + small
                found[f"{ten} {unit}"] = number * 10 + small
    found.update({word: int(number) for word, _, number in
                  (item.partition("=") for item in _OTHERS[language].split()) if number})
    ordered = sorted(found, key=len, reverse=True)
    # German counts inside longer words, too: "zweimal", "dreistufig".
    return re.compile(r"\b(?:" + "|".join(map(re.escape, ordered)) + r")\b"), found


def counted(text: str, language: str) -> Iterator[tuple[str, int, int]]:
    """(value, start, end) of each number word that says a number."""
    if language == "zh":
        for match in _HAN.finditer(text):
            number = _han(match.group())
            if number > 1:
                yield str(number), match.start(), match.end()
        for match in _PERCENT.finditer(text):
            yield str(_han(match.group(1))), match.start(), match.end()
        return
    if language not in _UNITS:
        return
    pattern, values = _words(language)
    for match in pattern.finditer(text.lower()):
        if match.group() not in _DOUBTFUL or values[match.group()] > 1 and _measures(text, match.end()):
            yield str(values[match.group()]), match.start(), match.end()


def _measures(text: str, end: int) -> bool:
    """Whether the next word is a unit: "six mois", "sei settimane"."""
    word = re.match(r"\s([^\W\d_]+)", text[end:])
    return word is not None and len(word.group(1)) > 1 and unit_of(word.group(1)) != ""


@functools.lru_cache(maxsize=4096)
def spoken(text: str, language: str) -> frozenset[str]:
    """Every number that the words of a text may say, the doubtful ones included, and inside words."""
    if language == "zh":
        runs = re.findall(r"[一二两双三四五六七八九十百]+", text)
        return frozenset(str(_han(run)) for run in runs) | ({"0.5"} if "半" in text else frozenset())
    if language not in _UNITS:
        return frozenset()
    pattern, values = _words(language)
    low = text.lower()
    found = {str(values[word]) for word in pattern.findall(low)}
    inside = {str(number) for word, number in values.items() if len(word) > 3 and word in low}
    half = {"0.5"} if re.search(r"\bhal[fb]|\bdemi|\bmedi[oa]\b|\bmezz|\bmeia?\b|\bpół|\bpoł", low) else set()
    once = {"1"} if re.search(r"\b(?:a|an|eine[nmrs]?|une|una|uma|jedn\w+|once|single|first)\b", low) else set()
    return frozenset(found | inside | half | once)


def _han(text: str) -> int:
    if not any(char in "十百" for char in text):
        return int("".join(str(_HAN_DIGITS[char]) for char in text))
    total = digit = 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _HAN_DIGITS[char]
    return total + digit
