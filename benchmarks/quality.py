"""Asks the golden questions and those without an answer: right document and page, and right 'not found'.

    python benchmarks/quality.py [--set evals/golden] [--data-dir DIR] [--no-write] [--verbose]

Without --data-dir the samples are ingested into a temporary folder first.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from _report import ROOT, machine, table, write_section

from copilot.service import Copilot
from copilot.settings import load_settings
from copilot.types import Answer, Citation, Question, Verdict
from copilot.wiring import open_copilot
from evals.cases import load_cases
from evals.types import Case

KINDS = {"absent_topic": "topic absent", "absent_name": "identifier, number or name absent",
         "absent_property": "property absent of a thing that is there"}
OWN, CROSS = "own", "cross"
WHERE = {OWN: "The answer stands in the question's language:", CROSS: "The answer stands in other languages only:"}


@dataclass(frozen=True)
class Judged:
    """One case with its answer, and whether it is right."""

    case: Case
    answer: Answer
    right: bool

    @property
    def kind(self) -> str:
        """The kind of an unanswerable question, else an empty string."""
        return next((tag for tag in self.case.tags if tag in KINDS), "")

    @property
    def first(self) -> bool:
        """Whether the first claim alone already cites a right document and page."""
        return bool(self.answer.claims) and cites(self.case, self.answer.claims[0].citations)


def judge(case: Case, answer: Answer) -> bool:
    """A right document and page is cited; for a question without an answer, none is given."""
    if not case.sources:
        return answer.verdict in (Verdict.NOT_FOUND, Verdict.PARTIAL) and not answer.claims
    return cites(case, answer.citations)


def cites(case: Case, citations: Iterable[Citation]) -> bool:
    """Whether a right document and page is among the citations."""
    return any(
        citation.document.uri.endswith(source.document) and source.page in citation.pages
        for citation in citations
        for source in case.sources
    )


def run(copilot: Copilot, folder: Path) -> list[Judged]:
    """Ask every case of a folder's JSONL files."""
    judged = []
    for case in load_cases(folder):
        answer = copilot.ask(Question(case.question), case.principal)
        judged.append(Judged(case, answer, judge(case, answer)))
    return judged


def summary(judged: list[Judged]) -> str:
    """Per language of the question what its own language answers, what only others do, and what nothing does."""
    by_kind: dict[str, list[Judged]] = defaultdict(list)
    for item in judged:
        by_kind[item.kind or (CROSS if CROSS in item.case.tags else OWN)].append(item)
    parts = [f"{words}\n\n{_by_language(by_kind[kind])}" for kind, words in WHERE.items() if by_kind[kind]]
    kinds = [(words, len(by_kind[kind]), _share(by_kind[kind])) for kind, words in KINDS.items() if by_kind[kind]]
    if kinds:
        parts.append(table(("no answer in the corpus", "questions", "'not found', or names what is missing"), kinds))
    return "\n\n".join(parts)


def _by_language(judged: list[Judged]) -> str:
    by_language: dict[str, list[Judged]] = defaultdict(list)
    for item in judged:
        by_language[item.case.language].append(item)
    rows = [(name, *_figures(items)) for name, items in [*sorted(by_language.items()), ("all", judged)]]
    return table(("language", "questions", "right page first", "right page cited", "wrongly 'not found'"), rows)


def _figures(items: list[Judged]) -> tuple[int, str, str, str]:
    return len(items), _of(item.first for item in items), _share(items), _refused(items)


def _share(items: list[Judged]) -> str:
    return _of(item.right for item in items)


def _refused(items: list[Judged]) -> str:
    return _of(not item.answer.claims for item in items)


def _of(values: Iterable[bool]) -> str:
    known = list(values)
    return f"{sum(known) / max(1, len(known)):.0%}"


def _print_wrong(judged: list[Judged]) -> None:
    for item in judged:
        if not item.right:
            print(f"{item.case.id} [{item.answer.verdict}] {item.case.question}")
            print("   wanted:", [(s.document, s.page, s.quote[:100]) for s in item.case.sources])
            print("   got:   ", [(c.document.uri[-45:], c.pages, c.quote[:100]) for c in item.answer.citations],
                  item.answer.missing)


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
            command = [sys.executable, "-m", "copilot", "--data-dir", str(data_dir), "ingest",
                       str(ROOT / "corpus_samples")]
            subprocess.run(command, check=True, cwd=ROOT)
        with open_copilot(load_settings(data_dir=data_dir)) as copilot:
            judged = run(copilot, flags.set)
    if flags.verbose:
        _print_wrong(judged)
    text = summary(judged)
    print(text)
    if not flags.no_write:
        note = f"Measured by `benchmarks/quality.py` over `{flags.set.name}` ({machine()})."
        write_section("quality", "Right page, right 'not found'", f"{text}\n\n{note}")


if __name__ == "__main__":
    main()
