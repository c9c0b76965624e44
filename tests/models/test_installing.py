"""Models are installed whole and working, or not at all."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from copilot.errors import CopilotError, ModelError, UsageError
from copilot.models import folders, smoke
from copilot.models.installing import install, remove, verify
from copilot.settings import Settings, load_settings

METADATA = {"from_code": "de", "to_code": "en", "package_version": "1.2"}


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """Settings whose packages are believed to work: the genuine one is tried in tests/translation."""
    monkeypatch.setattr(smoke, "translation", lambda folder: "works")
    monkeypatch.setattr(folders, "SHIPPED_TRANSLATION", tmp_path / "none")
    monkeypatch.setattr(folders, "SHIPPED", tmp_path / "none")
    return load_settings(data_dir=tmp_path / "data")


def package_file(path: Path, metadata: object = METADATA, model: bytes = b"weights") -> Path:
    """A package file as argostranslate makes them: a zip of one folder."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("translate-1_2/metadata.json", json.dumps(metadata))
        archive.writestr("translate-1_2/model/model.bin", model)
    return path


def test_a_package_is_installed_under_its_direction_with_checksums(settings: Settings, tmp_path: Path) -> None:
    done = install(settings, package_file(tmp_path / "any.argosmodel"))
    assert [(item.name, item.kind, item.serves, item.version) for item in done] == [
        ("translate-de_en", "translation", "de>en", "1.2")
    ]
    assert [(item.ok, item.checksums) for item in verify(settings)] == [(True, "good")]


def test_a_newer_package_takes_the_place_of_the_older(settings: Settings, tmp_path: Path) -> None:
    install(settings, package_file(tmp_path / "a.argosmodel"))
    install(settings, package_file(tmp_path / "b.argosmodel", METADATA | {"package_version": "2.0"}))
    assert [item.version for item in folders.models(settings)] == ["2.0"]


def test_a_folder_of_package_files_is_installed(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    package_file(tmp_path / "files" / "a.argosmodel")
    package_file(tmp_path / "files" / "b.zip", METADATA | {"from_code": "en", "to_code": "de"})
    assert {item.serves for item in install(settings, tmp_path / "files")} == {"de>en", "en>de"}


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        (METADATA | {"from_code": "tlh"}, "'tlh' is not known here"),
        (METADATA | {"from_code": "en"}, "no translation"),
        ({"from_code": "de"}, "cannot be read"),
        ([], "cannot be read"),
    ],
)
def test_a_package_of_no_use_is_refused_and_leaves_nothing(
    settings: Settings, tmp_path: Path, metadata: object, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        install(settings, package_file(tmp_path / "any.argosmodel", metadata))
    assert folders.models(settings) == [] and not list(settings.data_dir.rglob("*.bin"))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04torn"])
def test_a_corrupt_file_is_refused(settings: Settings, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.argosmodel").write_bytes(content)
    with pytest.raises(UsageError, match=r"bad\.argosmodel"):
        install(settings, tmp_path / "bad.argosmodel")


def test_a_truncated_package_is_refused(settings: Settings, tmp_path: Path) -> None:
    whole = package_file(tmp_path / "a.argosmodel", model=bytes(range(256)) * 400).read_bytes()
    (tmp_path / "cut.argosmodel").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UsageError, match=r"cut\.argosmodel"):
        install(settings, tmp_path / "cut.argosmodel")


def test_a_file_that_would_write_elsewhere_is_refused(settings: Settings, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "evil.argosmodel", "w") as archive:
        archive.writestr("../../evil.txt", "x")
    with pytest.raises(UsageError, match="outside its folder"):
        install(settings, tmp_path / "evil.argosmodel")
    assert not list(tmp_path.rglob("evil.txt"))


def test_a_package_whose_model_does_not_work_is_not_put_in_place(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(folder: Path) -> str:
        raise ModelError("It makes nothing.", "Get another.")

    install(settings, package_file(tmp_path / "good.argosmodel"))
    monkeypatch.setattr(smoke, "translation", fails)
    with pytest.raises(ModelError):
        install(settings, package_file(tmp_path / "b.argosmodel", METADATA | {"package_version": "9"}))
    assert [item.version for item in folders.models(settings)] == ["1.2"]


def test_verify_finds_a_changed_file(settings: Settings, tmp_path: Path) -> None:
    done = install(settings, package_file(tmp_path / "a.argosmodel"))
    (Path(done[0].path) / "model" / "model.bin").write_bytes(b"other")
    found = verify(settings, "de>en")
    assert [(item.ok, item.checksums) for item in found] == [(False, "bad")] and "model.bin" in found[0].detail


def test_remove_takes_an_installed_model_away_and_names_what_is_there(settings: Settings, tmp_path: Path) -> None:
    install(settings, package_file(tmp_path / "a.argosmodel"))
    with pytest.raises(UsageError, match="translate-de_en"):
        remove(settings, "nothing")
    assert remove(settings, "de>en").name == "translate-de_en"
    assert folders.models(settings) == []


@pytest.mark.slow
def test_an_embedder_is_installed_tried_and_removed(tmp_path: Path) -> None:
    from copilot.embedding import open_shipped

    settings = load_settings(data_dir=tmp_path / "data")
    path = tmp_path / "small.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for item in open_shipped().folder.rglob("*"):
            archive.write(item, Path("small") / item.relative_to(open_shipped().folder))
    assert [(item.name, item.kind) for item in install(settings, path)] == [("small", "embedder")]
    assert [(item.ok, item.checksums) for item in verify(settings, "small")] == [(True, "good")]
    with pytest.raises(CopilotError, match="came with the product"):
        remove(settings, "embedder")
    assert remove(settings, "small").name == "small"
