"""Models are fetched from an index: a server of ours, a mirror, behind a proxy, or a folder."""

from __future__ import annotations

import hashlib
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from copilot.errors import ModelError, UsageError
from copilot.models import folders, pulling, smoke
from copilot.models.installing import remove, verify
from copilot.settings import Settings, load_settings


def _package(source: str, target: str, version: str = "1.0") -> bytes:
    import io

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        table = {"from_code": source, "to_code": target, "package_version": version}
        archive.writestr(f"translate-{source}_{target}/metadata.json", json.dumps(table))
    return buffer.getvalue()


def _entry(source: str, target: str, link: str, **more: Any) -> dict[str, Any]:
    told = {"type": "translate", "from_code": source, "to_code": target, "package_version": "1.0", "links": [link]}
    return told | more


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    monkeypatch.setattr(smoke, "translation", lambda folder: "works")
    monkeypatch.setattr(folders, "SHIPPED_TRANSLATION", tmp_path / "none")
    monkeypatch.setattr(folders, "SHIPPED", tmp_path / "none")
    return load_settings(data_dir=tmp_path / "data", models={"timeout_s": 5})


@pytest.fixture
def serve() -> Iterator[Callable[[dict[str, bytes]], tuple[str, list[str]]]]:
    """Start a server of {path or absolute address: content}; its address, and the paths that were asked for."""
    servers: list[ThreadingHTTPServer] = []

    def start(content: dict[str, bytes]) -> tuple[str, list[str]]:
        asked: list[str] = []

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                body = content.get(self.path)
                self.send_response(200 if body is not None else 404)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}", asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_direction_is_fetched_checked_and_installed(settings: Settings, serve: Any) -> None:
    package = _package("de", "en")
    index = [_entry("de", "en", "files/a.argosmodel", sha256=hashlib.sha256(package).hexdigest())]
    url, _ = serve({"/index.json": json.dumps(index).encode(), "/files/a.argosmodel": package})
    offered = pulling.offers(settings, url)
    for offer in pulling.chosen(offered, ["de", "en"]):
        pulling.pull(settings, offer)
    assert [model.serves for model in folders.models(settings)] == ["de>en"]


def test_a_wrong_checksum_installs_nothing(settings: Settings, serve: Any) -> None:
    index = [_entry("de", "en", "a.argosmodel", sha256="0" * 64)]
    url, _ = serve({"/index.json": json.dumps(index).encode(), "/a.argosmodel": _package("de", "en")})
    with pytest.raises(ModelError, match="sha256"):
        pulling.pull(settings, pulling.offers(settings, url)[0])
    assert folders.models(settings) == []


def test_a_mirror_gives_the_files_of_the_public_index(settings: Settings, serve: Any) -> None:
    index = [_entry("en", "fr", "https://public.invalid/v1/translate-en_fr.argosmodel")]
    url, asked = serve({"/m/index.json": json.dumps(index).encode(),
                        "/m/translate-en_fr.argosmodel": _package("en", "fr")})
    pulling.pull(settings, pulling.offers(settings, f"{url}/m/")[0])
    assert asked == ["/m/index.json", "/m/translate-en_fr.argosmodel"]


def test_a_proxy_of_the_environment_is_used(
    settings: Settings, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = [_entry("en", "it", "http://models.invalid/x.argosmodel")]
    proxy, asked = serve({"http://models.invalid/index.json": json.dumps(index).encode(),
                          "http://models.invalid/x.argosmodel": _package("en", "it")})
    monkeypatch.setenv("http_proxy", proxy)
    pulling.pull(settings, pulling.offers(settings, "http://models.invalid")[0])
    assert asked == ["http://models.invalid/index.json", "http://models.invalid/x.argosmodel"]
    assert [model.serves for model in folders.models(settings)] == ["en>it"]


@pytest.mark.parametrize("wanted", ["small", "server"])
def test_an_embedder_is_fetched_from_an_index_like_a_package(
    settings: Settings, serve: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wanted: str
) -> None:
    monkeypatch.setattr(smoke, "embedder", lambda folder: "256 dimensions")
    packed = tmp_path / "small.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("small/modules.json", "small/model.safetensors"):
            archive.writestr(name, "[]")
    digest = hashlib.sha256(packed.read_bytes()).hexdigest()
    index = [{"type": "embedder", "code": "small", "links": ["small.zip"], "sha256": digest}]
    url, _ = serve({"/index.json": json.dumps(index).encode(), "/small.zip": packed.read_bytes()})
    offered = pulling.offers(settings, url if wanted == "server" else str(tmp_path))
    [offer] = pulling.chosen(offered, ["small"])
    assert (pulling.pull(settings, offer).kind, pulling.chosen(offered, [])) == ("embedder", [])
    assert [(item.name, item.checksums) for item in verify(settings, "small")] == [("small", "good")]
    assert remove(settings, "small").name == "small" and folders.models(settings) == []


def test_a_folder_of_files_is_an_index(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.argosmodel").write_bytes(_package("de", "en"))
    (tmp_path / "files" / "torn.argosmodel").write_bytes(b"PK")
    offered = pulling.offers(settings, str(tmp_path / "files"))
    assert [offer.name for offer in offered] == ["translate-de_en"]
    assert pulling.pull(settings, offered[0]).serves == "de>en"


def test_a_pair_without_a_direct_package_takes_two_and_unknown_ones_are_told(settings: Settings, serve: Any) -> None:
    index = [_entry("de", "en", "a"), _entry("en", "fr", "b"), _entry("en", "xx", "c"), "nonsense",
             _entry("en", "fr", "d") | {"package_version": "1.10"}]
    url, _ = serve({"/index.json": json.dumps(index).encode()})
    offered = pulling.offers(settings, url)
    assert {offer.name: offer.version for offer in offered} == {"translate-de_en": "1.0", "translate-en_fr": "1.10"}
    assert [offer.name for offer in pulling.chosen(offered, ["de", "fr"])] == ["translate-de_en", "translate-en_fr"]
    assert len(pulling.chosen(offered, [])) == 2
    with pytest.raises(UsageError, match="no way"):
        pulling.chosen(offered, ["fr", "de"])
    with pytest.raises(UsageError, match="does not offer"):
        pulling.chosen(offered, ["translate-en_xx"])


@pytest.mark.parametrize("index", [b"<html>", b"{}", b""])
def test_what_is_no_index_is_told_with_the_cure(settings: Settings, serve: Any, index: bytes) -> None:
    url, _ = serve({"/index.json": index})
    with pytest.raises(ModelError, match="COPILOT_MODELS__INDEX_URL"):
        pulling.offers(settings, url)


def test_without_a_network_the_cure_is_told(settings: Settings, serve: Any) -> None:
    url, _ = serve({})
    with pytest.raises(ModelError, match="HTTPS_PROXY"):
        pulling.offers(settings, url)
    with pytest.raises(UsageError, match="neither a URL nor a folder"):
        pulling.offers(settings, "nowhere")


def test_an_index_of_a_server_names_no_files_of_this_machine(settings: Settings, serve: Any, tmp_path: Path) -> None:
    (tmp_path / "local.argosmodel").write_bytes(_package("de", "en"))
    index = [_entry("de", "en", (tmp_path / "local.argosmodel").as_uri())]
    url, _ = serve({"/index.json": json.dumps(index).encode()})
    with pytest.raises(ModelError, match="gives no link"):
        pulling.pull(settings, pulling.offers(settings, url)[0])


def test_the_command_installs_what_it_can_and_names_what_it_could_not(
    settings: Settings, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from copilot.cli import app

    index = [_entry("de", "en", "a.argosmodel"), _entry("en", "de", "gone.argosmodel")]
    url, _ = serve({"/index.json": json.dumps(index).encode(), "/a.argosmodel": _package("de", "en")})
    monkeypatch.setenv("COPILOT_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("COPILOT_MODELS__INDEX_URL", url)
    done = CliRunner().invoke(app, ["models", "pull", "--json"])
    told = json.loads(done.stdout)
    assert done.exit_code == 1 and [item["serves"] for item in told["installed"]] == ["de>en"]
    assert list(told["failed"]) == ["translate-en_de"] and "Not Found" in told["failed"]["translate-en_de"]
    listed = CliRunner().invoke(app, ["models", "pull", "--list", "--json"])
    assert [item["name"] for item in json.loads(listed.stdout)["offers"]] == ["translate-de_en", "translate-en_de"]
