from __future__ import annotations

import pytest

from copilot.settings import load_settings
from copilot.verification import Verifier
from copilot.wiring import open_verifier


@pytest.fixture(scope="session")
def verifier() -> Verifier:
    return open_verifier(load_settings())
