"""`copilot translate`: a text or a file in another language, each sentence with its kind; or a set of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands import EXIT_DONE, EXIT_FAILED, options
from copilot.commands.options import AsUser, Groups, Json, Kbs
from copilot.errors import UsageError
from copilot.types import LANGUAGES, TranslatedText

if TYPE_CHECKING:
    from copilot.settings import Settings

_TEXT_ENDINGS = (".txt", ".md", ".csv", ".tsv", ".html", ".rst", ".text", ".log")
_MAX_BYTES = 50 << 20
_CODES = ", ".join(LANGUAGES)


def translate(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT|FILE", help="A text, a text file, or - for stdin.", show_default=False)
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
    content = _content(text or "")
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


def _content(text: str) -> str:
    """The text itself, or that of the file that it names."""
    if text == "-":
        return sys.stdin.buffer.read(_MAX_BYTES).decode("utf-8-sig", "replace")
    try:
        path = Path(text)
        is_file = len(text) < 4096 and "\n" not in text and path.is_file()
    except (OSError, ValueError):
        is_file = False
    if not is_file:
        if text.lower().endswith(_TEXT_ENDINGS) and len(text.split()) == 1:
            raise UsageError(f"There is no file {text}.", "Check its name, or give the text itself.")
        return options.plain(text)
    if path.stat().st_size > _MAX_BYTES:
        raise UsageError(f"{path} is larger than {_MAX_BYTES >> 20} MiB.", "Cut it into parts.")
    raw = path.read_bytes()
    try:
        content = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is no text file in UTF-8.", "Save it as text, or give the text itself.") from error
    if "\0" in content:
        raise UsageError(f"{path} is no text file.", "Save it as text, or give the text itself.")
    return content


def _shown(made: TranslatedText) -> Iterator[str]:
    from copilot.commands import output

    yield output.clean(made.text)
    yield ""
    for item in made.sentences:
        kept = f"  keeps {', '.join(map(output.one_line, item.protected))}" if item.protected else ""
        terms = ", ".join(
            f"{hit.source_term} = {hit.target_term or '?'}{'' if hit.used else ' (not used)'}" for hit in item.glossary
        )
        kind = f"{item.kind}: {item.reason.replace('_', ' ')}" if item.reason else item.kind
        yield f"[{kind}] {output.one_line(item.text)}{kept}{f'  terms {output.one_line(terms)}' if terms else ''}"
    for warning in made.warnings:
        yield f"Note: {output.one_line(warning)}"
