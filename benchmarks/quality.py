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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _report import ROOT, machine, table, write_section

from copilot.service import Copilot
from copilot.settings import load_settings
from copilot.types import Answer, Question, Verdict
from copilot.wiring import open_copilot
from evals.cases import principal_of, read_cases

KINDS = {"absent_topic": "topic absent", "absent_name": "identifier, number or name absent",
         "absent_property": "property absent of a thing that is there"}


@dataclass(frozen=True)
class Judged:
    """One case with its answer, and whether it is right."""

    case: dict[str, Any]
    answer: Answer
    right: bool

    @property
    def kind(self) -> str:
        """The kind of an unanswerable question, else an empty string."""
        return next((tag for tag in self.case["tags"] if tag in KINDS), "")


def judge(case: dict[str, Any], answer: Answer) -> bool:
    """A right document and page is cited; for a question without an answer, none is given."""
    if not case["sources"]:
        return answer.verdict in (Verdict.NOT_FOUND, Verdict.PARTIAL) and not answer.claims
    for citation in answer.citations:
        for source in case["sources"]:
            if citation.document.uri.endswith(source["document"]) and source["page"] in citation.pages:
                return True
    return False


def run(copilot: Copilot, folder: Path) -> list[Judged]:
    """Ask every case of a folder's JSONL files."""
    judged = []
    for case in read_cases(folder):
        answer = copilot.ask(Question(case["question"]), principal_of(case))
        judged.append(Judged(case, answer, judge(case, answer)))
    return judged


def summary(judged: list[Judged]) -> str:
    """Two tables: per language, and per kind of question without an answer."""
    by_language: dict[str, list[Judged]] = defaultdict(list)
    by_kind: dict[str, list[Judged]] = defaultdict(list)
    for item in judged:
        (by_kind[item.kind] if item.kind else by_language[item.case["language"]]).append(item)
    rows = [(language, len(items), _share(items), _refused(items)) for language, items in sorted(by_language.items())]
    everything = [item for items in by_language.values() for item in items]
    rows.append(("all", len(everything), _share(everything), _refused(everything)))
    first = table(("language", "questions", "right document and page cited", "wrongly 'not found'"), rows)
    kinds = [(words, len(by_kind[kind]), _share(by_kind[kind])) for kind, words in KINDS.items() if by_kind[kind]]
    second = table(("no answer in the corpus", "questions", "'not found', or names what is missing"), kinds)
    return f"{first}\n\n{second}"


def _share(items: list[Judged]) -> str:
    return f"{sum(item.right for item in items) / max(1, len(items)):.0%}"


def _refused(items: list[Judged]) -> str:
    return f"{sum(not item.answer.claims for item in items) / max(1, len(items)):.0%}"


def _print_wrong(judged: list[Judged]) -> None:
    for item in judged:
        if not item.right:
            print(f"{item.case['id']} [{item.answer.verdict}] {item.case['question']}")
            print("   wanted:", [(s["document"], s["page"], s["quote"][:100]) for s in item.case["sources"]])
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
