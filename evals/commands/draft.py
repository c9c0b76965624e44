"""`copilot eval draft`: proposes cases from ingested documents, to be edited by a person."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote, urlparse

import typer

from copilot.commands.options import AsUser, Documents, Groups, Json, Kbs

if TYPE_CHECKING:
    from copilot.types import Document, Principal
    from evals.cases.drafting import Readable
    from evals.types import Case

_IN_FORCE = "released"


def draft(
    document: Documents = None,
    kb: Kbs = None,
    count: Annotated[int, typer.Option(min=1, max=10_000, help="How many cases at most.")] = 20,
    language: Annotated[
        str, typer.Option(metavar="LANG", help="Language of the questions; else each document's own.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.jsonl", help="A new file for the cases; else they go to stdout.")
    ] = None,
    user: AsUser = "",
    groups: Groups = "",
    json: Json = False,
) -> None:
    """Propose cases from ingested documents, with reference, page and quote filled in.

    They are drafts: the wording copies its source. Reword each question, check the reference, drop the tag 'draft'.
    """
    from copilot.commands import bases, documents, options
    from copilot.commands.output import quiet_stdout
    from copilot.errors import UsageError
    from copilot.settings import load_settings
    from evals.cases.drafting import drafts
    from evals.cases.records import to_line, write_new

    asked = options.language(language)
    settings = load_settings()
    asker = options.principal(settings, user, groups)
    with quiet_stdout() as stdout:
        chosen = frozenset(documents.resolve(settings, document, asker))
        readable = _readable(asker, chosen, frozenset(bases.resolve(settings, kb, asker)))
        if not readable:
            raise UsageError("There is no released document here that you may read.", "Ingest some, or name others.")
        made = drafts(readable, count, asked, asker)
        if out is not None:
            write_new(out, made)
        if out is None or json:
            stdout.writelines(to_line(case) for case in made)
    _tell(made, readable, out, json)


def _readable(asker: Principal, chosen: frozenset[str], kbs: frozenset[str]) -> list[Readable]:
    from copilot.settings import load_settings
    from copilot.wiring import open_library
    from evals.cases.drafting import Readable

    library = open_library(load_settings())
    known = library.documents(asker)
    names = _names(known)
    return [
        Readable(item, library.elements(item.id, asker, item.sha256), names[item.id])
        for item in known
        if (item.id in chosen if chosen else item.status == _IN_FORCE) and (not kbs or item.kb in kbs)
    ]


def _names(known: Sequence[Document]) -> dict[str, str]:
    """The shortest end of each document's path, of whole parts, that no other one shares."""
    paths = {item.id: unquote(urlparse(item.uri).path).strip("/").split("/") for item in known}
    ends = Counter("/".join(parts[-size:]) for parts in paths.values() for size in range(1, len(parts) + 1))
    return {
        key: next(
            (end for size in range(1, len(parts) + 1) if ends[end := "/".join(parts[-size:])] == 1), "/".join(parts)
        )
        for key, parts in paths.items()
    }


def _tell(made: Sequence[Case], readable: Sequence[Readable], out: Path | None, json: bool) -> None:
    import json as jsons

    used = len({source.document for case in made for source in case.sources})
    if json:
        summary = {"drafts": len(made), "documents": used, "of": len(readable), "file": str(out or "")}
        print(jsons.dumps({"summary": summary}), file=sys.stderr)
        return
    where = f" are in {out}" if out else ""
    print(f"{len(made)} drafts from {used} of {len(readable)} documents{where}. They are drafts, no cases yet: reword "
          "each question as it would be asked, check the reference, then drop the tag 'draft'.", file=sys.stderr)
