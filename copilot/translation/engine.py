"""Sentences through the installed packages: directly or by way of English, with the glossary's terms put in."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from copilot.language import stem
from copilot.translation.argos import Hypothesis, Model
from copilot.translation.faithful import LOST, Leg, Speaker
from copilot.translation.gate import may_speak
from copilot.translation.masks import protected
from copilot.translation.packages import Package, Pair, installed, pairs, route
from copilot.translation.slots import Job, keeps

_LOADED = 8  # models held in memory, the last used ones; a public package takes some 100 MB


class Engine:
    """Translates by the packages in the folders, the first folder's before the next one's. Thread-safe."""

    def __init__(
        self, folders: Sequence[Path], threads: int = 2, open_model: Callable[[Path, int], Speaker] = Model,
        tables: str = "all",
    ) -> None:
        """``tables`` names the word table by which a gated package is judged (all or permissive)."""
        self._folders = tuple(folders)
        self._threads = threads
        self._open = open_model
        self._tables = tables
        self._lock = threading.Lock()
        self._models: OrderedDict[tuple[Path, str], Speaker] = OrderedDict()

    def packages(self) -> dict[Pair, Package]:
        """The best package of each direction, as they are installed now."""
        return installed(self._folders)

    def pairs(self) -> frozenset[Pair]:
        """The directions that can be served."""
        return pairs(self.packages())

    def route(self, source: str, target: str) -> tuple[Package, ...]:
        """The packages that a pair goes through; empty where it is not served."""
        return route(self.packages(), source, target)

    def translate(self, jobs: Sequence[Job], way: Sequence[Package]) -> list[Hypothesis]:
        """A faithful translation of each job, or a refusal; raises ModelError for a package that cannot be loaded.

        The model is left to find the glossary's terms itself, which gets their endings right; those that it did not
        find are put in, then all of them. Where that fails, its own translation stands.
        """
        target = way[-1].target
        made = self._through([replace(job, terms=()) for job in jobs], way)
        for narrowed in (True, False):
            again = [
                number for number, (job, found) in enumerate(zip(jobs, made, strict=True))
                if job.terms and _obeyed(job, found, target) < len(job.terms)
            ]
            asked = [_lacking(jobs[number], made[number], target) if narrowed else jobs[number] for number in again]
            for number, found in zip(again, self._through(asked, way), strict=True):
                if found.text and _obeyed(jobs[number], found, target) > _obeyed(jobs[number], made[number], target):
                    made[number] = Hypothesis(_capital(jobs[number].source, found.text), found.score)
        return made

    def alternatives(self, text: str, way: Sequence[Package], n: int) -> tuple[str, ...]:
        """Up to ``n`` translations of a question, unchecked, best first: material for a search, not for a reader."""
        texts = [text]
        for package in way:
            if not texts:
                return ()
            made = self._model(package).hypotheses(texts[:1], n)[0]
            spoken = [
                item for item in made if may_speak(texts[0], item.text, item.score, package.metadata, self._tables)
            ]
            texts = [item.text for item in spoken if item.text]
        return tuple(dict.fromkeys(texts)) if way else ()

    def _through(self, jobs: Sequence[Job], way: Sequence[Package]) -> list[Hypothesis]:
        """One leg after the other; what one leg must keep, and the terms that it put in, the next must keep."""
        if not jobs:
            return []
        made = [Hypothesis(job.source, 0.0) for job in jobs]
        current = list(jobs)
        for package in way:
            left = [number for number, found in enumerate(made) if found.text]
            found = Leg(package, self._model(package), self._tables).translate([current[number] for number in left])
            for number, item in zip(left, found, strict=True):
                made[number] = item
                current[number] = _onward(current[number], item.text)
        languages = (way[0].source, way[-1].target)
        return [
            item if not item.text or keeps(job, item.text, languages) else Hypothesis("", 0.0, LOST)
            for job, item in zip(jobs, made, strict=True)
        ]

    def _model(self, package: Package) -> Speaker:
        key = (package.folder, package.fingerprint)
        with self._lock:
            if key not in self._models:
                self._models[key] = self._open(package.folder, self._threads)
            self._models.move_to_end(key)
            while len(self._models) > _LOADED:
                self._models.popitem(last=False)  # whoever uses it still holds it
            return self._models[key]


def _onward(job: Job, text: str) -> Job:
    names = {item.text for item in job.kept} | {slot.text for slot in job.terms}
    return Job(text, tuple(item for item in protected(text, names) if item.text in names))


def _obeyed(job: Job, found: Hypothesis, target: str) -> int:
    """How many of the job's terms a translation uses; -1 for none at all."""
    return sum(used(slot.text, found.text, target) for slot in job.terms) if found.text else -1


def _lacking(job: Job, found: Hypothesis, target: str) -> Job:
    """The job with those terms alone that the model did not find itself."""
    if not found.text:
        return job
    return replace(job, terms=tuple(slot for slot in job.terms if not used(slot.text, found.text, target)))


def used(term: str, text: str, language: str) -> bool:
    """Whether a term stands in a text, in whatever inflection."""
    if term.casefold() in text.casefold():
        return True
    wanted = _stems(term, language)
    there = _stems(text, language)
    return bool(wanted) and any(
        there[start : start + len(wanted)] == wanted for start in range(len(there) - len(wanted) + 1)
    )


def _stems(text: str, language: str) -> list[str]:
    words = "".join(char if char.isalnum() else " " for char in text).split()
    return [stem(word, language) for word in words]


def _capital(source: str, text: str) -> str:
    """A term that was put in begins the sentence with a capital, as its source did."""
    if source[:1].isupper() and text[:1].islower() and not any(char.isupper() or char.isdigit() for char in
                                                               text.split(" ")[0]):
        return text[:1].upper() + text[1:]
    return text

