"""`copilot eval conflicts`: labelled pairs of passages against the check for contradictions."""

from __future__ import annotations

import json as jsons
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands.options import Json

if TYPE_CHECKING:
    from evals.parts.contradicting import Compared


def conflicts(
    cases: Annotated[
        Path | None,
        typer.Option("--set", metavar="FILE|DIR", help="Pairs of passages as JSONL; without it the shipped ones."),
    ] = None,
    json: Json = False,
) -> None:
    """Say of pairs of passages whether they contradict each other, and how often that is right."""
    from copilot.commands.output import quiet_stdout
    from evals.parts.contradicting import compare, figures, read_pairs

    path = cases or Path(__file__).resolve().parent.parent / "contradictions" / "report.jsonl"
    compared = []
    with quiet_stdout() as out:
        for pair in read_pairs(path):
            compared.append(compare(pair))
            out.write(_line(compared[-1], json) + "\n")
    table = figures(compared)
    if json:
        print(jsons.dumps({"summary": table}, ensure_ascii=False), file=sys.stderr)
        return
    print(f"{table['cases']} pairs, {table['labelled']} labelled.", file=sys.stderr)
    if table["labelled"]:
        told = f"{table['conflicts']} conflicts: recall {table['recall']:.3f}, precision {table['precision']:.3f}"
        print(f"{told}; false alarms {table['false_alarms']:.3f}", file=sys.stderr)
        parts = [f"{kind} {found['right']:.3f} ({found['cases']})" for kind, found in table["by_kind"].items()]
        if parts:
            print(f"right by kind: {', '.join(parts)}", file=sys.stderr)


def _line(item: Compared, json: bool) -> str:
    if json:
        told = {
            "id": item.pair.id, "conflict": item.conflict, "subject": item.subject, "values": list(item.values),
            "reason": item.reason, "right": item.right,
        }
        return jsons.dumps(told, ensure_ascii=False)
    said = f"conflict, {item.reason}" if item.conflict else "no conflict"
    verdict = {True: "right", False: "WRONG", None: "-"}[item.right]
    return f"{item.pair.id}: {said} ({verdict})"
