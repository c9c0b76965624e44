"""Features of a sentence or row as the answer to a question: none knows a language, none is a raw score."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copilot.answering.heads import head
from copilot.answering.properties import Asked, asked_property
from copilot.answering.requirements import required
from copilot.answering.text import Bag, bag, coverage, match, union
from copilot.answering.wanted import holds, wanted
from copilot.language import sentences
from copilot.retrieval.fusion import character_grams, gram_coverage
from copilot.types import ElementKind, Hit, QueryTerm

FEATURES = (
    "sentence",
    "headed",
    "gram_sentence",
    "rank",
    "relative",
    "wanted",
    "wanted_missing",
    "length",
    "short",
    "echo",
    "required",
    "best_term",
    "property",
    "property_missing",
    "head_missing",
    "read",
)


Reads = Mapping[tuple[str, int], float]
"""(chunk id, where the unit starts) -> the reader's score against "nothing here answers"; empty without a reader."""

_READ_MOST = 8.0  # beyond this the reader is as sure as it gets
_BY_HEADING = 0.6  # a heading names the property for what stands below it, of whichever thing


@dataclass(frozen=True, slots=True)
class Option:
    """A sentence or row that could be quoted, with its features in the order of FEATURES."""

    hit: Hit
    start: int
    end: int
    features: tuple[float, ...]

    @property
    def text(self) -> str:
        """The quote."""
        return self.hit.chunk.text[self.start : self.end]

    def feature(self, name: str) -> float:
        """One feature by name."""
        return self.features[FEATURES.index(name)]


def units(hit: Hit) -> list[tuple[int, int]]:
    """What may be quoted of a chunk: each sentence, or the whole row."""
    chunk = hit.chunk
    if chunk.kind is ElementKind.TABLE_ROW:
        return [(0, len(chunk.text))]
    return sentences(chunk.text, chunk.language)


def subject(hit: Hit) -> str:
    """What a chunk is about by its place: title, number, headings, models, file name."""
    document = hit.document
    name = document.uri.rsplit("/", 1)[-1]
    return "\n".join(
        [document.title, document.number, " ".join(document.applicability.models), name, *hit.chunk.headings]
    )


def options(
    question: str,
    language: str,
    hits: Sequence[Hit],
    terms: Sequence[QueryTerm],
    foreign: bool = False,
    reads: Reads | None = None,
) -> list[Option]:
    """Every sentence and row of hits in one language, with features; hits come best first.

    ``language`` is the question's. Between languages (``foreign``) shared letters tell nothing: the feature of
    character n-grams stays 0. ``reads`` are the reader's scores; without them its feature stays 0.
    """
    if not hits:
        return []
    asked = [term for term in terms if term.weight > 0]
    needed = required(asked)
    wants = wanted(question)
    heads = _terms_of(head(question, language), asked)
    asks = asked_property(question, language)
    grams = frozenset[str]() if foreign else character_grams(question)
    top = max(hit.score for hit in hits)
    spread = max(top - min(hit.score for hit in hits), 1e-6)
    found = []
    for rank, hit in enumerate(hits, start=1):
        place = _Place(asked, needed, heads, asks, grams, wants, 1 / rank, (hit.score - top) / spread, reads or {})
        found += _of_hit(hit, place)
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    asked: Sequence[QueryTerm]
    needed: Sequence[QueryTerm]
    heads: Sequence[QueryTerm]
    asks: Asked
    grams: frozenset[str]
    wanted: str
    rank: float
    relative: float
    reads: Reads


def _terms_of(words: Sequence[str], asked: Sequence[QueryTerm]) -> list[QueryTerm]:
    """The terms that stand for words of the question, those of a glossary's longer wording among them."""
    return [term for term in asked if any(word.casefold() in term.surface.casefold() for word in words)]


def _of_hit(hit: Hit, place: _Place) -> list[Option]:
    language = hit.chunk.language
    spans = units(hit)
    headed = bag(subject(hit), language)
    told = _told_by_place(place.asked, headed)
    own = [_Unit.of(hit.chunk.text[start:end], language, told) for start, end in spans]
    if hit.chunk.kind is ElementKind.TABLE_ROW:
        described = _Unit.of(_described(hit), language, told)
        return [Option(hit, *spans[0], _features(own[0], described, headed, hit, spans[0][0], place))]
    return [
        Option(hit, start, end, _features(unit, unit, headed, hit, start, place))
        for (start, end), unit in zip(spans, own, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Unit:
    text: str
    bag: Bag
    grams: frozenset[str]

    @classmethod
    def of(cls, text: str, language: str, told: frozenset[str]) -> _Unit:
        own = bag(text, language)
        return cls(text, Bag(own.terms | told, own.words), character_grams(text))


def _told_by_place(asked: Sequence[QueryTerm], headed: Bag) -> frozenset[str]:
    """The identifiers and numbers that title and headings hold: every sentence below speaks of them.

    Counted where they stand alone, they would make the line that repeats a document's number its best sentence.
    """
    return frozenset(
        term.term for term in asked if term.kind in ("identifier", "pair", "number") and match(term, headed) == 1.0
    )


def _described(hit: Hit) -> str:
    """A row with its caption and the names of its columns, without the headings above."""
    first, _, rest = hit.chunk.embed_text.partition("\n")
    return rest or first


def _features(
    own: _Unit, described: _Unit, headed: Bag, hit: Hit, start: int, place: _Place
) -> tuple[float, ...]:
    """In the order of FEATURES. Of a row, half counts what its cells say and half what they say under their header."""
    asked = place.asked
    row = own is not described
    held = bool(place.wanted) and holds(place.wanted, own.text)
    words = max(1, len(own.bag.terms))
    told = _told(place, described.text, hit)
    sentence, grams = coverage(asked, own.bag), gram_coverage(place.grams, own.grams)
    if row:
        sentence = (sentence + coverage(asked, described.bag)) / 2
        grams = (grams + gram_coverage(place.grams, described.grams)) / 2
    return (
        sentence,
        coverage(asked, union([described.bag, headed])),
        grams,
        place.rank,
        place.relative,
        1.0 if held else 0.0,
        1.0 if place.wanted and not held else 0.0,
        math.log(words) / 5,
        1.0 if words < 5 and not row else 0.0,
        1.0 if own.text.rstrip().endswith(("?", "？", ":", "：")) else 0.0,
        _share_held(place.needed, own.bag),
        max((match(term, own.bag) * term.weight for term in asked), default=0.0)
        / max((term.weight for term in asked), default=1.0),
        told if place.asks.properties else 0.0,
        1.0 - told,
        1.0 - max((match(term, union([described.bag, headed])) for term in place.heads), default=1.0),
        max(-_READ_MOST, min(_READ_MOST, place.reads.get((hit.chunk.id, start), 0.0))) / 4,
    )


def _told(place: _Place, text: str, hit: Hit) -> float:
    """How far the property asked for is told: by the sentence, by the row under its header, or by the heading above."""
    language = hit.chunk.language
    told = place.asks.held(text, language)
    headed = told < _BY_HEADING and hit.chunk.headings and place.asks.held(hit.chunk.headings[-1], language) == 1.0
    return _BY_HEADING if headed else told


def _share_held(needed: Sequence[QueryTerm], text: Bag) -> float:
    return sum(match(term, text) for term in needed) / len(needed) if needed else 1.0
