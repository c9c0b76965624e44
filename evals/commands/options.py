"""The options that `eval run` and `eval gate` share, and how they become a plan."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.errors import UsageError

if TYPE_CHECKING:
    from copilot.settings import Settings
    from evals.gating.baseline import Baseline
    from evals.running.results import Kept
    from evals.running.session import Plan
    from evals.running.summary import Report

_INTERRUPTED = 130
_SUITES = ("retrieval", "answers", "full")

SuiteName = Annotated[
    str,
    typer.Option(
        "--suite", metavar="NAME",
        help="retrieval: search alone; answers: and the answers; full: and RAGAS's metrics that need no model.",
    ),
]
SetPath = Annotated[
    Path | None,
    typer.Option(
        "--set", metavar="PATH",
        help="A JSONL file of cases, or a folder of them; its documents/ are ingested apart. Else the golden cases.",
    ),
]
Judge = Annotated[
    str, typer.Option(metavar="URL#MODEL", help="Let this model judge, too: any OpenAI-compatible endpoint.")
]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="Only cases so tagged; may be repeated.")]
Languages = Annotated[
    list[str] | None,
    typer.Option("--language", metavar="LANG", help="Only questions in this language; may be repeated."),
]


def plan(
    settings: Settings, suite: str, cases: Path | None, judge: str, tags: list[str] | None, languages: list[str] | None
) -> Plan:
    """What to run; UsageError names the option that cannot be taken."""
    from copilot.commands.options import language
    from evals.judges import judge_spec
    from evals.running.corpora import case_set
    from evals.running.runner import Suite
    from evals.running.session import Plan

    if suite not in _SUITES:
        raise UsageError(f"There is no suite '{suite}'.", f"Take one of {', '.join(_SUITES)}.")
    spec = judge_spec(settings, judge) if suite == "full" or judge else None
    chosen = tuple(filter(None, map(language, languages or ())))
    return Plan(case_set(cases), Suite(suite), tuple(tags or ()), chosen, spec)


def folder(settings: Settings, chosen: Plan, out: Path | None, resume: bool) -> Path:
    """Where the run is written: ``--out``; to resume without it the last run of the same set; else a new folder."""
    from evals.running.results import RESULTS

    if out is not None:
        if out.exists() and not out.is_dir():
            raise UsageError(f"'{out}' is no folder.", "Name a folder with --out.")
        return out
    runs = settings.data_dir / "evals" / "runs"
    name = chosen.cases.name
    if resume:
        found = sorted(path.parent for path in runs.glob(f"*-{name}/{RESULTS}"))
        if not found:
            raise UsageError(f"There is no run of '{name}' in '{runs}' to resume.", "Name its folder with --out.")
        return found[-1]
    return runs / f"{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}-{name}"


def measure(chosen: Plan, path: Path | None, told: Callable[[str], None]) -> Baseline | None:
    """The baseline that a report compares with; one that was not named may be absent or of another kind."""
    from evals.gating.baseline import read_baseline

    file = path or chosen.cases.baseline
    if path is None and not file.is_file():
        return None
    try:
        return read_baseline(file)
    except UsageError as error:
        if path is not None:
            raise
        told(f"Not compared with the baseline: {error}")
        return None


def as_json(report: Report) -> dict[str, Any]:
    """The report's figures as JSON."""
    from copilot.types import to_json

    content: dict[str, Any] = to_json(report)
    return content


@contextlib.contextmanager
def progress() -> Iterator[tuple[Callable[[str], None], Callable[[int, int, Kept], None]]]:
    """Two functions that tell on stderr how far a run is: a bar on a terminal, elsewhere a line now and then.

    Ctrl-C ends it with one line and exit code 130.
    """
    try:
        with _progress() as told:
            yield told
    except KeyboardInterrupt as error:
        _say("Interrupted; what was asked is kept: copilot eval run --resume asks the rest.")
        raise typer.Exit(_INTERRUPTED) from error


@contextlib.contextmanager
def _progress() -> Iterator[tuple[Callable[[str], None], Callable[[int, int, Kept], None]]]:
    if not sys.stderr.isatty():
        yield _say, _step
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("Asking"), BarColumn(), MofNCompleteColumn(), TextColumn("wrong: {task.fields[wrong]}"),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=Console(file=sys.stderr)) as bar:
        task = bar.add_task("", total=None, wrong=0)
        wrong: set[str] = set()

        def step(done: int, total: int, kept: Kept) -> None:
            if not kept.result.right:
                wrong.add(kept.id)
            bar.update(task, completed=done, total=total, wrong=len(wrong))

        yield lambda text: bar.console.print(text, markup=False, highlight=False), step


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _step(done: int, total: int, kept: Kept) -> None:
    if kept.result.error:
        _say(f"{kept.id}: {kept.result.error}")
    if done == total or done % max(1, total // 10) == 0:
        _say(f"{done} of {total} cases")
