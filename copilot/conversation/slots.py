"""The slots of a question that a follow-up fills anew: revision, value, number, name, counterpart, circumstance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from copilot.conversation.grammar import Grammar, has_han, tokens
from copilot.language.vocabularies import is_name

REVISION = re.compile(
    r"(?<!\w)(?:revision|rev\.?|version|ausgabe|stand|revisi[óo]n|r[ée]vision|revisione|rewizj\w*|revis[ãa]o|vers[ãa]o|"
    r"versión|versione|wersj\w*)\s+(?P<latin>[A-Z]{1,2}\d{0,2}|\d{1,2}(?:\.\d+)*)(?!\w)|(?:版本|修订版?|版次)\s*(?P<han>[A-Za-z0-9.]+)",
    re.IGNORECASE,
)
_UNITS = (
    r"°\s?[CF]|℃|mbar|bar|psi|[kMhG]?Pa|N·?m|Nm|kN|N|mm|cm|µm|μm|km/h|km|mi|kg|g|t|lb|kWh|Wh|kW|W|mV|kV|V|mA|kA|A|Ah|mΩ|kΩ|"
    r"MΩ|Ω|ms|s|min|h|l/min|l|ml|%|rpm|Hz|kHz|MHz|in|ft"
)
VALUE = re.compile(rf"(?<![A-Za-z0-9_.,-])[-−+]?\d+(?:[.,]\d+)?\s?(?P<unit>{_UNITS})(?![A-Za-z0-9])")
_IDENTIFIER = re.compile(
    r"(?<![\w-])(?=[A-Za-z0-9./-]*[0-9])(?=[0-9./-]*[A-Z])[A-Z0-9][A-Za-z0-9]*(?:[./-][A-Za-z0-9]+)*(?![\w])", re.ASCII
)
_WORD = re.compile(r"[^\W_][\w-]*")
_ACRONYM = re.compile(r"(?<![\w-])[A-Z]{3,6}(?![\w-])")
_NUMBERED = re.compile(r"(?<!\w)([^\W\d_]{3,})\s+(\d+(?:\.\d+)*)(?!\w)")
_VARIANT = re.compile(r"(?P<size>\d{2,4})(?:er|[- ]?ka|型)?(?:\s(?:one|model|version))?")
_SIZE = re.compile(r"(?<![^\W_])[A-Z]{1,6}[ -]?(?P<size>\d{2,4})(?![\w.,-])")
_CAPITALISED = r"[A-Z\u00c0-\u00de\u0141\u015a\u017b][\w\u00df-\u017f]+"
_NAME = re.compile(rf"(?<![A-Za-z0-9'’-]){_CAPITALISED}(?: (?:[A-Z]\b|{_CAPITALISED}))*", re.ASCII)
_LONGEST_CIRCUMSTANCE = 5
_LEAST_LIKE = 0.3


def with_revision(previous: str, said: str) -> str | None:
    """The earlier question about the revision that is named now; None where either names none."""
    new, old = REVISION.search(said), REVISION.search(previous)
    if new is None or old is None:
        return None
    group = "latin" if old.group("latin") else "han"
    value = new.group("latin") or new.group("han")
    return previous[: old.start(group)] + value + previous[old.end(group) :]


def with_value(previous: str, said: str) -> str | None:
    """The earlier question at the value that is named now, in place of one of the same unit, or of the only one."""
    new, old = VALUE.search(said), list(VALUE.finditer(previous))
    if new is None or not old:
        return None
    same = [item for item in old if _unit(item) == _unit(new)] or (old if len(old) == 1 else [])
    return previous[: same[0].start()] + new.group() + previous[same[0].end() :] if same else None


def _unit(match: re.Match[str]) -> str:
    return match.group("unit").replace(" ", "").replace("℃", "°C")


def identifiers(text: str) -> list[str]:
    """Part numbers, codes, names of machines: capitals with digits, no values and no revisions."""
    taken = [match.span() for pattern in (VALUE, REVISION) for match in pattern.finditer(text)]
    return [
        match.group() for match in _IDENTIFIER.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end in taken)
    ]


def with_identifier(previous: str, said: str) -> str | None:
    """The earlier question about what is named now, in place of the most similar name."""
    new, old = identifiers(said), identifiers(previous)
    if not new and not old:
        new, old = _ACRONYM.findall(said), _ACRONYM.findall(previous)
    if not new or not old or new[0] in old:
        return None
    best = max(reversed(old), key=lambda name: _alike(name, new[0]))
    return previous.replace(best, new[0]) if _alike(best, new[0]) >= _LEAST_LIKE else None


def with_variant(previous: str, said: str, grammar: Grammar) -> str | None:
    """The earlier question about another size of the same make: "HP 250" for "HP 200" where "the 250" is said."""
    bare = grammar.article.sub("", said).strip()
    lead = grammar.condition.match(bare) or grammar.thing.match(bare)
    # "at the 250" is a circumstance; only what is marked as a name ("bei der 250er") is a variant behind a preposition.
    new = _VARIANT.fullmatch(bare[lead.end() :].strip() if lead and bare.endswith("er") else bare)
    old = [match for match in _SIZE.finditer(previous) if new and len(match["size"]) == len(new["size"])]
    if new is None or not old or VALUE.search(said):
        return None
    return previous[: old[-1].start("size")] + new["size"] + previous[old[-1].end("size") :]


def with_number(previous: str, said: str) -> str | None:
    """The earlier question about another number of the same: "chapter 5" for "chapter 4"."""
    new = _NUMBERED.search(said)
    for old in _NUMBERED.finditer(previous) if new else ():
        if new and old.group(1).lower() == new.group(1).lower():
            return previous[: old.start(2)] + new.group(2) + previous[old.end(2) :]
    return None


def with_name(previous: str, said: str, grammar: Grammar) -> str | None:
    """The earlier question about another place, vehicle or firm; all else that is said must be in it."""
    new, old = _names(said, grammar, 0), _names(previous, grammar, 0 if has_han(previous) else 1)
    if len(new) != 1 or not old:
        return None
    known = [word.lower() for word in _WORD.findall(new[0])]
    if not _within([word for word in grammar.content(said) if word.lower() not in known], tokens(previous)):
        return None
    return previous.replace(old[-1], new[0]) if new[0] not in previous else None


def _names(text: str, grammar: Grammar, first: int) -> list[str]:
    """Capitalised words that follow each other; in German, whose nouns are all so, those that no vocabulary knows."""
    found = []
    for match in _NAME.finditer(text, first):
        words = match.group().split()
        if grammar.language == "de":
            words = words if is_name(words[0]) else []
        if words and grammar.content(words[0]):
            found.append(" ".join(words))
    return found


def with_circumstance(previous: str, said: str, grammar: Grammar) -> str | None:
    """The earlier question under another circumstance: what ends it, behind a preposition of the same meaning."""
    lead = tokens(said)[:1]
    twins = next((group for group in grammar.twins if lead and lead[0] in group), None)
    if twins is None or grammar.language == "zh":
        return None
    body = len(previous.rstrip("?？.。!！ "))
    places = [match for match in _WORD.finditer(previous, 0, body) if match.group().lower() in twins and match.start()]
    if not places or len(previous[places[-1].end() : body].split()) > _LONGEST_CIRCUMSTANCE:
        return None
    return previous[: places[-1].start()] + said + previous[body:]


def _alike(one: str, other: str) -> float:
    """How alike two names are, their shape (letters, digits, ties) counting as much as their signs."""
    shapes = [re.sub(r"[A-Za-z]", "A", re.sub(r"\d", "9", name)) for name in (one, other)]
    by_signs = SequenceMatcher(None, one, other).ratio()
    return (by_signs + SequenceMatcher(None, shapes[0], shapes[1]).ratio()) / 2


def with_counterpart(previous: str, said: str, grammar: Grammar) -> str | None:
    """The earlier question about the other of a pair: rear for front, maximum for minimum; all else must be in it."""
    if grammar.language == "zh":
        return _counterpart_character(previous, said, grammar)
    for word, place in _counterparts(previous, said, grammar):
        rest = [item for item in grammar.content(said) if item != word.lower()]
        if _within(rest, tokens(previous)):
            return previous[: place[0]] + word + previous[place[1] :]
    return None


def _counterparts(previous: str, said: str, grammar: Grammar) -> Iterator[tuple[str, tuple[int, int]]]:
    """The words of what is said with the place of their counterpart in the earlier question."""
    for word in _WORD.findall(said):
        for group in grammar.counterparts:
            new = _stem_of(word, group)
            for match in _WORD.finditer(previous) if new else ():
                old = _stem_of(match.group(), group)
                if old and old != new:
                    yield word, match.span()


def _stem_of(word: str, group: tuple[str, ...]) -> str:
    """The stem of the group that a word has, with an ending of up to three letters."""
    lowered = word.lower()
    found = [stem for stem in group if lowered.startswith(stem) and len(lowered) - len(stem) <= 3]
    return max(found, key=len, default="")


def _within(some: list[str], others: list[str]) -> bool:
    """Whether every word stands among the others, but for its ending."""
    stems = [(word[: max(4, len(word) - 2)], max(4, len(word) - 2)) for word in some]
    return all(any(other[:length] == stem for other in others) for stem, length in stems)


def _counterpart_character(previous: str, said: str, grammar: Grammar) -> str | None:
    for group in grammar.counterparts:
        for new in (item for item in group if item in said):
            for old in group:
                twin = said.replace(new, old, 1)
                if old != new and twin in previous:
                    return previous.replace(twin, said, 1)
    return None
