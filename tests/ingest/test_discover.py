"""Which files are found, in which order, under which names."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from copilot.errors import UsageError
from ingest.discover import discover


def _tree(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    return folder


def _found(*paths: Path) -> list[str]:
    return [found.relative for found in discover(list(paths))]


def test_files_come_in_stable_order_without_hidden_and_lock_files(tmp_path: Path) -> None:
    root = _tree(tmp_path / "docs", "b.md", "a.md", "sub/c.md", ".hidden", ".git/config", "~$a.docx", "x.part",
                 "Thumbs.db", "\u7535\u6c60 \u624b\u518c.md")
    assert _found(root) == ["a.md", "b.md", "\u7535\u6c60 \u624b\u518c.md", "sub/c.md"]


def test_manifest_describes_and_ignores(tmp_path: Path) -> None:
    root = _tree(tmp_path / "docs", "a.md", "build.py", "sources/a.md")
    (root / "manifest.toml").write_text(
        'name = "plant"\nignore = ["sources/**", "build.py"]\n[[documents]]\npath = "a.md"\ntitle = "A"\n')
    found = list(discover([root]))
    assert [(one.relative, one.source_name, one.entry.title) for one in found] == [("a.md", "plant", "A")]


def test_file_and_folder_below_a_manifest_have_the_same_names(tmp_path: Path) -> None:
    root = _tree(tmp_path / "docs", "deep/er/a.md")
    (root / "manifest.toml").write_text('[[documents]]\npath = "deep/**"\ngroups = ["secret"]\n')
    for path in (root, root / "deep", root / "deep" / "er" / "a.md"):
        (found,) = discover([path])
        assert (found.relative, found.source_name, found.entry.groups) == ("deep/er/a.md", "docs", ("secret",))


def test_manifest_of_another_program_above_is_left_alone(tmp_path: Path) -> None:
    root = _tree(tmp_path / "docs", "a.md")
    (tmp_path / "manifest.toml").write_text("[package]\nname = 'other'\n")
    assert _found(root) == ["a.md"]


def test_directory_loop_is_survived_and_each_file_found_once(tmp_path: Path) -> None:
    root = _tree(tmp_path / "docs", "sub/a.md")
    (root / "sub" / "loop").symlink_to(root, target_is_directory=True)
    assert _found(root) == ["sub/a.md"]


def test_link_that_leads_nowhere_and_pipe_are_problems(tmp_path: Path) -> None:
    root = _tree(tmp_path / "docs", "a.md")
    (root / "dead.md").symlink_to(root / "gone.md")
    os.mkfifo(root / "pipe.md")
    problems = {found.relative: found.problem for found in discover([root])}
    assert problems["a.md"] is None
    dead = problems["dead.md"]
    assert dead is not None and dead.category == "unreadable"
    assert dead.reason == f"dead.md is a symbolic link to {root / 'gone.md'}, which is not there."
    assert "remove the link" in dead.cure
    assert problems["pipe.md"] is not None and problems["pipe.md"].category == "unsupported"


def test_unreadable_folder_is_a_problem_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = _tree(tmp_path / "docs", "a.md", "closed/b.md", "open/c.md")
    listdir = os.listdir

    def refuse(path: Path) -> list[str]:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return listdir(path)

    monkeypatch.setattr(os, "listdir", refuse)
    found = {one.relative: one.problem for one in discover([root])}
    assert list(found) == ["a.md", "closed", "open/c.md"]
    assert found["closed"] is not None and "Permission denied" in found["closed"].reason


def test_names_are_nfc(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "Pr\u00fcfung.md")
    assert _found(_tree(tmp_path / "docs", name)) == ["Pr\u00fcfung.md"]


def test_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        list(discover([tmp_path / "nothing"]))


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    one, two = _tree(tmp_path / "x" / "docs", "a.md"), _tree(tmp_path / "y" / "docs", "a.md")
    with pytest.raises(UsageError, match="both sources named 'docs'"):
        list(discover([one, two]))
