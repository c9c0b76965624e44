"""Rules that make a follow-up stand alone: what it fills anew in the earlier question, or what it lacks from it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from copilot.conversation.grammar import Grammar, grammar, has_han
from copilot.conversation.properties import with_property
from copilot.conversation.slots import (
    identifiers,
    with_circumstance,
    with_counterpart,
    with_identifier,
    with_name,
    with_number,
    with_revision,
    with_value,
    with_variant,
)
from copilot.conversation.things import subject, thing, topic

_MARK = re.compile(r"\s*[?？]\s*$")
_UNIT_ASKED = re.compile(
    r"^(?:in|en|w|em|to|用|以|换算成|单位[是为]?)?\s*"
    r"(?:psi|bar|mbar|[kMh]?Pa|°?\s?[CF]|nm|n·m|lb(?:f|s)?[· -]?(?:ft|in)|lbs?|ft[ -]?lbs?|mm|cm|inch(?:es)?|zoll|"
    r"pouces?|pollici|pulgadas|polegadas|cali|kwh|kw|hp|ps|cv|minut\w*|hours?|stunden|horas?|heures?|ore|godzin\w*|sekund\w*|"
    r"seconds?|segundos?|secondes|secondi|days?|tagen?|kelvin|fahrenheit|celsius|kilo\w*|gramm?\w*|lit\w+|percent|prozent|"
    r"%)(?:表示|为单位|是多少)?$",
    re.IGNORECASE,
)
_MOST_WORDS = 8  # a longer one that begins with no lead is a question of its own
_FEW = 3
Rewriting = tuple[str, str]


def rewritten(previous: str, text: str, language: str, spoken: str) -> Rewriting:
    """The question on its own, and what was done; as it is, with no reason, where it needs nothing of the earlier one.

    ``language`` is that of the follow-up, ``spoken`` that of the earlier question.
    """
    own, earlier = grammar(language), grammar(spoken)
    said, led = own.stripped(text)
    head, _, rest = said.partition(", ")
    if led and rest and not own.asks(head) and own.content(head):
        said = head.strip()  # "and that of the pump, when does it expire?"
    if not said:
        return text, ""
    if _UNIT_ASKED.match(said):
        return _appended(previous, said, own), "unit"
    if own.asks(said):
        return _asked(previous, text, said, led, own, earlier)
    if not _elliptic(text, said, led, own):
        return text, ""
    return _filled(previous, said, led, own, earlier)


def _elliptic(text: str, said: str, led: bool, own: Grammar) -> bool:
    """Whether words without a verb or question word are a follow-up, and no new search by keywords."""
    if own.language == "zh":
        return led or len(said) <= 6 and text.rstrip().endswith(("?", "？"))
    words = said.split()
    begun = own.condition.match(said) or own.thing.match(said)
    if led or begun and len(words) <= _MOST_WORDS and len(own.content(said)) <= _FEW:
        return len(words) <= _MOST_WORDS + 2
    return len(words) <= _FEW and text.rstrip().endswith("?") or len(words) == 1 and bool(identifiers(said))


def _filled(previous: str, said: str, led: bool, own: Grammar, earlier: Grammar) -> Rewriting:
    """The earlier question with one slot filled anew; what fills none is added to it."""
    stand = own.article.match(said)
    if stand and own.language != "zh" and own.thing.match(said, stand.end() + 1):
        said = said[stand.end() + 1 :]  # "that of the cover": the earlier property of another thing
        place = thing(previous, earlier)
        if place is not None and not identifiers(said):
            return _replaced(previous, place, said, own, earlier), "thing"
    for reason, found in (
        ("revision", with_revision(previous, said)),
        ("value", with_value(previous, said)),
        ("number", with_number(previous, said)),
        ("identifier", with_identifier(previous, said)),
        ("identifier", with_variant(previous, said, own)),
        ("counterpart", with_counterpart(previous, said, earlier)),
        ("property", None if _of_its_own(said, led, own) else with_property(previous, said, own, earlier)),
        ("name", with_name(previous, said, earlier)),
        ("circumstance", with_circumstance(previous, said, earlier)),
    ):
        if found is not None:
            return found, reason
    if not led and not own.condition.match(said) and not own.thing.match(said) and identifiers(said):
        return said, ""  # a name alone, where the earlier question has none: a search of its own
    if _of_its_own(said, led, own):
        return said, ""  # "and the temperature limit of the inverter": a property and a thing of its own
    shared = _shared_head(previous, said, own, earlier)
    if shared is not None:
        return shared, "thing"
    if own.condition.match(said) and not own.thing.match(said):
        return _appended(previous, said, own), "addition"
    place = subject(previous, earlier)
    if place is not None:
        lead = own.thing.match(said)
        start = lead.end() if lead and not own.article.fullmatch(lead.group()) else 0
        return previous[: place[0]] + _bare(said, start, own) + previous[place[1] :], "thing"
    place = thing(previous, earlier)
    if place is None:
        return _appended(previous, said, own), "addition"
    return _replaced(previous, place, said, own, earlier), "thing"


def _of_its_own(said: str, led: bool, own: Grammar) -> bool:
    """Whether a property is named with the thing that has it."""
    return led and thing(said, own) is not None and len(own.content(said)) > _FEW


def _bare(said: str, start: int, own: Grammar) -> str:
    """What a preposition leads to; an article that the preposition held ("für das") stays."""
    held = own.article.search(said[:start])
    return (f"{held.group()} " if held else "") + said[start:].lstrip()


def _shared_head(previous: str, said: str, own: Grammar, earlier: Grammar) -> str | None:
    """What is named now in place of what ends in the same word: "the rear axle" for "the front axle"."""
    if own.language == "zh" or earlier.language != own.language:
        return None
    new = [match for match in re.finditer(r"[^\W_][\w-]*", said) if own.content(match.group())]
    if len(new) < 2:
        return None
    for match in re.finditer(r"[^\W_][\w-]*", previous):
        if match.group().lower() != new[-1].group().lower() or len(match.group()) < 4:
            continue
        before = re.search(r"([^\W_][\w-]*)\s+$", previous[: match.start()])
        if before and own.content(before.group(1)):
            return previous[: before.start(1)] + said[new[-2].start() : new[-1].end()] + previous[match.end() :]
    return None


def _replaced(previous: str, place: tuple[int, int], said: str, own: Grammar, earlier: Grammar) -> str:
    start, end = place
    if has_han(previous):
        return previous[:start] + said + previous[end:]
    lead = earlier.thing.match(previous, start)
    begins = own.thing.match(said) or own.condition.match(said)
    own_words = said if begins or lead is None else _led_by(lead.group(), said, own)
    return f"{previous[:start].rstrip()} {own_words}{previous[end:]}"


def _led_by(lead: str, said: str, own: Grammar) -> str:
    """A thing without preposition behind the earlier one's; of contracted ones and cases the thing stands as it is."""
    if own.language == "en":
        return f"{lead} {said}"
    return f"{_PLAIN.get(own.language, '')} {said}".strip()


_PLAIN = {"de": "für", "es": "de", "fr": "pour", "it": "per", "pl": "dla", "pt": "de"}


def _appended(previous: str, said: str, own: Grammar) -> str:
    """The earlier question with the words at its end, before its question mark."""
    mark = _MARK.search(previous)
    body = previous[: mark.start()] if mark else previous.rstrip()
    tie = "，" if own.language == "zh" else " "
    return f"{body}{tie}{said}{mark.group().rstrip() if mark else ''}"


def _asked(previous: str, text: str, said: str, led: bool, own: Grammar, earlier: Grammar) -> Rewriting:
    """A follow-up with a question word: what it leaves out or points at is told behind it."""
    words = own.content(said)
    if not words:
        return _with(said, previous.strip(" ?？¿¡"), own), "question"
    named = bool(identifiers(said)) or thing(said, own) is not None and not _pointing(said, own)
    if named or len(words) > _FEW + (own.language == "zh"):
        return text, ""
    if _which(said, words, own):
        return _with(said, previous.strip(" ?？¿¡"), own), "question"
    if _pointing(said, own) or _left_out(said, words, led, own):
        return _with(said, topic(previous, earlier), own), "topic"
    return text, ""


def _which(said: str, words: Sequence[str], own: Grammar) -> bool:
    """Whether a question has a noun and no verb: "which tool?", "de que tipo?"."""
    spoken = [word.lower() for word in said.split()]
    bare = own.verbs.isdisjoint(spoken) and not any(own.article.fullmatch(word) for word in spoken)
    bare = bare and _REFLEXIVE.isdisjoint(spoken)
    return own.language != "zh" and bare and len(spoken) <= _FEW and len(words) == 1 and words[0] == spoken[-1]


def _pointing(said: str, own: Grammar) -> bool:
    """Whether a pronoun stands for something said before; an article before a noun is none."""
    for match in own.pronoun.finditer(said):
        if own.language == "zh":
            return True
        before, after = said[: match.start()], said[match.end() :].split()
        word = match.group().lower()
        if own.article.fullmatch(word) and after and own.content(after[0]) and not _verbal(word, before, after, own):
            continue
        if not before and not after or before.endswith("-") and own.article.search(before):
            continue  # "les étiquettes se décollent-elles"
        return True
    return False


_REFLEXIVE = frozenset(("se", "si", "się"))
_OBJECTS = {"es": {"lo", "la", "los", "las"}, "it": {"lo", "la", "li", "le"}, "fr": {"le", "la", "les", "l'", "l’"},
            "pt": {"o", "a", "os", "as"}}
_LINKS = frozenset("de à di da a per con su in en por para com em pour avec dans sur est è es é son sono são".split())
_VERB = {
    "es": r"\w+(?:a|e|an|en|ó|aron)", "it": r"\w+(?:a|e|sce|ano|ono|ato|isce)", "fr": r"\w+(?:e|t|ent|it)",
    "pt": r"\w+(?:a|e|am|em|ou|ece)",
}


def _verbal(word: str, before: str, after: Sequence[str], own: Grammar) -> bool:
    """Whether an article's twin is the object of a verb that ends the question: "chi lo fornisce"."""
    pattern = _VERB.get(own.language)
    led = before.split()[-1:] and before.split()[-1].lower() in _LINKS
    if pattern is None or led or len(after) > 1 or word not in _OBJECTS[own.language]:
        return False
    return re.fullmatch(pattern, after[0].lower()) is not None


def _left_out(said: str, words: Sequence[str], led: bool, own: Grammar) -> bool:
    """Whether a question names no thing: in languages that need no pronoun a verb alone; elsewhere behind "and"."""
    bare = not any(own.article.fullmatch(word.lower()) for word in said.split())
    if own.language == "zh":
        return sum(map(len, words)) <= 3 or led and sum(map(len, words)) <= 4
    if own.elides and bare and len(words) == 1 and words[0] == said.split()[-1].lower():
        return True
    return led and len(words) <= 2 and thing(said, own) is None


def _with(said: str, told: str, own: Grammar) -> str:
    """A question and, in brackets, what it is about."""
    return f"{said}（{told}）？" if own.language == "zh" else f"{said[:1].upper()}{said[1:]} ({told})?"
