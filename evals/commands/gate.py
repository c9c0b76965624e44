"""`copilot eval gate`: holds a run against the baseline, case by case; fails where one that was right is wrong now."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evals.commands.options import Judge, Languages, SetPath, SuiteName, Tags


def gate(
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The measure; else the set's own (evals/baseline.json).")
    ] = None,
    results: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A finished run to judge; else the cases are asked now.")
    ] = None,
    accept: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Cases that may get worse: JSON lines of id and reason.")
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Make this run the baseline; needs --who and --why.")
    ] = False,
    who: Annotated[str, typer.Option(metavar="NAME", help="Who takes this run as the measure.")] = "",
    why: Annotated[str, typer.Option(metavar="REASON", help="Why the baseline changes.")] = "",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the run's results go; else the data folder.")
    ] = None,
    suite: SuiteName = "",
    cases: SetPath = None,
    judge: Judge = "",
    tag: Tags = None,
    language: Languages = None,
    json: Annotated[bool, typer.Option("--json", help="Print the verdict as one JSON object on stdout.")] = False,
) -> None:
    """Fail (exit 1) where a case that was right in the baseline is wrong now, where anything restricted shows, or where
    a score that a model gives surely fell; tell each with its reason. Time never fails it.

    A baseline of other documents or other cases is refused (exit 2).
    """
    from copilot.commands import EXIT_FAILED
    from copilot.commands.output import quiet_stdout, write_json
    from evals.commands import gating

    asked = gating.Asked(baseline, results, accept, update, who, why, out, suite, cases, judge, tag, language)
    with quiet_stdout() as stdout:
        done = gating.decide(asked)
        if json:
            write_json(stdout, done.as_json())
        else:
            stdout.write(done.text() + "\n")
    if not done.green:
        raise typer.Exit(EXIT_FAILED)
