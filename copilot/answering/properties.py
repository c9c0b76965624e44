"""Which property of a thing a question asks for (weight, price, colour ...), and whether a text speaks of it.

The words are data (properties.csv): a row a property, its unit pattern, then per language the words for it. The first
is its name; a star stands for any letters; words behind a plus tell the property in a text but ask for nothing.
"""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from importlib import resources

from copilot.answering.wanted import wanted

_INTERROGATIVE = {
    "en": r"what|which|how|who|whose|at what",
    "de": r"was|welche\w{0,2}|wie|wer|wieviel\w?",
    "es": r"qué|cuál(?:es)?|cuánt[oa]s?|quién(?:es)?|cómo",
    "fr": r"que|quels?|quelles?|combien|qui|quoi|quelle",
    "it": r"che|qual[ei]?|quant[oaie]|chi|cosa",
    "pl": r"jak\w*|ile|ilu|kto|któr\w+|co|czego|czym",
    "pt": r"que|qual|quais|quant[oa]s?|quem",
}
# Who asks for a number of litres or days has said the unit: the passage's own words decide.
_IN_UNITS = re.compile(
    r"(?:\b(?:how many|wie ?vielen?|cuánt[oa]s|combien de|combien d['’]|quant[ie]|quant[oa]s|ile|ilu)\s*(?:milli|centi|kilo|"
    r"milí|mili|metr|mètr|meter|lit|volt|amp|watt|bar\b|grad|degr|stopn|newton|minut|hour|stund|sekund|secon|segund|hor|"
    r"heur|or[ae]\b|godzin|days?|tag|día|dia|jour|giorn|dni|weeks?|woch|sema|settim|tygod|month|monat|mes|mois|mies|year|"
    r"jahr|año|anos|ans|anni|lat\b|euro|kg|mm|cm|km|nm\b))|(?:多少|几)个?(?:毫|厘|千|公|秒|分钟|小时|天|周|月|年|升|米|伏|安|瓦|度|元)"
)
# How something is done, or why, is no property of it.
HOW_TO = re.compile(
    r"\bhow (?:do|does|to|can|should|must|is|are|did|was|were)\b|"
    r"\bwie (?!(?:viel|hoch|groß|lang|schwer|dick|tief|breit|weit|schnell|stark|warm|heiß|kalt|laut|alt|hart|oft|häufig|teuer))|"
    r"\bcomment\b|\bcómo\b|\bcome\b|\bcomo\b|"
    r"\bjak (?!(?:dług|częst|szybk|dalek|głośn|wysok|ciężk|grub|szerok|głębok|star|tward|duż))|如何|怎么|怎样|"
    r"\bwhy\b|\bwarum\b|\bwieso\b|\bweshalb\b|\bpourquoi\b|\bpor ?qu[eé]\b|\bperché\b|\bdlaczego\b|为什么|为何"
)
# Where a condition begins, what is asked for has been named.
_CONDITION = re.compile(
    r"\b(?:when|if|while|after|before|wenn|falls|sobald|nachdem|bevor|quand|lorsque|lorsqu|cuando|quando|caso|gdy|kiedy|"
    r"jeśli|jeżeli|podczas|during|durante|pendant|während)\b"
)
_REACH = 45  # letters behind the word that asks, within which the property is named
_HELD_BY_UNIT = 0.6  # a value in the property's unit without its name: it may be another length or time


@dataclass(frozen=True, slots=True, eq=False)
class Property:
    """A property with its name in each language, the words that ask for it, those that tell it, and its units."""

    name: str
    names: dict[str, str]
    asked: dict[str, re.Pattern[str]]
    told: dict[str, re.Pattern[str]]
    units: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks of its thing: properties that its words may mean (one, rarely two), none where unclear."""

    properties: tuple[Property, ...]

    def name(self, language: str) -> str:
        """The first property's name in a language; empty where none is asked for."""
        return self.properties[0].names.get(language, self.properties[0].names["en"]) if self.properties else ""

    def names(self, word: str, language: str) -> bool:
        """Whether a word of the question names the property itself."""
        return any(item.told[language].search(word.casefold()) for item in self.properties if language in item.told)

    def held(self, text: str, language: str) -> float:
        """1 where a text names the property, less where it only has a value in its unit, 0 where neither."""
        return max((_held(item, text, language) for item in self.properties), default=1.0)


@functools.lru_cache(maxsize=1024)
def asked_property(question: str, language: str) -> Asked:
    """The property that a question asks for: the first that is named behind its interrogative (in Chinese the last).

    Questions for a date or a reason ask for no property of a thing, whatever they name.
    """
    kind = wanted(question)
    found = asked_properties(question, language)
    if kind == "date" or not found:
        return Asked(())
    # The longest wording where several begin: "durée de vie" is no "durée".
    at = max(found, key=lambda one: (one[1], -one[0])) if language == "zh" else min(found, key=lambda one: (one[0], -one[1]))
    same = [item for first, last, item in found if (first, last) == at[:2]]
    if kind == "person":
        same = [item for item in same if item.name in ("manufacturer", "supplier")]
    return Asked(tuple(dict.fromkeys(same)))


def asked_properties(question: str, language: str) -> list[tuple[int, int, Property]]:
    """Where a question names properties that it may ask for, in order: (start, end, property)."""
    folded = question.casefold()
    if _IN_UNITS.search(folded) or HOW_TO.search(folded):
        return []
    start, end = _region(folded, language)
    found = [
        (match.start(), match.end(), item)
        for item in properties()
        if language in item.asked
        for match in item.asked[language].finditer(folded, start, end)
    ]
    return sorted(found, key=lambda one: (one[0], -one[1]))


def asking(question: str, language: str) -> int:
    """Where in a folded question the word that asks ends; -1 where there is none."""
    pattern = _INTERROGATIVE.get(language)
    found = re.search(rf"\b(?:{pattern})\b", question) if pattern else None
    return found.end() if found else -1


def _region(question: str, language: str) -> tuple[int, int]:
    start = asking(question, language)
    if start < 0:
        return 0, len(question)
    condition = _CONDITION.search(question, start)
    begins = question.rfind(" ", 0, start) + 1  # the word that asks is part of many phrases: "how heavy"
    return begins, min(len(question), start + _REACH, condition.start() if condition else len(question))


def _held(item: Property, text: str, language: str) -> float:
    told, folded = item.told.get(language), text.casefold()
    if told is not None and told.search(folded):
        return 1.0
    if item.units is None or not item.units.search(text):
        return 0.0
    # A value in the same unit that the text calls otherwise is another property: a diameter is no length.
    others = (other.told.get(language) for other in properties() if other.units is item.units and other is not item)
    return 0.0 if any(other is not None and other.search(folded) for other in others) else _HELD_BY_UNIT


@functools.cache
def properties() -> tuple[Property, ...]:
    """All that are known."""
    file = resources.files("copilot.answering").joinpath("properties.csv")
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return tuple(_property(row) for row in rows)


def _property(row: dict[str, str]) -> Property:
    words = {name: cell.split(";") for name, cell in row.items() if name not in ("property", "units")}
    return Property(
        row["property"],
        {language: items[0] for language, items in words.items()},
        {language: _pattern([item for item in items if item[0] != "+"], language) for language, items in words.items()},
        {language: _pattern([item.lstrip("+") for item in items], language) for language, items in words.items()},
        _UNITS[row["units"]],
    )


def _pattern(words: list[str], language: str) -> re.Pattern[str]:
    forms = "|".join(_form(word.casefold()) for word in dict.fromkeys(words))
    return re.compile(forms if language == "zh" else rf"(?<!\w)(?:{forms})(?!\w)")


def _form(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w*").replace(r"o\?", "o?").replace(r"\ ", r"\s+")


def _number(units: str) -> re.Pattern[str]:
    """A number with the unit behind it, or the unit alone in a cell, in brackets or behind "in"."""
    return re.compile(
        rf"(?:\d\s?|\bin )(?:{units})(?![^\W\u3400-\u9fff]|/)|(?:^|[\[(|\t（])\s*(?:{units})(?=\s*(?:[\])|\t）]|$))",
        re.MULTILINE,
    )


_COLOURS = (
    "red|green|blue|yellow|black|white|gr[ae]y|orange|brown|silver|purple|violet|rot|grün|blau|gelb|schwarz|weiß|grau|"
    "braun|silbern|roj[oa]|verde|azul|amarill[oa]|negr[oa]|blanc[oa]|gris|naranja|marrón|rouge|vert|bleu|jaune|noir|"
    "blanche?|marron|ross[oa]|giall[oa]|ner[oa]|bianc[oa]|grigi[oa]|arancione|blu|czerwon\\w+|zielon\\w+|niebiesk\\w+|"
    "żółt\\w+|czarn\\w+|biał\\w+|szar\\w+|pomarańczow\\w+|brązow\\w+|vermelh[oa]|amarel[oa]|pret[oa]|branc[oa]|cinz\\w+|"
    "laranja|castanh[oa]|RAL"
)
_MATERIALS = (
    "(?:stainless )?steel|alumini?um|rubber|plastic|copper|brass|zinc|ceramic|silicone|glass|Stahl|Edelstahl|Gummi|"
    "Kunststoff|Kupfer|Messing|acero|aluminio|caucho|cobre|latón|acier|caoutchouc|cuivre|laiton|acciaio|alluminio|"
    "rame|ottone|stal|stali|gum[ay]|miedź|mosiądz|aço|alumínio|borracha|latão|"
    "(?:PA|PP|PPS|PE|PVC|PTFE|POM|PBT|ABS|PC|PUR|EPDM|NBR|FKM|HNBR|VMQ|EN AW)[ -]?\\d*(?:-GF\\d+)?"
)
_LENGTH = "(?:[munµkcd]?m|µm|in|inch(?:es)?|ft|mil|微米|毫米|厘米|米|公里)"
_TIME = (
    "(?:m?s|sec|min|h|d|sek\\w*|sec\\w*|seg\\w*|minut\\w*|hours?|stunden?|horas?|heures?|or[ae]|godzin\\w*|days?|tag\\w*|"
    "días?|jours?|giorn[oi]|dni|dzień|dias?|weeks?|wochen?|semanas?|semaines?|settiman[ae]|tygodni\\w*|months?|monat\\w*|"
    "mes(?:es)?|mois|mes[ei]|miesi\\w*|mês|years?|jahre?n?|años?|ans?|ann[oi]|lat|rok\\w*|anos?|shifts?|秒|分钟|小时|天|"
    "日|周|个月|年)"
)
# Words that tell a time with any number before them, digits or not ("dix ans", "drei Wochen", "十周").
_TIME_WORDS = (
    r"\b[^\W\d_]+ (?:seconds?|sekunden?|segundos?|secondes?|secondi|sekund\w*|minut\w*|hours?|stunden?|horas?|heures?|ore|"
    r"godzin\w*|days?|tagen?|días?|jours?|giorni|dni|dias|weeks?|wochen?|semanas?|semaines?|settiman[ae]|tygodni\w*|"
    r"months?|monaten?|meses|mois|mesi|miesi\w*|years?|jahren?|años?|ans|anni|lat|anos)\b|"
    r"[一二三四五六七八九十两百半数]+个?(?:秒|分钟|小时|天|日|周|星期|月|年)"
)
_COMPANY = re.compile(
    r"\b(?:GmbH|AG|SE|KG|Inc|Corp|Ltd|LLC|PLC|S\.?p\.?A|S\.?r\.?l|S\.?A\.?S?|Sp\. z o\.o|Lda|S\.L|B\.V|Co)\b|公司|集团"
)
_UNITS: dict[str, re.Pattern[str] | None] = {
    "@none": None,
    "@mass": _number("[kmµ]?g|t|lbs?|oz|公斤|千克|克|吨"),
    "@money": re.compile(r"[€$£¥]|\b(?:EUR|USD|GBP|PLN|CHF|RMB|CNY|BRL|euros?|Euro)\b|\bzł\b|\d\s?元|元/"),
    "@colour": re.compile(rf"\b(?:{_COLOURS})\b|[红黄蓝绿黑白灰橙]色", re.IGNORECASE),
    "@material": re.compile(rf"\b(?:{_MATERIALS})\b|钢|铝|铜|橡胶|塑料|硅胶|陶瓷"),
    "@company": _COMPANY,
    "@length": _number(_LENGTH + "|[″\"]"),
    "@area": _number("[mc]?m[²2]|平方\\w*"),
    "@volume": _number("[mcd]?[lL]|[mcd]?m[³3]|cc|lit\\w+|毫升|升"),
    "@speed": _number("km/h|k?m/s|mph|mm/s|m/min|rpm|1/min|min⁻¹|min-1|U/min|obr/min|r/min|tr/min|giri/min|rad/s"),
    "@temperature": _number("°C|°F|℃|K|摄氏度|度"),
    "@pressure": _number("m?bar|[khM]?Pa|psi|atm|N/mm²"),
    "@torque": _number("k?N[·.⋅]?m|N\\*m|cNm|Ncm|lbf[·.-]?\\w*|in-lb|ft-lb"),
    "@force": _number("[kMd]?a?N|kgf|lbf|牛"),
    "@voltage": _number("[mk]?V|VDC|VAC|V DC|V AC|伏"),
    "@current": _number("[mkµ]?A|安"),
    "@resistance": _number("[mkMµ]?[ΩΩ]|[mk]?ohms?|Ohm|欧|Ω/V"),
    "@power": _number("[mkM]?W|PS|hp|kVA|瓦|千瓦"),
    "@energy": _number("[kM]?Wh|[mk]?J|MJ|m?Ah|kWh/100 km"),
    "@hertz": _number("[kMG]?Hz|赫兹"),
    "@flow": _number("m?l/min|l/h|L/min|m[³3]/h|k?g/s|kg/h|m?l/s|g/min|cm[³3]/\\w+"),
    "@time": re.compile(f"{_number(_TIME).pattern}|{_TIME_WORDS}", re.IGNORECASE | re.MULTILINE),
    "@repeated": re.compile(
        rf"{_number(_TIME + '|km').pattern}|\b(?:times|mal|veces|fois|volte|razy|vezes|every|each|daily|weekly|monthly|yearly|annual\w*|once|twice|alle|jede\w*|"
        r"täglich|wöchentlich|monatlich|jährlich|cada|diari\w+|semanal\w*|mensual\w*|anual\w*|chaque|tous les|toutes les|"
        r"ogni|giornalier\w*|settimanal\w*|mensil\w*|annual\w*|co|każd\w+|codzien\w*|diariamente|mensal\w*|todos os)\b|每|一次"
    ),
    "@cycles": _number(_TIME + "|km|(?:\\w+ )?(?:cycles?|zyklen|ciclos?|cicli|cykli|operations|strokes)|次"),
    "@angle": _number("°|degrees?|grad|grados|degrés|gradi|stopni|graus|度"),
    "@percent": re.compile(r"\d\s?[%‰]|[|\[(]\s*%|百分"),
    "@decibel": _number("dB(?:\\(?A\\)?)?|分贝"),
    "@hardness": re.compile(r"\b(?:Shore|HRC|HB|HV|HRB|ShA)\b|硬度"),
    "@density": _number("k?g/c?m[³3]|kg/l|g/ml"),
    "@viscosity": _number("mm²/s|m?Pa·?s|cSt"),
    "@bytes": _number("[kKMGT]i?B(?:ytes?)?"),
    "@bits": _number("[kMG]?bit/s|[kMG]bps|[Bb]aud|[kM]Bd"),
    "@ingress": re.compile(r"\bIP ?\w?\d\w"),
    "@roughness": re.compile(r"\b(?:Ra|Rz|Rt)\b"),
    "@strength": _number("MPa|N/mm²|GPa"),
    "@wave": _number("[nµ]m"),
    "@people": re.compile(r"\d+ (?:people|persons|employees|workers|Personen|Mitarbeiter\w*|personas|personnes|persone|"
                          r"osób|osoby|pessoas)|\d\s?(?:人|名)"),
    "@phone": re.compile(r"\+?\d[\d /()-]{7,}"),
    "@mail": re.compile(r"\S@\S"),
    "@year": re.compile(r"\b(?:19|20)\d\d\b"),
    "@emission": _number("g/km|ppm|mg/m[³3]|g CO\\S*|t CO\\S*"),
}
