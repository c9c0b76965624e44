"""Sets the time of an extractive answer against that of its retrieval alone, and says where the rest of it goes.

    python benchmarks/answering.py [--set evals/golden] [--data-dir DIR] [--every 1] [--no-write]

Every golden question that stands alone is searched and answered in turn, each the first as often as the other. Time is
that of the processor: it does not grow with what else the machine does. The verifier of generated sentences is timed
over its labelled sets. Without --data-dir the samples are ingested into a temporary folder first.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from _measure import Steps, milliseconds
from _report import ROOT, machine, table, write_section

from copilot import drafting, service
from copilot.answering.extractive import ExtractiveAnswerer
from copilot.answering.sources import QuoteSources
from copilot.answering.translations import Translations
from copilot.searching import Searching
from copilot.service import Copilot
from copilot.settings import Settings, load_settings
from copilot.types import Question
from copilot.wiring import open_copilot, open_verifier
from evals.cases import load_cases
from evals.parts.verifying import read_pairs
from evals.types import Case

_LABELLED = ROOT / "evals" / "verification"
# What an answer is made of: (step, class or module, function).
_STEPS: tuple[tuple[str, object, str], ...] = (
    ("retrieval", Searching, "run"),
    ("computing over rows", drafting, "compute"),
    ("choosing sentences", ExtractiveAnswerer, "answer"),
    ("conversions of units", drafting, "conversions"),
    ("other editions searched", Searching, "editions"),
    ("contradictions", drafting, "conflicts"),
    ("quotes read again", QuoteSources, "tightened"),
    ("quotes read again", service, "verify"),
    ("translations of quotes", Translations, "claim"),
    ("near spellings", Searching, "near"),
)
_REST = "the rest"


@dataclass
class Measured:
    """Seconds of each search, each answer with the reader and without, each labelled sentence, each step with it."""

    search: list[float] = field(default_factory=list)
    ask: list[float] = field(default_factory=list)
    unread: list[float] = field(default_factory=list)
    sentences: list[float] = field(default_factory=list)
    steps: dict[str, float] = field(default_factory=dict)


def spent(call: Callable[[], object]) -> float:
    """The processor's seconds of a call."""
    started = time.process_time()
    call()
    return time.process_time() - started


def warm(copilot: Copilot, cases: Sequence[Case]) -> None:
    """Load what a language's first question loads."""
    copilot.warm()
    for case in {case.language: case for case in cases}.values():
        copilot.ask(Question(case.question, language=case.language), case.principal)


def time_answers(copilot: Copilot, unread: Copilot, cases: Sequence[Case]) -> Measured:
    """Search and answer each question, with the reader and without."""
    measured, steps = Measured(), Steps(outermost=True, clock=time.process_time)
    for number, case in enumerate(cases):
        asked = Question(case.question, language=case.language, as_of=case.as_of)

        def search(asked: Question = asked, case: Case = case) -> None:
            measured.search.append(spent(lambda: copilot.search(asked, case.principal)))

        def ask(asked: Question = asked, case: Case = case) -> None:
            with contextlib.ExitStack() as stack:
                for name, owner, function in _STEPS:
                    stack.enter_context(steps.timed(name, owner, function))
                measured.ask.append(spent(lambda: copilot.ask(asked, case.principal)))

        def ask_unread(asked: Question = asked, case: Case = case) -> None:
            measured.unread.append(spent(lambda: unread.ask(asked, case.principal)))

        calls = (search, ask_unread, ask)
        for call in calls if number % 2 else calls[::-1]:
            call()
    named = {name: steps.seconds[name] for name, _, _ in _STEPS}
    measured.steps = {**named, _REST: sum(measured.ask) - sum(named.values())}
    return measured


def time_sentences(settings: Settings) -> list[float]:
    """Verify each labelled sentence."""
    verifier = open_verifier(settings)
    pairs = [pair for path in sorted(_LABELLED.glob("*.jsonl")) for pair in read_pairs(path)]
    for pair in {(pair.language, *(item.language for item in pair.sources)): pair for pair in pairs}.values():
        verifier.check(pair.sentence, pair.language, pair.sources)
    return [spent(lambda pair=pair: verifier.check(pair.sentence, pair.language, pair.sources)) for pair in pairs]


def report(measured: Measured, every: int) -> str:
    """The tables and what they stand on."""
    ratios = [ask / search for ask, search in zip(measured.unread, measured.search, strict=True)]
    more = [1000 * (ask - unread) for ask, unread in zip(measured.ask, measured.unread, strict=True)]
    rows = [
        (name, len(times), *milliseconds(times), f"{1000 * statistics.mean(times):.0f}")
        for name, times in (("retrieval alone", measured.search), ("answer without the reader", measured.unread),
                            ("answer", measured.ask), ("verification of a sentence", measured.sentences))
    ]
    total = sum(measured.steps.values())
    shares = [(name, f"{1000 * seconds / len(measured.ask):.1f}", f"{seconds / total:.0%}")
              for name, seconds in measured.steps.items()]
    return f"""{table(("processor's time", "calls", "p50 ms", "p95", "mean"), rows)}

Without the reader an extractive answer takes {sum(measured.unread) / sum(measured.search):.2f} times its retrieval
alone over all questions, {statistics.median(ratios):.2f} times at the median question; its retrieval is part of it.
The reader adds {statistics.mean(more):.0f} ms, to one question in twenty {sorted(more)[int(0.95 * len(more))]:.0f} ms
or more. A sentence of a language model is verified against its passages in
{1000 * max(measured.sentences):.0f} ms at most.

{table(("step of an answer", "mean ms", "share"), shares)}

{"Every golden question" if every == 1 else f"One of {every} golden questions"} that stands alone, searched and answered
in turn, each the first as often as the other; engine warm, one thread, quotes verified. Choosing sentences has the
reader in it. Sentences: the verifier's labelled sets.

Measured by `benchmarks/answering.py` ({machine()})."""


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, default=ROOT / "evals" / "golden")
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--every", type=int, default=1, help="only each so many-th question")
    parser.add_argument("--no-write", action="store_true")
    flags = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data_dir = flags.data_dir or Path(folder)
        if not flags.data_dir:
            ingest = [sys.executable, "-m", "copilot", "--data-dir", str(data_dir), "ingest"]
            subprocess.run([*ingest, str(ROOT / "corpus_samples")], check=True, cwd=ROOT)
        settings = load_settings(data_dir=data_dir)
        cases = [case for case in load_cases(flags.set) if not case.turns][:: flags.every]
        by_words = load_settings(data_dir=data_dir, answer={"reader": False})
        with open_copilot(settings) as copilot, open_copilot(by_words) as unread:
            warm(copilot, cases)
            warm(unread, cases)
            measured = time_answers(copilot, unread, cases)
        measured.sentences = time_sentences(settings)
    text = report(measured, flags.every)
    print(text)
    if not flags.no_write:
        write_section("answering", "Answers against retrieval", text)


if __name__ == "__main__":
    main()
