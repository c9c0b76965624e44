"""The words of eight languages that ask for a computation over rows; case does not count, accents do.

A pattern of several languages is one alternation: a question is read with the patterns of its own language only.
"""

from __future__ import annotations

COUNT = {
    "en": r"how often|how many|(?:the )?number of|count (?:of|the)",
    "de": r"wie oft|wie ?viele|(?:die )?anzahl(?: der| an| von)?|zähle(?: die)?",
    "fr": r"combien de fois|combien d(?:e |['’])|combien (?=[^\W\d_])|(?:le )?nombre d(?:e |es |['’])",
    "es": r"cu[áa]ntas veces|cu[áa]nt[oa]s|(?:el )?número de",
    "it": r"quante volte|quant[ie]|(?:il )?numero (?:di|dei|delle|degli)",
    "pt": r"quantas vezes|quant[oa]s|(?:o )?número d[eoa]s?",
    "pl": r"ile razy|\bile\b|\bilu\b|liczb[aęy]",
    "zh": r"多少次|几次|(?:总共|一共|共)?有?(?<![是为])(?:多少|几)(?:个|次|台|件|辆|行|条|只|批)?|(?:的)?个数|(?:的)?次数",
}
SUM = {
    "en": r"(?:the )?(?:grand )?total(?: of| number of)?|(?:the )?sum(?: of)?|altogether|in total|overall|summed",
    "de": r"(?:die )?summe(?: der| des| von)?|gesamt(?:e[nrs]?|zahl|anzahl|summe)?\b|insgesamt|zusammengezählt",
    "fr": r"(?:la )?somme(?: des?| du)?|(?:le )?total(?: des?| du)?|totale|au total|en tout",
    "es": r"(?:la )?suma(?: de)?|(?:el )?total(?: de)?|en total|sumad[oa]s",
    "it": r"(?:la )?somma(?: dei| delle| di)?|(?:il )?totale(?: dei| delle| di)?|in totale|complessiv[oaie]|in tutto",
    "pt": r"(?:a )?soma(?: d[aoe]s?)?|(?:o )?total(?: d[aoe]s?)?|no total|ao todo|somad[oa]s",
    "pl": r"sum[aęy]|łączn\w+|razem|ogółem|w sumie|całkowit\w+",
    "zh": r"总和|总计|合计|总共|一共|总数(?:量)?|之和|累计",
}
MEAN = {
    "en": r"(?:the )?(?:average|mean|avg)(?: value)?(?: of)?|on average",
    "de": r"durchschnitt\w*|mittelwert(?: der| des| von)?|mittlere[nrsm]?|im mittel|im schnitt",
    "fr": r"(?:la )?(?:valeur )?moyenne?s?(?: des?| du)?|en moyenne",
    "es": r"(?:el )?promedio(?: de)?|(?:la |valor )?medi[oa]s?(?: de)?|en promedio",
    "it": r"(?:la |valore )?medi[oaie](?: dei| delle| di)?|in media",
    "pt": r"(?:a |valor )?médi[oa]s?(?: d[aoe]s?)?|em média",
    "pl": r"średni\w*|przeciętn\w+",
    "zh": r"平均值?|均值",
}
HIGHEST = {
    "en": r"highest|largest|greatest|biggest|maximum|max\b|longest",
    "de": r"(?:am )?höchste[nrsm]?|(?:am )?größte[nrsm]?|maximum|maximal(?:e[nrs]?|wert)?|(?:am )?längste[nrsm]?",
    "fr": r"(?:le|la|les)? ?plus (?:élevée?s?|hautes?|hauts?|haut|grande?s?|fort(?:e?s?)?|longue?s?)|maxim(?:um|ale?s?)",
    "es": r"(?:el|la|los|las)? ?m[áa]s (?:alt[oa]s?|elevad[oa]s?|grandes?|larg[oa]s?)|mayor(?:es)?|máxim[oa]s?",
    "it": r"(?:il|la|i|le)? ?più (?:alt[oaie]|elevat[oaie]|grand[ei]|lung(?:o|a|hi|he))|maggior[ei]?|massim[oaie]",
    "pt": r"(?:o|a|os|as)? ?mais (?:alt[oa]s?|elevad[oa]s?|long[oa]s?)|maior(?:es)?|máxim[oa]s?",
    "pl": r"najwyższ\w+|największ\w+|maksymaln\w+|maksimum|najdłuższ\w+",
    "zh": r"最高(?:的)?|最大(?:的|值)?|最长(?:的)?",
}
LOWEST = {
    "en": r"lowest|smallest|least|minimum|min\b|shortest",
    "de": r"(?:am )?niedrigste[nrsm]?|(?:am )?kleinste[nrsm]?|(?:am )?geringste[nrsm]?|(?:am )?tiefste[nrsm]?|minimum|"
          r"minimal(?:e[nrs]?|wert)?|(?:am )?kürzeste[nrsm]?",
    "fr": r"(?:le|la|les)? ?(?:plus|moins) (?:basse?s?|petite?s?|faibles?|courte?s?|élevée?s?)|minim(?:um|ale?s?)",
    "es": r"(?:el|la|los|las)? ?m[áa]s (?:baj[oa]s?|pequeñ[oa]s?|cort[oa]s?)|menor(?:es)?|mínim[oa]s?",
    "it": r"(?:il|la|i|le)? ?più (?:bass[oaie]|piccol[oaie]|cort[oaie])|minor[ei]?|minim[oaie]",
    "pt": r"(?:o|a|os|as)? ?mais (?:baix[oa]s?|pequen[oa]s?|curt[oa]s?)|menor(?:es)?|mínim[oa]s?",
    "pl": r"najniższ\w+|najmniejsz\w+|minimaln\w+|minimum|najkrótsz\w+",
    "zh": r"最低(?:的)?|最小(?:的|值)?|最短(?:的)?",
}
MOST = {
    "en": r"(?:the )?most (?:often|frequent\w*|common\w*)|(?:the )?most",
    "de": r"am häufigsten|häufigste[nrsm]?|(?:die )?meisten|am meisten",
    "fr": r"(?:le|la|les)? ?plus (?:souvent|fréquente?s?|fréquemment)|le plus d(?:e |['’])|le plus grand nombre d(?:e |['’])",
    "es": r"(?:con )?m[áa]s (?:frecuencia|frecuentes?|a menudo)|(?:el )?mayor número de|m[áa]s",
    "it": r"più (?:spesso|frequent[ei]|comun[ei])|(?:il )?maggior numero di|più",
    "pt": r"(?:com )?mais (?:frequência|frequentes?|comu(?:m|ns))|(?:o )?maior número de|mais",
    "pl": r"najczęściej|najczęstsz\w+|najwięcej",
    "zh": r"最常见?(?:的)?|最频繁(?:的)?|出现(?:次数)?最多(?:的)?|最多(?:的)?",
}
FEWEST = {
    "en": r"(?:the )?fewest",
    "de": r"(?:die )?wenigsten|am seltensten",
    "fr": r"le moins d(?:e |['’])|le moins souvent",
    "es": r"menos(?: a menudo)?",
    "it": r"meno(?: spesso)?",
    "pt": r"menos",
    "pl": r"najmniej|najrzadziej",
    "zh": r"最少(?:的)?",
}
DISTINCT = {
    "en": r"different|distinct|unique", "de": r"verschiedene[nrs]?|unterschiedliche[nrs]?", "fr": r"différent[e]?s|distincte?s",
    "es": r"diferentes|distint[oa]s", "it": r"divers[ie]|different[ei]", "pt": r"diferentes|distint[oa]s", "pl": r"różn\w+",
    "zh": r"不同的?",
}  # fmt: skip
LIST = {
    "en": r"list|show(?: me)?|find|name all", "de": r"liste\w*|zeige?|nenne|finde", "fr": r"liste[rz]?|montre[rz]?|affiche[rz]?",
    "es": r"lista\w*|muestra\w*|enumera", "it": r"elenc\w+|mostra\w*", "pt": r"liste|mostre|enumere",
    "pl": r"wymień|pokaż|podaj|wypisz", "zh": r"列出|显示|找出|有哪些|哪些",
}  # fmt: skip
# Comparisons, each before a number; what follows one (suffix) stands apart.
COMPARISONS = {
    ">=": {
        "en": r"at least|no less than|not less than|no fewer than|≥|>=",
        "de": r"mindestens|wenigstens|nicht weniger als|≥|>=",
        "fr": r"au moins|au minimum|≥|>=",
        "es": r"al menos|como mínimo|por lo menos|≥|>=",
        "it": r"almeno|come minimo|≥|>=",
        "pt": r"pelo menos|no mínimo|ao menos|≥|>=",
        "pl": r"co najmniej|przynajmniej|nie mniej niż|≥|>=",
        "zh": r"不小于|不低于|不少于|至少(?:为|有)?|≥|>=|大于等于|大于或等于",
    },
    "<=": {
        "en": r"at most|no more than|not more than|no greater than|up to|≤|<=",
        "de": r"höchstens|maximal|nicht mehr als|bis zu|≤|<=",
        "fr": r"au plus|au maximum|jusqu['’]à|≤|<=",
        "es": r"como máximo|a lo sumo|hasta|no más de|≤|<=",
        "it": r"al massimo|al più|fino a|non più di|≤|<=",
        "pt": r"no máximo|até|não mais (?:de|que)|≤|<=",
        "pl": r"co najwyżej|najwyżej|nie więcej niż|≤|<=",
        "zh": r"不大于|不高于|不超过|至多|最多|≤|<=|小于等于|小于或等于",
    },
    ">": {
        "en": r"(?:is |are |was |were )?(?:more|greater|higher|larger|longer|bigger|heavier|hotter|above|over)(?: than)?|"
              r"exceed(?:s|ed|ing)?|beyond|>",
        "de": r"(?:mehr|größer|höher|länger|schwerer|heißer)(?:e[nrsm]?)? als|über|oberhalb(?: von)?|"
              r"überst(?:ieg(?:en)?|eig\w+)|überschr(?:itt(?:en)?|eit\w+)|>",
        "fr": r"plus (?:de|que)|(?:strictement )?supérieure?s? à|au[- ]dessus de|dépass\w+|"
              r"plus (?:grande?|élevée?|haute?|longue?)s? que|excéd\w+|>",
        "es": r"m[áa]s (?:de|que)|mayor(?:es)? (?:que|de|a)|superior(?:es)? a|por encima de|(?:super|exced)\w+|"
              r"m[áa]s (?:alt[oa]s?|elevad[oa]s?|larg[oa]s?) (?:que|de)|>",
        "it": r"più (?:di|che)|maggior[ei] (?:di|a)|superior[ei] (?:a|ai|alle)|(?:al di )?sopra(?: di| i| gli)?|"
              r"oltre(?: i| gli)?|super\w+|più (?:alt|elevat|lung)\w+ di|>",
        "pt": r"mais (?:de|do que|que)|maior(?:es)? (?:que|do que|a)|superior(?:es)? a|acima de|"
              r"(?:ultrapass|exced|super)\w+|mais (?:alt|elevad|long)\w+ (?:que|do que)|>",
        "pl": r"więcej niż|ponad|powyżej|(?:większ|wyższ|dłuższ)\w+ (?:niż|od)|przekracza\w*|przekroczy\w*|>",
        "zh": r"大于|高于|超过|多于|超出|长于|>",
    },
    "<": {
        "en": r"(?:is |are |was |were )?(?:less|fewer|lower|smaller|shorter|below|under)(?: than)?|<",
        "de": r"(?:weniger|kleiner|niedriger|geringer|kürzer)(?:e[nrsm]?)? als|unter|unterhalb(?: von)?|"
              r"unterschr(?:itt(?:en)?|eit\w+)|<",
        "fr": r"moins (?:de|que)|(?:strictement )?inférieure?s? à|au[- ]dessous de|en dessous de|sous|"
              r"plus (?:petite?|basse?|faible|courte?)s? que|<",
        "es": r"menos (?:de|que)|menor(?:es)? (?:que|de|a)|inferior(?:es)? a|por debajo de|"
              r"m[áa]s (?:baj[oa]s?|cort[oa]s?) (?:que|de)|<",
        "it": r"meno (?:di|che)|minor[ei] (?:di|a)|inferior[ei] (?:a|ai|alle)|(?:al di )?sotto(?: di| i| gli)?|"
              r"più (?:bass|cort)\w+ di|<",
        "pt": r"menos (?:de|do que|que)|menor(?:es)? (?:que|do que|a)|inferior(?:es)? a|abaixo de|<",
        "pl": r"mniej niż|poniżej|(?:mniejsz|niższ|krótsz)\w+ (?:niż|od)|<",
        "zh": r"小于|低于|少于|不足|不到|短于|<",
    },
}
SUFFIXES = {
    ">=": r"or (?:more|above|higher)|and (?:more|above)|oder (?:mehr|höher|darüber)|und mehr|ou (?:plus|davantage)|"
          r"o (?:más|superior)|o (?:più|superiore)|ou (?:mais|superior)|lub więcej|i więcej|及?以上",
    "<=": r"or (?:less|fewer|below|lower)|oder (?:weniger|darunter)|ou moins|o menos|o meno|ou menos|lub mniej|及?以下|以内",
}  # fmt: skip
BETWEEN = {
    "en": r"between|from", "de": r"zwischen|von", "fr": r"entre|de", "es": r"entre|de", "it": r"tra|fra|da",
    "pt": r"entre|de", "pl": r"między|pomiędzy|od", "zh": r"介于|在|从",
}  # fmt: skip
AND = {
    "en": r"and|to", "de": r"und|bis", "fr": r"et|à", "es": r"y|e|a", "it": r"e|ed|a", "pt": r"e|a", "pl": r"a|i|do",
    "zh": r"和|到|至|与",
}  # fmt: skip
GROUP = {
    "en": r"per|by|for each|for every|in each|of each|at each|each",
    "de": r"pro|je|nach|für jede[nrs]?|in jede[mrn]|jede[rsnm]?|an jede[mr]",
    "fr": r"par|pour chaque|de chaque|dans chaque|à chaque",
    "es": r"por(?: cada)?|para cada|de cada|en cada",
    "it": r"per(?: ogni| ciascun\w*)?|di (?:ogni|ciascun\w*)|in ogni",
    "pt": r"por(?: cada)?|para cada|de cada|em cada",
    "pl": r"na(?: każd\w+)?|według|wg|dla każd\w+|w każd\w+|w podziale na",
    "zh": r"按照?|每一?个?|各个?|分",
}
WHICH = {
    "en": r"which|what|whose", "de": r"welche[nrsm]?|was für", "fr": r"quel(?:le)?s?|lequel|laquelle",
    "es": r"qué|cuál(?:es)?|en qué", "it": r"quale|quali|qual|che", "pt": r"qua(?:l|is)|que",
    "pl": r"któr\w+|jaki\w*|jaka|jakie", "zh": r"哪一?(?:个|些|台|家|辆|批|周|天)?|什么",
}  # fmt: skip
# Reasons, ways and places are read, not computed.
READ = {
    "en": r"why|how to|how do|how does|how is|how are|how was|where", "de": r"warum|wieso|weshalb|wodurch|wo\b|womit|wozu",
    "fr": r"pourquoi|comment|où", "es": r"por qu[eé]|cómo|dónde", "it": r"perché|come|dove", "pt": r"por qu[eê]|como|onde",
    "pl": r"dlaczego|jak\b|gdzie|czemu", "zh": r"为什么|为何|如何|怎么|哪里|原因",
}  # fmt: skip
NEGATION = {
    "en": r"\b(?:not|no|without|never|except|other than|besides|n't)\b",
    "de": r"\b(?:nicht|kein\w*|ohne|nie|außer)\b",
    "fr": r"\b(?:pas|sans|jamais|aucune?|sauf|hors)\b",
    "es": r"\b(?:no|sin|nunca|ningun[oa]?|ningún|excepto|salvo)\b",
    "it": r"\b(?:non|senza|mai|nessun\w*|tranne|eccetto)\b",
    "pt": r"\b(?:não|sem|nunca|nenhum\w*|exceto|salvo)\b",
    "pl": r"\b(?:nie|bez|nigdy|żad\w+|oprócz|poza)\b",
    "zh": r"没有?|未|不(?!合格|良)|除了?|非",
}
# What is said of rows without saying anything about them, and verbs that every question has; as beginnings of words.
PLAIN = {
    "en": "row rows entry entries record records line lines table list value values reading readings result results "
          "measure measured measurement measurements recorded logged listed stated given found had has have was were "
          "been show showed shown occur occurs occurred there across among overall case cases item items data log "
          "report reported compute calculate please documented happened each whole entire came come get got contain contains test tested tests check checked inspected examined performed carried handled "
          "appear appears appeared belong belongs belonging total made done were",
    "de": "zeile zeilen eintrag einträge datensatz datensätze tabelle liste wert werte werten messwert messwerte "
          "gemessen gemessene gemessenen messung messungen erfasst aufgezeichnet eingetragen angegeben gefunden gab gibt "
          "hatte hatten hat haben waren lag lagen liegt liegen wurde wurden aufgetreten trat traten vor auf fall fälle "
          "fällen protokoll zeige berechne zeigt davon hoch groß ermittelt weist weisen aufgeführt gemacht haben betrug beträgt gilt gelten geprüft prüfte prüften getestet testete kontrolliert durchgeführt bearbeitet "
          "kam kamen vorkommen enthält enthalten gehören gehört fielen fiel",
    "fr": "ligne lignes entrée entrées enregistrement enregistrements tableau liste valeur valeurs mesure mesures "
          "mesuré mesurée mesurés mesurées relevé relevée relevés enregistré enregistrées présente présentent affiche "
          "cas journal données calcule donne eu avaient avait ayant trouvé trouve compte figurent ont était étaient obtenu testé testés testées a contrôlé contrôlés vérifié vérifiés effectué effectués contient contiennent apparaît apparaissent "
          "appartiennent y sont fut furent",
    "es": "fila filas registro registros entrada entradas tabla lista valor valores medida medidas medido medidos "
          "medición mediciones registrado registrados registrada registradas tuvo tuvieron tenía tenían presenta "
          "presentan hubo caso casos datos calcula muestra mostró figuran dio salió "
          "salieron resultó resultaron fueron quedaron quedó dieron alcanzó midió midieron probó probaron probado probados comprobó revisó verificado ensayó controló alcanzaron aparece aparecen contiene pertenecen",
    "it": "riga righe voce voci registrazione registrazioni tabella lista elenco valore valori misura misure misurato "
          "misurata misurati misurate registrato registrati registrata registrate aveva avevano ebbe presenta "
          "presentano caso casi dati calcola mostra risulta risultano risultati figurano stati "
          "state sono stato stata ha hanno misurò provato provati controllato controllati verificato verificati testato testati eseguito compare compaiono contiene appartengono raggiunto registra",
    "pt": "linha linhas registro registros registo entrada entradas tabela lista valor valores medida medidas medido "
          "medidos medição medições registrado registrados registrada registradas teve tiveram tinha tinham apresenta "
          "apresentam houve caso casos dados calcule mostra foi foram constam deu "
          "saiu saíram ficou ficaram tiveram aparece aparecem contém pertencem registrou mediu mediram testou testaram testado testados verificou verificados inspecionou controlou houve ocorreu ocorreram alcançou",
    "pl": "wiersz wiersze wierszy wpis wpisy wpisów rekord rekordy tabela tabeli lista wartość wartości pomiar pomiary "
          "pomiarów zmierzono zmierzona zmierzony zmierzone zapisano zapisane odnotowano miał miała miały miało mieli było były był była ma mają "
          "wystąpiło wystąpiły wystąpił przypadek przypadki przypadków dane oblicz pokaż wynosi wynosiła wynosił zawiera występuje występują należy należą osiągnął osiągnęła zostało zostały zmierzył zmierzyła zmierzyli zbadał zbadała zbadano sprawdził sprawdziła sprawdzono przetestował "
          "przetestowano skontrolowano wykonał wykonano",
    "zh": "行 记录 条目 表 表格 列表 值 数值 测量 测得 测得的 结果 情况 数据 显示 计算 列出 统计 分别 出现 发生 记录的 请 其 中 台 个 件 辆 "
          "次 数 为 是 有 了 的 哪个 哪些 每个 各 总 求 出 测试 测试了 检测 检查 检验",
}  # fmt: skip
FAILED = (
    r"nok|n\.?i\.?o\.?|not ok|fail(?:ed|ing|ure|ures|s)?|ko|ng|reject(?:ed|s)?|reprovad[oa]s?|no apt[oa]s?|"
    r"non[- ]conform(?:e|es|i|ing)|nieudan\w+|niezgodn\w+|durchgefallen\w*|nicht bestanden|nicht in ordnung|"
    r"rechazad[oa]s?|no conformes?|rifiutat[oaie]|scartat[oaie]|odrzucon\w+|échoué(?:e?s?)?|refusée?s?|rejetée?s?|"
    r"recusad[oa]s?|rejeitad[oa]s?|不合格|不良|失败|未通过"
)
PASSED = (
    r"ok|i\.?o\.?|pass(?:ed|es)?|bestanden|in ordnung|aprobad[oa]s?|aprovad[oa]s?|apt[oa]s?|conform[ei]s?|accepted|"
    r"zgodn\w+|superat[oaie]|réussie?s?|合格|通过"
)
YES = frozenset("yes ja oui sí si sì sim tak 是 true x y j ✓".split())
NO = frozenset("no nein non não nie 否 false n".split())
PERIODS = {
    "week": r"weeks?|calendar weeks?|cw|wochen?|kalenderwochen?|kw|semaines?|semanas?|settiman[ae]|tydzień|tygodni\w*|周|星期",
    "month": r"months?|monat(?:e[ns]?)?|mois|mes(?:es)?|mes[ei]|mês|miesiąc\w*|miesięcy|月份?",
    "day": r"days?|tag(?:e[ns]?)?|jours?|días?|giorn[oi]|dias?|dzień|dniu|dnia|天|日",
    "year": r"years?|jahr(?:e[ns]?)?|an(?:née)?s?|años?|ann[oi]|anos?|rok\w*|年",
}


def of(table: dict[str, str], language: str) -> str:
    """The pattern of a language; of English where the language has none."""
    return table.get(language, table["en"])


# What a unit measures, by the kinds of copilot.quantities: who asks for the force means the column in kN.
KINDS = {
    "torque": r"\w*torques?|\w*moment\w*|couples?|coppi[ae]|par(?:es)?|binários?|torsione|扭矩|力矩|转矩",
    "force": r"forces?|\w*kräfte?n?|\w*kraft|fuerzas?|forz[ae]|forças?|sił\w*|力|压装力|拉力",
    "pressure": r"pressures?|\w*drücke?n?|\w*druck|pressions?|presi(?:ón|ones)|pression[ei]|press(?:ão|ões)|ciśnieni\w+|压力",
    "temperature": r"temperatures?|\w*temperatur(?:en)?|températures?|temperaturas?|temperatur[ae]|temperatur\w*|温度",
    "voltage": r"voltages?|\w*spannung(?:en)?|tensions?|tensi(?:ón|ones)|tension[ei]|tens(?:ão|ões)|napięci\w+|voltajes?|电压",
    "current": r"currents?|\w*ströme?n?|\w*strom|courants?|corrientes?|corrent[ei]s?|prąd\w*|电流",
    "resistance": r"resistances?|\w*widerst[aä]nde?s?n?|résistances?|resistencias?|resistenz[ae]|resistências?|rezystancj\w+|电阻",
    "charge": r"capacit(?:y|ies)|\w*kapazität(?:en)?|capacités?|capacidad(?:es)?|capacità|capacidades?|pojemnoś\w+|容量",
    "power": r"powers?|\w*leistung(?:en)?|puissances?|potencias?|potenz[ae]|potências?|moc\w*|功率",
    "length": r"lengths?|distances?|\w*länge\w*|\w*abst[aä]nd\w*|longueurs?|longitud(?:es)?|lunghezz[ae]|comprimentos?|"
              r"długoś\w+|thickness\w*|\w*dicke\w*|épaisseurs?|espesor\w*|spessor[ei]|espessuras?|gruboś\w+|长度|厚度|距离",
    "angle": r"angles?|\w*winkel\w*|ángulos?|angol[oi]|ângulos?|kąt\w*|角度?",
    "time": r"times?|durations?|\w*zeit(?:en)?|\w*dauer|temps|durées?|tiempos?|temp[oi]s?|durat[ae]|czas\w*|时间|时长",
    "frequency": r"frequenc(?:y|ies)|\w*frequenz(?:en)?|fréquences?|frecuencias?|frequenz[ae]|frequências?|częstotliwoś\w+|频率",
    "speed": r"speeds?|\w*geschwindigkeit(?:en)?|vitesses?|velocidad(?:es)?|velocità|velocidades?|prędkoś\w+|速度",
    "mass": r"mass\w*|weights?|\w*gewicht\w*|poids|pesos?|pes[oi]|mas[ay]\w*|重量|质量",
    "energy": r"energ(?:y|ies)|\w*energien?|énergies?|energías?|energi[ae]s?|能量",
    "ratio": r"shares?|percentages?|\w*anteile?n?|pourcentages?|porcentajes?|percentual[ei]|porcentage[mn]s?|udział\w*|比例|百分比",
}
