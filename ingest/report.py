"""What `copilot ingest` shows: progress while it runs, counts and failures at its end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlparse

from copilot.types import Outcome, OutcomeStatus

if TYPE_CHECKING:
    from rich.console import Console

    from ingest.pipeline import Ingestor

BAD = (OutcomeStatus.FAILED, OutcomeStatus.SKIPPED)
_SHOWN = 50


def followed(
    outcomes: Iterable[Outcome], ingestor: Ingestor, console: Console, *, lines: bool = True
) -> Iterator[Outcome]:
    """Pass outcomes on: with a progress bar on a terminal, with one plain line each elsewhere."""
    if console.is_terminal:
        return _with_bar(outcomes, ingestor, console)
    return _with_lines(outcomes, console) if lines else iter(outcomes)


def _with_lines(outcomes: Iterable[Outcome], console: Console) -> Iterator[Outcome]:
    for outcome in outcomes:
        if outcome.status is not OutcomeStatus.UNCHANGED:
            console.file.write(line(outcome) + "\n")
            console.file.flush()
        yield outcome


def _with_bar(outcomes: Iterable[Outcome], ingestor: Ingestor, console: Console) -> Iterator[Outcome]:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files  {task.fields[pages]:.1f} pages/s  ETA"),
        TimeRemainingColumn(),
    )
    pages, start = 0, time.monotonic()
    with Bar(*columns, console=console) as bar:
        task = bar.add_task("Ingesting", total=None, pages=0.0)
        for outcome in outcomes:
            pages += outcome.pages if outcome.status is not OutcomeStatus.UNCHANGED else 0
            rate = pages / max(0.001, time.monotonic() - start)
            bar.update(task, total=ingestor.progress.total, completed=ingestor.progress.done, pages=rate)
            if outcome.status in BAD:
                bar.console.print(line(outcome), markup=False, highlight=False, soft_wrap=True)
            yield outcome


def line(outcome: Outcome) -> str:
    """An outcome in one line: status, file, size, reason and cure."""
    parts = [f"{outcome.status.value:<9} {name_of(outcome)}"]
    if outcome.chunks:
        parts.append(f"{outcome.pages} pages, {outcome.chunks} chunks, {outcome.seconds:.1f} s")
    if outcome.status in BAD:
        parts.append(f"{outcome.category}: {outcome.reason} {outcome.cure}")
    return printable(" · ".join(parts))


def name_of(outcome: Outcome) -> str:
    """The last part of the file's address, readable."""
    return unquote(urlparse(outcome.uri).path).rsplit("/", 1)[-1]


def printable(text: str) -> str:
    """The text on one line without what steers a terminal; odd bytes of file names become marks."""
    safe = text.encode("utf-8", "replace").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else " " for c in safe)


def show_summary(outcomes: list[Outcome], seconds: float, console: Console) -> None:
    """Counts by status, totals, and the files that were not taken with reason and cure."""
    counts = Counter(outcome.status for outcome in outcomes)
    said = ", ".join(f"{counts[status]} {status.value}" for status in OutcomeStatus if counts[status])
    fresh = [item for item in outcomes if item.chunks]
    pages, chunks = sum(item.pages for item in fresh), sum(item.chunks for item in fresh)
    console.print(
        f"{len(outcomes)} file{'s' * (len(outcomes) != 1)}: {said or 'nothing done'}. "
        f"{pages} pages, {chunks} chunks in {seconds:.1f} s ({pages / max(seconds, 0.001):.1f} pages/s).",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    bad = [item for item in outcomes if item.status in BAD]
    if bad and console.is_terminal:
        _show_table(bad, console)


def _show_table(bad: list[Outcome], console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Not ingested", title_justify="left")
    for title in ("File", "Why", "What to do"):
        table.add_column(title, overflow="fold")
    for item in bad[:_SHOWN]:
        cells = (name_of(item), f"{item.category}: {item.reason}", item.cure)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    console.print(table)
    if len(bad) > _SHOWN:
        console.print(f"... and {len(bad) - _SHOWN} more: copilot status", highlight=False)
