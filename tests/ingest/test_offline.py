"""The hook that keeps unstructured offline."""

from __future__ import annotations

import subprocess
import sys

from ingest.parse import offline

_PROBE = """
import socket, sys
def refuse(*args, **kwargs): raise AssertionError("a socket was opened")
socket.socket.connect = refuse
for name in ("spacy", "thinc", "numba", "llvmlite"):
    sys.modules[name] = None
from ingest.parse import offline
offline.install_offline()
from unstructured.partition import text_type
from unstructured.partition.text_type import is_possible_narrative_text, sentence_count
for name in offline.FUNCTIONS:
    assert getattr(text_type, name).__module__ == "ingest.parse.offline", name
assert sentence_count("One is here. Two is there.") == 2
is_possible_narrative_text("Die Schraube wird mit 24 Nm angezogen.", languages=[""])
"""


def test_hook_stands_where_unstructured_looks_and_no_model_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", _PROBE], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_hook_offers_every_function_that_unstructured_has_there() -> None:
    from importlib.util import find_spec
    from pathlib import Path

    package = find_spec("unstructured")
    assert package is not None and package.origin is not None
    source = (Path(package.origin).parent / "nlp" / "tokenize.py").read_text(encoding="utf-8")
    for name in offline.FUNCTIONS:
        assert f"def {name}(" in source, f"{name} has moved: change ingest/parse/offline.py"


def test_words_and_sentences_are_split() -> None:
    assert offline._word_tokenize("M8, 24 Nm") == ["M8", ",", "24", "Nm"]
    assert offline._sent_tokenize("拧紧螺栓。检查扭矩。") == ["拧紧螺栓。", "检查扭矩。"]
