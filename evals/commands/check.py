"""`copilot eval check`: every problem of a set, where it stands and how it is mended."""

from __future__ import annotations

import json as jsons
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.commands import EXIT_DONE, EXIT_FAILED
from copilot.commands.options import Json

if TYPE_CHECKING:
    from copilot.settings import Settings
    from evals.cases import Problem
    from evals.cases.corpus import CorpusText
    from evals.types import Case

_ERROR, _WARNING = "error", "warning"


def check(
    cases: Annotated[Path, typer.Argument(metavar="FILE|DIR", help="A JSONL file of cases, or a folder of them.")],
    corpus: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The documents that the cases quote; else the folder 'documents' beside them, else what is ingested.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Check a set: every problem with its file, line and cure; quotes are looked up in the documents.

    Exits 1 where there is a problem.
    """
    from copilot.commands.output import quiet_stdout
    from copilot.settings import load_settings
    from evals.cases import read_set

    with quiet_stdout() as out:
        text = _corpus(cases, corpus, load_settings())
        found, problems = read_set(cases, text)
        if text.empty and any(case.sources for case in found):
            problems = [*read_set(cases)[1], _nothing_to_look_up(cases)]
        told = [(_ERROR, item) for item in problems] + [(_WARNING, item) for item in _warnings(found)]
        for level, item in sorted(told, key=lambda pair: (pair[1].file, pair[1].line)):
            out.write(_as_json(level, item) if json else f"{level}: {item}\n")
    _summarise(found, problems, len(told) - len(problems), json)
    raise typer.Exit(EXIT_FAILED if problems else EXIT_DONE)


def _corpus(cases: Path, corpus: Path | None, settings: Settings) -> CorpusText:
    """The text of the named documents, of those that come with the set, or of what is ingested."""
    from copilot.errors import UsageError
    from copilot.wiring import open_library
    from evals.cases.corpus import CorpusText
    from evals.running.corpora import DOCUMENTS, CaseSet, case_set, settings_of

    chosen = case_set(cases)
    beside = cases.parent / DOCUMENTS
    if corpus is not None and not corpus.is_dir():
        raise UsageError(f"There is no folder '{corpus}'.", "Name the folder of the documents with --corpus.")
    if corpus is not None:
        chosen = CaseSet(cases, corpus, chosen.baseline)
    elif cases.is_file() and beside.is_dir():
        chosen = CaseSet(cases, beside, chosen.baseline)
    return CorpusText(open_library(settings_of(chosen, settings, lambda line: typer.echo(line, err=True))))


def _nothing_to_look_up(cases: Path) -> Problem:
    from evals.cases import Problem

    cure = "Ingest the documents (copilot ingest), or name them with --corpus."
    return Problem(str(cases), 0, "", "nothing is ingested, so no quote could be looked up.", cure)


def _warnings(cases: Iterable[Case]) -> list[Problem]:
    """What can be asked, but tells less than it could."""
    from evals.cases import problem
    from evals.types import DRAFT

    found = []
    for case in cases:
        if DRAFT in case.tags:
            found.append(problem(case, "it is a draft.", "Reword and check it, then drop the tag 'draft'."))
        if case.sources and not case.reference:
            found.append(problem(case, "it has no reference.", "Without one no metric can judge the answer's words."))
    return found


def _as_json(level: str, item: Problem) -> str:
    record: dict[str, Any] = {"id": item.id, "file": item.file, "line": item.line, "level": level}
    return jsons.dumps({**record, "problem": item.problem, "cure": item.cure}, ensure_ascii=False) + "\n"


def _summarise(cases: Sequence[Case], problems: Sequence[Problem], warnings: int, json: bool) -> None:
    from evals.cases.overlap import share_of_own_words

    figures: dict[str, Any] = {
        "cases": len(cases),
        "problems": len(problems),
        "warnings": warnings,
        "answerable": sum(case.answerable for case in cases),
        "own_words": round(share_of_own_words(cases), 3),
        "languages": dict(sorted(Counter(case.language for case in cases).items())),
        "tags": dict(Counter(tag for case in cases for tag in case.tags).most_common()),
    }
    if json:
        print(jsons.dumps({"summary": figures}, ensure_ascii=False), file=sys.stderr)
        return
    languages = ", ".join(f"{name} {count}" for name, count in figures["languages"].items())
    print(f"{figures['cases']} cases can be asked ({languages or 'none'}), {figures['answerable']} have an answer; "
          f"{len(problems)} problems, {warnings} warnings.", file=sys.stderr)
    if figures["answerable"]:
        print(f"{figures['own_words']:.0%} of the answerable share fewer than half of their content words with the "
              "quote.", file=sys.stderr)
