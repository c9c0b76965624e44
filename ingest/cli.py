"""The commands `copilot ingest` and `copilot worker`, registered through the group `copilot.commands`."""

from __future__ import annotations

import contextlib
import json as json_
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.errors import UsageError
from copilot.types import Outcome, OutcomeStatus, to_json

if TYPE_CHECKING:
    from copilot.settings import Settings

EXIT_FAILED = 1

Paths = Annotated[
    list[Path] | None, typer.Argument(metavar="PATH...", help="Files and folders; a folder is searched whole.")
]
Kb = Annotated[str, typer.Option("--kb", metavar="NAME", help="Knowledge base of files whose manifest names none.")]
Json = Annotated[bool, typer.Option("--json", help="Print one outcome a line on stdout, as JSON.")]
Rebuild = Annotated[
    bool, typer.Option("--rebuild", help="Make the whole index again; without a PATH from the kept originals.")
]
Wait = Annotated[
    float, typer.Option("--wait", min=0, metavar="S", help="Seconds to wait while another process writes.")
]
Once = Annotated[bool, typer.Option("--once", help="End when no job waits.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this package to the command line."""
    app.command()(ingest)
    app.command()(worker)


def ingest(paths: Paths = None, kb: Kb = "", json: Json = False, rebuild: Rebuild = False, wait: Wait = 30.0) -> None:
    """Take files and folders into the index, with what their manifest.toml says of them.

    Files that did not change are passed over; files gone from a folder are removed. Exit codes: 0 done, 1 some
    files failed, 2 usage, 130 interrupted (what was stored by then is published).
    """
    from copilot.settings import load_settings

    sources = list(paths or ())
    if not sources and not rebuild:
        raise UsageError("No path was given.", "Name a file or a folder: copilot ingest PATH --kb NAME")
    for path in sources:
        if not path.exists() and not path.is_symlink():
            raise UsageError(f"There is no file or folder '{path}'.", "Check the path.")
    code = _ingest(load_settings(), sources, kb, json, rebuild, wait)
    if code:
        raise typer.Exit(code)


def _ingest(settings: Settings, sources: list[Path], kb: str, as_json: bool, rebuild: bool, wait: float) -> int:
    """Run it and return the exit code; libraries that print do so on stderr."""
    from rich.console import Console

    from ingest.interrupt import EXIT_INTERRUPTED, stopping
    from ingest.report import followed, show_summary
    from ingest.wiring import open_ingestor

    # Bars of libraries would run through ours; after a second Ctrl-C nobody tidies semaphores away.
    os.environ.setdefault("TQDM_DISABLE", "1")
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
    out = sys.stdout
    start = time.monotonic()
    outcomes: list[Outcome] = []
    with contextlib.redirect_stdout(sys.stderr):
        ingestor = open_ingestor(settings)
        shown = Console(file=sys.stderr if as_json else out)
        with stopping(ingestor.stop), contextlib.closing(ingestor):
            found = ingestor.ingest(
                sources, kb, rebuild=rebuild, wait_s=wait, on_wait=lambda text: typer.echo(text, err=True)
            )
            for outcome in followed(found, ingestor, shown, lines=not as_json):
                outcomes.append(outcome)
                if as_json:
                    out.write(json_.dumps(to_json(outcome), ensure_ascii=False) + "\n")
                    out.flush()
        show_summary(outcomes, time.monotonic() - start, shown)
    if ingestor.stop.asked:
        typer.echo("Interrupted; run the same command again to go on.", err=True)
        return EXIT_INTERRUPTED
    return EXIT_FAILED if any(item.status is OutcomeStatus.FAILED for item in outcomes) else 0


def worker(once: Once = False) -> None:
    """Run queued ingest jobs one at a time, until it is told to end (SIGTERM, Ctrl-C)."""
    from copilot.settings import load_settings
    from ingest.worker import run_worker

    run_worker(load_settings(), once=once)
