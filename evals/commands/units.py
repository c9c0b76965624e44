"""`copilot eval units`: conversions, comparisons and readings of quantities, each right, wrong or refused."""

from __future__ import annotations

import json as jsons
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from copilot.commands import EXIT_DONE, EXIT_FAILED
from copilot.commands.options import Json


def units(
    cases: Annotated[
        Path | None,
        typer.Option("--set", metavar="FILE", help="A JSONL file of pairs; without it the set that is shipped."),
    ] = None,
    json: Json = False,
) -> None:
    """Convert, compare and read quantities, and say which are right; exits 1 where one is wrong."""
    from copilot.commands.output import quiet_stdout
    from evals.parts.units import answer_units, read_units

    path = cases or Path(__file__).resolve().parent.parent / "units.jsonl"
    with quiet_stdout() as out:
        results = [answer_units(case) for case in read_units(path)]
        for result in results:
            out.write((jsons.dumps(result, ensure_ascii=False) if json else _line(result)) + "\n")
    _summarise(results, json)
    raise typer.Exit(EXIT_FAILED if any(result["right"] is False for result in results) else EXIT_DONE)


def _line(result: dict[str, Any]) -> str:
    told = {True: "right", False: "WRONG", None: "-"}[result["right"]]
    said = result.get("converted") or result.get("error")
    if said is None and "same" in result:
        said = "same" if result["same"] else "different"
    found = ", ".join(item["source"] for item in result.get("quantities", ()))
    return f"{result['id']}: {said if said is not None else found or 'no quantity'} ({told})"


def _summarise(results: Sequence[dict[str, Any]], json: bool) -> None:
    figures = {
        "cases": len(results),
        "right": sum(result["right"] is True for result in results),
        "wrong": sum(result["right"] is False for result in results),
        "refused": sum("error" in result for result in results),
    }
    if json:
        print(jsons.dumps({"summary": figures}), file=sys.stderr)
        return
    print(
        f"{figures['cases']} cases: {figures['right']} right, {figures['wrong']} wrong, {figures['refused']} refused.",
        file=sys.stderr,
    )
