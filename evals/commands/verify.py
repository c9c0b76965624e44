"""`copilot eval verify`: labelled sentences against the verifier, each with its score and the reason."""

from __future__ import annotations

import json as jsons
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.commands.options import Json

if TYPE_CHECKING:
    from evals.parts.verifying import Checked


def verify(
    cases: Annotated[
        Path | None,
        typer.Option("--set", metavar="FILE|DIR", help="Labelled sentences as JSONL; without it the shipped ones."),
    ] = None,
    json: Json = False,
) -> None:
    """Say of sentences whether their sources support them, and how often that is right."""
    from copilot.commands.output import quiet_stdout
    from copilot.settings import load_settings
    from copilot.wiring import open_verifier
    from evals.parts.verifying import check, figures, read_pairs

    path = cases or Path(__file__).resolve().parent.parent / "verification" / "report.jsonl"
    pairs = read_pairs(path)
    checked = []
    with quiet_stdout() as out:
        verifier = open_verifier(load_settings())
        for pair in pairs:
            checked.append(check(pair, verifier))
            out.write(_line(checked[-1], json) + "\n")
    table = figures(checked)
    if json:
        print(jsons.dumps({"summary": table}, ensure_ascii=False), file=sys.stderr)
        return
    for line in _told(table):
        print(line, file=sys.stderr)


def _line(item: Checked, json: bool) -> str:
    if json:
        told = {
            "id": item.pair.id, "supported": item.supported, "score": item.score, "reason": item.reason,
            "label": item.pair.kind or None, "right": item.right,
        }
        return jsons.dumps(told, ensure_ascii=False)
    said = "supported" if item.supported else "not supported"
    verdict = {True: "right", False: "WRONG", None: "-"}[item.right]
    return f"{item.pair.id}: {said} ({item.score:.2f}, {item.reason}) {verdict}"


def _told(table: dict[str, Any]) -> list[str]:
    lines = [f"{table['cases']} sentences, {table['labelled']} labelled."]
    if not table["labelled"]:
        return lines
    lines.append(f"Right: {table['right']:.3f}. AUC {table['auc']:.3f}, calibration error "
                 f"{table['calibration_error']:.3f}.")
    for name in ("supported", "unsupported"):
        lines.append(f"{name}: precision {table[name]['precision']:.3f}, recall {table[name]['recall']:.3f}")
    for group in ("by_kind", "by_language", "by_pair"):
        parts = [f"{name} {found['right']:.3f} ({found['cases']})" for name, found in table[group].items()]
        lines.append(f"{group.replace('_', ' ')}: {', '.join(parts)}")
    return lines
