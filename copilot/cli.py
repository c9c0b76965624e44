"""The command line: global options, the built-in commands, and those that other packages add.

Nothing heavy is imported here: a command imports what it needs when it runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from copilot.commands import EXIT_FAILED, EXIT_USAGE, glossary, memory, models
from copilot.commands.ask import ask
from copilot.commands.doctor import doctor
from copilot.commands.search import search
from copilot.commands.status import status
from copilot.commands.translate import translate
from copilot.errors import CopilotError, SettingsError, UsageError

COMMAND_GROUP = "copilot.commands"
_EPILOG = "Exit codes: 0 done ('not found' is an answer), 1 something failed, 2 usage or settings, 130 interrupted."


class _Commands(TyperGroup):
    """Turns errors into one line on stderr and an exit code, for built-in and added commands alike."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except CopilotError as error:
            typer.echo(f"Error: {error}", err=True)
            code = EXIT_USAGE if isinstance(error, (SettingsError, UsageError)) else EXIT_FAILED
            raise typer.Exit(code) from error
        except (TyperException, typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if logging.getLogger().isEnabledFor(logging.INFO):
                logging.getLogger(__name__).exception("Unexpected error")
            typer.echo(f"Error: {type(error).__name__}: {error} (copilot --verbose shows where).", err=True)
            raise typer.Exit(EXIT_FAILED) from error


app = typer.Typer(
    name="copilot", cls=_Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    rich_markup_mode=None, epilog=_EPILOG,
    help="Ask engineering documents in any of their languages; every answer cites its sources.",
)
for _command in (ask, search, translate, status, doctor):
    app.command()(_command)
app.add_typer(glossary.app, name="glossary")
app.add_typer(memory.app, name="memory")
app.add_typer(models.app, name="models")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"copilot {version()}")
        raise typer.Exit()


@app.callback()
def configure(
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of index, catalog and originals (else COPILOT_DATA_DIR, .copilot).")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens to stderr.")] = False,
    show_version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take the global options; the data folder travels in the environment, so that child processes see it too."""
    if data_dir is not None:
        os.environ["COPILOT_DATA_DIR"] = str(data_dir)
    # Libraries draw progress bars of their own while they load.
    os.environ.setdefault("TQDM_DISABLE", "1")
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, stream=sys.stderr, force=True,
        format="%(levelname)s %(name)s: %(message)s",
    )


def version() -> str:
    """The version of the installed package, or of the checkout."""
    try:
        return metadata.version("engineering-copilot")
    except metadata.PackageNotFoundError:
        return str(_checkout().get("version", "unknown"))


def _checkout() -> dict[str, Any]:
    """The [project] table beside this package when it runs from a checkout that is not installed, else nothing."""
    import tomllib

    path = Path(__file__).resolve().parent.parent / "pyproject.toml"
    if not path.is_file():
        return {}
    project: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {})
    return project


def _plugins() -> dict[str, Callable[[], Any]]:
    """Loaders of the functions that add commands, by name: installed ones, else those of the checkout."""
    found: dict[str, Callable[[], Any]] = {
        point.name: point.load for point in metadata.entry_points(group=COMMAND_GROUP)
    }
    if not found:
        for name, target in _checkout().get("entry-points", {}).get(COMMAND_GROUP, {}).items():
            point = metadata.EntryPoint(name, target, COMMAND_GROUP)
            found[name] = point.load
    return found


def add_commands(target: typer.Typer) -> None:
    """Let every plugin register its commands; one that cannot be loaded is told in a line and left out."""
    for name, load in sorted(_plugins().items()):
        try:
            load()(target)
        except Exception as error:
            typer.echo(f"The commands of '{name}' are not available: {type(error).__name__}: {error}", err=True)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # Quotes hold any script; a terminal's locale must not decide whether they can be printed.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    add_commands(app)
    app()


if __name__ == "__main__":
    main()
