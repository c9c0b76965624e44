"""One leg of a translation, sentence by sentence, in three ways, until nothing that must stay was lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from copilot.translation.argos import Hypothesis
from copilot.translation.gate import may_speak
from copilot.translation.packages import Package
from copilot.translation.slots import Job, filled, keeps, restored, symbols

LOST, UNSURE = "lost", "unsure"
_BEST = 4
_LETTER = re.compile(r"[^\W\d_]")
_STUTTER = re.compile(r"(\b\w+\b|[\u3400-\u9fff]{2,})(?:\W*\1){3}")
_END = re.compile(r"[.!?。！？…]$")


class Speaker(Protocol):
    """A model of one direction."""

    def hypotheses(self, texts: Sequence[str], n: int = 1) -> list[list[Hypothesis]]:
        """Up to ``n`` translations of each text, best first."""
        ...


@dataclass(frozen=True, slots=True)
class _Ask:
    """What one job asks the model: its texts, and what becomes of a hypothesis for each."""

    texts: tuple[str, ...]
    finish: Callable[[Sequence[str]], str | None]
    alternatives: bool = True


class Leg:
    """Sentences through one package. What loses a number, a name or a term is tried another way, then given up.

    First the way that suits the package: with symbols for all that stays, where its vocabulary has such, else as
    written; then the other one; last, split around what stays. Nothing that fails the check is returned.
    """

    def __init__(self, package: Package, model: Speaker) -> None:
        self._package = package
        self._model = model
        self._languages = (package.source, package.target)

    def translate(self, jobs: Sequence[Job]) -> list[Hypothesis]:
        """A faithful translation of each job, or a refusal."""
        ways = (self._masked, self._plain, self._split) if self._package.masks else (
            self._plain, self._masked, self._split
        )
        done = [Hypothesis("", 0.0, LOST)] * len(jobs)
        for way in ways:
            left = [number for number, found in enumerate(done) if not found.text]
            asks = [way(jobs[number]) for number in left]
            for number, found in zip(left, self._asked([jobs[number] for number in left], asks), strict=True):
                # That it could be kept, but not said with confidence, is what a reader is told.
                done[number] = found if found.text or done[number].refused == LOST else done[number]
        return done

    def _asked(self, jobs: Sequence[Job], asks: Sequence[_Ask | None]) -> list[Hypothesis]:
        """All texts of all jobs in one batch, or two: one with alternatives, one without."""
        made: dict[tuple[int, int], list[Hypothesis]] = {}
        for alternatives in (True, False):
            keys = [
                (number, place) for number, ask in enumerate(asks) if ask and ask.alternatives is alternatives
                for place in range(len(ask.texts))
            ]
            texts = [_text(asks, number, place) for number, place in keys]
            made.update(zip(keys, self._model.hypotheses(texts, _BEST if alternatives else 1), strict=True))
        found: list[Hypothesis] = []
        for number, (job, ask) in enumerate(zip(jobs, asks, strict=True)):
            options = [made[number, place] for place in range(len(ask.texts))] if ask else []
            found.append(self._chosen(job, ask, options) if ask else Hypothesis("", 0.0, LOST))
        return found

    def _chosen(self, job: Job, ask: _Ask, made: Sequence[Sequence[Hypothesis]]) -> Hypothesis:
        """The first of the alternatives that keeps everything and may be said."""
        refused = LOST
        for options in zip(*made, strict=False):
            text = ask.finish([option.text for option in options])
            if not text or not keeps(job, text, self._languages):
                continue
            sure = all(self._speaks(given, option) for given, option in zip(ask.texts, options, strict=True))
            if sure and _sane(job.source, text):
                return Hypothesis(text, sum(option.score for option in options) / len(options))
            refused = UNSURE
        return Hypothesis("", 0.0, refused)

    def _speaks(self, given: str, made: Hypothesis) -> bool:
        return may_speak(given, made.text, made.score, self._package.metadata)

    def _masked(self, job: Job) -> _Ask | None:
        slots = job.slots()
        names = symbols(job, self._package.masks, len(slots))
        if names is None or not slots and not self._package.masks:
            return None  # without slots it would be the plain way again
        text = filled(job.source, slots, names)
        return _Ask((text,), lambda made: restored(made[0], names, slots))

    def _plain(self, job: Job) -> _Ask | None:
        if self._package.masks and not job.slots():
            return None
        return _Ask((job.with_terms(),), lambda made: made[0])

    def _split(self, job: Job) -> _Ask | None:
        slots = job.slots()
        if not slots:
            return None
        ends = [slot.end for slot in slots]
        starts = [slot.start for slot in slots]
        between = [job.source[a:b] for a, b in zip([0, *ends], [*starts, len(job.source)], strict=True)]
        asked = [place for place, text in enumerate(between) if _LETTER.search(text)]
        if not asked:
            return None

        def joined(made: Sequence[str]) -> str:
            texts = list(between)
            for place, text in zip(asked, made, strict=True):
                texts[place] = self._fitted(between[place], text)
            last = texts.pop()
            return "".join(part for pair in zip(texts, slots, strict=True) for part in (pair[0], pair[1].text)) + last

        return _Ask(tuple(between[place].strip() for place in asked), joined, False)

    def _fitted(self, source: str, made: str) -> str:
        """A part's translation with the white space of its source, and no full stop or capital that this had not."""
        stripped = source.strip()
        if _END.search(made) and not _END.search(stripped):
            made = made[:-1]
        if stripped[:1].islower() and self._package.target != "de" and made[1:2].islower():
            made = made[:1].lower() + made[1:]
        lead = source[: len(source) - len(source.lstrip())]
        return lead + made.strip() + source[len(source.rstrip()) :]


def _text(asks: Sequence[_Ask | None], number: int, place: int) -> str:
    ask = asks[number]
    return ask.texts[place] if ask else ""


def _sane(source: str, made: str) -> bool:
    """Whether a model has not lost itself: no word four times running, no text many times as long as its source."""
    return len(made) <= 6 * len(source) + 40 and (_STUTTER.search(made) is None or _STUTTER.search(source) is not None)
