"""`copilot glossary`: import a term base, list it, check it and the documents against it, suggest pairs for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands import EXIT_DONE, EXIT_FAILED, options
from copilot.commands.options import AsUser, Groups, Json
from copilot.errors import UsageError
from copilot.types import Principal

if TYPE_CHECKING:
    from copilot.catalog import TermConcept
    from copilot.glossary import Imported
    from copilot.glossary.checking import Checked, Passage
    from copilot.glossary.suggesting import Suggestion
    from copilot.settings import Settings

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None,
    help="The company's terms: import term bases, check texts against them, find pairs for them.",
)  # fmt: skip
_SHOWN = 50

Kb = Annotated[str, typer.Option("--kb", metavar="NAME", help="The knowledge base whose glossary it is.")]
OneKb = Annotated[str, typer.Option("--kb", metavar="NAME", help="Only this knowledge base; else all.")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A term base: TBX (2 or 3), CSV, TSV or XLSX.")],
    kb: Kb,
    form: Annotated[str, typer.Option("--format", metavar="tbx|csv|xlsx", help="Else told from the file.")] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Remove the concepts of this knowledge base that the file lacks.")
    ] = False,
    json: Json = False,
) -> None:
    """Take a term base into a knowledge base's glossary: all of it, or nothing where it contradicts itself.

    A table has one row a concept and columns named by language: de, en, zh, de_forbidden, en_definition, concept,
    domain; a cell may hold several terms parted by semicolons, the first is preferred. Or one row a term: concept,
    language, term, status (preferred, admitted, forbidden), use. Searches and translations obey it at once.
    """
    from copilot.commands import output
    from copilot.glossary import import_glossary
    from copilot.settings import load_settings
    from copilot.wiring import open_catalog

    if not kb.strip():
        raise UsageError("No knowledge base was named.", "Give --kb NAME.")
    with output.quiet_stdout() as out:
        done = import_glossary(open_catalog(load_settings()), file, kb.strip(), form, replace=replace)
        if json:
            output.write_json(out, done)
        else:
            out.write("\n".join(_imported(done)) + "\n")


@app.command("list")
def list_(
    kb: OneKb = "",
    lang: Annotated[str, typer.Option("--lang", help="Only concepts with a term in this language.")] = "",
    user: AsUser = "",
    groups: Groups = "",
    json: Json = False,
) -> None:
    """List the concepts with their terms; -word is forbidden."""
    from copilot.commands import output
    from copilot.settings import load_settings
    from copilot.wiring import open_glossary

    settings = load_settings()
    asker = options.principal(settings, user, groups)
    wanted = options.language(lang)
    with output.quiet_stdout() as out:
        concepts = open_glossary(settings).concepts(_bases(settings, kb, asker))
        shown = [concept for concept in concepts if not wanted or concept.of(wanted)]
        if json:
            output.write_json(out, {"concepts": shown})
        else:
            out.write("\n".join(_listed(shown)) + "\n")


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE...", help="Text files to check; else the ingested documents.")
    ] = None,
    kb: OneKb = "",
    lang: Annotated[str, typer.Option("--lang", help="The language of the files; else detected.")] = "",
    user: AsUser = "",
    groups: Groups = "",
    json: Json = False,
) -> None:
    """Find forbidden terms in use, contradictions in the glossary, and concepts that lack a language.

    Exits 1 where a forbidden term is in use or the glossary contradicts itself.
    """
    from copilot.commands import output
    from copilot.glossary import checking
    from copilot.settings import load_settings
    from copilot.wiring import open_glossary, open_library

    settings = load_settings()
    asker = options.principal(settings, user, groups)
    with output.quiet_stdout() as out:
        bases = _bases(settings, kb, asker)
        library = open_library(settings)
        documents = [document for document in library.documents(asker) if document.kb in bases]
        passages: Iterable[Passage] = checking.document_passages(library, asker, bases)
        if files:
            passages = [passage for path in files for passage in _file_passages(path, options.language(lang))]
        spoken = {document.language for document in documents}
        done = checking.check(open_glossary(settings), bases, passages, spoken)
        if json:
            output.write_json(out, done)
        else:
            out.write("\n".join(_checked(done)) + "\n")
    raise typer.Exit(EXIT_DONE if done.sound else EXIT_FAILED)


@app.command()
def suggest(
    kb: OneKb = "",
    langs: Annotated[str, typer.Option("--langs", metavar="A,B", help="Only these languages, say de,en.")] = "",
    out_file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help="Write the table there, else on stdout.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="Most concepts.")] = 500,
    user: AsUser = "",
    groups: Groups = "",
    json: Json = False,
) -> None:
    """Find pairs of terms in documents of one family in several languages; prints a CSV that import takes.

    Read it before you import it: what is often right is not always right.
    """
    from copilot.commands import output
    from copilot.glossary.suggesting import suggest as mine
    from copilot.glossary.suggesting import to_csv
    from copilot.glossary.wording import word_table
    from copilot.settings import load_settings
    from copilot.wiring import open_glossary, open_library

    settings = load_settings()
    asker = options.principal(settings, user, groups)
    languages = tuple(filter(None, (options.language(item) for item in options.split(langs))))
    with output.quiet_stdout() as out:
        bases = _bases(settings, kb, asker)
        words = word_table(settings.retrieval.tables)
        found = mine(open_library(settings), asker, kb, languages, open_glossary(settings), bases, words)
        chosen = found.suggestions[:most]
        if out_file is not None:
            out_file.write_text(to_csv(chosen), encoding="utf-8")
        if json:
            output.write_json(out, {"suggestions": chosen, "families": found.families, "passages": found.passages})
        elif out_file is None:
            out.write(to_csv(chosen))
        typer.echo(_mined(chosen, found.families, found.passages), err=True)


def _bases(settings: Settings, kb: str, asker: Principal) -> tuple[str, ...]:
    """The knowledge bases whose glossaries the asker may use; UsageError for one that is not among them."""
    from copilot.access import glossary_bases
    from copilot.wiring import open_catalog

    found = glossary_bases(open_catalog(settings), asker)
    if kb and kb not in found:
        cure = f"Take one of {', '.join(sorted(found))}." if found else "Import a glossary, or ingest documents."
        raise UsageError(f"There is no knowledge base '{kb}' that you may read.", cure)
    return (kb,) if kb else found


def _file_passages(path: Path, language: str) -> Iterator[Passage]:
    from copilot.glossary.checking import Passage
    from copilot.language import detect

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"'{path}' cannot be read as text: {error}.", "Give text files in UTF-8.") from error
    spoken = language or detect(text[:2000], "en")
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield Passage(path.name, line, spoken, locator=f"line {number}")


def _imported(done: Imported) -> Iterator[str]:
    from copilot.commands.output import one_line

    yield (
        f"{done.concepts} concepts with {done.terms} terms ({', '.join(done.languages)}; {done.forbidden} forbidden) "
        f"are in the glossary of '{one_line(done.kb)}'."
    )
    if done.knowledge_base_made:
        yield f"The knowledge base '{one_line(done.kb)}' was not there and was made; everybody may read its glossary."
    for problem in done.problems[:_SHOWN]:
        yield f"Note ({problem.kind}): {one_line(problem.message)} {problem.cure}".rstrip()
    if len(done.problems) > _SHOWN:
        yield f"and {len(done.problems) - _SHOWN} more notes: --json tells them all"


def _listed(concepts: Iterable[TermConcept]) -> Iterator[str]:
    from copilot.commands.output import one_line

    empty = True
    for concept in concepts:
        empty = False
        yield " · ".join(one_line(part) for part in (concept.kb, concept.id, concept.domain) if part)
        for language in sorted({term.language for term in concept.terms}):
            terms = ("-" * (term.status == "forbidden") + one_line(term.text) for term in concept.of(language))
            yield f"    {language}  {'; '.join(terms)}"
            if language in concept.definitions:
                yield f"        {one_line(concept.definitions[language])}"
    if empty:
        yield "There is no term: copilot glossary import FILE --kb NAME"


def _checked(done: Checked) -> Iterator[str]:
    from copilot.commands.output import one_line

    yield f"{done.concepts} concepts, {done.passages} passages checked."
    for item in done.forbidden[:_SHOWN]:
        place = " · ".join(filter(None, (one_line(item.title), f"page {item.page}" * (item.page > 1),
                                         one_line(item.locator))))  # fmt: skip
        instead = f", use '{one_line(item.use)}'" if item.use else ""
        yield f"Forbidden: '{one_line(item.found)}' ({item.language}){instead}: {place}: {one_line(item.context)}"
    if len(done.forbidden) > _SHOWN:
        yield f"and {len(done.forbidden) - _SHOWN} more: --json tells them all"
    for problem in done.problems[:_SHOWN]:
        yield f"{problem.kind.capitalize()}: {one_line(problem.message)} {problem.cure}".rstrip()
    for gap in done.missing[:_SHOWN]:
        yield f"Missing: '{one_line(gap.term)}' ({one_line(gap.concept)}) has no term in {', '.join(gap.languages)}"
    if len(done.missing) > _SHOWN:
        yield f"and {len(done.missing) - _SHOWN} more concepts lack a language"


def _mined(chosen: tuple[Suggestion, ...], families: int, passages: object) -> str:
    if not families:
        return "No document stands in two languages: give translations of one document the same family."
    return f"{len(chosen)} concepts from {families} families; aligned passages: {passages}"
