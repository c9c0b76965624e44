"""What every test gets: a scrubbed environment, no network beyond this machine, and ingested samples to ask."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "corpus_samples"

# They cover the eight languages, most formats, the seeded contradiction (the Italian manual), a revision pair and a
# restricted document, need no OCR, and are read in seconds. Paths below corpus_samples/.
FEW_SAMPLES = (
    "service/battery_pack_manual_en.pdf",
    "service/hochvoltbatterie_reparaturhandbuch_de.pdf",
    "service/manuale_officina_batteria_it.docx",
    "service/manual_taller_bateria_es.pdf",
    "service/manual_oficina_bateria_pt.html",
    "service/instrukcja_serwisowa_baterii_pl.docx",
    "service/dianchi_weixiu_shouce_zh.pdf",
    "service/dtc_list_civetta_e_en.csv",
    "service/torque_spec_TS-2207_rev_B.pdf",
    "service/torque_spec_TS-2207_rev_C.pdf",
    "engineering/campagne_ota_2025_031_fr.pdf",
    "engineering/riesame_di_lancio_tasso_h_it.pptx",
    "engineering/mail_2025-05-21_squeak_rear_axle_en.eml",
    "security/bewertung_telematik_kurzfassung_de.txt",
)


def _scrub() -> None:
    """What a developer has set must decide nothing here; libraries must neither phone home nor download."""
    for name in [name for name in os.environ if name.startswith(("COPILOT_", "STREAMLIT_"))]:
        del os.environ[name]
    os.environ.update(
        HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false", DO_NOT_TRACK="true",
        SCARF_NO_ANALYTICS="true", RAGAS_DO_NOT_TRACK="true", OMP_WAIT_POLICY="passive", COLUMNS="100",
        NO_COLOR="1", TZ="UTC",
    )


def _write_to_memory() -> None:
    """Temporary folders in memory where there is plenty: an index waits for the disk at each flush."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 8 << 30:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


_scrub()
_write_to_memory()


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty home folder for the whole run: nothing is read from or written to the developer's."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        for name, part in (("CONFIG", ".config"), ("DATA", ".local/share"), ("CACHE", ".cache")):
            patch.setenv(f"XDG_{name}_HOME", str(folder / part))
        yield folder


@pytest.fixture(autouse=True)
def scrubbed_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No copilot.toml of the working folder is read, and data goes into the test's own folder."""
    from copilot.settings import Settings

    monkeypatch.setitem(Settings.model_config, "toml_file", None)
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
    yield
    for name in [name for name in os.environ if name.startswith("COPILOT_")]:
        del os.environ[name]


def run_copilot(
    *arguments: str, data_dir: Path, cwd: Path | None = None, stdin: str | None = None, timeout_s: float = 900,
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, in an empty folder, with the given data folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COPILOT_")}
    environment |= {"COPILOT_DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "copilot", *arguments], cwd=cwd or data_dir.parent, env=environment, input=stdin,
        capture_output=True, text=True, timeout=timeout_s, check=False,
    )


def _copy_samples(paths: Sequence[str], target: Path) -> Path:
    """Some samples with their entries of the manifest, as a folder of their own with the same source name."""
    head, *entries = (SAMPLES / "manifest.toml").read_text(encoding="utf-8").split("[[documents]]\n")
    kept = [entry for entry in entries if tomllib.loads(entry)["path"] in paths]
    assert len(kept) == len(paths), f"not all of these are in the manifest: {paths}"
    folder = target / "corpus_samples"
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SAMPLES / path, folder / path)
    text = head + "".join("[[documents]]\n" + entry for entry in kept)
    (folder / "manifest.toml").write_text(text, encoding="utf-8")
    return folder


def _ingest(folder: Path, data_dir: Path) -> Path:
    done = run_copilot("ingest", str(folder), data_dir=data_dir)
    assert done.returncode == 0, f"the samples were not ingested:\n{done.stdout}\n{done.stderr}"
    return data_dir


@pytest.fixture(scope="session")
def few_samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a dozen samples with their manifest; do not write into it."""
    return _copy_samples(FEW_SAMPLES, tmp_path_factory.mktemp("few"))


@pytest.fixture(scope="session")
def sample_data_dir(few_samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder into which a dozen samples were ingested once; read it, do not write into it."""
    return _ingest(few_samples, tmp_path_factory.mktemp("sample-data") / "data")


@pytest.fixture(scope="session")
def all_samples_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with all samples, for tests marked slow; read it, do not write into it."""
    return _ingest(SAMPLES, tmp_path_factory.mktemp("all-data") / "data")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for all samples is slow; what needs a program that is absent is skipped with its name."""
    ocr_languages = _ocr_languages()
    for item in items:
        if "all_samples_data_dir" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
        if item.get_closest_marker("browser") and not (shutil.which("chromium") or shutil.which("google-chrome")):
            item.add_marker(pytest.mark.skip(reason="chromium is not installed (make system)"))
        if item.get_closest_marker("ocr") and not ocr_languages:
            item.add_marker(pytest.mark.skip(reason="tesseract's language data are not installed (make system)"))


def _ocr_languages() -> bool:
    """Whether tesseract's data for our eight languages lie somewhere they are looked for."""
    codes = ("deu", "eng", "spa", "fra", "ita", "pol", "por", "chi_sim", "osd")
    folders = [Path(os.environ["TESSDATA_PREFIX"])] if os.environ.get("TESSDATA_PREFIX") else []
    folders += [*Path("/usr/share/tesseract-ocr").glob("*/tessdata"), Path("/usr/share/tessdata"),
                Path("/usr/local/share/tessdata"), Path("/opt/homebrew/share/tessdata")]
    return any(all((folder / f"{code}.traineddata").is_file() for code in codes) for folder in folders)
