"""`copilot translate`: a text or a file in another language, each sentence with its kind; or a set of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands import EXIT_DONE, EXIT_FAILED, contents, options
from copilot.commands.options import AsUser, Groups, Json, Kbs
from copilot.errors import UsageError
from copilot.types import LANGUAGES, GlossaryHit, TranslatedSentence, TranslatedText

if TYPE_CHECKING:
    from copilot.settings import Settings

_CODES = ", ".join(LANGUAGES)


def translate(
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="TEXT|FILE", help="A text, a file of any format that is read, or - for stdin.", show_default=False
        ),
    ] = None,
    source: Annotated[str, typer.Option("--from", metavar="xx", help=f"Its language ({_CODES}); else found out.")] = "",
    target: Annotated[str, typer.Option("--to", metavar="xx", help=f"The language to translate to ({_CODES}).")] = "",
    kb: Kbs = None,
    user: AsUser = "",
    groups: Groups = "",
    json: Json = False,
    set_file: Annotated[
        Path | None,
        typer.Option(
            "--set", metavar="FILE.jsonl", allow_dash=True,
            help="Translate each line {id, from, to, text, reference?} of this file (- for stdin): one JSON line each.",
        ),
    ] = None,
) -> None:
    """Translate a text and say of each sentence how: reviewed, memory, machine, gloss or original.

    Part numbers, codes, norms, values with units, files and addresses stay as they are, byte for byte; the glossary's
    terms are put in. Where no package serves the pair, the original is shown with its key terms explained.
    """
    from copilot.commands.translate_set import as_json, run_set
    from copilot.settings import load_settings

    if (text is None) == (set_file is None):
        raise typer.BadParameter("Give either a text or file, or --set FILE.jsonl.")
    settings = load_settings()
    bases = _bases(settings, kb, user, groups)
    spoken, wanted = options.language(source), options.language(target)
    if set_file is not None:
        raise typer.Exit(EXIT_FAILED if run_set(settings, set_file, (spoken, wanted), bases) else EXIT_DONE)
    if not wanted:
        raise UsageError("The language to translate to is missing.", f"Give --to with one of {_CODES}.")
    content = contents.content(text or "", settings)
    if not content.strip():
        raise UsageError("There is nothing to translate.", "Give a text, or a file that holds one.")

    from copilot.commands import output
    from copilot.wiring import open_translator

    with output.quiet_stdout() as out:
        made = open_translator(settings).render(content, spoken, wanted, bases)
        if json:
            output.write_json(out, as_json(made))
        else:
            out.write("\n".join(_shown(made)) + "\n")


def _bases(settings: Settings, names: list[str] | None, user: str, groups: str) -> tuple[str, ...]:
    """The knowledge bases whose glossary and memory count; UsageError for one that the asker may not use."""
    from copilot.access import glossary_bases
    from copilot.wiring import open_catalog

    found = tuple(glossary_bases(open_catalog(settings), options.principal(settings, user, groups)))
    for name in names or ():
        if name not in found:
            raise UsageError(f"There is no knowledge base '{name}' that you may read.", "See copilot status.")
    return tuple(dict.fromkeys(names)) if names else found


def _shown(made: TranslatedText) -> Iterator[str]:
    """The text once; below it the kinds by the sentences' numbers, what was kept, the terms, and the notes."""
    from copilot.commands import output

    yield output.clean(made.text).rstrip("\n")
    yield ""
    kinds: dict[str, list[int]] = {}
    for number, item in enumerate(made.sentences, 1):
        kind = f"{item.kind} ({item.reason.replace('_', ' ')})" if item.reason else item.kind
        kinds.setdefault(kind, []).append(number)
    for kind, numbers in kinds.items():
        yield f"{kind}: {'sentence' if len(numbers) == 1 else 'sentences'} {_ranges(numbers)}"
    kept = dict.fromkeys(output.one_line(token) for item in made.sentences for token in item.protected)
    terms = dict.fromkeys(_term(item, hit) for item in made.sentences for hit in item.glossary)
    if kept:
        yield f"Kept: {', '.join(kept)}"
    if terms:
        yield f"Terms: {'; '.join(map(output.one_line, terms))}"
    for warning in made.warnings:
        yield f"Note: {output.one_line(warning)}"


def _term(sentence: TranslatedSentence, hit: GlossaryHit) -> str:
    """A gloss explains its terms; only a translation can leave one out."""
    left_out = sentence.kind == "machine" and not hit.used
    return f"{hit.source_term} = {hit.target_term or '?'}{' (not used)' if left_out else ''}"


def _ranges(numbers: Sequence[int]) -> str:
    """1, 2, 3, 5 as "1-3, 5"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
