from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.index.edge import EdgeIndex
from copilot.testing_index import IndexContract


class TestEdgeKeepsTheContract(IndexContract):
    @pytest.fixture
    def open_index(self, tmp_path: Path) -> Callable[[int, str], EdgeIndex]:
        return lambda dimension, fingerprint: EdgeIndex(tmp_path / "index", dimension, fingerprint)
