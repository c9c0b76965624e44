"""Follow-ups that ask for another property of the same thing: "and its weight?", "and the motor power?"."""

from __future__ import annotations

import re

from copilot.conversation.grammar import Grammar, has_han, tokens
from copilot.conversation.slots import VALUE, identifiers
from copilot.conversation.things import subject, thing, topic

_WORD = re.compile(r"[^\W\d_][\w-]*")


def with_property(previous: str, said: str, own: Grammar, earlier: Grammar) -> str | None:
    """The property that is named now, of the earlier question's thing; None where it names none, or no new one."""
    if identifiers(said) or VALUE.search(said):
        return None
    bare, possessive = _bare(said, own)
    if own.language == "zh":
        return _chinese(previous, bare, possessive, own)
    if own.condition.match(bare) or own.thing.match(bare) or not own.content(bare):
        return None
    head = _head(bare, own)
    if not possessive and not head or _stands(head or bare, previous):
        return None
    return _joined(bare, _of(previous, earlier, possessive), own, earlier)


def _bare(said: str, own: Grammar) -> tuple[str, bool]:
    """What is said without articles and possessives around it, and whether there was a possessive."""
    rest, possessive = said.strip(), False
    while match := own.possessive.match(rest) or own.article.match(rest):
        possessive = possessive or own.possessive.match(rest) is not None
        rest = rest[match.end() :].lstrip()
    behind = None if own.language == "zh" else re.search(rf"\s(?:{own.possessive.pattern})$", rest, re.IGNORECASE)
    return (rest[: behind.start()], True) if behind else (rest, possessive)


def _head(bare: str, own: Grammar) -> str:
    """The word that names a property: the last of an English noun phrase, else the first; empty where it names none."""
    link = own.thing.search(bare)
    words = [match.group() for match in _WORD.finditer(bare[: link.start()] if link else bare)]
    for word in words[-1:] if own.language == "en" else words[:2] if own.language in ("de", "pl") else words[:1]:
        lowered = word.lower()
        if lowered in own.properties or own.language == "de" and lowered.endswith(own.properties):
            return word
    return ""


def _stands(head: str, previous: str) -> bool:
    """Whether the earlier question asks for it already, as for another thing's."""
    return head.lower() in tokens(previous)


def _of(previous: str, earlier: Grammar, possessive: bool) -> tuple[str, bool]:
    """The earlier question's thing, and whether the word stands before it that leads from a property to it."""
    names = identifiers(previous)
    place = thing(previous, earlier)
    if has_han(previous):
        return (previous[: place[1]], False) if place else ("", False)
    if names and earlier.language == "pl":
        before = _WORD.findall(previous[: previous.index(names[-1])])[-1:]
        return " ".join([*(word for word in before if earlier.content(word)), names[-1]]), True
    if place is not None:
        lead = earlier.thing.match(previous, place[0])
        verb = lead is not None and lead.group().lower() in (*earlier.verbs, "a", "haben", "hanno", "têm", "tienen")
        start = lead.end() if lead and (verb or earlier.language == "en") else place[0]
        return previous[start : place[1]].strip(), start == place[0]
    known = bool(names) or possessive or subject(previous, earlier) is not None
    return (topic(previous, earlier), False) if known else ("", False)


def _joined(bare: str, told: tuple[str, bool], own: Grammar, earlier: Grammar) -> str | None:
    text, led = told
    if not text:
        return None
    name = f"{bare[:1].upper()}{bare[1:]}"
    if led and own.language == earlier.language:
        return f"{name} {text}?"
    return f"{name} of {text}?" if own.language == earlier.language == "en" else f"{name} ({text})?"


def _chinese(previous: str, bare: str, possessive: bool, own: Grammar) -> str | None:
    if not (possessive or bare.endswith(own.properties)) or bare in previous:
        return None
    end = previous.find("的")
    return f"{previous[:end]}的{bare}是多少？" if end > 0 else None
