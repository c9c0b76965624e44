"""Asks what the corpus does not answer: absent topics and properties, and golden questions with something swapped.

    python benchmarks/abstention.py [--set evals/golden] [--data-dir DIR] [--no-write] [--verbose]

A number, an identifier or a name of an answerable question is replaced by one that stands nowhere in the corpus, so
that nothing answers any more. Caught: nothing is claimed, or the answer names what is missing. False: the question as
it was is refused because it were missing. Of what is answered, the stated probability is held against the share that
is right. Without --data-dir the samples are ingested into a temporary folder first.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from _report import ROOT, machine, table, write_section
from _swaps import Asked, swaps

from copilot.service import Copilot
from copilot.settings import load_settings
from copilot.types import LANGUAGES, Answer, Document, Question
from copilot.wiring import open_copilot
from evals.calibration.reliability import calibration_error, figure
from evals.cases import load_cases
from evals.metrics import right
from evals.running.ground import Ground
from evals.types import ABSENT_NAME, ABSENT_PROPERTY, ABSENT_TOPIC, PENDING, Case, Observation

FIGURE = ROOT / "docs" / "images" / "reliability.svg"
WHERE = {"own": "passages in the question's language", "cross": "passages in another language"}
SWAPS = ("number", "identifier", "name")
WRITTEN = {ABSENT_TOPIC: "topic absent", ABSENT_NAME: "identifier or name absent", ABSENT_PROPERTY: "property absent"}


@dataclass(frozen=True)
class Judged:
    """An answer that was given: the languages of question and passage, the stated probability, whether it is right."""

    asked: str
    told: str
    probability: float
    right: bool

    @property
    def where(self) -> str:
        """Whether the passage is in the question's language."""
        return "own" if self.asked == self.told else "cross"


@dataclass(frozen=True)
class Told:
    """A question and the answer."""

    asked: Asked
    answer: Answer

    @property
    def silent(self) -> bool:
        """Whether nothing is claimed, or the answer names what is missing."""
        named = any(self.asked.swapped and self.asked.swapped in name for name in self.answer.missing)
        return not self.answer.claims or named

    @property
    def falsely_missed(self) -> bool:
        """Whether an answerable question is refused because something in it were missing."""
        return not self.answer.claims and bool(self.answer.missing)


def written(cases: Sequence[Case]) -> list[Asked]:
    """The cases without an answer as they are."""
    return [Asked(tag, case, case.question) for tag in WRITTEN for case in cases if tag in case.tags]


def ask(copilot: Copilot, asked: Sequence[Asked]) -> list[Told]:
    """Ask them all."""
    return [
        Told(item, copilot.ask(Question(item.question, language=item.case.language), item.case.principal))
        for item in asked
    ]


def summary(told: Sequence[Told]) -> str:
    """Per kind the share caught and the share of false ones, together and per language."""
    rows = []
    for kind in (*WRITTEN, *SWAPS):
        own = [item for item in told if item.asked.kind == kind]
        was = [item for item in told if item.asked.kind == f"{kind} as it was"]
        for where in ("own", "cross") if kind in SWAPS else ("",):
            here = [item for item in own if not where or item.asked.where == where]
            before = [item for item in was if item.asked.where == where]
            rows.append((_words(kind, where), len(here), _share([item.silent for item in here]),
                         _share([item.falsely_missed for item in before]) if before else "–",
                         *(_of_language(here, language) for language in LANGUAGES)))
    return table(("kind", "n", "caught", "false", *LANGUAGES), rows)


def _words(kind: str, where: str) -> str:
    told = WRITTEN.get(kind, f"{kind} swapped")
    return f"{told}, {'own language' if where == 'own' else 'other languages'}" if where else told


def _of_language(told: Sequence[Told], language: str) -> str:
    here = [item.silent for item in told if item.asked.case.language == language]
    return f"{sum(here)}/{len(here)}" if here else "–"


def _share(values: Sequence[bool]) -> str:
    return f"{sum(values) / len(values):.0%}" if values else "–"


def refusals(told: Sequence[Told]) -> str:
    """Of the answerable questions the share that is wrongly refused."""
    rows = [
        (where, len(here), _share([not item.answer.claims for item in here]))
        for where in ("own", "cross")
        if (here := [item for item in told if item.asked.kind == "answerable" and item.asked.where == where])
    ]
    return table(("answerable", "n", "wrongly 'not found'"), rows)


def judge(told: Sequence[Told], documents: Mapping[str, Document]) -> list[Judged]:
    """Of the written cases, swapped ones left out, what was answered, and whether it was right."""
    found = []
    for item in told:
        if item.answer.claims and (item.asked.kind == "answerable" or item.asked.kind in WRITTEN):
            verdict, _ = right(Observation(item.asked.case, None, item.answer, documents=documents))
            spoken = item.answer.claims[0].citations[0].document.language if item.answer.claims[0].citations else ""
            found.append(Judged(item.asked.case.language, spoken, item.answer.probability, verdict))
    return found


def reliability(judged: Sequence[Judged]) -> str:
    """Stated against observed: together, by whether the passages are in the question's language, per language."""
    rows = [_reliable("all answers", judged)]
    rows += [_reliable(WHERE[where], [item for item in judged if item.where == where]) for where in WHERE]
    rows += [_reliable(f"questions in {name}", [item for item in judged if item.asked == name]) for name in LANGUAGES]
    return table(("answers", "n", "stated", "right", "calibration error"), rows)


def _reliable(words: str, judged: Sequence[Judged]) -> tuple[object, ...]:
    if not judged:
        return words, 0, "–", "–", "–"
    pairs = [(item.probability, item.right) for item in judged]
    stated, share = (sum(values) / len(judged) for values in zip(*pairs, strict=True))
    return words, len(judged), f"{stated:.2f}", f"{share:.2f}", f"{calibration_error(pairs):.3f}"


def _pairs(judged: Sequence[Judged], where: str) -> list[tuple[float, bool]]:
    return [(item.probability, item.right) for item in judged if item.where == where]


def main() -> None:
    """Ask, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, default=ROOT / "evals" / "golden")
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--no-write", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    flags = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data_dir = flags.data_dir or Path(folder)
        if not flags.data_dir:
            ingest = [sys.executable, "-m", "copilot", "--data-dir", str(data_dir), "ingest"]
            subprocess.run([*ingest, str(ROOT / "corpus_samples")], check=True, cwd=ROOT)
        with open_copilot(load_settings(data_dir=data_dir)) as copilot:
            cases = [case for case in load_cases(flags.set) if PENDING not in case.tags and not case.turns]
            good = [case for case in cases if case.answerable and case.as_of is None]
            asked = [Asked("answerable", case, case.question) for case in good]
            told = ask(copilot, [*written(cases), *swaps(copilot, good), *asked])
            judged = judge(told, Ground(load_settings(data_dir=data_dir)).documents)
    if flags.verbose:
        _print_wrong(told)
    text = f"{summary(told)}\n\n{refusals(told)}\n\n{reliability(judged)}"
    print(text)
    if not flags.no_write:
        FIGURE.write_text(figure({WHERE[where]: _pairs(judged, where) for where in WHERE}), encoding="utf-8")
        picture = "![Stated probability against the share right](images/reliability.svg)"
        note = f"{picture}\n\nMeasured by `benchmarks/abstention.py` over `{flags.set.name}` ({machine()})."
        write_section("abstention", "What no document answers", f"{text}\n\n{note}")


def _print_wrong(told: Sequence[Told]) -> None:
    for item in told:
        known = item.asked.kind in WRITTEN or item.asked.kind in SWAPS
        if known and not item.silent or item.asked.kind.endswith("was") and item.falsely_missed:
            quotes = [citation.quote[:90] for claim in item.answer.claims[:1] for citation in claim.citations[:1]]
            print(f"{item.asked.kind} {item.asked.case.id} {item.asked.question} -> {item.answer.probability} "
                  f"{item.answer.missing} {quotes}")


if __name__ == "__main__":
    main()
