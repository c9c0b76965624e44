"""Which translation packages lie in the folders, and by which of them a pair is served."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PIVOT = "en"
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Package:
    """One installed direction; ``metadata`` is the package's own, its table "copilot" holds what we add.

    That table may hold ``masks`` (symbols of the vocabulary that stand for what is protected), ``quality`` (chrf on a
    dev set) and ``speak`` (when a model that is not good everywhere may be believed).
    """

    folder: Path
    source: str
    target: str
    version: str
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its direction, as people write it."""
        return f"{self.source}>{self.target}"

    @property
    def extras(self) -> Mapping[str, Any]:
        """What this product keeps in the metadata; empty for packages of others."""
        found = self.metadata.get("copilot")
        return found if isinstance(found, Mapping) else {}

    @property
    def masks(self) -> tuple[str, ...]:
        """Symbols of its vocabulary that stand for protected stretches."""
        found = self.extras.get("masks", ())
        return tuple(str(item) for item in found) if isinstance(found, (list, tuple)) else ()

    @property
    def chrf(self) -> float | None:
        """Its measured quality in per cent, where it is told."""
        quality = self.extras.get("quality")
        value = quality.get("chrf") if isinstance(quality, Mapping) else None
        return float(value) if isinstance(value, (int, float)) else None

    @property
    def gated(self) -> bool:
        """Whether it may speak only where its calibration says so."""
        return "speak" in self.extras

    @property
    def fingerprint(self) -> str:
        """Changes with the package: a cached translation is that of one fingerprint."""
        model = self.folder / "model" / "model.bin"
        size = model.stat().st_size if model.is_file() else 0
        told = json.dumps(dict(self.metadata), sort_keys=True, default=str)
        return hashlib.sha256(f"{self.name}|{self.version}|{size}|{told}".encode()).hexdigest()[:16]


def installed(folders: Sequence[Path]) -> dict[Pair, Package]:
    """The best package of each direction; a folder that holds none, or a torn one, offers nothing."""
    best: dict[Pair, Package] = {}
    for folder in folders:
        for package in _packages(folder, _stamp(folder)):
            pair = (package.source, package.target)
            # The folders' order decides between equals: what a user installed comes before what was shipped.
            if pair not in best or _rank(package) > _rank(best[pair]):
                best[pair] = package
    return best


def _rank(package: Package) -> tuple[bool, float]:
    return not package.gated, package.chrf or 0.0


def read_package(folder: Path) -> Package | None:
    """The package in a folder, or None where its metadata cannot be read."""
    try:
        table = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
        source, target = str(table["from_code"]), str(table["to_code"])
        return Package(folder, source, target, str(table.get("package_version", "")), table)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _stamp(folder: Path) -> tuple[int, ...]:
    """When the folder or the metadata in it changed."""
    if not folder.is_dir():
        return ()
    return (folder.stat().st_mtime_ns, *(path.stat().st_mtime_ns for path in sorted(folder.glob("*/metadata.json"))))


@functools.lru_cache(maxsize=16)
def _packages(folder: Path, _changed: tuple[int, ...]) -> tuple[Package, ...]:
    found = (read_package(path.parent) for path in sorted(folder.glob("*/metadata.json"), reverse=True))
    return tuple(package for package in found if package is not None)


def route(packages: Mapping[Pair, Package], source: str, target: str) -> tuple[Package, ...]:
    """The packages to go through: the direct one, or two by way of English; empty where the pair is not served.

    Where both ways are there, the direct one is left only if it may not speak freely and the other may, or if the
    product of the two legs' measured qualities is above its own.
    """
    direct = packages.get((source, target))
    legs = (packages.get((source, PIVOT)), packages.get((PIVOT, target)))
    first, second = legs
    if direct is None:
        return (first, second) if first is not None and second is not None else ()
    if first is None or second is None:
        return (direct,)
    free = direct.gated and not first.gated and not second.gated
    return (first, second) if free or _product(first, second) > (direct.chrf or 100.0) else (direct,)


def _product(first: Package, second: Package) -> float:
    """The quality to expect of two legs, in per cent; 0 where one is not measured."""
    return (first.chrf or 0.0) * (second.chrf or 0.0) / 100


def pairs(packages: Mapping[Pair, Package]) -> frozenset[Pair]:
    """All directions that are served, directly or by way of English."""
    languages = {language for pair in packages for language in pair}
    return frozenset(
        (source, target) for source in languages for target in languages
        if source != target and route(packages, source, target)
    )
