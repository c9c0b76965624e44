"""Loaded into the server that forks the workers: no worker runs the program again that started it.

Else each would run the caller's main script once more, which under Streamlit is a page of the app. What workers are
sent is found by its module's name.
"""

from __future__ import annotations

from multiprocessing import spawn


def _leave(_main: str) -> None:
    return None


spawn._fixup_main_from_name = spawn._fixup_main_from_path = _leave  # type: ignore[attr-defined]
