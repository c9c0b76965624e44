"""`copilot ask`: one question, or a file of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from copilot.commands import EXIT_DONE, EXIT_FAILED, EXIT_USAGE, bases, documents, options
from copilot.commands.options import AsOf, AsUser, Documents, Groups, Json, Kbs, Lang


def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in any language.", show_default=False)] = None,
    lang: Lang = "",
    kb: Kbs = None,
    document: Documents = None,
    as_of: AsOf = "",
    user: AsUser = "",
    groups: Groups = "",
    json: Json = False,
    turn: Annotated[
        list[str] | None,
        typer.Option(
            "--turn", metavar="QUESTION", help="What was asked before, oldest first; may be repeated. A follow-up such "
            "as \"and at 60 °C?\" is understood from it.",
        ),
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.jsonl", allow_dash=True,
            help="Answer each line {id, question, language?, principal?, turns?} of this file (- for stdin): "
            "one JSON answer a line.",
        ),
    ] = None,
) -> None:
    """Answer a question, each sentence with its source.

    'Not found' is an answer and exits 0; a question that cannot be taken (empty, too long) exits 2. With --batch,
    a line that cannot be taken becomes {id, line, error}, the others are answered, and the exit code is 1.
    """
    from copilot.settings import load_settings

    if (question is None) == (batch is None):
        raise typer.BadParameter("Give either one question or --batch FILE.jsonl.")
    settings = load_settings()
    asker = options.principal(settings, user, groups)
    chosen = documents.resolve(settings, document, asker)
    asked = options.question(question or "", lang, bases.resolve(settings, kb, asker), chosen, as_of, turns=turn)
    if batch is not None:
        from copilot.commands.batch import run_batch

        raise typer.Exit(EXIT_FAILED if run_batch(settings, batch, asked, asker) else EXIT_DONE)

    from copilot.commands import output
    from copilot.types import Verdict
    from copilot.wiring import open_copilot

    with output.quiet_stdout() as out:
        with open_copilot(settings) as copilot:
            answer = copilot.ask(asked, asker)
        if json:
            output.write_json(out, answer)
        else:
            out.write(output.answer_text(answer, asked.answer_language) + "\n")
    raise typer.Exit(EXIT_USAGE if answer.verdict is Verdict.REFUSED else EXIT_DONE)
