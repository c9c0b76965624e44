"""Labelled cases as the answerer sees them: per language what it would say, and whether that is right."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.answering.calibration import Calibration, Curve
from copilot.answering.choosing import Choice, Choices, choose
from copilot.answering.extractive import ExtractiveAnswerer
from copilot.answering.features import Reads
from copilot.answering.model import AnswerModel
from copilot.answering.reads import Reading, read
from copilot.service import Copilot
from copilot.types import Answer, Citation, Document, Evidence, Question
from evals.metrics import right
from evals.metrics.figures import figures, lacking
from evals.metrics.matching import holds, names
from evals.types import CROSS, Case, CaseSource, Observation

MOST_CLAIMS = 3
_LEAST = 1e-4  # answers state their probability in four digits
_AS_THEY_ARE = Calibration({"own": Curve(1.0, 0.0), "other": Curve(1.0, 0.0)}, {"own": 0.0, "other": 0.0})


@dataclass(frozen=True, slots=True)
class Listed:
    """What could be said in one language: the raw score and features of its best, and whether it would be right.

    ``right`` is of the answer as a whole (the claims that would be said), ``families`` are of all its documents.
    """

    told: str
    foreign: bool
    score: float
    features: tuple[float, ...]
    right: bool
    family: str = ""
    families: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Labelled:
    """A case and its lists; a language has one, or none where nothing could be quoted."""

    case: Case
    lists: tuple[Listed, ...]
    answer: Listed | None = None
    """The answer as a whole, where it was asked for with nothing left unsaid; its score and whether it is right."""

    @property
    def cross(self) -> bool:
        """Whether the answer stands in other languages than the question's only."""
        return CROSS in self.case.tags

    def of(self, foreign: bool) -> list[Listed]:
        """The lists in other languages than the question's, or that in its own."""
        return [item for item in self.lists if item.foreign == foreign]


def outspoken(prefer: float, reader: Reading | None = None) -> ExtractiveAnswerer:
    """An answerer that leaves nothing unsaid, and states raw scores as if they were probabilities."""
    return ExtractiveAnswerer(MOST_CLAIMS, calibration=replace(_AS_THEY_ARE, prefer=prefer), reader=reader)


def asked(copilot: Copilot, item: Labelled, documents: Mapping[str, Document]) -> Labelled:
    """The case with its answer, judged as a whole; ``copilot`` answers outspokenly."""
    case = item.case
    question = Question(case.question, language=case.language, as_of=case.as_of, turns=case.turns)
    answer = copilot.ask(question, case.principal)
    if not answer.claims or not answer.claims[0].citations:
        return item
    told = _spoken(answer, answer.claims[0].citations[0])
    chance = min(1 - _LEAST, max(_LEAST, answer.probability))
    verdict, _ = right(Observation(case, None, answer, documents=documents))
    score = math.log(chance / (1 - chance))
    return replace(item, answer=Listed(told, told != case.language, score, (), verdict))


def _spoken(answer: Answer, citation: Citation) -> str:
    chunks = (hit.chunk for item in answer.passages for hit in item.hits)
    return next((chunk.language for chunk in chunks if chunk.id == citation.chunk_id), citation.document.language)


def label(copilot: Copilot, case: Case, model: AnswerModel, reader: Reading | None = None) -> Labelled:
    """The case's lists as the answerer would see them; ``model`` is one for the reader where there is one."""
    evidence = copilot.evidence(Question(case.question, language=case.language, as_of=case.as_of), case.principal)
    return Labelled(case, lists_of(evidence, case, model, read(evidence, reader)))


def lists_of(
    evidence: Evidence, case: Case, model: AnswerModel, reads: Reads | None = None
) -> tuple[Listed, ...]:
    """What could be said from the evidence, per language."""
    return tuple(_listed(made, case, model.add) for made in choose(evidence, model, _AS_THEY_ARE, reads) if made.able)


def _listed(made: Choices, case: Case, add: float) -> Listed:
    families = frozenset(item.option.hit.document.family for item in made.able) - {""}
    family = made.able[0].option.hit.document.family
    right = said_right(made.able, add, case)
    return Listed(made.language, made.foreign, made.score, made.features, right, family, families)


def said_right(able: Sequence[Choice], add: float, case: Case) -> bool:
    """Whether the claims that these choices become cite a right page, and hold the figures that it proves."""
    said: dict[str, Choice] = {}
    for item in able:
        if item.chance >= add * able[0].chance and len(said) < MOST_CLAIMS:
            said.setdefault(" ".join(item.option.text.split()), item)
    text = "\n".join(item.option.hit.chunk.embed_text if _row(item) else item.option.text for item in said.values())
    if not any(_serves(item, source) for item in said.values() for source in case.sources):
        return False
    quotes = "\n".join(source.quote for source in case.sources)
    proven = [figure for figure in figures(case.reference, case.language) if not lacking([figure], quotes)]
    return not lacking(proven, text)


def _row(item: Choice) -> bool:
    return item.option.start == 0 and item.option.end == len(item.option.hit.chunk.text)


def _serves(item: Choice, source: CaseSource) -> bool:
    option = item.option
    pages = {span.page for start, end, span in option.hit.chunk.pieces if start < option.end and end > option.start}
    return names(option.hit.document.uri, source.document) and (
        source.page in pages or holds(option.text, source.quote)
    )
