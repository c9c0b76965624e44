"""Questions that ask two things at once: each is answered on its own, and what none of the documents tells is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from copilot.answering.heads import head
from copilot.answering.properties import Asked, asked_properties, asked_property
from copilot.answering.requirements import required
from copilot.answering.silence import MOST_CLOSEST, longest, nowhere, passage_texts
from copilot.language import function_words
from copilot.types import Claim, Draft, Evidence, QueryTerm

_AND = r"(?:and|or|as well as|und|oder|sowie|et|ou|ainsi que|y|o|e|oppure|i|oraz|lub|a także)"
_HAN_AND = "[和与及跟、]|以及|还有"
_ARTICLES = (
    r"(?:the |its |their |das |die |der |den |dem |le |la |les |l['’]|el |los |las |il |lo |i |gli |o |a |os |as )?"
)
_BETWEEN = re.compile(rf"^(?:,?\s+{_AND}\s+{_ARTICLES}|,\s+{_ARTICLES}|\s*(?:{_HAN_AND})\s*)(?:\w+\s)?$")
_ASKS = (
    r"(?:what|which|who|whom|whose|when|where|why|how|was|welche\w?|wer|wem|wen|wann|wo|warum|wie|wieviel\w?|que|quels?|"
    r"quelles?|qui|quand|où|pourquoi|comment|combien|à quel\w*|qué|cuál(?:es)?|quién(?:es)?|cuándo|dónde|cómo|"
    r"cuánt[oa]s?|che|qual[ei]?|chi|quando|dove|perché|come|quant[oaie]|qual|quais|quem|onde|como|quant[oa]s?|jak\w*|co|kto|kiedy|"
    r"gdzie|ile|ilu|któr\w+|dlaczego)"
)
_PREPOSITION = (
    r"(?:(?:at|in|by|to|of|for|with|mit|bei|von|für|an|aus|à|de|en|par|avec|con|a|di|da|per|com|em|por|z|w|do|na) )?"
)
_CLAUSES = re.compile(rf"(?:[,;]?\s+{_AND},?\s+|[?;]\s+)(?={_PREPOSITION}{_ASKS}\b)", re.IGNORECASE)
_FIRST_ASKS = re.compile(rf"\b{_ASKS}\b", re.IGNORECASE)
_HAN_ASKS = re.compile(r"多少|什么|哪|谁|几|如何|怎|多[长久大重高]")
_HAN_CLAUSES = re.compile(r"[，,；;？?]\s*(?:以及|还有|并且)?")
_UNLIKELY = 0.2  # below this probability of its best answer a part is called missing, whatever it asks for
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things asked: its question, how it is named where nothing tells it, the words that are not its own."""

    question: str
    name: str
    dropped: tuple[str, ...]
    identifier: bool = False


def answer_in_parts(evidence: Evidence, answer: Callable[[Evidence], Draft]) -> Draft | None:
    """The claims of all parts, and the names of those that nothing answers; None for a question that asks one thing."""
    asked = parts(evidence)
    if len(asked) < 2:
        return None
    whole = answer(evidence)
    drafts = [(part, answer(_about(evidence, part))) for part in asked]
    said = [draft for _, draft in drafts if draft.claims]
    if not said:
        lacked = dict.fromkeys(name for _, draft in drafts for name in draft.missing)
        return whole if whole.claims else replace(whole, missing=longest(list(lacked)) or whole.missing)
    claims = _merged([draft.claims[:2] for draft in said] + [whole.claims])
    silent = _names([(part, draft) for part, draft in drafts if not draft.claims], claims, evidence)
    cited = {citation.quote for claim in claims for citation in claim.citations}
    near = [citation for _, draft in drafts if not draft.claims for citation in draft.closest]
    near = [citation for citation in near if citation.quote not in cited][:MOST_CLOSEST]
    first = whole if whole.claims else said[0]
    chance = min(draft.probability for draft in said)
    return replace(first, claims=claims, missing=silent, probability=chance, closest=tuple(near) if silent else ())


def parts(evidence: Evidence) -> tuple[Part, ...]:
    """What a question asks: two clauses with a word that asks in each, two properties, or two identifiers."""
    question, language = evidence.question.text, evidence.language
    return _clauses(question, language) or _properties(question, language) or _identifiers(evidence)


def _clauses(question: str, language: str) -> tuple[Part, ...]:
    pattern = _HAN_CLAUSES if language == "zh" else _CLAUSES
    asks = _HAN_ASKS if language == "zh" else _FIRST_ASKS
    found = next((match for match in pattern.finditer(question) if match.start() and match.end() < len(question)), None)
    if found is None:
        return ()
    first, second = question[: found.start()].strip(), question[found.end() :].strip()
    if not asks.search(first) or not asks.search(second):
        return ()
    # The second clause mostly means the first one's thing ("and who made it?"): it drops what that asks, no more.
    apart = any(char.isdigit() for char in second)
    of_first = _words(first) - _words(second) if apart else _asked_words(first, language)
    # "Which torque and which colour do the bolts have?": only the second clause names the thing.
    bare = not _words(first) - _asked_words(first, language) - function_words(language)
    of_second = (_asked_words(second, language) if bare else _words(second)) - _words(first)
    return (
        Part(first, _name(first, language), tuple(of_second)),
        Part(second, _name(second, language), tuple(of_first - _words(second))),
    )


def _properties(question: str, language: str) -> tuple[Part, ...]:
    """Two properties of one thing with no more than "and" between them."""
    found = asked_properties(question, language)
    for (start, end, item), (begin, last, other) in zip(found, found[1:], strict=False):
        if begin >= end and item is not other and _BETWEEN.match(question[end:begin].casefold()):
            without_second = question[:end] + question[last:]
            without_first = question[:start] + question[begin:]
            return (
                Part(without_second, item.names[language], tuple(_words(question[begin:last]))),
                Part(without_first, other.names[language], tuple(_words(question[start:end]))),
            )
    return ()


def _identifiers(evidence: Evidence) -> tuple[Part, ...]:
    """Two identifiers with no more than "and" between them."""
    question = evidence.question.text
    needed = [item.surface for item in required(evidence.terms.get(evidence.language, ())) if item.kind == "identifier"]
    placed = sorted({(question.find(name), name) for name in needed if name in question})
    for (start, name), (begin, other) in zip(placed, placed[1:], strict=False):
        if begin >= start + len(name) and _BETWEEN.match(question[start + len(name) : begin].casefold()):
            return (
                Part(question.replace(other, ""), name, (other, *_pieces(other, name)), True),
                Part(question.replace(name, ""), other, (name, *_pieces(name, other)), True),
            )
    return ()


def _pieces(name: str, other: str) -> list[str]:
    """The parts of an identifier that the other one does not share."""
    shared = set(re.findall(r"[^\W\d_]+|\d+", other.casefold()))
    return [piece for piece in re.findall(r"[^\W\d_]+|\d+", name.casefold()) if piece not in shared]


def _about(evidence: Evidence, part: Part) -> Evidence:
    dropped = {word.casefold() for word in part.dropped}
    terms = {
        language: tuple(item for item in items if not _means(item, dropped))
        for language, items in evidence.terms.items()
    }
    return replace(evidence, question=replace(evidence.question, text=part.question), terms=terms)


def _means(item: QueryTerm, dropped: set[str]) -> bool:
    surface = item.surface.casefold()
    return surface in dropped or bool(dropped.intersection(_words(item.surface)))


def _names(silent: Sequence[tuple[Part, Draft]], claims: Sequence[Claim], evidence: Evidence) -> tuple[str, ...]:
    """What the silent parts lack: names first, else the part itself; not what a claim of another part tells anyway."""
    told = [(" ".join((*citation.columns, citation.quote)), _language(evidence, citation.chunk_id))
            for claim in claims for citation in claim.citations]
    names: dict[str, None] = {}
    for part, draft in silent:
        asked = asked_property(part.question, evidence.language)
        if not any(_tells(asked, part, text, language) for text, language in told):
            sure = bool(asked.properties) or draft.probability < _UNLIKELY
            named: tuple[str, ...] = (part.name,) if sure else ()
            if part.identifier:  # what stands in a passage is not absent, though nothing is told of it
                named = nowhere(named, passage_texts(evidence))
            names |= dict.fromkeys(draft.missing or named)
    return longest([name for name in names if name])


def _tells(asked: Asked, part: Part, text: str, language: str) -> bool:
    if part.identifier or not asked.properties:
        return part.name in text
    return asked.held(text, language) == 1.0


def _language(evidence: Evidence, chunk_id: str) -> str:
    chunks = (hit.chunk for item in evidence.passages for hit in item.hits)
    return next((chunk.language for chunk in chunks if chunk.id == chunk_id), evidence.language)


def _merged(groups: Sequence[Sequence[Claim]]) -> tuple[Claim, ...]:
    """The claims of all groups in their order, each text once."""
    kept: dict[str, Claim] = {}
    for claim in (claim for group in groups for claim in group):
        kept.setdefault(" ".join(claim.text.split()), claim)
    return tuple(kept.values())


def _name(clause: str, language: str) -> str:
    """How a clause is named: its property, else the noun that it asks for, else its words."""
    return asked_property(clause, language).name(language) or " ".join(head(clause, language)) or clause.rstrip("?？ ")


def _asked_words(clause: str, language: str) -> set[str]:
    """The words by which a clause says what it asks for."""
    asked = asked_property(clause, language)
    return {word for word in _words(clause) if asked.names(word, language)} | {
        word.casefold() for word in head(clause, language)
    }


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}
