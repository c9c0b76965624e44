"""Installing, verifying and removing models: whole and working, or not at all."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from copilot.errors import ModelError, UsageError
from copilot.models import smoke
from copilot.models.folders import (
    EMBEDDER,
    READER,
    TRANSLATION,
    ModelFolder,
    check_files,
    is_embedder,
    models,
    named,
    record,
)
from copilot.settings import Settings
from copilot.translation.packages import read_package
from copilot.types import LANGUAGES

ENDINGS = (".argosmodel", ".zip")
_MAX_BYTES = 8 << 30  # unpacked: no model for these machines is larger
_MAX_FILES = 10_000
_AGAIN = "Get the file again; compare its size and checksum with where it comes from."


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of a model gave; ``checksums`` is good, none (nothing to compare with) or bad."""

    name: str
    kind: str
    ok: bool
    checksums: str
    detail: str
    cure: str = ""


def install(settings: Settings, path: Path) -> list[ModelFolder]:
    """Install a package file, a model folder, or every package file in a folder; return what was installed.

    Raises UsageError or ModelError, naming the file; of that file nothing is then left.
    """
    if not path.exists():
        raise UsageError(f"There is no file {path}.", "Name an .argosmodel file, a zip, or a folder.")
    if path.is_dir() and not _kind(path):
        files = sorted(item for item in path.iterdir() if item.suffix.lower() in ENDINGS)
        if not files:
            raise UsageError(f"The folder {path} holds neither a model nor package files.", "Name another.")
        return [_install(settings, file) for file in files]
    return [_install(settings, path)]


def _install(settings: Settings, path: Path) -> ModelFolder:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with _unpacked(path, settings.data_dir) as folder:
        kind = _kind(folder)
        if not kind:
            raise UsageError(f"{path.name} holds neither a translation package nor an embedder.", _AGAIN)
        home, name = (
            (settings.packages_path, _direction(folder, path)) if kind == TRANSLATION
            else (settings.embedders_path, folder.name)
        )
        _works(folder, kind)
        record(folder, path)
        home.mkdir(parents=True, exist_ok=True)
        target = home / name
        if target.exists():
            shutil.rmtree(target)
        shutil.move(folder, target)
    return named(settings, str(target))


def _kind(folder: Path) -> str:
    """What the folder holds; empty: nothing that is known."""
    if (folder / "metadata.json").is_file():
        return TRANSLATION
    return EMBEDDER if is_embedder(folder) else ""


def _direction(folder: Path, path: Path) -> str:
    """The name of its folder; UsageError for a package that is none, or of a language that is not known here."""
    package = read_package(folder)
    if package is None:
        raise UsageError(f"The metadata.json of {path.name} cannot be read.", _AGAIN)
    for code in (package.source, package.target):
        if code not in LANGUAGES:
            raise UsageError(
                f"{path.name} translates {package.name}; the language '{code}' is not known here.",
                f"Take packages between {', '.join(LANGUAGES)}.",
            )
    if package.source == package.target:
        raise UsageError(f"{path.name} translates {package.name}, which is no translation.", _AGAIN)
    return f"translate-{package.source}_{package.target}"


def _works(folder: Path, kind: str) -> str:
    tries = {TRANSLATION: smoke.translation, EMBEDDER: smoke.embedder, READER: smoke.reader}
    return tries[kind](folder)


@contextmanager
def _unpacked(path: Path, near: Path) -> Iterator[Path]:
    """The model's folder, a copy that may be moved away."""
    with tempfile.TemporaryDirectory(dir=near, prefix=".install-") as temporary:
        inside = Path(temporary) / "unpacked"
        if path.is_dir():
            shutil.copytree(path, inside / path.name, symlinks=False)
        else:
            _unzip(path, inside)
        entries = [item for item in inside.iterdir() if item.name != "__MACOSX"]
        if len(entries) == 1 and entries[0].is_dir():
            yield entries[0]
        else:
            yield inside.rename(inside.with_name(path.stem))


def _unzip(path: Path, target: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if len(infos) > _MAX_FILES or sum(info.file_size for info in infos) > _MAX_BYTES:
                raise UsageError(f"{path.name} unpacks to more than any model needs.", _AGAIN)
            for info in infos:
                parts = PurePosixPath(info.filename.replace("\\", "/"))
                if parts.is_absolute() or ".." in parts.parts:
                    raise UsageError(f"{path.name} would write outside its folder ({info.filename}).", _AGAIN)
            archive.extractall(target)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UsageError(f"{path.name} is no sound package file: {error}.", _AGAIN) from error
    except OSError as error:
        raise ModelError(f"{path} cannot be unpacked: {error}.", "Check the file and the free space.") from error
    if not target.is_dir():
        raise UsageError(f"{path.name} is empty.", _AGAIN)


def verify(settings: Settings, name: str = "") -> list[Verified]:
    """Checksums and a smoke run of one model, or of all."""
    chosen = [named(settings, name)] if name else models(settings)
    return [_verified(model) for model in chosen]


def _verified(model: ModelFolder) -> Verified:
    folder = Path(model.path)
    checksums = "bad"
    try:
        checksums = "good" if check_files(folder) else "none"
        detail = _works(folder, model.kind)
    except ModelError as error:
        return Verified(model.name, model.kind, False, checksums, error.reason, error.cure)
    return Verified(model.name, model.kind, True, checksums, detail)


def remove(settings: Settings, name: str) -> ModelFolder:
    """Remove an installed model; UsageError for one that is not there, or came with the product."""
    model = named(settings, name)
    if model.origin != "installed":
        raise UsageError(f"{model.name} came with the product.", "Install another for its direction: that comes first.")
    shutil.rmtree(model.path)
    return model

