"""The nouns of evaluation: a case, what was observed for it, its scores, and a run's report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from copilot.types import Answer, Document, Element, Principal, SearchResult, Turn

PENDING = "pending"
DRAFT = "draft"
CROSS = "cross"
ABSENT_TOPIC, ABSENT_NAME, ABSENT_PROPERTY = "absent_topic", "absent_name", "absent_property"


@dataclass(frozen=True, slots=True)
class CaseSource:
    """A document that supports the answer: its path below the corpus folder, the page, and the exact quote."""

    document: str
    page: int
    quote: str


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what a right answer is. No ``sources``: the corpus holds no answer for this principal.

    ``restricted`` names documents that this principal may not read: nothing of them may show in any part of the
    answer. ``turns`` are the conversation before the question. ``origin`` is file:line, for messages.
    """

    id: str
    question: str
    language: str
    reference: str = ""
    sources: tuple[CaseSource, ...] = ()
    principal: Principal = Principal("tester")
    tags: tuple[str, ...] = ()
    as_of: dt.date | None = None
    turns: tuple[Turn, ...] = ()
    answer_language: str = ""
    restricted: tuple[str, ...] = ()
    origin: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the corpus answers it for this principal."""
        return bool(self.sources)

    @property
    def pending(self) -> bool:
        """Whether it asks for what the product cannot do yet: counted apart."""
        return PENDING in self.tags


@dataclass(frozen=True, slots=True)
class Observation:
    """What the product did with a case; ``answer`` is None in a retrieval run. ``seconds`` is the asking's time.

    ``documents`` are the corpus's documents by id, whoever asks: they tell the editions of one family. ``secrets`` is
    what may not show for this principal: ids, addresses, titles and texts (evals.metrics.leakage.secrets_of).
    ``elements`` gives the parsed elements of one of the documents; nothing where they are not kept.
    """

    case: Case
    search: SearchResult | None
    answer: Answer | None
    seconds: float = 0.0
    documents: Mapping[str, Document] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    elements: Callable[[Document], Sequence[Element]] = field(default=lambda document: (), compare=False)


@dataclass(frozen=True, slots=True)
class Score:
    """A metric's value for one case, mostly within 0..1 and higher is better, and why."""

    value: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What a run keeps of a case: the answer (as JSON), the scores by metric, or the error of asking it.

    ``errors`` holds, by metric, why a single judgement failed: that metric has no score here, the run goes on.
    ``right`` is the verdict on the case as a whole, ``why`` a sentence on it.
    """

    case_id: str
    language: str
    tags: tuple[str, ...]
    right: bool
    why: str
    scores: Mapping[str, Score] = field(default_factory=dict)
    answer: Mapping[str, object] = field(default_factory=dict)
    error: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
