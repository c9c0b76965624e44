"""Whether Python packages can really be imported: tried in a process of its own, which a broken one may end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

TIMEOUT_S = 180.0

# argostranslate makes folders where it is imported: they go with the process.
_PROGRAM = """
import importlib, json, os, sys, tempfile
out = os.dup(1)
os.dup2(2, 1)
for name in sys.argv[1:]:
    os.write(out, (json.dumps([name, "begun", ""]) + "\\n").encode())
    if name.startswith("argostranslate"):
        folder = tempfile.TemporaryDirectory()
        os.environ.update({"XDG_%s_HOME" % kind: folder.name for kind in ("DATA", "CONFIG", "CACHE")})
    try:
        module = importlib.import_module(name)
        found = str(getattr(module, "__version__", ""))
        result = [name, "ok", found]
        if name == "torch":
            result[2] += " cuda" if module.version.cuda else ""
    except BaseException as error:
        result = [name, "failed", f"{type(error).__name__}: {error}".splitlines()[0][:300]]
    os.write(out, (json.dumps(result) + "\\n").encode())
"""


def try_imports(names: Sequence[str]) -> Mapping[str, tuple[bool, str]]:
    """For each module whether it could be imported, and its version or the error."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "DO_NOT_TRACK": "true", "SCARF_NO_ANALYTICS": "true"}
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, *names], capture_output=True, text=True, timeout=TIMEOUT_S,
            env=environment, check=False,
        )
        output, end = done.stdout, f"the interpreter ended with status {done.returncode}"
    except subprocess.TimeoutExpired as error:
        raw = error.stdout or b""
        output = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
        end = f"it took more than {TIMEOUT_S:.0f} s"
    return _results(names, output, end)


def _results(names: Sequence[str], output: str, end: str) -> dict[str, tuple[bool, str]]:
    found: dict[str, tuple[bool, str]] = {}
    for line in output.splitlines():
        name, state, detail = json.loads(line)
        found[name] = (state == "ok", end if state == "begun" else detail)
    return {name: found.get(name, (False, f"not reached: {end}")) for name in names}
