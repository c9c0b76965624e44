"""What a question asks of its thing, where no known property says it: the first noun behind the word that asks."""

from __future__ import annotations

import functools
import re

from copilot.answering.properties import HOW_TO, asked_property, asking
from copilot.answering.wanted import wanted
from copilot.language import concepts, function_words
from copilot.language.words import MEASURED

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_MANY = frozenset({"viel", "viele", "vielen", "vieler", "soon"})
_ASKED_LAST = re.compile(r"(?:是|为|有|叫)?(?:多少|什么|哪\w|几|谁)\w{0,4}[？?]?$")


@functools.lru_cache(maxsize=1024)
def head(question: str, language: str) -> tuple[str, ...]:
    """The words, as typed, that name what is asked for; none where the question's form does not tell.

    "Which certificate does the operator need?" -> ("certificate",); in English a run of nouns ("frame rate").
    """
    folded = question.casefold()
    if HOW_TO.search(folded) or wanted(question) == "person":
        return ()
    words = _chinese(question) if language == "zh" else _behind(question, asking(folded, language), language)
    known = asked_property(question, language)
    return tuple(word for word in words if not known.names(word, language))


def _behind(question: str, start: int, language: str) -> tuple[str, ...]:
    if start < 0:
        return ()
    run: list[str] = []
    stops = function_words(language) | MEASURED | _MANY
    for match in _WORD.finditer(question, start):
        word = match.group()
        if any(char.isdigit() for char in word) or word.casefold() in stops:
            if run:
                break
            continue
        run.append(word)
        if language != "en" or len(run) == 3:
            break
    return tuple(run)


def _chinese(question: str) -> tuple[str, ...]:
    """The last word before the one that asks, which stands at the end: "…的最大负载是多少"."""
    found = _ASKED_LAST.search(question)
    if not found or not question[: found.start()]:
        return ()
    words = [item.surface for item in concepts(question[: found.start()], "zh") if item.kind == "word"]
    return tuple(words[-1:])
