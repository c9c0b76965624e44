"""Checks of what is installed: Python packages, the embedder's file, tesseract's languages, chromium, fonts."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from copilot.doctor.checks import Check, State
from copilot.doctor.imports import try_imports
from copilot.errors import ModelError, SettingsError
from copilot.settings import Settings

REINSTALL = "Install again: make venv (or pip install -r requirements.lock)."
SYSTEM = "make system, or your system's package tool: "

_MODULES: tuple[tuple[str, str, bool], ...] = (
    ("torch", "the embedder cannot run: no ingest, no dense search", True),
    ("sentence_transformers", "the embedder cannot run: no ingest, no dense search", True),
    ("llama_index.core", "no question can be answered", True),
    ("qdrant_edge", "the embedded index cannot be opened", True),
    ("qdrant_client", "no Qdrant server can be used", True),
    ("sqlalchemy", "the catalog cannot be opened", True),
    ("unstructured.documents.elements", "nothing can be ingested", True),
    ("pypdfium2", "no PDF can be read or shown", True),
    ("streamlit", "the app does not start; the command line works", False),
    ("tesserocr", "scans and images become outcomes without text", False),
    ("argostranslate.package", "nothing is translated by machine; originals are shown, with key terms", False),
    ("ctranslate2", "nothing is translated by machine; originals are shown, with key terms", False),
)

_TESSERACT = {
    "de": "deu", "en": "eng", "es": "spa", "fr": "fra", "it": "ita", "pl": "pol", "pt": "por", "zh": "chi_sim",
}
_TESSDATA = (
    "/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata",
    "/usr/local/share/tessdata", "/opt/homebrew/share/tessdata", "/opt/local/share/tessdata",
)


def check_installation(settings: Settings | None) -> list[Check]:
    """All of them; ``settings`` is None where they could not be read."""
    found = try_imports([name for name, _, _ in _MODULES])
    return [
        check_python(), *check_modules(found), check_torch_build(found), check_torchvision(),
        check_embedder(settings), check_reader(settings), check_translation(settings), check_words(settings),
        check_ocr_languages(tessdata_folders()), check_chromium(), check_fonts(),
    ]


def check_python() -> Check:
    """The interpreter."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Check("python", State.OK, f"{version} in {Path(sys.prefix).name}", needed=True)


def check_modules(found: Mapping[str, tuple[bool, str]]) -> Iterator[Check]:
    """What the import of each module gave."""
    for name, cost, needed in _MODULES:
        works, detail = found[name]
        if works:
            yield Check(f"import {name}", State.OK, detail, needed=needed)
        else:
            absent = "ModuleNotFoundError" in detail
            state = State.MISSING if absent else State.BROKEN
            yield Check(f"import {name}", state, detail, cost, REINSTALL, needed)


def check_torch_build(found: Mapping[str, tuple[bool, str]]) -> Check:
    """Whether torch is the CPU build."""
    works, detail = found["torch"]
    if works and detail.endswith(" cuda"):
        return Check(
            "torch for CPU", State.BROKEN, detail.removesuffix(" cuda"),
            "several GB of disk that nothing here uses",
            "Remove .venv, then make demo TORCH_INDEX=<the index of CPU builds that PyTorch's install page names>.",
        )
    if not works:
        return Check("torch for CPU", State.MISSING, "torch cannot be imported", "see import torch", REINSTALL)
    return Check("torch for CPU", State.OK)


def check_torchvision() -> Check:
    """Torchvision must be absent: a build that does not match torch's breaks the embedder's import."""
    if importlib.util.find_spec("torchvision") is None:
        return Check("no torchvision", State.OK)
    return Check(
        "no torchvision", State.BROKEN, "torchvision is installed",
        "a build that does not match torch's stops sentence_transformers", "pip uninstall torchvision timm",
    )


def check_embedder(settings: Settings | None) -> Check:
    """The files of the shipped or the packaged model against their digests; another model is only named."""
    name = "embedder"
    cost = "no ingest, no dense search"
    if settings is None:
        return Check(name, State.MISSING, "not checked: the settings cannot be read", cost, "Correct the settings.")
    try:
        # LlamaIndex is imported here; where that fails, its own check says so.
        from copilot import embedding
    except ImportError as error:
        return Check(name, State.BROKEN, str(error), cost, REINSTALL, needed=True)
    model = settings.embedder.model
    if model not in (embedding.SHIPPED, embedding.PACKAGED):
        if Path(model).is_dir():
            return Check(name, State.OK, f"{model} (its files are not checked)", needed=True)
        return Check(
            name, State.OK, f"{model} (not a folder here; taken from sentence-transformers' cache when first used)",
            needed=True,
        )
    try:
        if model == embedding.SHIPPED:
            shipped = embedding.open_shipped()
            shipped.verify()
            return Check(name, State.OK, f"{model} {shipped.version}, sha256 as in its manifest", needed=True)
        embedding.verify_packaged_model(embedding.packaged_model_path())
    except ModelError as error:
        return Check(name, State.BROKEN, error.reason, cost, error.cure, needed=True)
    except OSError as error:
        return Check(name, State.MISSING, f"{error.filename}: {error.strerror}", cost, REINSTALL, needed=True)
    return Check(name, State.OK, f"{model}, sha256 as published", needed=True)


def check_reader(settings: Settings | None) -> Check:
    """The reader's file against its digest, and whether its scores are what the curves in use were fitted to."""
    from copilot.answering.calibration import FILE, team
    from copilot.reading import Reader

    name, cost = "reader", "copilot ask fails until it is mended or COPILOT_ANSWER__READER is false"
    if settings is None:
        return Check(name, State.MISSING, "not checked: the settings cannot be read", cost, "Correct the settings.")
    if not settings.answer.reader:
        return Check(name, State.OK, "left out by the settings: sentences are judged by their words alone")
    try:
        reader = Reader()
        reader.verify()
        curves = team(settings.data_dir)
    except (ModelError, SettingsError) as error:
        return Check(name, State.BROKEN, error.reason, cost, error.cure, needed=True)
    if curves is not None and not curves.reads:
        cure = "Refit it: copilot eval calibrate --set FILE."
        return Check(name, State.MISSING, f"{FILE} in the data folder was fitted without the reader",
                     "the shipped probabilities are used instead of the team's", cure)  # fmt: skip
    return Check(name, State.OK, f"{reader.version}, sha256 as in its manifest", needed=True)


def check_translation(settings: Settings | None) -> Check:
    """The directions that packages serve, and packages that cannot be read; each is tried by copilot models verify."""
    from copilot.models import SHIPPED_TRANSLATION
    from copilot.models.folders import models
    from copilot.translation.packages import installed, pairs

    name, cost = "translation", "what is not in the reader's language is shown as it is, with key terms explained"
    if settings is None:
        return Check(name, State.MISSING, "not checked: the settings cannot be read", cost, "Correct the settings.")
    damaged = [model.name for model in models(settings) if model.note == "damaged"]
    if damaged:
        cure = "copilot models remove NAME, then copilot models install FILE."
        return Check(name, State.BROKEN, "damaged packages: " + ", ".join(damaged), cost, cure)
    packages = installed((settings.packages_path, SHIPPED_TRANSLATION))
    served = ", ".join(sorted(f"{source}>{target}" for source, target in pairs(packages)))
    if not served:
        cure = "copilot models install FILE, or where there is a network copilot models pull."
        return Check(name, State.MISSING, "no translation package is installed", cost, cure)
    return Check(name, State.OK, served)


def check_words(settings: Settings | None) -> Check:
    """The table of words by which questions reach other languages and texts are glossed."""
    from copilot.language.wordtable import open_word_table, table_path

    try:
        table = open_word_table(table_path(settings.retrieval.tables if settings else "all"))
        table.verify()
        return Check("word table", State.OK, f"{len(table.pairs)} directions, sha256 as in its manifest")
    except ModelError as error:
        cost = "questions find only what is in their own language; nothing is glossed without a glossary"
        return Check("word table", State.BROKEN, error.reason, cost, error.cure)


def tessdata_folders() -> list[Path]:
    """The folders in which tesseract's language data may lie, as far as they are there."""
    prefix = os.environ.get("TESSDATA_PREFIX", "")
    named = [prefix, str(Path(prefix) / "tessdata")] if prefix else []
    return [Path(folder) for folder in (*named, *_TESSDATA) if Path(folder).is_dir()]


def check_ocr_languages(folders: list[Path]) -> Check:
    """Tesseract's data for each of our languages, and for orientation, in one of the folders."""
    name = "tesseract languages"
    wanted = {**_TESSERACT, "page orientation": "osd"}

    def lacking(folder: Path) -> list[str]:
        return [label for label, code in wanted.items() if not (folder / f"{code}.traineddata").is_file()]

    best = min((lacking(folder) for folder in folders), key=len, default=list(wanted))
    if not best:
        return Check(name, State.OK, ", ".join(_TESSERACT))
    packages = " ".join("tesseract-ocr-" + wanted[label].replace("_", "-") for label in best)
    cost = "scans and images in these languages are read badly or become outcomes without text"
    return Check(name, State.MISSING, "missing: " + ", ".join(best), cost, SYSTEM + packages)


def check_chromium() -> Check:
    """A chromium for the browser tests."""
    for command in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(command):
            return Check("chromium", State.OK, path)
    return Check(
        "chromium", State.MISSING, "", "the browser tests are skipped; the product needs none",
        SYSTEM + "chromium chromium-driver",
    )


def check_fonts() -> Check:
    """A font with Chinese characters."""
    cost = "Chinese shows as boxes in page images of documents that do not carry their fonts, and in browser tests"
    cure = SYSTEM + "fonts-noto-cjk"
    lister = shutil.which("fc-list")
    if lister is None:
        return Check("fonts", State.MISSING, "fc-list is not there, so fonts are not known", cost, cure)
    done = subprocess.run([lister, ":lang=zh", "family"], capture_output=True, text=True, timeout=60, check=False)
    families = sorted({line.split(",")[0].strip() for line in done.stdout.splitlines() if line.strip()})
    if families:
        return Check("fonts", State.OK, f"Chinese: {families[0]}")
    return Check("fonts", State.MISSING, "no font has Chinese characters", cost, cure)
