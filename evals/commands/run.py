"""`copilot eval run`: asks a set of cases, scores the answers, writes results, figures and a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evals.commands.options import Judge, Languages, SetPath, SuiteName, Tags


def run(
    suite: SuiteName = "full",
    cases: SetPath = None,
    judge: Judge = "",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where results go; else a new folder in the data folder.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted run (of --out, else the last): ask the rest.")
    ] = False,
    tag: Tags = None,
    language: Languages = None,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Tell in the report what changed since; else the set's own.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON object on stdout.")] = False,
) -> None:
    """Ask every case and score the answers: results.jsonl, report.json, report.html and summary.md.

    Without --set the golden cases are asked over the sample documents. Exit codes: 0 done (whatever the figures), 1 a
    case could not be asked, 2 usage.
    """
    from copilot.commands import EXIT_FAILED
    from copilot.commands.output import quiet_stdout, write_json
    from copilot.settings import load_settings
    from evals.commands import options
    from evals.report import summary_text, write_pages
    from evals.running.session import run as run_plan

    settings = load_settings()
    plan = options.plan(settings, suite, cases, judge, tag, language)
    with quiet_stdout() as stdout:
        folder = options.folder(settings, plan, out, resume)
        with options.progress() as (told, step):
            report, kept = run_plan(plan, settings, folder, resume=resume, told=told, progress=step)
        write_pages(folder, report, kept, options.measure(plan, baseline, told))
        if json:
            write_json(stdout, {"out": str(folder), **options.as_json(report)})
        else:
            stdout.write(summary_text(report) + f"\nReport: {folder / 'report.html'}\n")
    if report.all.errors or report.pending.errors or report.draft.errors:
        raise typer.Exit(EXIT_FAILED)
