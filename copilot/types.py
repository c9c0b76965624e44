"""The nouns that all rooms share: frozen dataclasses, standard library only; their field names are the JSON fields.

Pages count from 1; boxes are (x0, y0, x1, y1) in points from the top left of the page; languages are ISO 639-1
lower case, ``und`` where unknown; durations end in ``_s``; for scores, higher is better.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Box = tuple[float, float, float, float]

LANGUAGES = ("de", "en", "es", "fr", "it", "pl", "pt", "zh")
UNKNOWN_LANGUAGE = "und"


class Verdict(enum.StrEnum):
    """What came of a question."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_FOUND = "not_found"
    REFUSED = "refused"


class OutcomeStatus(enum.StrEnum):
    """What became of one file in an ingest."""

    INDEXED = "indexed"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"
    REMOVED = "removed"
    SKIPPED = "skipped"
    FAILED = "failed"


class ElementKind(enum.StrEnum):
    """What a piece of a parsed document is."""

    TITLE = "title"
    TEXT = "text"
    LIST_ITEM = "list_item"
    TABLE = "table"
    TABLE_ROW = "table_row"
    FIGURE_TEXT = "figure_text"


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """A named set of documents; ``default_acl`` holds the groups that may read it (empty: public)."""

    name: str
    title: str = ""
    default_acl: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A folder or file that is ingested; ``root`` is a file URL or a path."""

    name: str
    kb: str
    root: str


@dataclass(frozen=True, slots=True)
class Applicability:
    """What a document applies to; an empty field means everything."""

    sites: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One document of one revision of its bytes (``sha256``); ``acl`` holds groups, empty means public."""

    id: str
    kb: str
    uri: str
    title: str
    sha256: str
    media_type: str
    language: str = UNKNOWN_LANGUAGE
    number: str = ""
    family: str = ""
    revision: str = ""
    status: str = "released"
    effective: dt.date | None = None
    supersedes: str = ""
    owner: str = ""
    applicability: Applicability = Applicability()
    labels: tuple[str, ...] = ()
    acl: tuple[str, ...] = ()
    pipeline: str = ""
    source: str = ""
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """Where a text stands: page (PDF page, slide or sheet number, else 1), its box if there is a layout, a locator."""

    page: int = 1
    box: Box | None = None
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """A parsed piece of a document. ``text`` is what may be quoted; ``context`` is what a table row inherits
    (caption and header cells) or the number that a list gives its item: searched but not quoted. ``lines`` are
    (start, end, page, box) per line of text.

    ``level`` is a title's depth from 1. ``html`` is set for tables.
    """

    kind: ElementKind
    text: str
    span: Span
    html: str = ""
    context: str = ""
    level: int = 0
    lines: tuple[tuple[int, int, int, Box], ...] = ()
    """Per line of the text: (start, end, page, box); offsets count characters of ``text``."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is searched. ``text`` is what is quoted, ``embed_text`` adds headings and table context.

    ``pieces`` locate parts of ``text``: (start, end, Span), in order, one per line or row or paragraph.
    """

    id: str
    document_id: str
    sha256: str
    position: int
    text: str
    embed_text: str
    headings: tuple[str, ...]
    pieces: tuple[tuple[int, int, Span], ...]
    language: str
    kind: ElementKind

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans of the pieces, in order."""
        return tuple(span for _, _, span in self.pieces)


@dataclass(frozen=True, slots=True)
class Leg:
    """What one search leg said of a hit: its rank from 1, its raw score, and what it added to the hit's score."""

    rank: int
    score: float
    contribution: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found, with its document and what each leg contributed."""

    chunk: Chunk
    document: Document
    score: float
    legs: Mapping[str, Leg] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variant:
    """One form in which the question was searched: ``kind`` is original, glossary, table or machine."""

    kind: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier exchange of a conversation: what was asked (as it stood alone), answered, and cited (titles)."""

    question: str
    answer: str = ""
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. Empty ``knowledge_bases`` and ``documents`` mean all that the principal may read.

    ``turns`` are the conversation's earlier exchanges, oldest first: a follow-up is understood from them.
    """

    text: str
    language: str = ""
    answer_language: str = ""
    knowledge_bases: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    as_of: dt.date | None = None
    conversation: str = ""
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits in one merged list, and the same apart for the question's own language and for others."""

    question: str
    language: str
    hits: tuple[Hit, ...]
    own: tuple[Hit, ...]
    others: tuple[Hit, ...]
    variants: tuple[Variant, ...]
    timings_s: Mapping[str, float]
    did_you_mean: tuple[str, ...] = ()
    """Near spellings in readable text of what the question names and no readable text holds."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A marker with the neighbouring hits that it stands for."""

    marker: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """What a citation tells of its document."""

    id: str
    uri: str
    title: str
    language: str
    revision: str
    status: str
    sha256: str = ""
    owner: str = ""
    effective: dt.date | None = None
    applicability: Applicability = Applicability()


@dataclass(frozen=True, slots=True)
class PageBox:
    """A box on a page."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Citation:
    """The proof of a claim: the quote stands verbatim in the document at the pages, boxes and locator given.

    ``columns`` are the header cells above a table row's cells, in their order; empty for other text.
    """

    marker: int
    document: CitedDocument
    pages: tuple[int, ...]
    boxes: tuple[PageBox, ...]
    locator: str
    quote: str
    quote_translated: str = ""
    chunk_id: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Support:
    """How well a claim is supported: a probability and why."""

    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer; ``kind`` is original, machine, memory, reviewed, gloss, computed, generated (written
    by a language model, supported by its citations) or unsupported (written by one, and not supported).
    """

    text: str
    kind: str
    citations: tuple[Citation, ...]
    support: Support


@dataclass(frozen=True, slots=True)
class Reading:
    """One of the values that sources give for the same thing, with its proof; ``newest`` where dates tell."""

    value: str
    citation: Citation
    newest: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two or more current sources, all readable by the asker, that give different values for one ``subject``."""

    subject: str
    readings: tuple[Reading, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer with all that an audit needs.

    ``probability``: that the answer is right, calibrated. ``shape`` is value, row, steps,
    definition, yes_no, list, comparison or computed. ``standalone`` is a follow-up as it was understood.
    ``closest`` are passages near the question that do not answer it, and ``searched`` counts the readable
    chunks per language that were searched: both for answers that were not found, or only in part.
    """

    question: str
    language: str
    verdict: Verdict
    text: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    missing: tuple[str, ...] = ()
    engine: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    timings_s: Mapping[str, float] = field(default_factory=dict)
    did_you_mean: tuple[str, ...] = ()
    """Where nothing was found: near spellings in readable text of what the question names."""
    probability: float = 0.0
    shape: str = ""
    standalone: str = ""
    conflicts: tuple[Conflict, ...] = ()
    closest: tuple[Citation, ...] = ()
    searched: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One thing a question asks for, in one language of the corpus: the word as typed and the term that stands for it.

    ``kind`` is word, function, number, quantity, identifier, compound, pair or part; ``frequency`` counts the
    permitted chunks that hold the term, ``idf`` follows from it; ``weight`` is what a match counts. In a language
    other than the question's, ``expansions`` holds the terms of that language that stand for it, each with the
    probability of that translation, the surest first (``frequency`` is then the expected one); empty: ``term`` itself.
    """

    surface: str
    term: str
    kind: str
    idf: float
    frequency: float
    weight: float
    expansions: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answerer works from: the question, its language, numbered passages and the terms per language.

    The question is a standalone one: a follow-up was rewritten before the search. ``elements`` gives all elements
    of a passage's document in reading order, as far as the asker may read it; nothing where they are not kept.
    """

    question: Question
    language: str
    passages: tuple[Passage, ...]
    terms: Mapping[str, tuple[QueryTerm, ...]] = field(default_factory=dict)
    elements: Callable[[Document], Sequence[Element]] = field(default=lambda document: (), compare=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer proposes before verification: no claims mean not found; ``missing`` names what no passage has.

    ``probability`` is that the answer is right. Claims together with ``missing`` are a partial
    answer. ``closest`` cites passages that are near but answer nothing; ``warnings`` are told with the answer.
    """

    claims: tuple[Claim, ...] = ()
    probability: float = 0.0
    missing: tuple[str, ...] = ()
    shape: str = ""
    conflicts: tuple[Conflict, ...] = ()
    closest: tuple[Citation, ...] = ()
    warnings: tuple[str, ...] = ()
    engine: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GlossaryHit:
    """A term of the company's glossary in a sentence; ``used``: its term stands in the translation."""

    source_term: str
    target_term: str
    used: bool = False
    forbidden: bool = False


@dataclass(frozen=True, slots=True)
class TranslatedSentence:
    """One sentence and what is shown for it; ``kind`` is machine, memory, reviewed, gloss or original.

    ``protected`` holds what no translation may change, byte for byte; ``score`` is how near a memory's source is
    (1: the same), else the model's mean log probability per token (0 where no model spoke). ``reason`` says why a
    sentence to translate is not translated: no_package, damaged (the package), unsure (the translator may not speak
    here), lost (something that must stay was lost, whatever was tried).
    """

    source: str
    text: str
    kind: str
    language: str = UNKNOWN_LANGUAGE
    protected: tuple[str, ...] = ()
    glossary: tuple[GlossaryHit, ...] = ()
    score: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TranslatedText:
    """A text in another language with its layout kept; ``warnings`` say what could not be done, and the cure."""

    text: str
    source: str
    target: str
    sentences: tuple[TranslatedSentence, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """What a principal may know of the installation: engine parts, counts over readable documents."""

    engine: Mapping[str, str]
    documents: int
    chunks: int
    languages: Mapping[str, int]
    knowledge_bases: tuple[KnowledgeBase, ...]
    generation: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file; ``category`` is empty when all went well."""

    uri: str
    status: OutcomeStatus
    category: str = ""
    chunks: int = 0
    pages: int = 0
    seconds: float = 0.0
    reason: str = ""
    cure: str = ""
    document_id: str = ""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: an id, the groups and the attributes (site, export control) that decide what may be read."""

    id: str
    groups: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """An ingest that waits, runs or ended: the paths, who asked, and its state (queued, running, done, failed)."""

    id: int
    paths: tuple[str, ...]
    kb: str
    requested_by: str
    state: str
    progress: float = 0.0
    message: str = ""
    created: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Term ids (32 bit, ascending, unique) and their weights: tuples, or views of an index's file."""

    indices: Sequence[int]
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Point:
    """A chunk as it goes into an index: its vectors, and the id of the policy that its document demands."""

    chunk: Chunk
    dense: tuple[float, ...]
    sparse: SparseVector
    policy: str


@dataclass(frozen=True, slots=True)
class Where:
    """What a query may find. A point passes if its policy is permitted or its document is in ``include``,
    and its document is not in ``exclude``. Empty ``languages`` or ``documents`` set no bound; empty ``policies``
    with empty ``include`` match nothing (access fails closed).
    """

    policies: frozenset[str]
    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A point that an index found, with its raw score and its stored sparse vector where it was asked for."""

    chunk: Chunk
    score: float
    sparse: SparseVector | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """A point that a leg found, without its texts: its chunk's id, the leg's raw score, its stored sparse vector."""

    id: str
    score: float
    sparse: SparseVector


def to_json(value: Any) -> Any:
    """Turn any of these nouns into what ``json.dumps`` takes; dates as ISO 8601.

    A chunk also tells its spans, and inside a hit its document.
    """
    if isinstance(value, Chunk):
        return {**_fields(value), "document": value.document_id, "spans": to_json(value.spans)}
    if isinstance(value, Hit):
        fields = _fields(value)
        return {**fields, "chunk": {**fields["chunk"], "document": fields["document"]}}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return [to_json(item) for item in items]
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return value


def _fields(value: Any) -> dict[str, Any]:
    return {item.name: to_json(getattr(value, item.name)) for item in dataclasses.fields(value)}
