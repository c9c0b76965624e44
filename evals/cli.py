"""`copilot eval`: the group of commands that evaluation adds to the command line."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import typer

_COMMANDS: tuple[str, ...] = ("check", "draft", "run", "gate", "agreement", "units", "verify", "conflicts", "calibrate")


def register(target: typer.Typer) -> None:
    """Add `eval` with its commands; a command imports what it needs when it runs."""
    group = typer.Typer(name="eval", no_args_is_help=True, help="Measure answers against cases, and gate on them.")
    for name in _COMMANDS:
        group.command(name)(_command(name))
    target.add_typer(group, name="eval")


def _command(name: str) -> Callable[..., Any]:
    command: Callable[..., Any] = getattr(importlib.import_module(f"evals.commands.{name}"), name)
    return command
