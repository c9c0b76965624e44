"""`copilot status`: what is here, for one principal, and how the last ingests went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copilot.commands import options
from copilot.commands.options import AsUser, Groups, Json
from copilot.types import Job, KnowledgeBase, Outcome, OutcomeStatus, Principal

if TYPE_CHECKING:
    from copilot.settings import Settings

_SHOWN = 20
_PARTS = {"llm": "Language model"}
_SHOWN_JOBS = 5


@dataclass(frozen=True, slots=True)
class Overview:
    """What one principal may know: counts over readable documents, outcomes by status, failures, jobs."""

    data_dir: str
    engine: Mapping[str, str]
    generation: str
    documents: int
    chunks: int
    languages: Mapping[str, int]
    knowledge_bases: tuple[KnowledgeBase, ...]
    documents_per_knowledge_base: Mapping[str, int]
    outcomes: Mapping[str, int]
    failures: tuple[Outcome, ...]
    jobs: tuple[Job, ...]


def status(user: AsUser = "", groups: Groups = "", json: Json = False) -> None:
    """Show what is here and how the last ingests went.

    Knowledge bases, documents, chunks per language, engines, jobs, and the files that failed with reason and cure,
    as far as the principal may read them.
    """
    from copilot.commands import output
    from copilot.settings import load_settings

    settings = load_settings()
    with output.quiet_stdout() as out:
        overview = gather(settings, options.principal(settings, user, groups))
        if json:
            output.write_json(out, overview)
        else:
            out.write("\n".join(_lines(overview)) + "\n")


def gather(settings: Settings, asker: Principal) -> Overview:
    """The overview; where nothing was published yet, its counts are zero."""
    from copilot.errors import IndexMissing
    from copilot.types import Status
    from copilot.wiring import open_copilot, open_library

    library = open_library(settings)
    try:
        with open_copilot(settings) as copilot:
            state = copilot.status(asker)
    except IndexMissing:
        state = Status({}, 0, 0, {}, (), "")
    outcomes = library.outcomes(asker)
    failures = tuple(
        item for item in outcomes if item.status in (OutcomeStatus.FAILED, OutcomeStatus.SKIPPED)
    )
    counts = library.counts(asker)
    return Overview(
        str(settings.data_dir), {**state.engine, **_language_model(settings)}, state.generation, state.documents,
        state.chunks, state.languages, state.knowledge_bases, counts["knowledge_bases"], counts["outcomes"], failures,
        tuple(library.jobs(asker)),
    )


def _language_model(settings: Settings) -> dict[str, str]:
    """The language model of the settings, and whether it answers; nothing where none is set."""
    if not settings.llm.configured:
        return {}
    from copilot.llms.building import described
    from copilot.llms.probing import probe

    seconds, reason, _ = probe(settings.llm)
    state = f"does not answer: {reason}" if reason else f"answers in {seconds:.1f} s"
    return {"llm": f"{described(settings.llm)} ({state})"}


def _counts(values: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(values.items())) or "none"


def _lines(overview: Overview) -> Iterator[str]:
    from copilot.commands.output import one_line, shown_path

    yield f"Data folder      {overview.data_dir}"
    yield f"Generation       {overview.generation or 'nothing was published yet: copilot ingest PATH'}"
    for name, value in overview.engine.items():
        yield f"{_PARTS.get(name, name.capitalize()):<17}{one_line(value)}"
    yield f"Documents        {overview.documents}"
    yield f"Chunks           {overview.chunks} ({_counts(overview.languages)})"
    for base in overview.knowledge_bases:
        number = overview.documents_per_knowledge_base.get(base.name, 0)
        who = f"groups {', '.join(base.default_acl)}" if base.default_acl else "public"
        yield f"  {base.name:<15}{number} documents, {who}, {one_line(base.title)}".rstrip(", ")
    yield f"Last outcomes    {_counts(overview.outcomes)}"
    for item in overview.failures[:_SHOWN]:
        yield f"  {item.status.value} ({item.category}) {shown_path(item.uri)}: {one_line(item.reason)}"
        if item.cure:
            yield f"    cure: {one_line(item.cure)}"
    if len(overview.failures) > _SHOWN:
        yield f"  and {len(overview.failures) - _SHOWN} more: copilot status --json lists them all"
    for job in overview.jobs[:_SHOWN_JOBS]:
        yield f"Job {job.id:<13}{job.state} {job.progress:.0%} {one_line(' '.join(job.paths))} {one_line(job.message)}"
