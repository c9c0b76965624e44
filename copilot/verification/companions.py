"""Whether a sentence says "without" of what its source says "with", or the other way round."""

from __future__ import annotations

import functools
import re

from copilot.verification.engineering import full_bag
from copilot.verification.polarity import kind_of, polarity
from copilot.verification.wording import Word, Wording, words

_WITH = {
    "en": r"\bwith\b", "de": r"\bmit\b", "fr": r"\bavec\b", "it": r"\bcon\b", "es": r"\bcon\b", "pt": r"\bcom\b",
    "pl": r"\bze?\b", "zh": r"(?<!不)(?<!没)(?:带有?|装有|配有)",
}
_WITHOUT = {
    "en": r"\bwithout\b", "de": r"\bohne\b", "fr": r"\bsans\b", "it": r"\bsenza\b", "es": r"\bsin\b", "pt": r"\bsem\b",
    "pl": r"\bbez\b", "zh": r"没有|不带|未装|无(?=[\u3400-\u9fff])",
}
_ARTICLE = re.compile(
    r"^\s*(?:(?:the|an?|its|der|die|das|dem|den|eine[mnr]?|le|la|les|une?|il|lo|gli|i|el|los|las|o|os|as|um|uma)\s|l['’])?",
    re.IGNORECASE,
)
_REACH, _REACH_HAN = 3, 4  # words, characters in which the governed noun stands
_SAME = 0.5


@functools.lru_cache(maxsize=4096)
def companions(text: str, language: str) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """The nouns, or their first word, that stand after "with", and those after "without"."""
    return _governed(text, language, _WITH), _governed(text, language, _WITHOUT)


def _governed(text: str, language: str, table: dict[str, str]) -> tuple[Word, ...]:
    found: list[Word] = []
    for match in re.finditer(table[language], text, re.IGNORECASE) if language in table else ():
        after = re.split(r"[,.;:!?，。；：]", text[match.end() :])[0]
        after = _ARTICLE.sub("", after, count=1)
        reach = after[:_REACH_HAN] if language == "zh" else " ".join(after.split()[:_REACH])
        found += words(reach, language)[:1]
    return tuple(found)


def parted(wording: Wording, first: tuple[str, str], second: tuple[str, str]) -> str:
    """The noun that one (text, language) has "with" and the other "without"; empty where there is none, or where
    another negation turns one of the two round.
    """
    if _turned(*first) != _turned(*second):
        return ""
    mine, its = companions(*first), companions(*second)
    for here, there in ((mine[0], its[1]), (mine[1], its[0])):
        both = mine[1] if here is mine[0] else mine[0]
        for word in here:
            if any(_same(wording, word, first[1], other, second[1]) for other in there) and word not in both:
                return word.surface
    return ""


def _same(wording: Wording, word: Word, language: str, other: Word, its: str) -> bool:
    there = wording.held(word, language, full_bag(other.surface, its), its)
    return there >= _SAME and wording.held(other, its, full_bag(word.surface, language), language) >= _SAME


def _turned(text: str, language: str) -> bool:
    """Whether anything but "without" negates."""
    low = text.lower()
    kinds = {kind_of(low[start:end]) for start, end in polarity(text, language).negations}
    return bool(kinds - {"without"}) and language != "zh"
