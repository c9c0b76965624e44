"""`copilot eval calibrate`: what the probability of an answer means, and from which to speak, by a team's labels."""

from __future__ import annotations

import json as jsons
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.commands.options import Json

if TYPE_CHECKING:
    from copilot.answering.calibration import Calibration
    from copilot.settings import Settings
    from evals.calibration.labels import Labelled


def calibrate(
    cases: Annotated[
        Path, typer.Option("--set", metavar="FILE|DIR", help="Labelled cases: a JSONL file, or a folder of them.")
    ],
    write: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Where the calibration goes; else calibration.json in the data folder."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell the figures, store nothing.")] = False,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="Lean to nothing: for sets that are large enough to stand alone.")
    ] = False,
    json: Json = False,
) -> None:
    """Refit the probabilities and thresholds to labelled cases, a hundred or more; the answerer takes them at once.

    The curves lean to those shipped, so that few labels move them little.
    """
    from copilot.answering.calibration import FILE, shipped, to_text
    from copilot.commands.output import quiet_stdout
    from copilot.errors import UsageError
    from copilot.settings import load_settings
    from evals.calibration.curves import fit_calibration, report

    settings = load_settings()
    path, reads = write or settings.data_dir / FILE, settings.answer.reader
    with quiet_stdout() as out:
        labelled = _labelled(cases, settings)
        try:
            made = fit_calibration(labelled, cases.as_posix(), None if afresh else shipped(reads), reads)
        except ValueError as error:
            cure = "Add cases of both kinds, right and wrong, or leave out --afresh."
            raise UsageError(f"'{cases}' has no labels that tell right from wrong in {error}.", cure) from error
        figures = {"before": report(shipped(reads), labelled), "after": report(made, labelled)}
        for item in labelled:
            out.write(_line(made, item, json) + "\n")
    if not dry_run:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(to_text(made, figures["after"]), encoding="utf-8")
    _summarise(made, figures, None if dry_run else path, json)


def _labelled(cases: Path, settings: Settings) -> Sequence[Labelled]:
    """The cases with what would be said to each; their documents are ingested apart where they come with the set."""
    from copilot.answering.calibration import shipped
    from copilot.answering.model import load_model
    from copilot.wiring import open_copilot, open_reader
    from evals.calibration.labels import asked, label, outspoken
    from evals.cases import load_cases
    from evals.running.corpora import case_set, settings_of
    from evals.running.ground import Ground

    chosen = case_set(cases)
    found = load_cases(chosen.cases)
    own = settings_of(chosen, settings, lambda text: print(text, file=sys.stderr))
    documents, reader = Ground(own).documents, open_reader(own)
    model, answerer = load_model(reads=reader is not None), outspoken(shipped(reader is not None).prefer, reader)
    with open_copilot(own, answerer) as copilot:
        return [asked(copilot, label(copilot, case, model, reader), documents) for case in found]


def _line(made: Calibration, item: Labelled, json: bool) -> str:
    from evals.calibration.curves import answered, likeliest

    chance, right = likeliest(made, item)
    said = answered(made, item)[0] > 0
    if json:
        told = {"id": item.case.id, "probability": round(chance, 4), "right": right, "answered": said}
        return jsons.dumps(told, ensure_ascii=False)
    return f"{item.case.id}: {chance:.2f} {'right' if right else 'wrong'}{'' if said else ', not said'}"


def _summarise(made: Calibration, figures: dict[str, Any], path: Path | None, json: bool) -> None:
    stored = str(path) if path else ""
    if json:
        table = {"answers": made.answers, "speak": made.speak, "prefer": made.prefer, "stored": stored, **figures}
        print(jsons.dumps({"summary": table}, ensure_ascii=False), file=sys.stderr)
        return
    for name, told in figures.items():
        print(f"{name}: {jsons.dumps(told, ensure_ascii=False)}", file=sys.stderr)
    print(f"Stored in {stored}." if path else "Nothing stored.", file=sys.stderr)
