"""Lines that only identify a document or thing (covers, page headers): they answer nothing but who, when, which."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence

from copilot.answering.properties import properties
from copilot.language import fold, function_words
from copilot.quantities import quantities
from copilot.types import QueryTerm

_LONGEST = 160  # letters; a cover line is short
_MOST_COMMON, _MARKS_BESIDE = 1, 3  # words of no known kind, where so many marks stand beside them
_TOKEN = re.compile(r"[^\s|,;:()\[\]\t，；：（）、。]+")
_MARK = re.compile(r"\d")
_HAN = re.compile(r"[\u3400-\u9fff]")
# A number of things that are counted ("90 points"); the months of a date are none.
_COUNTS = re.compile(
    r"(?<![\w.,/-])\d+(?:[.,]\d+)? (?!\w+ (?:de )?(?:19|20)\d\d|rev|ré?v|ed|éd|iss|ver|wyd|page|pag|pág|str)"
    r"[^\W\d_A-Z]{3,}|\d[\u3400-\u9fff](?<![版页号年月日])"
)
# Words of title blocks, as they begin once folded; what is one of them is no statement.
_TITLE_BLOCK = re.compile(
    r"^(?:doc(?:ument|\.|$)|dok(?:ument|\.|$)|rev(?:ision|isio|isao|\.|$)|rewizj|wydani|edi(?:tion|cion|zione|cao)|"
    r"ed\.?$|ausgabe|auflage|stand$|vers(?:ion|io|ao)|wersj|issue|num(?:ber|mer|er|ero|ero)|nr\.?$|no\.?$|n[°º]|"
    r"serial|serie|seryjn|fabrik|page|seite|pag(?:e|ina)|stron|sheet|blatt|folha|foglio|hoja|feuille|date|datum|"
    r"fecha|data$|model|modell|modelo|modele|type?$|typ$|tipo$|pruefling|prüfling|spec|of$|confidential|vertraulich|"
    r"文件|文档|编号|版本|第.版|修订|日期|页|型号|公司)"
)
# A finite verb, or a word that begins a rule: what holds one is a sentence.
_SAYS = re.compile(
    r"\b(?:is|are|was|were|has|have|must|shall|may|will|can|should|not|never|ist|sind|war|waren|wird|werden|wurde\w*|"
    r"hat|haben|muss|müssen|darf|dürfen|kann|können|soll|sollen|nicht|kein\w*|son|está|están|fue|tiene\w*|debe\w*|"
    r"puede\w*|hay|est|sont|ont|doit|doivent|peut|peuvent|pas|sono|hanno|deve|devono|può|possono|viene|vengono|non|"
    r"são|foi|tem|têm|devem|pode\w*|não|jest|są|był\w*|należy|musi\w*|może|mogą|nie)\b|[是为有应须需不可将已→=<>≤≥]",
    re.IGNORECASE,
)
# Who asks for one of these asks for what such a line tells.
_ASKS_FOR_SUCH = re.compile(
    r"\b(?:who\w*|when|wer|wem|wen|wann|wessen|qui|quand|quién\w*|cuándo|chi|quem|quando|kto|kogo|kiedy|dat(?:e|a|um|y)|"
    r"fecha|rev(?:ision|isión|isione|isão|\.)|révision|rewizj\w*|wydani\w*|edition|edición|édition|edizione|edição|"
    r"ausgabe|version\w*|versión|versione|versão|wersj\w*|issue|number\w*|\w*nummer\w*|número|numéro|numero|numer\w*|"
    r"nr|name\w*|called|heißt|nom|nombre|nome|nazw\w*|company|companies|firma|firm\w*|unternehmen|empresa|entreprise|"
    r"société|azienda|ditta|document\w*|dokument\w*|documento\w*|model\w*|modell\w*|modelo\w*|modèle\w*|type|typ|tipo|"
    r"manufactur\w*|hersteller\w*|fabricant\w*|produttore|producent\w*|standard|norm\w*)\b|"
    r"谁|何时|什么时候|日期|版本|修订|编号|号码|名称|公司|厂|文件|型号",
    re.IGNORECASE,
)


def asks_for_cover(question: str) -> bool:
    """Whether a question asks for what a cover line tells: who, when, which document, number, edition, company."""
    return _ASKS_FOR_SUCH.search(question) is not None


def is_cover(text: str, language: str, known: Collection[str], asked: Sequence[QueryTerm]) -> bool:
    """Whether a text only identifies: identifiers, numbers, dates, names and words of title blocks, no statement.

    ``known`` are folded words of the document's title and headings; what the question says is known, too.
    """
    if len(text) > _LONGEST or not _identifies(text, language):
        return False
    said = {fold(word) for item in asked for word in _TOKEN.findall(item.surface)} | set(known)
    marks, words = 0, []
    for match in _TOKEN.finditer(text):
        word = fold(match.group()).strip(".'\"“”„–-—")
        if _TITLE_BLOCK.match(word) or _MARK.search(word) and not _HAN.search(word):
            marks += 1
        elif word:
            words.append((word, match))
    stops = function_words(language)
    common = sum(
        not _is_name(match, first=place == 0)
        for place, (word, match) in enumerate(words)
        if word not in said and word not in stops
    )
    return marks > 0 and common <= (_MOST_COMMON if marks >= _MARKS_BESIDE else 0)


@functools.lru_cache(maxsize=4096)
def _identifies(text: str, language: str) -> bool:
    """Whether nothing in a text is a statement: no verb, no measured value, no property's name."""
    if _SAYS.search(text) or _COUNTS.search(text) or text.rstrip().endswith(("?", "!", "？", "！")):
        return False
    folded = text.casefold()
    told = any(item.told[language].search(folded) for item in properties() if language in item.told)
    return not told and not quantities(text, language)


def _is_name(found: re.Match[str], first: bool) -> bool:
    """Whether a word is a name by its capital; of the first word, which has one anyway, what follows must show it."""
    if not first or not found.group()[:1].isupper():
        return found.group()[:1].isupper()
    after = _TOKEN.search(found.string, found.end())
    joined = found.string[found.end() : found.end() + 1] not in (":", ",", "|")
    return not joined or after is not None and after.group()[:1].isupper() and not _MARK.search(after.group())


def folded_words(text: str) -> frozenset[str]:
    """The words of a title or heading as they are compared."""
    return frozenset(fold(word) for word in _TOKEN.findall(text))
