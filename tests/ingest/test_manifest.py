"""The manifest: what is read, what is refused, and how entries override each other."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from copilot.errors import UsageError
from copilot.types import Applicability
from ingest.manifest import read_manifest

_GOOD = """
name = "plant"
ignore = ["sources/**", "*.py"]

[[knowledge_bases]]
name = "service"
title = "Service"
languages = ["de", "en"]
groups = ["workshop"]

[[documents]]
path = "**"
kb = "service"
owner = "Unknown"

[[documents]]
path = "manuals/*.pdf"
language = "de"
status = "released"
effective = 2025-03-01
labels = ["HV"]
applicability = { sites = ["Turin"], models = ["Civetta E"], years = [2024, 2025] }

[[documents]]
path = "manuals/secret.pdf"
owner = "A. Rossi, Quality"
groups = ["cybersecurity"]
supersedes = "manuals/old.pdf"
"""


def _read(folder: Path, text: str):  # type: ignore[no-untyped-def]
    path = folder / "manifest.toml"
    path.write_text(text, encoding="utf-8")
    return read_manifest(path)


def test_later_entries_override_earlier_ones(tmp_path: Path) -> None:
    entry = _read(tmp_path, _GOOD).describe("manuals/secret.pdf")
    assert (entry.kb, entry.language, entry.owner) == ("service", "de", "A. Rossi, Quality")
    assert entry.groups == ("cybersecurity",) and entry.labels == ("HV",)
    assert entry.effective == dt.date(2025, 3, 1) and entry.supersedes == "manuals/old.pdf"
    assert entry.applicability == Applicability(("Turin",), ("Civetta E",), (2024, 2025))


def test_star_stays_in_its_folder_and_groups_stay_open(tmp_path: Path) -> None:
    entry = _read(tmp_path, _GOOD).describe("manuals/deep/x.pdf")
    assert (entry.kb, entry.language, entry.groups) == ("service", "", None)


def test_knowledge_bases_and_ignore(tmp_path: Path) -> None:
    manifest = _read(tmp_path, _GOOD)
    assert manifest.name == "plant"
    assert [(kb.name, kb.default_acl, kb.languages) for kb in manifest.knowledge_bases] == [
        ("service", ("workshop",), ("de", "en"))]
    assert manifest.ignores("sources/a/b.md") and manifest.ignores("build.py")
    assert not manifest.ignores("manuals/build.py")


def test_names_are_compared_in_one_unicode_form(tmp_path: Path) -> None:
    manifest = _read(tmp_path, '[[documents]]\npath = "Pru\u0308fung.md"\ntitle = "T"\n')
    assert manifest.describe("Pr\u00fcfung.md").title == "T"


@pytest.mark.parametrize(("text", "named"), [
    ("[[documents]]\npath = 'a.pdf'\nstatus = 'final'", ["document 1 (a.pdf)", "'status'", "released"]),
    ("[[documents]]\npath = 'a.pdf'\nlangauge = 'de'", ["document 1 (a.pdf)", "'langauge'"]),
    ("[[documents]]\npath = 'a.pdf'\nlanguage = 'German'", ["'language'", "two letters"]),
    ("[[documents]]\npath = 'a.pdf'\neffective = '2025-03-01'", ["'effective'", "without quotes"]),
    ("[[documents]]\npath = 'a.pdf'\ngroups = 'all'", ["'groups'", "list"]),
    ("[[documents]]\npath = 'a.pdf'\n[documents.applicability]\nyears = ['2024']", ["applicability.years"]),
    ("[[documents]]\npath = '../a.pdf'", ["'path'", "below"]),
    ("[[documents]]\ntitle = 'x'", ["document 1", "'path'"]),
    ("[[knowledge_bases]]\nname = 'a'\n[[documents]]\npath = 'x'\nkb = 'b'", ["'kb'", "'b'", "(a)"]),
    ("[[knowledge_bases]]\nname = 'a'\n[[knowledge_bases]]\nname = 'a'", ["'a'", "twice"]),
    ("[documents]\npath = 'x'", ["[[documents]]"]),
    ("name = ", ["not valid TOML"]),
    ("colour = 'red'", ["the top", "'colour'"]),
])
def test_error_names_file_entry_and_field(tmp_path: Path, text: str, named: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        _read(tmp_path, text)
    for part in ["manifest.toml", *named]:
        assert part in caught.value.reason
    assert caught.value.cure
