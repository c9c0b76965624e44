"""The offline answerer: it quotes the sentences or rows that answer, verbatim, or finds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from copilot.answering.calibration import Calibration, load_calibration
from copilot.answering.choosing import Choice, Choices, choose, own_first
from copilot.answering.citations import cite
from copilot.answering.features import subject
from copilot.answering.instructions import commanding
from copilot.answering.model import AnswerModel, load_model
from copilot.answering.numbering import readable
from copilot.answering.parts import answer_in_parts
from copilot.answering.reads import Reading, read
from copilot.answering.shapes import Shape, shape_of
from copilot.answering.shapes.comparison import holds_all, sides, without
from copilot.answering.shapes.definition import DEFINES, defines
from copilot.answering.shapes.lists import Found, whole_list
from copilot.answering.shapes.yes_no import decided, verdict
from copilot.answering.silence import silence
from copilot.types import Claim, Draft, ElementKind, Evidence, Support

_LISTED = 8  # claims for "which ...": several documents may each have their part


class ExtractiveAnswerer:
    """Ranks every sentence and row of the passages and quotes the best, if it is likely enough to be right."""

    name = "extractive"

    def __init__(
        self,
        max_claims: int = 3,
        model: AnswerModel | None = None,
        calibration: Calibration | None = None,
        reader: Reading | None = None,
    ) -> None:
        self._reader = reader
        self._model = model or load_model(reads=reader is not None)
        self._calibration = calibration or load_calibration(reads=reader is not None)
        self._most = max_claims

    def warm(self) -> None:
        """Load the reader."""
        if self._reader is not None:
            self._reader.scores("warm", "", ("warm",))

    def answer(self, evidence: Evidence) -> Draft:
        """Claims in the shape that the question asks for; ``missing`` names what it asks about and no passage holds."""
        shape = shape_of(evidence.question.text, evidence.language)
        if shape is Shape.COMPARISON and (compared := self._compared(evidence)) is not None:
            return compared
        told = answer_in_parts(evidence, lambda about: self._one(about, shape_of(about.question.text, about.language)))
        return self._one(evidence, shape) if told is None else told

    def _one(self, evidence: Evidence, shape: Shape) -> Draft:
        found = choose(evidence, self._model, self._calibration, read(evidence, self._reader))
        said = [made for made in found if made.able and made.chance >= self._calibration.threshold(made.foreign)]
        if not said:
            return _procedure(evidence, found, shape) or silence(evidence, found)
        choices = own_first([item for made in said for item in made.able], self._calibration.prefer)
        choices = _definitions_first(choices, evidence) if shape is Shape.DEFINITION else choices
        most = max(self._most, _LISTED) if shape is Shape.LIST else self._most
        claims = _listed(choices, evidence, shape)
        if not claims:
            shape = Shape.VALUE if shape in (Shape.STEPS, Shape.LIST) else shape
            claims = self._claims(choices, most)
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
            if not (draft.claims or holds_all(told, side, evidence.language) or _named_in(evidence, side))
        )
        chance = min(draft.probability for draft in said)
        return Draft(tuple(claims.values()), chance, silent, Shape.COMPARISON.value)

    def _claims(self, choices: Sequence[Choice], most: int) -> list[Claim]:
        """The best choice, and others that come close; equal texts are one claim with several citations.

        What an edition in another language says is left out where the asker's own edition says it.
        """
        floor = choices[0].chance * self._model.add
        claims: dict[str, Claim] = {}
        own: set[str] = set()
        for choice in choices:
            key, family = " ".join(choice.option.text.split()), choice.option.hit.document.family
            if choice.chance < floor or key not in claims and len(claims) == most or choice.foreign and family in own:
                continue
            own |= {family} - {""} if not choice.foreign else set()
            option = choice.option
            citation = cite(option.hit, option.start, option.end, choice.marker)
            known = claims.get(key)
            if known is None:
                support = Support(round(choice.chance, 4), "quoted verbatim")
                claims[key] = Claim(option.text, "original", (citation,), support)
            elif all(item.document.id != citation.document.id for item in known.citations):
                claims[key] = Claim(known.text, known.kind, (*known.citations, citation), known.support)
        return list(claims.values())


def _definitions_first(choices: list[Choice], evidence: Evidence) -> list[Choice]:
    """By chance, where what defines an asked term counts for more; the languages stay in their order."""
    terms = evidence.terms.get(evidence.language, ())
    own_first = not choices[0].foreign

    def key(item: Choice) -> tuple[bool, float]:
        return own_first and item.foreign, -item.chance * (DEFINES if defines(item.option.text, terms) else 1.0)

    return sorted(choices, key=key)


def _with_verdict(claims: list[Claim], choices: Sequence[Choice], evidence: Evidence) -> list[Claim]:
    """Yes or no before the sentence that decides it; the sentences alone where none does."""
    hits = {item.option.hit.chunk.id: item.option.hit for item in choices}
    told = evidence.question.answer_language or evidence.language
    for claim in claims:
        if commanding(claim.text):
            continue  # it may be quoted, but decides nothing
        hit = hits[claim.citations[0].chunk_id]
        terms = [term for term in evidence.terms.get(hit.chunk.language, ()) if term.weight > 0]
        said = decided(evidence.question.text, evidence.language, hit, claim, terms)
        if said is not None:
            return [verdict(said, claim, told), claim, *(item for item in claims if item is not claim)]
    return claims


def _procedure(evidence: Evidence, found: Sequence[Choices], shape: Shape) -> Draft | None:
    """The procedure whose title and headings say what the question asks, though no single step is sure to answer."""
    if shape is not Shape.STEPS:
        return None
    # Of another language a heading is covered by translations, which is too little to go by alone.
    for made in found:
        claims = _listed(made.able, evidence, shape, by_place=True) if made.able and not made.foreign else []
        if claims:
            return Draft(tuple(claims), made.chance, shape=shape.value)
    return None


def _listed(
    choices: Sequence[Choice], evidence: Evidence, shape: Shape, by_place: bool = False
) -> list[Claim]:
    """The whole list or procedure that the choices stand in, where the question asks for one."""
    if shape not in (Shape.STEPS, Shape.LIST):
        return []
    language = choices[0].option.hit.chunk.language
    found = [
        Found(item.option.hit, item.option.text, item.chance, item.marker)
        for item in choices
        if item.option.hit.chunk.language == language
    ]
    return whole_list(found, evidence.terms.get(language, ()), evidence.elements, shape is Shape.STEPS, by_place)


def _named_in(evidence: Evidence, side: str) -> bool:
    """Whether a passage names a side: then it is not absent, though nothing was said of it."""
    hits = [hit for item in evidence.passages for hit in item.hits]
    return any(holds_all(f"{hit.chunk.embed_text}\n{subject(hit)}", side, hit.chunk.language) for hit in hits)


def _about(evidence: Evidence, side: str, other: str) -> Evidence:
    """The evidence for a question about one side only."""
    terms = {
        language: without(items, side, other, evidence.language) for language, items in evidence.terms.items()
    }
    return replace(evidence, terms=terms)
