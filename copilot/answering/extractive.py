"""The offline answerer: it quotes the sentences or rows that answer, verbatim, or finds nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.answering.citations import cite
from copilot.answering.features import Option, options, subject
from copilot.answering.model import AnswerModel, load_model, probability, rank, sigmoid
from copilot.answering.numbering import readable
from copilot.answering.requirements import missing, required, unknown_names
from copilot.answering.shapes import Shape, shape_of
from copilot.answering.shapes.comparison import holds_all, sides, without
from copilot.answering.shapes.definition import DEFINES, defines
from copilot.answering.shapes.lists import Found, whole_list
from copilot.answering.shapes.news import tells_more
from copilot.answering.shapes.yes_no import decided, verdict
from copilot.answering.text import Bag, bag, union
from copilot.types import Claim, Draft, ElementKind, Evidence, Hit, Passage, QueryTerm, Support


@dataclass(frozen=True, slots=True)
class _Choice:
    chance: float
    option: Option
    marker: int
    foreign: bool


class ExtractiveAnswerer:
    """Ranks every sentence and row of the passages and quotes the best, if it is likely enough to be right."""

    name = "extractive"

    def __init__(self, max_claims: int = 3, model: AnswerModel | None = None) -> None:
        self._model = model or load_model()
        self._most = max_claims

    def answer(self, evidence: Evidence) -> Draft:
        """Claims in the shape that the question asks for; ``missing`` names what it asks about and no passage holds."""
        shape = shape_of(evidence.question.text, evidence.language)
        if shape is Shape.COMPARISON and (compared := self._compared(evidence)) is not None:
            return compared
        return self._one(evidence, shape)

    def _one(self, evidence: Evidence, shape: Shape) -> Draft:
        lacked = lacking(evidence)
        if lacked and all(lacked.values()):
            least = min(lacked.values(), key=len)
            return Draft(missing=tuple(least))
        languages = dict.fromkeys(hit.chunk.language for item in evidence.passages for hit in item.hits)
        found = [made for language in languages if (made := self._choices(evidence, language, lacked))]
        said = [made for made in found if made[0].chance >= self._model.scoring(made[0].foreign).speak]
        if not said:
            return Draft(probability=max((made[0].chance for made in found), default=0.0))
        choices = _own_first([item for made in said for item in made], self._model.prefer)
        choices = _definitions_first(choices, evidence) if shape is Shape.DEFINITION else choices
        claims = _listed(choices, evidence, shape) or self._claims(choices)
        if shape is Shape.YES_NO:
            claims = _with_verdict(claims, choices, evidence)
        if shape is Shape.VALUE and choices[0].option.hit.chunk.kind is ElementKind.TABLE_ROW:
            shape = Shape.ROW
        return Draft(tuple(claims), choices[0].chance, shape=shape.value)

    def _compared(self, evidence: Evidence) -> Draft | None:
        """Each side answered on its own; a side that nothing answers is named as missing. None: no two sides."""
        named = sides(evidence.question.text, evidence.language)
        if named is None:
            return None
        drafts = [
            self._one(_about(evidence, side, other), Shape.VALUE) for side, other in (named, named[::-1])
        ]
        said = [draft for draft in drafts if draft.claims]
        if not said:
            return drafts[0]
        claims = {claim.text: claim for draft in said for claim in draft.claims[:1]}
        told = " ".join(readable(claim) for claim in claims.values())
        silent = tuple(
            side
            for side, draft in zip(named, drafts, strict=True)
            if not draft.claims and not holds_all(told, side, evidence.language)
        )
        chance = min(draft.probability for draft in said)
        return Draft(tuple(claims.values()), chance, silent, Shape.COMPARISON.value)

    def _choices(self, evidence: Evidence, language: str, lacked: Mapping[str, Sequence[str]]) -> list[_Choice]:
        """The options of one language with their probabilities; a passage that lacks a needed thing has none."""
        foreign = language != evidence.language
        model = self._model.scoring(foreign)
        terms = evidence.terms.get(language, ())
        markers = _markers(evidence.passages, language)
        hits = sorted((hit for _, hit in markers), key=lambda hit: -hit.score)
        ranked = rank(model, options(evidence.question.text, evidence.language, hits, terms, foreign))
        # Who asks whether something is so gets an echo as the answer.
        echoes = shape_of(evidence.question.text, evidence.language) is Shape.YES_NO
        ranked = [
            (score, option)
            for score, option in ranked
            if not lacked[option.hit.chunk.id]
            and (echoes or tells_more(option.text, subject(option.hit), terms, language))
        ]
        if not ranked:
            return []
        chance = probability(model, ranked, terms)
        best = ranked[0][0]
        marker = {hit.chunk.id: number for number, hit in markers}
        return [
            _Choice(chance * sigmoid(score) / sigmoid(best), option, marker[option.hit.chunk.id], foreign)
            for score, option in ranked[:20]
        ]

    def _claims(self, choices: Sequence[_Choice]) -> list[Claim]:
        """The best choice, and others that come close; equal texts are one claim with several citations."""
        floor = choices[0].chance * self._model.add
        claims: dict[str, Claim] = {}
        for choice in choices:
            key = " ".join(choice.option.text.split())
            if choice.chance < floor or key not in claims and len(claims) == self._most:
                continue
            option = choice.option
            citation = cite(option.hit, option.start, option.end, choice.marker)
            known = claims.get(key)
            if known is None:
                support = Support(round(choice.chance, 4), "quoted verbatim")
                claims[key] = Claim(option.text, "original", (citation,), support)
            elif all(item.document.id != citation.document.id for item in known.citations):
                claims[key] = Claim(known.text, known.kind, (*known.citations, citation), known.support)
        return list(claims.values())


def _definitions_first(choices: list[_Choice], evidence: Evidence) -> list[_Choice]:
    """By chance, where what defines an asked term counts for more; the languages stay in their order."""
    terms = evidence.terms.get(evidence.language, ())
    own_first = not choices[0].foreign

    def key(item: _Choice) -> tuple[bool, float]:
        return own_first and item.foreign, -item.chance * (DEFINES if defines(item.option.text, terms) else 1.0)

    return sorted(choices, key=key)


def _with_verdict(claims: list[Claim], choices: Sequence[_Choice], evidence: Evidence) -> list[Claim]:
    """Yes or no before the sentence that decides it; the sentences alone where none does."""
    hits = {item.option.hit.chunk.id: item.option.hit for item in choices}
    told = evidence.question.answer_language or evidence.language
    for claim in claims:
        hit = hits[claim.citations[0].chunk_id]
        terms = [term for term in evidence.terms.get(hit.chunk.language, ()) if term.weight > 0]
        said = decided(evidence.question.text, evidence.language, hit, claim, terms)
        if said is not None:
            return [verdict(said, claim, told), claim, *(item for item in claims if item is not claim)]
    return claims


def _listed(choices: Sequence[_Choice], evidence: Evidence, shape: Shape) -> list[Claim]:
    """The whole list or procedure that the choices stand in, where the question asks for one."""
    if shape not in (Shape.STEPS, Shape.LIST):
        return []
    language = choices[0].option.hit.chunk.language
    found = [
        Found(item.option.hit, item.option.text, item.chance, item.marker)
        for item in choices
        if item.option.hit.chunk.language == language
    ]
    return whole_list(found, evidence.terms.get(language, ()), evidence.elements, shape is Shape.STEPS)


def _about(evidence: Evidence, side: str, other: str) -> Evidence:
    """The evidence for a question about one side only."""
    terms = {
        language: without(items, side, other, evidence.language) for language, items in evidence.terms.items()
    }
    return replace(evidence, terms=terms)


def lacking(evidence: Evidence) -> dict[str, list[str]]:
    """Chunk id -> the names, numbers and identifiers asked for that the chunk, with its title, does not hold."""
    found: dict[str, list[str]] = {}
    needed: dict[str, list[QueryTerm]] = {}
    for passage in evidence.passages:
        for hit in passage.hits:
            language = hit.chunk.language
            terms = evidence.terms.get(language, ())
            if language not in needed:
                needed[language] = _needed(evidence, terms)
            found[hit.chunk.id] = missing(needed[language], _whole(hit), terms)
    return found


def _needed(evidence: Evidence, terms: Sequence[QueryTerm]) -> list[QueryTerm]:
    return required(terms) + unknown_names(evidence.question.text, evidence.language, terms)


def _own_first(choices: list[_Choice], prefer: float) -> list[_Choice]:
    """By probability; but the asker's own language goes first, unless it falls below a share of the best other.

    A translation of a document that the own language quotes, too, is no rival: it says the same.
    """
    ordered = sorted(choices, key=lambda item: -item.chance)
    own = [item for item in ordered if not item.foreign]
    editions = {item.option.hit.document.family for item in own} - {""}
    rivals = [item for item in ordered if item.foreign and item.option.hit.document.family not in editions]
    if not own or rivals and own[0].chance < prefer * rivals[0].chance:
        return ordered
    return own + [item for item in ordered if item.foreign]


def _whole(hit: Hit) -> Bag:
    language = hit.chunk.language
    return union([bag(hit.chunk.embed_text, language), bag(subject(hit), language)])


def _markers(passages: Sequence[Passage], language: str) -> list[tuple[int, Hit]]:
    return [(item.marker, hit) for item in passages for hit in item.hits if hit.chunk.language == language]
