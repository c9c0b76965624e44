"""What a question is about: the thing whose property it asks for, its subject, or the whole of it."""

from __future__ import annotations

import functools
import re

from copilot.conversation.grammar import Grammar, has_han, tokens
from copilot.conversation.slots import REVISION, VALUE, identifiers
from copilot.glossary.vocabulary import BASE, open_vocabulary

_WORD = re.compile(r"[^\W_][\w-]*")
_FEW = 3  # words of a question that is about a name alone


@functools.lru_cache(maxsize=512)
def thing(text: str, grammar: Grammar) -> tuple[int, int] | None:
    """Where a question names its thing, its preposition or article included: "of the housing bolts"."""
    body = len(text.rstrip("?？.。!！ "))
    if grammar.language == "zh":
        end = text.find("的")
        return (0, end) if end > 0 else None
    for match in grammar.thing.finditer(text, 1):
        before = tokens(text[: match.start()])
        if len(before) < 2 or match.end() >= body or not _noun_before(text, match, grammar):
            continue
        return match.start(), _until_condition(text, match.end(), body, grammar)
    return _behind_property(text, body, grammar) if grammar.language == "pl" else None


def _behind_property(text: str, body: int, grammar: Grammar) -> tuple[int, int] | None:
    """What follows the first term that the vocabulary knows: a Polish thing is a genitive, with no word before it."""
    places = open_vocabulary().lexicon(BASE, grammar.language).places(text)
    if not places:
        return None
    first = min(places, key=lambda place: (place.start, -place.end))
    rest = text[first.end : body]
    start = first.end + len(rest) - len(rest.lstrip())
    if not rest.strip() or grammar.condition.match(text, start):
        return None
    return start, _until_condition(text, start, body, grammar)


def subject(text: str, grammar: Grammar) -> tuple[int, int] | None:
    """Where a question that asks for no property names what it is about: its first article with the noun behind it."""
    if grammar.property.match(text) or has_han(text):
        return None
    for match in grammar.article.finditer(text):
        noun = re.match(r"\s*[^\W_][\w-]*", text[match.end() :])
        if noun and grammar.content(noun.group()) and len(tokens(text[: match.start()])) > 1:
            return match.start(), match.end() + noun.end()
    return None


def _noun_before(text: str, match: re.Match[str], grammar: Grammar) -> bool:
    """Whether what stands before is no verb's or question word's: of German articles, that a noun stands there."""
    before = tokens(text[: match.start()])[-1]
    if grammar.language == "de" and match.group().lower() in ("der", "des"):
        written = _WORD.findall(text[: match.start()])[-1]
        return written[:1].isupper() and len(written) > 2 and written.lower() not in ("wie", "was", "wer")
    return grammar.ask.fullmatch(before) is None and grammar.article.fullmatch(before) is None


def _until_condition(text: str, start: int, end: int, grammar: Grammar) -> int:
    """The end of the thing: before a value, a revision or a condition that follows it."""
    marks = [match.start() for pattern in (VALUE, REVISION) for match in pattern.finditer(text, start)]
    for match in grammar.condition.finditer(text, start + 3):
        after = text[match.end() : match.end() + 12].lstrip()
        if after[:1].isdigit() or after[:1] in "-−+" and after[:1] or REVISION.match(text, match.end() + 1):
            marks.append(match.start())
    inside = [mark for mark in marks if mark > start]
    return len(text[: min([*inside, end])].rstrip(" ,"))


def topic(text: str, grammar: Grammar) -> str:
    """What a question is about, for one that only points at it.

    The thing whose property it asks for; a name, with what it is called, if it asks for little else; else all of it
    from its first article on.
    """
    whole = text.strip(" ?？¿¡。")
    place = thing(text, grammar) if grammar.property.match(text) else None
    if has_han(text):
        return whole
    if place:
        lead = grammar.thing.match(text, place[0])
        kept = lead.end() if lead and grammar.language == "en" else place[0]
        return text[kept : place[1]].strip()
    names = identifiers(text)
    if names and len(grammar.content(text)) <= _FEW:
        return _called(text[: text.index(names[-1])], grammar) + names[-1]
    first = grammar.article.search(whole)
    return whole[first.start() :] if first else whole


def _called(before: str, grammar: Grammar) -> str:
    """What a name is called by the words before it: from an article on, else the one word."""
    words = re.findall(r"[^\s'’]+['’]?\s*", before)[-4:]
    for place in range(len(words) - 1, -1, -1):
        if grammar.article.fullmatch(words[place].strip()):
            return "".join(words[place:])
    last = words[-1] if words else ""
    return "" if grammar.ask.fullmatch(last.strip("¿¡ ")) or grammar.condition.fullmatch(last.strip()) else last
