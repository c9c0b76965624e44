"""'Ingest samples and ask' in a process that can reach nothing but this machine's loopback."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# A second lock behind the namespace, and the only one where namespaces are not allowed: every attempt to leave the
# machine raises, and is noted in a file, so that an attempt that is caught and forgotten fails the test, too.
_GUARD = '''
import os, socket
_LOCAL = {"127.0.0.1", "::1", "localhost", "", None, b"localhost", b"127.0.0.1", "0.0.0.0", "::"}
_connect, _connect_ex, _sendto, _resolve = (
    socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto, socket.getaddrinfo)

def _check(host, what):
    if host not in _LOCAL:
        with open(os.environ["NETWORK_ATTEMPTS"], "a") as file:
            file.write(f"{what} {host!r}\\n")
        raise OSError(101, f"Network is unreachable: {what} {host!r}")

def _host(sock, address):
    return None if sock.family == socket.AF_UNIX else address[0]

def connect(self, address):
    _check(_host(self, address), "connect")
    return _connect(self, address)

def connect_ex(self, address):
    _check(_host(self, address), "connect")
    return _connect_ex(self, address)

def sendto(self, data, *rest):
    _check(_host(self, rest[-1]), "sendto")
    return _sendto(self, data, *rest)

def getaddrinfo(host, *rest, **named):
    _check(host, "resolve")
    return _resolve(host, *rest, **named)

socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto = connect, connect_ex, sendto
socket.getaddrinfo = getaddrinfo
socket.gethostbyname = lambda host: getaddrinfo(host, None)[0][4][0]
'''


@functools.cache
def _namespace() -> tuple[str, ...]:
    """The command that gives a process a network of its own with nothing but loopback, where that is allowed."""
    unshare, ip = shutil.which("unshare"), shutil.which("ip")
    if not unshare:
        return ()
    up = f"{ip} link set lo up && " if ip else ""
    command = (unshare, "-rn", "sh", "-c", up + 'exec "$@"', "sh")
    done = subprocess.run([*command, "true"], capture_output=True, check=False)
    return command if done.returncode == 0 else ()


@pytest.fixture
def attempts(tmp_path: Path) -> Path:
    """The file in which attempts to leave the machine are noted, with the guard beside it."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(_GUARD, encoding="utf-8")
    noted = tmp_path / "attempts.txt"
    noted.touch()
    return noted


def _run(command: Sequence[str], attempts: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ, "PYTHONPATH": f"{attempts.parent / 'guard'}{os.pathsep}{ROOT}",
        "NETWORK_ATTEMPTS": str(attempts), "COPILOT_DATA_DIR": str(cwd / "data"),
    }
    # What spares libraries a download must be the product's own doing.
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "DO_NOT_TRACK", "SCARF_NO_ANALYTICS"):
        environment.pop(name, None)
    return subprocess.run(
        [*_namespace(), *command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=900, check=False,
    )


def test_the_guard_stops_and_notes_an_attempt(attempts: Path, tmp_path: Path) -> None:
    program = "import socket\ntry: socket.create_connection(('192.0.2.1', 80), 2)\nexcept OSError as e: print(e)"
    done = _run([sys.executable, "-c", program], attempts, tmp_path)
    assert "unreachable" in done.stdout
    assert "192.0.2.1" in attempts.read_text()


@pytest.fixture
def one_of_each_format(few_samples: Path, tmp_path: Path) -> Path:
    """The smallest sample of each format that needs no OCR."""
    folder = tmp_path / "corpus_samples"
    smallest = {path.suffix: path for path in
                sorted(few_samples.rglob("*.*"), key=lambda path: path.stat().st_size, reverse=True)}
    for path in smallest.values():
        target = folder / path.relative_to(few_samples)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return folder


@pytest.mark.slow
def test_ingest_and_ask_leave_this_machine_alone(one_of_each_format: Path, attempts: Path, tmp_path: Path) -> None:
    copilot = [sys.executable, "-m", "copilot"]
    ingested = _run([*copilot, "ingest", str(one_of_each_format)], attempts, tmp_path)
    assert ingested.returncode == 0, ingested.stdout + ingested.stderr
    question = "Was bedeutet der Fehlercode P0A7E?"
    asked = _run([*copilot, "ask", question, "--json"], attempts, tmp_path)
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert answer["verdict"] == "answered" and answer["citations"][0]["quote"]
    assert attempts.read_text() == ""
