"""Asks the golden cases and writes docs/quality.md: figures per language, kind and tag, each with its interval.

    python benchmarks/quality.py [--results DIR] [--no-write]

With --results the page tells of a run that `copilot eval run` or `copilot eval gate` has written.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from _report import ROOT, machine

from copilot.settings import load_settings
from evals.report.labels import KINDS, NOT_TABLED, metric
from evals.report.words import share, summary_text, table
from evals.running.corpora import case_set
from evals.running.results import Kept, read_results
from evals.running.session import Plan, run
from evals.running.summary import Group, Report, grouped, read_report
from evals.statistics import Figure

PAGE = ROOT / "docs" / "quality.md"
ABOUT = {
    "page_correct": "right page", "citation_recall": "right source cited", "numbers_correct": "right numbers",
    "abstention": "answers if there is one", "recall_at_10": "right passage in 10 hits",
}  # fmt: skip
HEAD = """# Quality of answers

Written by `benchmarks/quality.py` from a run of `copilot eval run` over the golden cases (`evals/golden`) and the
sample documents, {cases} cases in all. A case is right where the answer cites the right page of the right document,
its quotes stand there, its numbers are those of its quotes and of the reference; where the documents hold no answer,
if none is given. In brackets stands the 95 % bootstrap interval. What each metric means and how far it may be trusted:
[evaluation.md](evaluation.md). How far the stated probability of an answer may be trusted is drawn here, over golden
questions that the curves were not fitted on; the figures behind it, and how often each kind of question without an
answer is refused, stand in [benchmarks.md](benchmarks.md).

![Reliability: the stated probability against the share that is right](images/reliability.svg)"""


def page(report: Report, kept: list[Kept]) -> str:
    """The whole page."""
    return "\n\n".join([HEAD.format(cases=report.asked), *_sections(report, kept), _made(report)]) + "\n"


def _sections(report: Report, kept: list[Kept]) -> Iterator[str]:
    yield "## By kind"
    by_kind = {words: report.kinds[kind] for kind, words in KINDS.items() if kind in report.kinds}
    yield _groups("", {"all": report.all, **by_kind})
    for kind, words in KINDS.items():
        items = [item for item in kept if item.counted and item.kind == kind]
        if items:
            yield f"## By the question's language: {words}"
            yield _groups("language", grouped(items, lambda item: [item.result.language]))
    yield "## Question and document in different languages"
    yield ("Share of right answers and number of cases. Where the question's own language has the answer, the case "
           "stands on the diagonal, else in the column of each language that has it.")  # fmt: skip
    yield _crossing(report.crossing)
    yield "## By tag"
    yield _groups("tag", report.tags)
    yield "## Every metric"
    yield table(("metric", "name", "cases", "mean"), list(_metrics(report.all)))
    if report.pending.cases:
        yield "## Counted apart"
        yield "Cases for what the product is not yet expected to do; they are in no other figure."
        yield _groups("tag", {"all": report.pending, **report.pending_tags})
    if report.latency is not None:
        yield "## Time"
        yield (f"Half of the answers within {report.latency.median_s:.2f} s, 95 % within {report.latency.p95_s:.2f} s, "
               f"the longest {report.latency.longest_s:.2f} s; the whole run took {report.seconds:.0f} s.")  # fmt: skip


def _groups(head: str, groups: Mapping[str, Group]) -> str:
    known = {name for group in groups.values() for name in group.metrics}
    columns = [(name, words) for name, words in ABOUT.items() if name in known]
    rows = [
        (name, group.cases, share(group.right), *(share(group.metrics.get(key)) for key, _ in columns))
        for name, group in groups.items()
    ]
    return table((head, "cases", "right", *(words for _, words in columns)), rows)


def _crossing(cells: Mapping[str, Mapping[str, Figure]]) -> str:
    columns = sorted({column for row in cells.values() for column in row})
    rows = [(row, *(_cell(found.get(column)) for column in columns)) for row, found in cells.items()]
    return table(("question", *columns), rows)


def _cell(found: Figure | None) -> str:
    return "" if found is None else f"{found.mean:.0%} of {found.n}"


def _metrics(group: Group) -> Iterator[tuple[str, str, int, str]]:
    for name, found in group.metrics.items():
        if name not in NOT_TABLED:
            yield metric(name), f"{name}", found.n, f"{found.mean:.3f} ({found.low:.3f}-{found.high:.3f})"


def _made(report: Report) -> str:
    made = report.fingerprint
    engine = ", ".join(f"{name} {part}" for name, part in made.engine.items())
    return (f"Measured on {report.started[:10]} ({machine()}): suite {made.suite}; {engine}; documents {made.corpus}, "
            f"cases {made.cases}.")  # fmt: skip


def main() -> None:
    """Ask or read, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--no-write", action="store_true")
    flags = parser.parse_args()
    if flags.results:
        report, kept = read_report(flags.results), read_results(flags.results)
    else:
        with tempfile.TemporaryDirectory() as folder:
            report, kept = run(Plan(case_set(None)), load_settings(), Path(folder), told=_told)
    print(summary_text(report))
    if not flags.no_write:
        PAGE.write_text(page(report, kept), encoding="utf-8")


def _told(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()
