"""Which shape of answer a question asks for, by its wording in each of the eight languages."""

from __future__ import annotations

import enum
import functools
import re


class Shape(enum.StrEnum):
    """The shapes of an answer; ``value`` is what remains: a fact that a sentence or a row states."""

    VALUE = "value"
    ROW = "row"
    STEPS = "steps"
    DEFINITION = "definition"
    YES_NO = "yes_no"
    LIST = "list"
    COMPARISON = "comparison"
    COMPUTED = "computed"


_COMPARISON = {
    "en": r"\b(?:differences?|differ|compare|compared|comparison|versus|vs)\b",
    "de": r"\b(?:unterschied\w*|unterscheide\w*|vergleich\w*|gegenüber|vs)\b",
    "fr": r"\b(?:différences?|diffèrent|compar\w+|par rapport à|vs)\b",
    "es": r"\b(?:diferencias?|se diferencia\w*|compar\w+|vs)\b",
    "it": r"\b(?:differenz[ae]|confront\w+|rispetto a|vs)\b",
    "pt": r"\b(?:diferenças?|compar\w+|em relação a|vs)\b",
    "pl": r"\b(?:różnic\w*|różni\w*|porówna\w*|vs)\b",
    "zh": r"区别|差异|不同|相比|比较|对比",
}
_STEPS = {
    "en": r"\bhow (?:do|can|should|must|to|is|are)\b|"
    r"\b(?:steps|procedure|sequence|instructions?) (?:to|for|of|when)\b|"
    r"\bwalk me through\b|\bstep by step\b|\bin (?:the right )?order\b|\bwhat (?:steps|are the steps)\b",
    "de": r"\bwie (?:kann|muss|soll|geht|gehe|wird|werden|baut?|wechs\w*|tausch\w*|prüf\w*|miss\w*|mess\w*|lös\w*|"
    r"entlüft\w*|mach\w*|ersetz\w*|kalibrier\w*|nehme|nimmt|schalte\w*|stell\w*|führ\w*|verfähr\w*|verfahre\w*|"
    r"montier\w*|demontier\w*)\b|\bin welche[rn] (?:reihenfolge|schritten)\b|\b(?:schritte|ablauf|vorgehen\w*|"
    r"anleitung|reihenfolge|schritt für schritt|der reihe nach)\b",
    "fr": r"\bcomment\b(?! s.appelle)|\b(?:étapes|procédure|mode opératoire|marche à suivre|étape par étape)\b|"
    r"dans (?:quel|l['’]) ?ordre",
    "es": r"\bcómo\b(?! se (?:llama|listan?))|\b(?:pasos|procedimiento|secuencia|paso a paso)\b|en (?:qué )?orden\b",
    "it": r"\bcome (?:si|devo|posso|fare|va|vanno|bisogna|procedere|\w+re)\b|"
    r"\b(?:passaggi|passi|procedura|sequenza|passo (?:per|dopo) passo)\b|"
    r"in (?:che )?ordine\b",
    "pt": r"\bcomo\b|\b(?:passos|etapas|procedimento|sequência|passo a passo)\b|(?:em|por) (?:que )?ordem",
    "pl": r"\bjak (?:się|należy|mam|można|trzeba|\w+[ćc])\b|\b(?:krok\w*|procedur\w*|kolejnoś\w+|etapy|po kolei)\b",
    "zh": r"如何|怎么(?!样)|怎样|步骤|流程|顺序|从头到尾|一步一步|逐步",
}
_DEFINITION = {
    "en": r"\bwhat does .+ (?:mean|stand for)\b|\bmeaning of\b|\bdefin(?:e|ition)\b|"
    r"^\W*what (?:is|are) (?:an? )?[\w-]+\W*$",
    "de": r"\bwas (?:bedeutet|heißt|versteht)\b|\bwofür steht\b|\bdefinition\b|"
    r"^\W*was ist (?:eine? |der |die |das )?[\w-]+\W*$",
    "fr": r"\bque (?:signifie|veut dire)\b|\bqu['’]est[- ]ce (?:que|qu['’])|\bdéfinition\b",
    "es": r"\bqué (?:significa|quiere decir|se entiende)\b|\bdefinición\b|^\W*qué es (?:un|una|el|la)? ?[\w-]+\W*$",
    "it": r"\b(?:che )?cosa (?:significa|vuol dire|si intende)\b|\bdefinizione\b|^\W*(?:che )?cos['’]è \S+( \S+)?\W*$",
    "pt": r"\bo que (?:significa|quer dizer|se entende)\b|\bdefinição\b|^\W*o que é (?:uma? |o |a )?[\w-]+\W*$",
    "pl": r"\bco (?:oznacza|znaczy|to jest|to znaczy)\b|\bdefinicj\w+\b",
    "zh": r"什么意思|是指什么|的定义|含义|代表什么|^什么是",
}
_YES_NO = {
    "en": r"^\W*(?:is|are|was|were|does|do|did|can|may|must|should|shall|has|have|will)\b",
    "de": r"^\W*(?:ist|sind|war|waren|darf|dürfen|muss|müssen|kann|können|soll|sollen|sollte|hat|haben|wird|werden|"
    r"gilt|gelten|gibt es|braucht|benötigt|passt|reicht|enthält)\b",
    "fr": r"^\W*est[- ]ce qu|"
    r"^\W*(?:peut|doit|faut|est|sont|a|ont|peuvent|doivent|y a)[- ](?:t[- ])?(?:on|il|elle|ils|elles)\b",
    "es": r"^\W*(?:es|son|está|están|se (?:puede|debe|permite|necesita)n?|hay|puedo|debo|"
    r"hace falta|tienen?|pueden?|deben?)\b",
    "it": r"^\W*(?:è|sono|si (?:può|deve|possono|devono)|posso|devo|bisogna|c['’]è|ha|hanno|può|deve|serve|occorre)\b",
    "pt": r"^\W*(?:é|são|está|estão|pode|posso|deve|devo|há|tem|têm|podem|devem|precisa)\b",
    "pl": r"^\W*czy\b",
    "zh": r"吗\s*[?？]?\s*$|是否|能不能|可不可以|要不要|是不是|需不需要|有没有",
}
_LIST = {
    "en": r"\b(?:list|name|enumerate) (?:all|the|every)\b|\bwhich (?:[\w-]+ )?\w{2,}[^s\W]s\b|\bwhat are the\b|"
    r"\bwhat (?:tools|parts|documents|codes|causes|measures|actions|materials|values|risks)\b",
    "de": r"\bwelche (?:[\w-]+ )?\w+(?:en|er|e|s)\b|\bnenne\b|\bzähl\w* .*\bauf\b",
    "fr": r"\bquel(?:le)?s\b|\bénumér\w+\b|\blist\w+ (?:les|tous|toutes)\b",
    "es": r"\b(?:cuáles|qué \w{3,}s)\b|\benumer[ae]\b|\blista\w* (?:los|las|todos|todas)\b",
    "it": r"\b(?:quali|elenca)\b",
    "pt": r"\bquais\b|\bliste (?:as|os|todos|todas)\b|\bque \w{3,}s\b",
    "pl": r"\b(?:jakie|jakich|które|których|wymień)\b",
    "zh": r"哪些|列出|有哪",
}
# In this order: who compares two procedures compares; who asks for the steps of a list wants the steps.
_ORDER = (
    (Shape.COMPARISON, _COMPARISON), (Shape.STEPS, _STEPS), (Shape.DEFINITION, _DEFINITION),
    (Shape.YES_NO, _YES_NO), (Shape.LIST, _LIST),
)


# Romance languages ask whether by the voice alone: a question without any word that asks.
_ASKING = re.compile(
    r"\b(?:qu[eéi]\w*|cu[aá]\w+|d[oó]nde|onde|où|dove|c[oó]mo|come|comment|combien|che|chi|cosa|perch[eé]|"
    r"por ?qu[eê]\w*|pourquoi|quand\w*|quant\w*|lequel|laquelle)\b",
    re.IGNORECASE,
)


def asks_whether(question: str, language: str) -> bool:
    """Whether yes or no may be the answer, be it only because nothing else is asked for."""
    if shape_of(question, language) is Shape.YES_NO:
        return True
    return language in ("es", "fr", "it", "pt") and question.rstrip().endswith("?") and not _ASKING.search(question)


@functools.cache
def _pattern(shape: Shape, language: str) -> re.Pattern[str] | None:
    text = dict(_ORDER)[shape].get(language)
    return re.compile(text, re.IGNORECASE) if text else None


def shape_of(question: str, language: str) -> Shape:
    """The shape by wording in that language; ``value`` where nothing tells of another."""
    for shape, _ in _ORDER:
        pattern = _pattern(shape, language)
        if pattern is not None and pattern.search(question.strip()):
            return shape
    return Shape.VALUE
