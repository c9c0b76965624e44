"""One leg of a translation, sentence by sentence, in up to four ways, until nothing that must stay was lost."""

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
# Up to a pause and the blank after it; up to eight words (Chinese: signs, which know no blanks).
_PAUSED = re.compile(r".+?[.,;:!?。，；：！？、]+(?:\s+|(?<=[。，；：！？、])|$)|.+", re.DOTALL)
_RUN = re.compile(r"\s*(?:[^\s\u3400-\u9fff]+\s*|[\u3400-\u9fff]{1,12}\s*){1,8}")
_EDGES = re.compile(r"([^\w¿¡\u3400-\u9fff]*)(.*?)([^\w\u3400-\u9fff]*)", re.DOTALL)


class Speaker(Protocol):
    """A model of one direction."""

    def hypotheses(self, texts: Sequence[str], n: int = 1) -> list[list[Hypothesis]]:
        """Up to ``n`` translations of each text, best first."""
        ...


@dataclass(frozen=True, slots=True)
class _Ask:
    """What one job asks the model: its texts, and what becomes of a hypothesis for each.

    ``apart``: the texts are parts of the sentence, of each of which the first sound hypothesis is taken.
    """

    texts: tuple[str, ...]
    finish: Callable[[Sequence[str]], str | None]
    apart: bool = False


class Leg:
    """Sentences through one package. What loses a number, a name or a term is tried another way, then given up.

    First the way that suits the package: with symbols for all that stays, where its vocabulary has such, else as
    written; then the other one; then split around what stays; last, phrase by phrase, unless the model could keep
    everything but was not sure of it. Nothing that fails the check is returned.
    """

    def __init__(self, package: Package, model: Speaker, tables: str = "all") -> None:
        self._package = package
        self._model = model
        self._languages = (package.source, package.target)
        self._tables = tables

    def translate(self, jobs: Sequence[Job]) -> list[Hypothesis]:
        """A faithful translation of each job, or a refusal."""
        first = (self._masked, self._plain) if self._package.masks else (self._plain, self._masked)
        done = [Hypothesis("", 0.0, LOST)] * len(jobs)
        for way in (*first, self._split, self._phrased):
            left = [
                number for number, found in enumerate(done)
                if not found.text and (found.refused == LOST or way != self._phrased)
            ]
            asks = [way(jobs[number]) for number in left]
            for number, found in zip(left, self._asked([jobs[number] for number in left], asks), strict=True):
                # That it could be kept, but not said with confidence, is what a reader is told.
                done[number] = found if found.text or done[number].refused == LOST else done[number]
        return done

    def _asked(self, jobs: Sequence[Job], asks: Sequence[_Ask | None]) -> list[Hypothesis]:
        """All texts of all jobs in one batch."""
        texts = [text for ask in asks if ask for text in ask.texts]
        made = iter(self._model.hypotheses(texts, _BEST))
        found: list[Hypothesis] = []
        for job, ask in zip(jobs, asks, strict=True):
            options = [next(made) for _ in ask.texts] if ask else []
            found.append(self._chosen(job, ask, options) if ask else Hypothesis("", 0.0, LOST))
        return found

    def _chosen(self, job: Job, ask: _Ask, made: Sequence[Sequence[Hypothesis]]) -> Hypothesis:
        """The first of the alternatives that keeps everything and may be said."""
        refused = LOST
        for options in self._sound(ask, made) if ask.apart else zip(*made, strict=False):
            text = ask.finish([option.text for option in options])
            if not text or not keeps(job, text, self._languages):
                continue
            sure = all(self._speaks(given, option) for given, option in zip(ask.texts, options, strict=True))
            if sure and _sane(job.source, text):
                return Hypothesis(text, sum(option.score for option in options) / len(options))
            refused = UNSURE
        return Hypothesis("", 0.0, refused)

    def _sound(self, ask: _Ask, made: Sequence[Sequence[Hypothesis]]) -> list[list[Hypothesis]]:
        """Of each part the first hypothesis that adds no number or name; nothing where a part has none."""
        found = []
        for given, options in zip(ask.texts, made, strict=True):
            sound = (
                item for item in options
                if item.text and keeps(Job(given), item.text, self._languages) and _sane(given, item.text)
            )
            if (best := next(sound, None)) is None:
                return []
            found.append(best)
        return [found]

    def _speaks(self, given: str, made: Hypothesis) -> bool:
        return may_speak(given, made.text, made.score, self._package.metadata, self._tables)

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
        return self._around(job, lambda text: [text]) if job.slots() else None

    def _phrased(self, job: Job) -> _Ask | None:
        return self._around(job, _phrases)

    def _around(self, job: Job, cut: Callable[[str], list[str]]) -> _Ask | None:
        """What stands between the slots, cut further, each part on its own; the slots stay where they are."""
        parts: list[str] = []
        asked: list[int] = []
        end = 0
        for slot in [*job.slots(), None]:
            for part in cut(job.source[end : slot.start if slot else len(job.source)]):
                # Marks and blanks at a part's edges are layout.
                lead, core, tail = _EDGES.fullmatch(part).groups()  # type: ignore[union-attr]
                if _LETTER.search(core):
                    asked.append(len(parts) + 1)
                parts += [lead, core, tail]
            if slot:
                parts.append(slot.text)
                end = slot.end
        if not asked:
            return None

        def joined(made: Sequence[str]) -> str:
            texts = list(parts)
            for place, text in zip(asked, made, strict=True):
                texts[place] = self._fitted(parts[place], text)
            return "".join(texts)

        return _Ask(tuple(parts[place] for place in asked), joined, True)

    def _fitted(self, source: str, made: str) -> str:
        """A part's translation without the blanks, marks or capital that its source had not."""
        made = _EDGES.fullmatch(made).group(2)  # type: ignore[union-attr]
        if source[:1].islower() and self._package.target != "de" and made[1:2].islower():
            return made[:1].lower() + made[1:]
        return made


def _phrases(text: str) -> list[str]:
    """A stretch cut after its pauses, and where it is still long, between words; joined it is the stretch."""
    found: list[str] = []
    for part in _PAUSED.findall(text):
        found += _RUN.findall(part) or [part]
    return found


def _sane(source: str, made: str) -> bool:
    """Whether a model has not lost itself: no word four times running, no text many times as long as its source."""
    return len(made) <= 6 * len(source) + 40 and (_STUTTER.search(made) is None or _STUTTER.search(source) is not None)
