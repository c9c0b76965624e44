"""Writes what the documentation says of the code: docs/cli.md, docs/settings.md, copilot.example.toml, and with
--answer the real output in README.md. With --check it writes nothing and fails where a file is out of step.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "Mit welchem Drehmoment werden die Gehäuseschrauben der Hochvoltbatterie angezogen?"
ANSWER_BLOCK = re.compile(r"(<!-- answer: written by docs/generate.py -->\n).*?(<!-- end of answer -->)", re.DOTALL)
_NOTE = "<!-- Written by docs/generate.py from the code; change the code, then run it again. -->"


def cli_page() -> str:
    """The help of every command, as the command line prints it."""
    os.environ.update(COLUMNS="100", NO_COLOR="1")
    sys.path.insert(0, str(ROOT))
    from typer.main import get_command
    from typer.testing import CliRunner

    from copilot.cli import add_commands, app

    add_commands(app)
    pages = [_NOTE, "# The command line"]
    for command in ("", *_commands(get_command(app))):
        text = CliRunner().invoke(app, [*command.split(), "--help"], prog_name="copilot").stdout
        pages.append(f"## copilot {command}".rstrip() + f"\n\n```text\n{text.strip()}\n```")
    pages.append(_exit_codes())
    return "\n\n".join(pages) + "\n"


def _commands(group: Any) -> Iterator[str]:
    """Every command, and those below it, as they are typed."""
    for name, command in getattr(group, "commands", {}).items():
        yield name
        yield from (f"{name} {below}" for below in _commands(command))


def _exit_codes() -> str:
    return """## Exit codes

| code | meaning |
|---|---|
| 0 | done; 'not found' is an answer |
| 1 | something failed: a file, a line of a batch, the index; the message on stderr names the cure |
| 2 | usage or settings: a wrong option, a setting that cannot be taken, a question that is empty or too long |
| 130 | interrupted (Ctrl-C); an ingest has published what it stored by then |

Results go to stdout, everything else to stderr. With `--json` stdout holds one object on one line
(`ingest --json` and `ask --batch`: one object a line), whose fields are those of `copilot/types.py`."""


def _fields(model: Any, prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """(path, field, default) of every setting, sections after plain settings."""
    from pydantic import BaseModel

    sections = []
    for name, field in model.model_fields.items():
        default = field.get_default(call_default_factory=True)
        if isinstance(default, BaseModel):
            sections.append((name, type(default)))
        else:
            yield (*prefix, name), field, default
    for name, section in sections:
        yield from _fields(section, (*prefix, name))


def _settings() -> list[tuple[tuple[str, ...], Any, Any]]:
    sys.path.insert(0, str(ROOT))
    from copilot.settings import Settings

    return list(_fields(Settings))


def _toml(value: Any) -> str:
    return json.dumps(value if isinstance(value, (bool, int, float, str, list)) else
                      list(value) if isinstance(value, tuple) else str(value), ensure_ascii=False)


def settings_page() -> str:
    """A table of all settings with their environment variables."""
    rows = [
        f"| `{'.'.join(path)}` | `COPILOT_{'__'.join(path).upper()}` | `{_toml(default)}` | {field.description} |"
        for path, field, default in _settings()
    ]
    return "\n".join([
        _NOTE, "# Settings", "",
        "A flag wins over the environment, that over `copilot.toml` in the working folder, that over the default.",
        "A name that is not in this table is refused. `copilot.example.toml` holds them all with their defaults.",
        "", "| setting | environment | default | what it does |", "|---|---|---|---|", *rows,
    ]) + "\n"


def example_toml() -> str:
    """All settings, commented out, with their defaults."""
    lines = ["# Copy this file to copilot.toml and take the # from what you change. Written by docs/generate.py."]
    section: tuple[str, ...] = ()
    for path, field, default in _settings():
        if path[:-1] != section:
            section = path[:-1]
            lines += ["", f"[{'.'.join(section)}]"]
        lines += [f"# {field.description}", f"# {path[-1]} = {_toml(default)}"]
    return "\n".join(lines) + "\n"


def answer_block(data_dir: str = "") -> str:
    """The README's question with what the command prints for it on the sample documents."""
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    if data_dir:
        environment["COPILOT_DATA_DIR"] = data_dir
    done = subprocess.run(
        [sys.executable, "-m", "copilot", "ask", QUESTION], cwd=ROOT, env=environment, capture_output=True,
        text=True, check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"The README's question was not answered (run make demo first):\n{done.stderr}")
    return f'```console\n$ copilot ask "{QUESTION}"\n{done.stdout.strip()}\n```\n'


def readme_with(block: str) -> str:
    """README.md with this block in its place."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return ANSWER_BLOCK.sub(lambda found: found[1] + block + found[2], text)


def outputs(answer: bool) -> dict[str, str]:
    """Every generated file with its content."""
    made = {"docs/cli.md": cli_page(), "docs/settings.md": settings_page(), "copilot.example.toml": example_toml()}
    if answer:
        made["README.md"] = readme_with(answer_block())
    return made


def main() -> None:
    """Write the files, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file is out of step")
    parser.add_argument("--answer", action="store_true", help="also run the README's question")
    flags = parser.parse_args()
    stale = []
    for name, text in outputs(flags.answer).items():
        path = ROOT / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not flags.check:
                path.write_text(text, encoding="utf-8")
    verb = "out of step; run python docs/generate.py" if flags.check else "written"
    print(f"{', '.join(stale)}: {verb}" if stale else "The documentation is in step with the code.")
    sys.exit(1 if stale and flags.check else 0)


if __name__ == "__main__":
    main()
