"""Finds the proof of a written sentence: the shortest quote of a cited passage that supports it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from copilot.answering.citations import cite
from copilot.answering.instructions import clean_spans, commanding, wary
from copilot.types import Citation, ElementKind, Hit, Passage, Support
from copilot.verification import SUPPORTED, Source

_LONGEST_RUN = 3
_MOST_TRIED = 4
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]{4,}|[\u3400-\u9fff]{2}")


class Checker(Protocol):
    """What says whether sources support a sentence: copilot.verification.Verifier."""

    def check(self, sentence: str, language: str, sources: Sequence[Source]) -> Support:
        """The probability of support, and why."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """What of a hit may prove something: ``whole`` with its headings, and the spans of its sentences in the chunk."""

    hit: Hit
    head: str
    whole: str
    spans: tuple[tuple[int, int], ...]
    wary: bool

    def window(self, first: int, last: int) -> Source:
        """The sentences ``first`` to ``last`` under their headings."""
        chunk = self.hit.chunk
        if chunk.kind is ElementKind.TABLE_ROW:
            return Source(self.whole, chunk.language)
        quote = chunk.text[self.spans[first][0] : self.spans[last][1]]
        return Source(f"{self.head}\n{quote}", chunk.language)


@dataclass(frozen=True, slots=True)
class Proof:
    """How well the cited passages support a sentence, and their quotes; no quotes where nothing may be quoted."""

    support: Support
    citations: tuple[Citation, ...]

    @property
    def supported(self) -> bool:
        """Whether the sentence may be said."""
        return self.support.score >= SUPPORTED and bool(self.citations)


def provable(hit: Hit) -> Text | None:
    """The hit's text without what gives orders to a model; None where nothing is left."""
    chunk = hit.chunk
    head = chunk.embed_text.partition("\n")[0] if "\n" in chunk.embed_text else hit.document.title
    head = "" if commanding(head) else head
    if chunk.kind is ElementKind.TABLE_ROW:
        if commanding(chunk.embed_text):
            return None
        return Text(hit, head, chunk.embed_text, ((0, len(chunk.text)),), wary(chunk.text))
    spans = tuple(clean_spans(chunk.text, chunk.language))
    if not commanding(chunk.embed_text):
        return Text(hit, head, chunk.embed_text, spans, wary(chunk.text))
    return Text(hit, head, f"{head}\n{chunk.text[: spans[-1][1]]}", spans, True) if spans else None


class Prover:
    """Proves the sentences of one reply from the passages that were handed to the model."""

    def __init__(
        self, checker: Checker, passages: Sequence[Passage], language: str, topical: Callable[[str], bool]
    ) -> None:
        self._checker = checker
        self._language = language
        self._topical = topical
        self._texts = {
            item.marker: tuple(text for hit in item.hits if (text := provable(hit)) is not None) for item in passages
        }

    @property
    def markers(self) -> frozenset[int]:
        """The numbers that a sentence may cite."""
        return frozenset(self._texts)

    def texts(self, markers: Sequence[int]) -> list[str]:
        """What the passages with these numbers say."""
        return [text.whole for marker in markers for text in self._texts.get(marker, ())]

    def prove(self, sentence: str, markers: Sequence[int], always: bool = False) -> Proof:
        """The passages that support the sentence on their own; else all of them, if together they do.

        A passage that speaks of answers or instructions proves only what has to do with the question. ``always``:
        with quotes even where nothing supports it.
        """
        topical = self._topical(sentence)
        cited = [(marker, text) for marker in markers for text in self._texts.get(marker, ())
                 if topical or not text.wary]
        checked = [(self._check(sentence, [Source(text.whole, text.hit.chunk.language)]), marker, text)
                   for marker, text in cited]
        alone = [item for item in checked if item[0].score >= SUPPORTED]
        if alone:
            best = max((support for support, _, _ in alone), key=lambda support: support.score)
            return Proof(best, self._quotes(sentence, [(marker, text) for _, marker, text in alone]))
        if not cited:
            return Proof(Support(0.0, "source: nothing in it may prove a sentence"), ())
        together = checked[0][0]
        if len(cited) > 1:
            together = self._check(sentence, [Source(text.whole, text.hit.chunk.language) for _, text in cited])
        quoted = always or together.score >= SUPPORTED
        return Proof(together, self._quotes(sentence, cited) if quoted else ())

    def _check(self, sentence: str, sources: Sequence[Source]) -> Support:
        return self._checker.check(sentence, self._language, sources)

    def _quotes(self, sentence: str, cited: Sequence[tuple[int, Text]]) -> tuple[Citation, ...]:
        made = []
        for marker, text in cited:
            first, last = self._best_run(sentence, text)
            made.append(cite(text.hit, text.spans[first][0], text.spans[last][1], marker))
        return tuple(made)

    def _best_run(self, sentence: str, text: Text) -> tuple[int, int]:
        """The shortest run of sentences that supports the sentence, tried by shared words; where none does, all."""
        if len(text.spans) < 2:
            return 0, 0
        wanted = _tokens(sentence)
        runs = sorted(_runs(text), key=lambda run: (run[1] - run[0], -len(wanted & _tokens(_said(text, run))), run))
        for length in range(_LONGEST_RUN):
            for run in [run for run in runs if run[1] - run[0] == length][:_MOST_TRIED]:
                if self._check(sentence, [text.window(*run)]).score >= SUPPORTED:
                    return run
        return 0, len(text.spans) - 1


def _runs(text: Text) -> Iterator[tuple[int, int]]:
    for first in range(len(text.spans)):
        for last in range(first, min(first + _LONGEST_RUN, len(text.spans))):
            yield first, last


def _said(text: Text, run: tuple[int, int]) -> str:
    return text.hit.chunk.text[text.spans[run[0]][0] : text.spans[run[1]][1]]


def _tokens(text: str) -> set[str]:
    return set(_TOKEN.findall(text.casefold()))
