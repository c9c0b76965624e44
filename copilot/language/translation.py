"""Machine translation by installed Argos packages, offline; what would not be faithful is not translated.

The only file that imports argostranslate, which is imported late: its sentence splitters want downloads, so ours
takes their place, and the two libraries that it would load for them are kept out.
"""

from __future__ import annotations

import functools
import os
import re
import sys
import threading
import types
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from copilot.language.analysis import normalise_number
from copilot.language.sentences import sentences

_PIVOT = "en"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_IDENTIFIER = re.compile(r"\b(?=[\w/-]*\d)(?=[\w/-]*[A-Z])[\w/-]+\b")


class ArgosTranslator:
    """Translates by the packages in a folder: a direct pair, else by way of English. Thread-safe."""

    name = "argos"

    def __init__(self, packages: Path) -> None:
        self._folder = packages
        self._lock = threading.Lock()
        self._models: dict[tuple[str, str], Any] = {}

    def pairs(self) -> frozenset[tuple[str, str]]:
        """The directions that can be served."""
        direct = frozenset(self._packages())
        via = {(a, d) for a, b in direct for c, d in direct if b == c == _PIVOT and a != d}
        return direct | via

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str | None]:
        """One text each; None where no package serves the pair, or a number or an identifier would be lost."""
        if source == target:
            return list(texts)
        route = self._route(source, target)
        if not route:
            return [None] * len(texts)
        return [self._faithful(text, route) for text in texts]

    def _route(self, source: str, target: str) -> list[tuple[str, str]]:
        direct = self._packages()
        if (source, target) in direct:
            return [(source, target)]
        legs = [(source, _PIVOT), (_PIVOT, target)]
        return legs if all(leg in direct for leg in legs) else []

    def _faithful(self, text: str, route: Sequence[tuple[str, str]]) -> str | None:
        translated = text
        for leg in route:
            with self._lock:
                model = self._model(leg)
                translated = str(model.hypotheses(translated, 1)[0].value).strip()
        return translated if translated and kept(text) == kept(translated) else None

    def _packages(self) -> dict[tuple[str, str], Path]:
        """(from, to) -> folder, read from the packages' metadata."""
        return _installed(self._folder, _stamp(self._folder))

    def _model(self, leg: tuple[str, str]) -> Any:
        if leg not in self._models:
            self._models[leg] = _load(self._packages()[leg], leg[0], self._folder)
        return self._models[leg]


def kept(text: str) -> Counter[str]:
    """What a translation may not change: numbers by value, identifiers as written."""
    identifiers = [match.upper() for match in _IDENTIFIER.findall(text)]
    rest = _IDENTIFIER.sub(" ", text)
    return Counter(identifiers) + Counter(normalise_number(match)[0] for match in _NUMBER.findall(rest))


def _stamp(folder: Path) -> int:
    return folder.stat().st_mtime_ns if folder.is_dir() else 0


@functools.lru_cache(maxsize=8)
def _installed(folder: Path, _changed: int) -> dict[tuple[str, str], Path]:
    import json

    found = {}
    for metadata in sorted(folder.glob("*/metadata.json")):
        try:
            table = json.loads(metadata.read_text(encoding="utf-8"))
            found[str(table["from_code"]), str(table["to_code"])] = metadata.parent
        except (OSError, ValueError, KeyError, TypeError):
            continue  # not a package, or a torn one: the pair is simply not offered
    return found


class _Sentences:
    def __init__(self, language: str) -> None:
        self._language = language

    def split_sentences(self, text: str) -> list[str]:
        return [text[start:end] for start, end in sentences(text, self._language)]


def _load(path: Path, source: str, folder: Path) -> Any:
    package, translate = _argos(folder)
    model = translate.PackageTranslation.__new__(translate.PackageTranslation)
    model.pkg = package.Package(path)
    model.translator = None
    model.sentencizer = _Sentences(source)
    return model


def _argos(folder: Path) -> tuple[Any, Any]:
    """The library's modules, with nothing in reach that downloads, and no folder made outside ours."""
    os.environ.setdefault("ARGOS_PACKAGES_DIR", str(folder))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        os.environ.setdefault(name, str(folder / ".argos"))
    if "argostranslate" not in sys.modules:
        blocked = {name: sys.modules.get(name) for name in ("spacy", "stanza")}
        sys.modules["spacy"] = None  # type: ignore[assignment]
        sys.modules["stanza"] = types.ModuleType("stanza")
        try:
            import argostranslate.translate  # noqa: F401
        finally:
            for name, module in blocked.items():
                if module is None:
                    sys.modules.pop(name, None)
                else:
                    sys.modules[name] = module
    from argostranslate import package, translate

    return package, translate
