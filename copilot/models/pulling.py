"""Fetching models from an index: the public one, a mirror of the company's, or a folder of files."""

from __future__ import annotations

import http.client
import json
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.errors import ModelError, UsageError
from copilot.models.folders import ModelFolder, sha256_of
from copilot.models.installing import ENDINGS, install
from copilot.settings import Settings
from copilot.translation.packages import PIVOT
from copilot.types import LANGUAGES

_BLOCK = 1 << 20
_MAX_INDEX = 32 << 20
_CURE = (
    "Check the network, the proxy (environment HTTPS_PROXY) or COPILOT_MODELS__INDEX_URL; where there is no network, "
    "copy the package files here and run copilot models install FOLDER."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that an index offers; ``sha256`` is empty where the index states none."""

    name: str
    source: str
    target: str
    version: str
    links: tuple[str, ...]
    sha256: str = ""


def offers(settings: Settings, index_url: str = "") -> list[Offer]:
    """What the index offers between our languages, and embedders; the newest of each name."""
    own = index_url or settings.models.index_url
    url = _address(own) if own else _public_index()
    best: dict[str, Offer] = {}
    for entry in _index(url, settings.models.timeout_s):
        offer = _offer(entry, url, bool(own))
        if offer and (offer.name not in best or _version(offer) > _version(best[offer.name])):
            best[offer.name] = offer
    return sorted(best.values(), key=lambda offer: offer.name)


def chosen(offered: Sequence[Offer], wanted: Sequence[str]) -> list[Offer]:
    """Those that are asked for: two languages (by way of English if need be), names, or nothing for all translators."""
    if not wanted:
        return [offer for offer in offered if offer.target]
    pairs = {(offer.source, offer.target): offer for offer in offered if offer.target}
    if len(wanted) == 2 and set(wanted) <= set(LANGUAGES):
        source, target = wanted
        legs = [(source, target)] if (source, target) in pairs else [(source, PIVOT), (PIVOT, target)]
        if not all(leg in pairs for leg in legs):
            raise UsageError(f"The index offers no way from {source} to {target}.", "See copilot models pull --list.")
        return [pairs[leg] for leg in legs]
    names = {offer.name: offer for offer in offered}
    for name in wanted:
        if name not in names:
            raise UsageError(f"The index does not offer '{name}'.", "See copilot models pull --list.")
    return [names[name] for name in dict.fromkeys(wanted)]


def pull(settings: Settings, offer: Offer, told: Callable[[str], None] = lambda _: None) -> ModelFolder:
    """Fetch, check and install one; ModelError where no link gives a file with the stated checksum."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".pull-") as folder:
        path = Path(folder) / f"{offer.name}.argosmodel"
        failures = []
        for link in offer.links:
            told(f"{offer.name}: {link}")
            try:
                _fetch(link, path, settings.models.timeout_s)
                if offer.sha256 and sha256_of(path) != offer.sha256.lower():
                    raise ModelError(f"{link} is not the file that the index states (sha256).", _CURE)
                return install(settings, path)[0]
            except (ModelError, UsageError) as error:
                failures.append(error.reason)
    raise ModelError(f"{offer.name} could not be fetched: {' '.join(failures) or 'the index gives no link.'}", _CURE)


def _address(url: str) -> str:
    """The address of the index itself: a server's is index.json in the place that is named."""
    if not url.startswith(("http://", "https://")) or url.endswith(".json"):
        return url
    return url.rstrip("/") + "/index.json"


def _public_index() -> str:
    from copilot.translation.argos import public_index

    return public_index()


def _offer(entry: Any, url: str, mirror: bool) -> Offer | None:
    if not isinstance(entry, Mapping):
        return None
    source, target = str(entry.get("from_code") or ""), str(entry.get("to_code") or "")
    kind = entry.get("type", "translate")
    if kind == "translate" and {source, target} <= set(LANGUAGES) and source != target:
        name = f"translate-{source}_{target}"
    elif kind == "embedder" and entry.get("code"):
        name, source, target = str(entry["code"]), "", ""
    else:
        return None
    places = [place for link in entry.get("links") or () for place in _places(str(link), url, mirror)]
    links = tuple(dict.fromkeys(places))
    return Offer(name, source, target, str(entry.get("package_version", "")), links, str(entry.get("sha256") or ""))


def _places(link: str, url: str, mirror: bool) -> list[str]:
    """Where the file may lie: of a mirror beside its index first, so that a copy of the public index works as one."""
    if link.startswith("file:"):
        return [link] if "://" not in url or url.startswith("file:") else []  # no server names files of ours
    if "://" not in link:
        return [urllib.parse.urljoin(url, link)]
    beside = urllib.parse.urljoin(url, urllib.parse.urlparse(link).path.rpartition("/")[2])
    return [beside, link] if mirror else [link]


def _version(offer: Offer) -> tuple[int, ...]:
    return tuple(int(part) for part in offer.version.split(".") if part.isdigit())


def _index(url: str, timeout_s: float) -> list[Any]:
    folder = Path(urllib.parse.urlparse(url).path if url.startswith("file:") else url)
    if "://" not in url or url.startswith("file:"):
        if not folder.is_dir():
            raise UsageError(f"The index {url} is neither a URL nor a folder.", "Correct COPILOT_MODELS__INDEX_URL.")
        return _listed(folder)
    with _open(url, timeout_s) as answer:
        content = _read(answer, url)
    try:
        entries = json.loads(content)
    except ValueError as error:
        raise ModelError(f"{url} is no index: {error}.", _CURE) from error
    if not isinstance(entries, list):
        raise ModelError(f"{url} is no index: it holds no list.", _CURE)
    return entries


def _listed(folder: Path) -> list[Any]:
    """A folder of package files as an index; an index.json in it is not needed."""
    import zipfile

    entries = []
    for path in sorted(item for item in folder.iterdir() if item.suffix.lower() in ENDINGS):
        try:
            with zipfile.ZipFile(path) as archive:
                name = next((item for item in archive.namelist() if item.endswith("metadata.json")), "")
                entry = json.loads(archive.read(name)) if name else {"type": "embedder", "code": path.stem}
        except (OSError, ValueError, zipfile.BadZipFile, KeyError):
            continue  # what is no package is offered to nobody
        entries.append({**entry, "links": [path.absolute().as_uri()]})
    return entries


def _open(url: str, timeout_s: float) -> Any:
    """The answer of a server; proxies are taken from the environment."""
    if not url.startswith(("http://", "https://", "file://")):
        raise UsageError(f"{url} is no address that models can be fetched from.", "Give http, https or a folder.")
    try:
        # An opener of its own: the shared one keeps the proxies of its first use.
        request = urllib.request.Request(url, headers={"User-Agent": "copilot"})
        return urllib.request.build_opener().open(request, timeout=timeout_s)
    except (urllib.error.URLError, OSError, http.client.HTTPException, ValueError) as error:
        raise ModelError(f"{url} cannot be fetched: {getattr(error, 'reason', error)}.", _CURE) from error


def _read(answer: Any, url: str) -> bytes:
    try:
        content: bytes = answer.read(_MAX_INDEX)
    except (OSError, http.client.HTTPException) as error:
        raise ModelError(f"{url} broke off: {error}.", _CURE) from error
    return content


def _fetch(url: str, path: Path, timeout_s: float) -> None:
    with _open(url, timeout_s) as answer, path.open("wb") as file:
        expected = answer.headers.get("Content-Length")
        try:
            while block := answer.read(_BLOCK):
                file.write(block)
        except (OSError, http.client.HTTPException) as error:
            raise ModelError(f"{url} broke off: {error}.", _CURE) from error
    if expected and expected.isdigit() and path.stat().st_size != int(expected):
        raise ModelError(f"{url} broke off at {path.stat().st_size} of {expected} bytes.", _CURE)
