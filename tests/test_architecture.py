"""The house's rules: imports run one way, heavy libraries stay in their rooms, the command line starts light."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("copilot", "ingest", "evals")

# Where each heavy library may be imported: module names, or prefixes of them ending in a dot or an underscore.
ROOMS = {
    "unstructured": ("ingest.parse.", "ingest.parse"),
    "streamlit": ("copilot.ui.", "copilot.ui", "evals.quality."),
    "sqlalchemy": ("copilot.catalog.", "copilot.catalog"),
    "qdrant_edge": ("copilot.index.",),
    "qdrant_client": ("copilot.index.", "copilot.index", "copilot.testing_"),
    "sentence_transformers": ("copilot.embedding.",),
    "torch": ("copilot.embedding.",),
    "argostranslate": ("copilot.translation.argos",),
    "ctranslate2": ("copilot.translation.argos",),
    "onnxruntime": ("copilot.reading.",),
    "tesserocr": ("ingest.parse.",),
    "pdfplumber": ("ingest.parse.",),
    "duckdb": ("copilot.rows.engine",),
    "pint": ("copilot.quantities.", "copilot.quantities"),
    "matplotlib": ("evals.report.",),
    "ragas": ("evals.judges", "evals.judges."),
    "openai": ("copilot.llms.building", "evals.judges", "evals.judges."),
}
# `copilot --help` and the types must not wait for these.
HEAVY = (
    "torch", "qdrant_client", "qdrant_edge", "llama_index", "unstructured", "sqlalchemy", "streamlit", "numpy",
    "transformers", "pydantic", "ingest.pipeline",
)
MAX_FUNCTION_LINES = 60
MAX_FILE_LINES = 300
# One file by intent: the nouns stand together.
LONGER_FILES = {"copilot/types.py": 580}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)


def test_imports_run_one_way() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("library", ROOMS)
def test_heavy_library_is_imported_in_its_room_only(library: str, graph: grimp.ImportGraph) -> None:
    if library not in graph.modules:
        pytest.skip(f"nothing imports {library}")
    rooms = ROOMS[library]
    outside = [
        module for module in graph.find_modules_that_directly_import(library)
        if not any(module == room or (room.endswith((".", "_")) and module.startswith(room)) for room in rooms)
    ]
    assert outside == []


def _loaded_after(program: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", program + "\nimport json, sys\nprint('\\n' + json.dumps(sorted(sys.modules)))"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


HELP = """
import sys
from copilot.cli import main
sys.argv = ["copilot", "--help"]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""


@pytest.mark.parametrize("program", [HELP, "import copilot.types, copilot.errors, copilot.protocols, copilot.ids"])
def test_help_and_types_load_nothing_heavy(program: str) -> None:
    assert _loaded_after(program).isdisjoint(HEAVY)


def test_help_answers_in_half_a_second_of_cpu_time() -> None:
    program = HELP + "\nimport time\nprint(time.process_time())"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "ingest" in done.stdout, "the commands of the entry points are missing"
    assert float(done.stdout.splitlines()[-1]) < 0.5


def _sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_no_function_is_longer_than_sixty_lines_and_most_are_short() -> None:
    lengths = {name: length for path in _sources() for name, length in _functions(path)}
    assert [name for name, length in lengths.items() if length > MAX_FUNCTION_LINES] == []
    assert sorted(lengths.values())[int(len(lengths) * 0.9)] < 30


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in _sources()}
    too_long = {name for name, length in lengths.items() if length > LONGER_FILES.get(name, MAX_FILE_LINES)}
    assert too_long == set()


def test_every_module_says_in_its_docstring_what_it_owns() -> None:
    silent = [path for path in _sources() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []


def test_the_tests_are_no_package() -> None:
    """A dependency installs a package named tests; a second one would hide it or be hidden."""
    assert list((ROOT / "tests").rglob("__init__.py")) == []
