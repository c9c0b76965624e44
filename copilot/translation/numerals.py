"""Whether two texts hold the same numbers, be they written as digits or, up to twelve, as words or months."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence

from copilot.language import normalise_number
from copilot.translation.masks import Protected, numbers

_BLANK = re.compile(r"[ \u00a0\u202f\u2009'’]")
_HAN = "一 二 三 四 五 六 七 八 九 十 十一 十二".split()
# One to twelve; alternatives of one number are joined by a bar.
_WORDS: dict[str, list[str]] = {
    "en": "one|once|single|first|a|an two|twice|second|both three|third four|fourth five|fifth six|sixth seven|seventh "
          "eight|eighth nine|ninth ten|tenth eleven|eleventh twelve|twelfth".split(),
    "de": "ein|eine|einen|einem|einer|eines|eins|einmal|erste|ersten|erster|erstes zwei|zweimal|beide|beiden|zweite|"
          "zweiten drei|dreimal|dritte|dritten vier|vierte|vierten fünf|fünfte|fünften sechs|sechste|sechsten sieben|"
          "siebte|siebten acht|achte|achten neun|neunte|neunten zehn|zehnte|zehnten elf|elfte|elften zwölf|zwölfte|"
          "zwölften".split(),
    "fr": "un|une|premier|première deux|deuxième trois|troisième quatre|quatrième cinq|cinquième six|sixième "
          "sept|septième huit|huitième neuf|neuvième dix|dixième onze|onzième douze|douzième".split(),
    "es": "un|una|uno|primer|primero|primera dos|segundo|segunda|ambos|ambas tres|tercer|tercero|tercera "
          "cuatro|cuarto|cuarta cinco|quinto|quinta seis|sexto|sexta siete|séptimo ocho|octavo nueve|noveno "
          "diez|décimo once doce".split(),
    "it": "un|uno|una|primo|prima due|secondo|seconda|entrambi tre|terzo|terza quattro|quarto|quarta "
          "cinque|quinto|quinta sei|sesto sette|settimo otto|ottavo nove|nono dieci|decimo undici dodici".split(),
    "pt": "um|uma|primeiro|primeira dois|duas|segundo|segunda|ambos|ambas três|terceiro|terceira quatro|quarto|quarta "
          "cinco|quinto|quinta seis|sexto sete|sétimo oito|oitavo nove|nono dez|décimo onze doze".split(),
    "pl": "jeden|jedna|jedno|jednego|jednej|pierwszy|pierwsza|pierwsze dwa|dwie|dwóch|dwaj|oba|obie|drugi|druga|drugie "
          "trzy|trzech|trzeci|trzecia|trzecie cztery|czterech|czwarty|czwarta pięć|pięciu|piąty|piąta "
          "sześć|sześciu|szósty siedem|siedmiu|siódmy osiem|ośmiu|ósmy dziewięć|dziewięciu|dziewiąty "
          "dziesięć|dziesięciu|dziesiąty jedenaście|jedenastu dwanaście|dwunastu".split(),
    "zh": ["一|单|首", "二|两|双", *_HAN[2:]],
}
_MONTHS: dict[str, list[str]] = {
    "en": "january february march april may june july august september october november december".split(),
    "de": "januar februar märz april mai juni juli august september oktober november dezember".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(),
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(),
    "pl": "stycznia|styczeń lutego|luty marca|marzec kwietnia|kwiecień maja|maj czerwca|czerwiec lipca|lipiec "
          "sierpnia|sierpień września|wrzesień października|październik listopada|listopad grudnia|grudzień".split(),
}


def same_numbers(
    source: str, target: str, languages: tuple[str, str], spans: tuple[Sequence[Protected], Sequence[Protected]]
) -> bool:
    """Whether the numbers outside the protected ``spans`` of the two texts are the same, in value and count."""
    before, after = _values(source, spans[0]), _values(target, spans[1])
    lost, made = before - after, after - before
    return all(_spoken(value, target, languages[1]) for value in lost) and all(
        _spoken(value, source, languages[0]) for value in made
    )


def _values(text: str, spans: Sequence[Protected]) -> Counter[str]:
    return Counter(normalise_number(_BLANK.sub("", item.text))[0].lstrip("0") or "0" for item in numbers(text, spans))


def _spoken(value: str, text: str, language: str) -> bool:
    """Whether the text says this number in words, or names the month."""
    if not value.isdigit() or not 1 <= int(value) <= 12 or language not in _WORDS:
        return False
    return _word(language, int(value)).search(text) is not None


@functools.lru_cache(maxsize=128)
def _word(language: str, value: int) -> re.Pattern[str]:
    words = _WORDS[language][value - 1]
    if language in _MONTHS:
        words += "|" + _MONTHS[language][value - 1]
    return re.compile(words if language == "zh" else rf"\b(?:{words})\b", re.IGNORECASE)
