"""Whether a sentence is supported by the passages that it cites: by its figures, its polarity and its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from copilot.quantities import quantities, said_otherwise
from copilot.types import Support
from copilot.verification.binding import swapped
from copilot.verification.clauses import clauses, nearest
from copilot.verification.faults import figure_faults, half_ranges, held, replaced
from copilot.verification.figures import Figures, figures
from copilot.verification.model import SupportModel, load_model
from copilot.verification.polarity import opposed, polarity
from copilot.verification.sources import Piece, Source, Window, pieces
from copilot.verification.turning import turned
from copilot.verification.wording import Lexicon, Word, Wording, words

SUPPORTED = load_model().supported
_FAULTY = 0.02  # the score of a sentence with a fault that no wording can mend
_NEAR = 3  # content words on either side of a number that belong to it
_UNHELD = 0.25
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Embedder(Protocol):
    """The part of an embedder that is used."""

    def get_text_embedding_batch(self, texts: list[str], show_progress: bool = False) -> list[list[float]]:
        """Vectors of unit length."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured of a sentence: its features (see model.FEATURES), whether its source is in another
    language, and its fault, if it has one.
    """

    features: tuple[float, ...]
    foreign: bool
    fault: str


class Verifier:
    """Scores sentences against passages; without a lexicon or an embedder it knows less. Thread-safe."""

    def __init__(
        self, lexicon: Lexicon | None = None, embedder: Embedder | None = None, model: SupportModel | None = None
    ) -> None:
        self._wording = Wording(lexicon)
        self._embedder = embedder
        self._model = model or load_model()

    def check(self, sentence: str, language: str, sources: Sequence[Source]) -> Support:
        """The probability that the sources support the sentence, and why: a code first ("number: 250 Nm").

        Codes: supported, number, unit, identifier, negation, coverage, no source. A sentence with a wrong number,
        unit, identifier or negation is never supported, whatever its words.
        """
        if not any(source.text.strip() for source in sources):
            return Support(0.0, "no source")
        reading = self.read(sentence, language, sources)
        if reading.fault:
            return Support(_FAULTY, reading.fault)
        weights = self._model.other if reading.foreign else self._model.own
        score = round(weights.chance(reading.features), 4)
        if score >= self._model.supported:
            return Support(score, "supported")
        return Support(score, f"coverage {reading.features[0]:.2f}".replace("0.", ".", 1))

    def read(self, sentence: str, language: str, sources: Sequence[Source]) -> Reading:
        """Measure without judging: for calibration, too."""
        sentence = _converted(sentence, language, sources)
        asked, figured = words(sentence, language), figures(sentence, language)
        options = [made for source in sources if (made := self._option(asked, figured, language, source))]
        window, cover = max(options, key=lambda item: item[1])
        told = self._told(asked, language, [item[0] for item in options])
        features = self._features(sentence, language, asked, figured, window, told, sources)
        everything = held(sources)
        faults = figure_faults(figured, everything) or half_ranges(sentence, language, everything)
        if not faults:
            faults = [replaced(figured, window, min(told.values(), default=1.0) if len(asked) < 2 else features[0])]
        if not faults[0]:
            faults = [swapped(self._wording, sentence, language, sources)]
        if not faults[0]:
            faults = [turned(self._wording, sentence, language, window, features[0])]
        return Reading(features, window.language != language, faults[0])

    # parts

    def _option(
        self, asked: Sequence[Word], figured: Figures, language: str, source: Source
    ) -> tuple[Window, float] | None:
        """The window of a source that tells most of the sentence: one piece, or two that follow each other."""
        parts = pieces(source)
        if not parts:
            return None
        table = [self._held(asked, language, part) for part in parts]
        best: tuple[float, int, int] | None = None
        for place in range(len(parts)):
            for size in (1, 2):
                if place + size > len(parts) or size > 1 and any(part.row for part in parts[place : place + size]):
                    continue
                chosen = table[place : place + size]
                weight = sum(word.weight for word in asked) or 1.0
                cover = sum(
                    word.weight * max(row[number] for row in chosen) for number, word in enumerate(asked)
                ) / weight
                score = cover + 0.5 * _figures_held(figured, parts[place : place + size]) - 0.04 * (size - 1)
                if best is None or score > best[0] + 1e-9:
                    best = (score, place, size)
        assert best is not None
        return Window(parts[best[1] : best[1] + best[2]]), best[0]

    def _held(self, asked: Sequence[Word], language: str, part: Piece) -> list[float]:
        return [self._wording.held(word, language, part.bag, part.language) for word in asked]

    def _told(self, asked: Sequence[Word], language: str, windows: Sequence[Window]) -> dict[int, float]:
        """Word by place -> how well the windows hold it."""
        rows = [self._held(asked, language, part) for window in windows for part in window.pieces]
        return {word.place: max(row[number] for row in rows) for number, word in enumerate(asked)}

    def _features(
        self, sentence: str, language: str, asked: Sequence[Word], figured: Figures, window: Window,
        told: dict[int, float], sources: Sequence[Source],
    ) -> tuple[float, ...]:
        cover = self._wording.coverage(asked, lambda word: told[word.place])
        every = [self._held(asked, language, part) for source in sources for part in pieces(source)]
        anywhere = {word.place: max(row[number] for row in every) for number, word in enumerate(asked)}
        whole = self._wording.coverage(asked, lambda word: anywhere[word.place])
        unheld = [word for word in asked if told[word.place] < _UNHELD]
        names = [word for word in asked if word.name]
        lost = sum(word in unheld for word in names) / len(names) if names and language not in ("de", "zh") else 0.0
        mine, its = polarity(sentence, language), polarity(window.text, window.language)
        against = opposed(mine, its) if mine.negated == its.negated else []
        return (
            cover,
            len(unheld) / max(1, len(asked)),
            max(0.0, whole - cover),
            self._binding(sentence, language, window),
            self._scatter(sentence, language, window, cover),
            self._inversion(asked, language, window),
            _shuffle(figured, window),
            self._cosine(sentence, window),
            min(3, len(figured.numbers) + len(figured.identifiers) + len(figured.pairs)) / 3,
            lost,
            float(bool(against)),
        )

    def _binding(self, sentence: str, language: str, window: Window) -> float:
        """Of each number: how far the words around it stand in the piece that holds it; the least, 1 without one."""
        least = 1.0
        for number in figures(sentence, language).numbers:
            near = _around(sentence, language, number.text)
            holding = [part for part in window.pieces if number.value.lstrip("-") in part.figures.values]
            if near and holding:
                least = min(least, max(self._covered(near, language, part) for part in holding))
        return least

    def _covered(self, asked: Sequence[Word], language: str, part: Piece) -> float:
        return self._wording.coverage(asked, lambda word: self._wording.held(word, language, part.bag, part.language))

    def _scatter(self, sentence: str, language: str, window: Window, cover: float) -> float:
        """How much less single clauses of the window tell of the sentence's clauses than the window as a whole."""
        theirs = [part for piece in window.pieces for part in clauses(piece.text, piece.language)]
        weighed = []
        for clause in clauses(sentence, language):
            other, there, _ = nearest(self._wording, clause, theirs)
            size = len(clause.words) + len(clause.figures)
            weighed.append((size, there if other is not None else 0.0))
        total = sum(size for size, _ in weighed)
        return max(0.0, cover - sum(size * there for size, there in weighed) / total) if total else 0.0

    def _inversion(self, asked: Sequence[Word], language: str, window: Window) -> float:
        """The share of word pairs whose order is the other way round in the piece."""
        piece = max(window.pieces, key=lambda part: sum(self._held(asked, language, part)))
        there: list[int] = []
        theirs = words(piece.text, piece.language)
        if language == piece.language:
            places = {term: word.place for word in reversed(theirs) for term in word.terms}
            found = [next((places[term] for term in word.terms if term in places), -1) for word in asked]
            there = [place for place in found if place >= 0]
        pairs = [(a, b) for number, a in enumerate(there) for b in there[number + 1 :] if a != b]
        return sum(a > b for a, b in pairs) / len(pairs) if pairs else 0.0

    def _cosine(self, sentence: str, window: Window) -> float:
        if self._embedder is None:
            return 0.5
        first, second = self._embedder.get_text_embedding_batch([sentence, window.text])
        return max(0.0, sum(a * b for a, b in zip(first, second, strict=True)))


def _converted(sentence: str, language: str, sources: Sequence[Source]) -> str:
    """The sentence without the quantities that a source gives in another unit ("18.4 lbf·ft" for 25 Nm)."""
    given = frozenset().union(*(said_otherwise(sentence, language, item.text, item.language) for item in sources))
    if not given:
        return sentence
    for item in reversed(quantities(sentence, language)):
        if given & set(_NUMBER.findall(item.source)):
            sentence = f"{sentence[: item.start].rstrip()} {sentence[item.end :].lstrip()}"
    return sentence


def _figures_held(figured: Figures, parts: Sequence[Piece]) -> float:
    """The share of a sentence's figures that some pieces hold; 0 without any."""
    wanted = [number.value.lstrip("-") for number in figured.numbers]
    wanted += [form for form, _ in figured.identifiers] + [form for form, _, _ in figured.pairs]
    if not wanted:
        return 0.0
    there = {value for part in parts for value in part.figures.values}
    terms = frozenset().union(*(part.bag.terms for part in parts))
    return sum(item in there or item in terms for item in wanted) / len(wanted)


def _shuffle(figured: Figures, window: Window) -> float:
    """The share of pairs of figures that stand in the other order in the piece which holds most of them."""
    mine = figured.order
    best = 0.0
    for piece in window.pieces:
        its = piece.figures.order
        shared = [its.index(value) for value in mine if its.count(value) == 1 and mine.count(value) == 1]
        pairs = [(a, b) for number, a in enumerate(shared) for b in shared[number + 1 :]]
        best = max(best, sum(a > b for a, b in pairs) / len(pairs) if pairs else 0.0)
    return best


def _around(sentence: str, language: str, number: str) -> list[Word]:
    """The content words next to a number."""
    place = sentence.find(number)
    if place < 0:
        return []
    before, after = words(sentence[:place], language), words(sentence[place + len(number) :], language)
    return [*before[-_NEAR:], *after[:1]]
