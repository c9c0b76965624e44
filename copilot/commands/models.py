"""`copilot models`: which models are here; install, pull, verify and remove translation packages and embedders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands import EXIT_DONE, EXIT_FAILED
from copilot.commands.options import Json
from copilot.errors import CopilotError

if TYPE_CHECKING:
    from copilot.models.folders import ModelFolder
    from copilot.models.pulling import Offer
    from copilot.settings import Settings

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None,
    help="Translation packages and embedders: list, install, pull, verify, remove.",
)  # fmt: skip
Name = Annotated[str, typer.Argument(metavar="NAME", help="A model as copilot models list names it.")]


@app.command("list")
def list_(json: Json = False) -> None:
    """List the models that are here, and the translation directions that they serve."""
    from copilot.commands import output
    from copilot.models.folders import models
    from copilot.settings import load_settings
    from copilot.translation.packages import installed, pairs

    settings = load_settings()
    found = models(settings)
    from copilot.models import SHIPPED_TRANSLATION

    served = sorted(f"{a}>{b}" for a, b in pairs(installed((settings.packages_path, SHIPPED_TRANSLATION))))
    with output.quiet_stdout() as out:
        if json:
            output.write_json(out, {"models": found, "pairs": served, "embedder": settings.embedder.model})
            return
        lines = [_line(model) for model in found] or ["No models are installed."]
        lines += ["", f"Translated: {', '.join(served) or 'nothing'}", f"Embedder in use: {settings.embedder.model}"]
        out.write("\n".join(lines) + "\n")


@app.command()
def install(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="An .argosmodel file, a zipped or plain embedder, or a folder.")
    ],
    json: Json = False,
) -> None:
    """Install a translation package or an embedder, or all package files of a folder.

    Each is unpacked beside its place, tried with one sentence, and only then put there; its checksums are kept.
    """
    from copilot.commands import output
    from copilot.models.installing import install as put
    from copilot.settings import load_settings

    with output.quiet_stdout() as out:
        done = put(load_settings(), file)
        if json:
            output.write_json(out, {"installed": done})
        else:
            out.write("".join(f"Installed {_line(model)}\n{_use(model)}" for model in done))


@app.command()
def pull(
    wanted: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FROM TO | NAME...]", help="A direction, or names; else every direction."),
    ] = None,
    index: Annotated[
        str, typer.Option("--index", metavar="URL|FOLDER", help="Else COPILOT_MODELS__INDEX_URL, else the public one.")
    ] = "",
    only_list: Annotated[bool, typer.Option("--list", help="Only say what the index offers.")] = False,
    json: Json = False,
) -> None:
    """Fetch models from the public index of Argos packages, a mirror, or a folder, and install them.

    The only command that goes into a network, and only when it is called. Proxies are taken from HTTP_PROXY and
    HTTPS_PROXY. Each file is checked against the index's sha256 where that states one, then tried and put in place.
    """
    from copilot.commands import output
    from copilot.models import pulling
    from copilot.settings import load_settings

    settings = load_settings()
    with output.quiet_stdout() as out:
        offered = pulling.offers(settings, index)
        if only_list:
            shown = [f"{offer.name} {offer.version}" for offer in offered]
            output.write_json(out, {"offers": offered}) if json else out.write("\n".join(shown) + "\n")
            return
        done, failed = _pulled(settings, pulling.chosen(offered, wanted or []))
        if json:
            output.write_json(out, {"installed": done, "failed": failed})
        else:
            lines = "".join(f"Installed {_line(model)}\n{_use(model)}" for model in done)
            out.write(lines or "Nothing was installed.\n")
    raise typer.Exit(EXIT_FAILED if failed else EXIT_DONE)


def _pulled(settings: Settings, offers: Sequence[Offer]) -> tuple[list[ModelFolder], dict[str, str]]:
    """What was installed, and why the rest was not: one that fails does not stop the others."""
    from copilot.models.pulling import pull as fetched

    done: list[ModelFolder] = []
    failed: dict[str, str] = {}
    for offer in offers:
        try:
            done.append(fetched(settings, offer, lambda text: typer.echo(text, err=True)))
        except CopilotError as error:
            failed[offer.name] = str(error)
            typer.echo(f"Error: {error}", err=True)
    return done, failed


@app.command()
def verify(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="One model; else all.")] = "", json: Json = False
) -> None:
    """Check files against their checksums, and try each model with one sentence; exits 1 if one fails."""
    from copilot.commands import output
    from copilot.models.installing import verify as checked
    from copilot.settings import load_settings

    with output.quiet_stdout() as out:
        found = checked(load_settings(), name)
        if json:
            output.write_json(out, {"ok": all(item.ok for item in found), "models": found})
        else:
            for item in found:
                state = "ok" if item.ok else "BROKEN"
                cure = f" {item.cure}" if item.cure else ""
                out.write(f"{state:<7}{item.name}  checksums {item.checksums}; {output.one_line(item.detail)}{cure}\n")
    raise typer.Exit(EXIT_DONE if all(item.ok for item in found) else EXIT_FAILED)


@app.command()
def remove(name: Name, json: Json = False) -> None:
    """Remove an installed model."""
    from copilot.commands import output
    from copilot.models.installing import remove as gone
    from copilot.settings import load_settings

    with output.quiet_stdout() as out:
        model = gone(load_settings(), name)
        if json:
            output.write_json(out, {"removed": model})
        else:
            out.write(f"Removed {model.name}.\n")


def _line(model: ModelFolder) -> str:
    parts = (model.name, model.kind, model.origin, model.serves, model.version, f"{model.megabytes} MB", model.note)
    return "  ".join(part for part in parts if part)


def _use(model: ModelFolder) -> str:
    return f"Use it by setting COPILOT_EMBEDDER__MODEL={model.path}\n" if model.kind == "embedder" else ""
