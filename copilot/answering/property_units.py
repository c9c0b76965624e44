"""How a value of a property looks in a text: its units, or words like those of colours and materials."""

from __future__ import annotations

import re


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
    r"\b[^\W\d_]+ (?:seconds?|sekunden?|segundos?|secondes?|secondi|sekund\w*|minut\w*|hours?|stunden?|horas?|heures?|"
    r"ore|godzin\w*|days?|tagen?|días?|jours?|giorni|dni|dias|weeks?|wochen?|semanas?|semaines?|settiman[ae]|tygodni\w*|"
    r"months?|monaten?|meses|mois|mesi|miesi\w*|years?|jahren?|años?|ans|anni|lat|anos)\b|"
    r"[一二三四五六七八九十两百半数]+个?(?:秒|分钟|小时|天|日|周|星期|月|年)"
)
_COMPANY = re.compile(
    r"\b(?:GmbH|AG|SE|KG|Inc|Corp|Ltd|LLC|PLC|S\.?p\.?A|S\.?r\.?l|S\.?A\.?S?|Sp\. z o\.o|Lda|S\.L|B\.V|Co)\b|公司|集团"
)
UNITS: dict[str, re.Pattern[str] | None] = {
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
        rf"{_number(_TIME + '|km').pattern}|\b(?:times|mal|veces|fois|volte|razy|vezes|every|each|daily|weekly|monthly|"
        r"yearly|annual\w*|once|twice|alle|jede\w*|täglich|wöchentlich|monatlich|jährlich|cada|diari\w+|semanal\w*|"
        r"mensual\w*|anual\w*|chaque|tous les|toutes les|ogni|giornalier\w*|settimanal\w*|mensil\w*|annual\w*|co|"
        r"każd\w+|codzien\w*|diariamente|mensal\w*|todos os)\b|每|一次"
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
