"""Model folders: which lie where, of which kind, with which checksums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from copilot.errors import ModelError, UsageError
from copilot.models import SHIPPED, SHIPPED_TRANSLATION
from copilot.settings import Settings
from copilot.translation.packages import read_package

TRANSLATION, EMBEDDER, READER = "translation", "embedder", "reader"
RECORD = "installed.json"
MANIFEST = "manifest.json"  # of a model that ships
_MANIFESTS = (RECORD, MANIFEST)
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model that is here; ``kind`` is translation, embedder or reader, ``origin`` installed or shipped."""

    name: str
    kind: str
    origin: str
    version: str
    serves: str
    megabytes: float
    path: str
    note: str = ""


def models(settings: Settings) -> list[ModelFolder]:
    """Everything that is here, the translation packages first; folders that hold no model are passed over."""
    found = [
        model for origin, folder in (("installed", settings.packages_path), ("shipped", SHIPPED_TRANSLATION))
        for path in _folders(folder) if (model := _translation(path, origin)) is not None
    ]
    places = [("installed", path) for path in _folders(settings.embedders_path)]
    places += [("shipped", path) for path in _folders(SHIPPED) if path.name.startswith("embedder")]
    found += [_folder(path, EMBEDDER, origin) for origin, path in places if is_embedder(path)]
    return found + [_folder(path, READER, "shipped") for path in _folders(SHIPPED) if path.name == READER]


def named(settings: Settings, name: str) -> ModelFolder:
    """The model of that name, or of that direction ("de>en"); UsageError where there is none."""
    known = models(settings)
    found = [model for model in known if name in (model.name, model.serves, model.path)]
    if not found:
        names = ", ".join(model.name for model in known) or "none"
        raise UsageError(f"There is no model '{name}' here.", f"Here are: {names}.")
    return found[0]


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._") if (
        folder.is_dir()
    ) else []


def _translation(path: Path, origin: str) -> ModelFolder | None:
    package = read_package(path)
    if package is None:
        broken = (path / "metadata.json").is_file()
        return ModelFolder(path.name, TRANSLATION, origin, "", "", _megabytes(path), str(path), "damaged") if (
            broken
        ) else None
    quality = f"chrF {package.chrf:.0f}" if package.chrf is not None else ""
    gate = "speaks only where it is likely right" if package.gated else ""
    note = ", ".join(item for item in (quality, gate) if item)
    return ModelFolder(path.name, TRANSLATION, origin, package.version, package.name, _megabytes(path), str(path), note)


def is_embedder(path: Path) -> bool:
    """Whether the folder holds a sentence-transformers model."""
    weights = any(path.glob("*.safetensors")) or any(path.glob("*.bin")) or any(path.glob("*/*.safetensors"))
    return weights and ((path / "modules.json").is_file() or (path / "config.json").is_file())


def _folder(path: Path, kind: str, origin: str) -> ModelFolder:
    return ModelFolder(path.name, kind, origin, "", "", _megabytes(path), str(path))


def _megabytes(path: Path) -> float:
    return round(sum(item.stat().st_size for item in path.rglob("*") if item.is_file()) / 1e6, 1)


def sha256_of(path: Path) -> str:
    """The digest of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def record(folder: Path, source: Path | None = None) -> None:
    """Write down what the folder holds now, so that it can be verified later."""
    files = {item.relative_to(folder).as_posix(): sha256_of(item) for item in _files(folder)}
    told = {"files": files, "source": source.name if source else ""}
    (folder / RECORD).write_text(json.dumps(told, indent=1, sort_keys=True), encoding="utf-8")


def _files(folder: Path) -> Iterator[Path]:
    return (item for item in sorted(folder.rglob("*")) if item.is_file() and item.name not in _MANIFESTS)


def check_files(folder: Path) -> bool:
    """Whether the folder keeps a record of its files; ModelError where one is not as it was."""
    stated = _stated(folder)
    for name, digest in stated.items():
        path = folder / name
        found = sha256_of(path) if path.is_file() else ""
        if found != digest:
            state = f"damaged (sha256 {found[:12]}...)" if found else "missing"
            raise ModelError(f"The file {name} of {folder.name} is {state}.", "Remove it and install it again.")
    return bool(stated)


def _stated(folder: Path) -> dict[str, str]:
    for name in _MANIFESTS:
        try:
            files = json.loads((folder / name).read_text(encoding="utf-8"))["files"]
            return {str(key): str(value) for key, value in files.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return {}
