"""`copilot memory`: translations by people, as TMX in and out, and a reviewed one put in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands import options
from copilot.commands.options import Json
from copilot.errors import UsageError

if TYPE_CHECKING:
    from copilot.catalog import Catalog

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None,
    help="The translation memory: import and export TMX, add a reviewed translation.",
)  # fmt: skip
Kb = Annotated[
    str, typer.Option("--kb", metavar="NAME", help="Only for readers of this knowledge base; else for everybody.")
]
From = Annotated[str, typer.Option("--from", metavar="xx", help="The language of the original.")]
To = Annotated[str, typer.Option("--to", metavar="xx", help="The language of the translation.")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.tmx", help="A translation memory as TMX 1.4.")],
    kb: Kb = "",
    json: Json = False,
) -> None:
    """Take a TMX file in, all of it or nothing; reviewed translations are not replaced by imported ones."""
    from copilot.commands import output
    from copilot.settings import load_settings
    from copilot.translation.tmx import read_tmx
    from copilot.wiring import open_catalog

    with output.quiet_stdout() as out:
        settings = load_settings()
        catalog = open_catalog(settings)
        units = read_tmx(file, _known(catalog, kb), settings.user)
        stored = catalog.remember(units)
        if json:
            output.write_json(out, {"file": str(file), "kb": kb, "units": len(units), "stored": stored})
        else:
            out.write(f"{file}: {len(units)} pairs of our languages, {stored} stored.\n")


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.tmx", help="The file to write.")],
    kb: Annotated[
        str, typer.Option("--kb", metavar="NAME", help="This knowledge base's too; else what belongs to everybody.")
    ] = "",
    source: From = "",
    target: To = "",
    json: Json = False,
) -> None:
    """Write the memory as TMX 1.4."""
    from copilot.commands import output
    from copilot.settings import load_settings
    from copilot.translation.tmx import write_tmx
    from copilot.wiring import open_catalog

    with output.quiet_stdout() as out:
        catalog = open_catalog(load_settings())
        bases = [kb.strip()] if kb.strip() else []
        count = write_tmx(file, catalog.units(bases, options.language(source), options.language(target)))
        if json:
            output.write_json(out, {"file": str(file), "units": count})
        else:
            out.write(f"{file}: {count} pairs.\n")


@app.command()
def add(
    original: Annotated[str, typer.Argument(metavar="ORIGINAL", help="A sentence.")],
    translation: Annotated[str, typer.Argument(metavar="TRANSLATION", help="Its reviewed translation.")],
    source: From,
    target: To,
    kb: Kb = "",
    json: Json = False,
) -> None:
    """Put a reviewed translation of one sentence in: from now on it is shown instead of the machine's."""
    from copilot.catalog.nouns import Unit
    from copilot.commands import output
    from copilot.settings import load_settings
    from copilot.wiring import open_catalog

    spoken, wanted = options.language(source), options.language(target)
    given, made = options.plain(original).strip(), options.plain(translation).strip()
    if not (spoken and wanted and given and made) or spoken == wanted:
        raise UsageError("A reviewed translation needs two texts in two languages.", "Give --from and --to.")
    with output.quiet_stdout() as out:
        settings = load_settings()
        catalog = open_catalog(settings)
        unit = Unit(spoken, wanted, given, made, _known(catalog, kb), True, settings.user)
        catalog.remember([unit])
        if json:
            output.write_json(out, {"unit": unit})
        else:
            out.write(f"Kept: {output.one_line(given)} = {output.one_line(made)}\n")


def _known(catalog: Catalog, kb: str) -> str:
    """The name of a knowledge base that is there, or nothing; UsageError for another."""
    name = kb.strip()
    names = [base.name for base in catalog.knowledge_bases()]
    if name and name not in names:
        raise UsageError(f"There is no knowledge base '{name}'.", f"Here are: {', '.join(sorted(names)) or 'none'}.")
    return name
