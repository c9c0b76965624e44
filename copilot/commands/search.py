"""`copilot search`: the hits for a question, without an answer."""

from __future__ import annotations

from typing import Annotated

import typer

from copilot.commands import bases, documents, options
from copilot.commands.options import AsOf, AsUser, DocLangs, Documents, Groups, Json, Kbs, Lang, QuestionLang


def search(
    question: Annotated[str, typer.Argument(help="The question or search words, in any language.")],
    top_k: Annotated[
        int | None, typer.Option(min=1, max=200, help="Most hits; else the settings'.", show_default=False)
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show legs, variants of the question and times.")] = False,
    lang: Lang = "",
    question_lang: QuestionLang = "",
    doc_lang: DocLangs = None,
    kb: Kbs = None,
    document: Documents = None,
    as_of: AsOf = "",
    user: AsUser = "",
    groups: Groups = "",
    json: Json = False,
) -> None:
    """Find the passages for a question, best first."""
    from copilot.commands import output
    from copilot.settings import load_settings
    from copilot.wiring import open_copilot

    settings = load_settings()
    asker = options.principal(settings, user, groups)
    chosen = documents.resolve(settings, document, asker)
    within = bases.resolve(settings, kb, asker)
    asked = options.question(question, lang, within, chosen, as_of, question_lang, doc_lang)
    with output.quiet_stdout() as out:
        with open_copilot(settings) as copilot:
            result = copilot.search(asked, asker, top_k or settings.retrieval.top_k)
        if json:
            output.write_json(out, result)
        else:
            out.write(output.search_text(result, explain) + "\n")
