"""The documentation says what the code does: generated pages are in step, and what the README types exists."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.main import get_command

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_in_step_with_the_code() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_example_settings_can_be_taken_as_they_stand_and_all_uncommented() -> None:
    from copilot.settings import Settings

    text = (ROOT / "copilot.example.toml").read_text("utf-8")
    sections = {name for name, value in Settings().model_dump().items() if isinstance(value, dict)}
    assert set(tomllib.loads(text)) == sections
    uncommented = tomllib.loads(re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE))
    assert Settings(**uncommented).model_dump(exclude={"data_dir"}) == Settings().model_dump(exclude={"data_dir"})


def _console(page: str) -> Iterator[list[str]]:
    for block in re.findall(r"```console\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                yield shlex.split(line[2:], comments=True)


def _options(command: Any) -> set[str]:
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}


def test_every_command_of_the_readme_exists_with_its_options() -> None:
    from copilot.cli import add_commands, app

    add_commands(app)
    commands: dict[str, Any] = get_command(app).commands  # type: ignore[attr-defined]
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    seen = 0
    for program, *words in _console("README.md"):
        seen += 1
        if program == "make":
            assert set(word for word in words if "=" not in word) <= targets
        else:
            assert program == "copilot" and words[0] in commands, words
            command = commands[words[0]]
            if hasattr(command, "commands"):
                assert words[1] in command.commands, words
                command = command.commands[words[1]]
            typed = {word for word in words[1:] if word.startswith("--")}
            assert typed <= _options(command), words
    assert seen >= 10


def test_the_pages_that_the_readme_links_to_are_there() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert links and [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.slow
def test_the_readmes_answer_is_what_the_command_prints(generate: ModuleType, all_samples_data_dir: Path) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    found = generate.ANSWER_BLOCK.search(text)
    assert found, "the README has no block for the answer"
    assert generate.readme_with(generate.answer_block(str(all_samples_data_dir))) == text


def test_the_lock_pins_what_the_project_asks_for_and_no_gpu_packages() -> None:
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    pinned = {}
    for line in lines:
        if line and not line.startswith("#"):
            assert re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.!]+", line), line
            name, version = line.split("==")
            pinned[canonicalize_name(name)] = version
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for text in project["dependencies"] + project["optional-dependencies"]["dev"]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), text
    assert [name for name in pinned if name in ("torchvision", "timm", "triton") or name.startswith("nvidia")] == []
