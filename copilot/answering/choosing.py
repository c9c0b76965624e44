"""What could be quoted, per language with its calibrated probability, and what stands in the way of the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copilot.answering.calibration import Calibration
from copilot.answering.covers import asks_for_cover, folded_words, is_cover
from copilot.answering.features import Option, Reads, options, subject
from copilot.answering.heads import head
from copilot.answering.instructions import first_order
from copilot.answering.model import CONFIDENCE_FEATURES, AnswerModel, confidence_features, rank, sigmoid
from copilot.answering.properties import asked_property
from copilot.answering.requirements import known_words, missing, required, unknown_names
from copilot.answering.roles import asks_role, tells_person
from copilot.answering.shapes import Shape, shape_of
from copilot.answering.shapes.kinds import asks_whether
from copilot.answering.shapes.news import tells_more
from copilot.answering.stated import states, told_numbers
from copilot.answering.text import Bag, bag, coverage, match, union
from copilot.answering.wanted import other_end
from copilot.quantities import said_otherwise
from copilot.types import ElementKind, Evidence, Hit, Passage, QueryTerm

_MOST = 20
_IN_ROLE = 0.8  # least chance of a person who is named with the role asked for, beside what the question names
_NEAR_ROLE = 0.4  # the share of the question that the passage of such a line holds at least
_UNTOLD = 0.99  # the feature "property_missing" from which an option tells nothing of the property asked for


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence or row with the probability that it answers, the marker of its passage, and whether it is foreign."""

    chance: float
    option: Option
    marker: int
    foreign: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """Of one language: what may be quoted, best first, and what is near but cannot answer (``barred``)."""

    language: str
    foreign: bool
    able: tuple[Choice, ...]
    barred: tuple[Choice, ...]
    features: tuple[float, ...] = ()
    """What the confidence model sees of the able ones, and its raw score of the best."""
    score: float = 0.0

    @property
    def chance(self) -> float:
        """Of the best that may be quoted; 0 without any."""
        return self.able[0].chance if self.able else 0.0


def choose(
    evidence: Evidence, model: AnswerModel, calibration: Calibration, reads: Reads | None = None
) -> list[Choices]:
    """The choices per language of the passages; ``model`` is one for what a reader tells where ``reads`` are given.

    Barred are options in passages that lack an identifier, number or name of the question, those that tell nothing of
    the property that it asks for or do not state its quantities, and lines that only identify their document.
    """
    lacked = lacking(evidence)
    languages = dict.fromkeys(hit.chunk.language for item in evidence.passages for hit in item.hits)
    return [_choices(evidence, language, lacked, model, calibration, reads) for language in languages]


def _choices(
    evidence: Evidence,
    language: str,
    lacked: Mapping[str, Sequence[str]],
    model: AnswerModel,
    calibration: Calibration,
    reads: Reads | None,
) -> Choices:
    foreign = language != evidence.language
    terms = evidence.terms.get(language, ())
    marker = {hit.chunk.id: number for number, hit in _markers(evidence.passages, language)}
    ranked = ranked_options(evidence, language, model, reads)
    able = [pair for pair in ranked if not lacked[pair[1].hit.chunk.id] and _speaks(evidence, pair[1], terms)]
    # What gives orders to a language model, and what follows it, is quoted only where nothing else could be.
    able = [pair for pair in able if _before_orders(pair[1])] or able
    kept = {id(option) for _, option in able}
    rest = [pair for pair in ranked if id(pair[1]) not in kept]
    barred = tuple(Choice(0.0, option, marker[option.hit.chunk.id], foreign) for _, option in rest[:_MOST])
    if not able:
        return Choices(language, foreign, (), barred)
    features = confidence_features(able, terms)
    raw = model.scoring(foreign).confidence.score(CONFIDENCE_FEATURES, features)
    best = calibration.chance(raw, evidence.language, language) / sigmoid(able[0][0])
    said = [
        Choice(_raised(evidence, option, best * sigmoid(score)), option, marker[option.hit.chunk.id], foreign)
        for score, option in able[:_MOST]
    ]
    said.sort(key=lambda item: -item.chance)
    return Choices(language, foreign, tuple(said), barred, features, raw)


def _speaks(evidence: Evidence, option: Option, terms: Sequence[QueryTerm]) -> bool:
    """Whether an option is about the property and the quantities that the question names, and more than a label."""
    question, language = evidence.question.text, option.hit.chunk.language
    if not tells_property(option) or other_end(question, _in_place(option)):
        return False
    shape = shape_of(question, evidence.language)
    place = "\n".join((_in_place(option), subject(option.hit)))
    if not states(question, evidence.language, place, language, asks_whether(question, evidence.language)):
        return False
    # A row is read under its header, which the words of its cells do not show.
    if option.hit.chunk.kind is ElementKind.TABLE_ROW or shape is Shape.DEFINITION:
        return True
    if asks_for_cover(question) and (not asks_role(question) or tells_person(question, option.text)):
        return True
    heads = [word.casefold() for word in head(question, evidence.language)]
    text = bag(option.text, language)
    if any(match(term, text) and any(word in term.surface.casefold() for word in heads) for term in terms):
        return True  # "Pump: QX-110" tells which pump
    return not is_cover(option.text, language, folded_words(subject(option.hit)), terms)


def _in_place(option: Option) -> str:
    """A sentence, or a row with its caption and header."""
    chunk = option.hit.chunk
    return chunk.embed_text if chunk.kind is ElementKind.TABLE_ROW else option.text


def _raised(evidence: Evidence, option: Option, chance: float) -> float:
    """The chance of a line that names a person in the role asked for is not left to its few words."""
    if chance >= _IN_ROLE or not tells_person(evidence.question.text, _in_place(option)):
        return chance
    terms = [term for term in evidence.terms.get(option.hit.chunk.language, ()) if term.weight > 0]
    return _IN_ROLE if coverage(terms, _whole(option.hit)) >= _NEAR_ROLE else chance


def ranked_options(
    evidence: Evidence, language: str, model: AnswerModel, reads: Reads | None = None
) -> list[tuple[float, Option]]:
    """Every sentence and row in one language that tells more than the question, with its logit, best first."""
    foreign = language != evidence.language
    terms = evidence.terms.get(language, ())
    question = evidence.question.text
    hits = sorted((hit for _, hit in _markers(evidence.passages, language)), key=lambda hit: -hit.score)
    found = options(question, evidence.language, hits, terms, foreign, reads)
    # Who asks whether something is so gets an echo as the answer.
    if shape_of(question, evidence.language) is not Shape.YES_NO:
        found = [option for option in found if tells_more(option.text, subject(option.hit), terms, language)]
    return rank(model.scoring(foreign), found)


def _before_orders(option: Option) -> bool:
    chunk = option.hit.chunk
    return option.start < first_order(chunk.text, chunk.language)


def tells_property(option: Option) -> bool:
    """Whether an option tells of the property that the question asks for, if it asks for one."""
    return option.feature("property_missing") < _UNTOLD


def untold_property(evidence: Evidence) -> str:
    """The property that the question asks for, in its own language; empty where it asks for none."""
    return asked_property(evidence.question.text, evidence.language).name(evidence.language)


def lacking(evidence: Evidence) -> dict[str, list[str]]:
    """Chunk id -> the names, numbers and identifiers asked for that the chunk, with its title, does not hold."""
    found: dict[str, list[str]] = {}
    question, limits = evidence.question.text, asks_whether(evidence.question.text, evidence.language)
    needed: dict[str, list[QueryTerm]] = {}
    for passage in evidence.passages:
        for hit in passage.hits:
            language = hit.chunk.language
            terms = evidence.terms.get(language, ())
            if language not in needed:
                needed[language] = _needed(evidence, terms)
            text = hit.chunk.embed_text
            otherwise = said_otherwise(question, evidence.language, text, language)
            otherwise |= told_numbers(question, evidence.language, text, language, limits)
            lacked = missing(needed[language], _whole(hit), terms)
            found[hit.chunk.id] = [name for name in lacked if name not in otherwise]
    return found


def _needed(evidence: Evidence, terms: Sequence[QueryTerm]) -> list[QueryTerm]:
    known = known_words(evidence.terms)
    return required(terms) + unknown_names(evidence.question.text, evidence.language, terms, known)


def own_first(choices: Sequence[Choice], prefer: float) -> list[Choice]:
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
