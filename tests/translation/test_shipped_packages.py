"""Each shipped direction over sentences of its own, its gate open: what must stay stays, terms are used."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from copilot.catalog import Catalog
from copilot.glossary import Glossary, import_glossary
from copilot.models import SHIPPED_TRANSLATION
from copilot.models.folders import TRANSLATION
from copilot.models.installing import verify
from copilot.settings import load_settings
from copilot.translation.engine import Engine, used
from copilot.translation.faithful import LOST
from copilot.translation.masks import protected
from copilot.translation.packages import Package, installed
from copilot.translation.slots import Job, Slot
from copilot.types import KnowledgeBase

SETS = Path(__file__).with_name("sets")
PACKAGES = sorted(installed([SHIPPED_TRANSLATION]).values(), key=lambda package: package.name)
directions = pytest.mark.parametrize("package", PACKAGES, ids=[package.name for package in PACKAGES])


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    keep: tuple[str, ...]


@cache
def _sentences(name: str) -> tuple[Sentence, ...]:
    lines = (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return tuple(Sentence(record["text"], tuple(record["keep"])) for record in records)


def _name(package: Package) -> str:
    return f"{package.source}_{package.target}"


def _open(package: Package) -> Package:
    extras = {key: value for key, value in package.extras.items() if key != "speak"}
    return replace(package, metadata=dict(package.metadata) | {"copilot": extras})


def _job(text: str) -> Job:
    return Job(text, tuple(protected(text)))


@directions
def test_everything_protected_stands_in_the_translation(package: Package) -> None:
    sentences = _sentences(_name(package))
    assert len(sentences) >= 200
    jobs = [_job(sentence.text) for sentence in sentences]
    made = Engine([SHIPPED_TRANSLATION], 1).translate(jobs, (_open(package),))
    assert sum(item.refused == LOST for item in made) <= 0.05 * len(made)
    lost = [
        (sentence.text, item.text, token)
        for sentence, item in zip(sentences, made, strict=True) if item.text
        for token in sentence.keep if item.text.count(token) < sentence.text.count(token)
    ]
    assert lost == []


@directions
def test_at_least_nineteen_of_twenty_terms_of_a_glossary_are_used(package: Package, tmp_path: Path) -> None:
    catalog = Catalog.at(tmp_path / "catalog.sqlite")
    catalog.put_knowledge_base(KnowledgeBase("plant"))
    import_glossary(catalog, SETS / f"{_name(package)}.csv", "plant")
    jobs = [_with_terms(_job(sentence.text), Glossary(catalog), package) for sentence in _sentences(_name(package))]
    named = [job for job in jobs if job.terms]
    assert len(named) >= 200
    made = Engine([SHIPPED_TRANSLATION], 1).translate(named, (_open(package),))
    obeyed = [
        used(slot.text, item.text, package.target) for job, item in zip(named, made, strict=True) for slot in job.terms
    ]
    assert sum(obeyed) >= 0.95 * len(obeyed)


def _with_terms(job: Job, glossary: Glossary, package: Package) -> Job:
    found = glossary.matches(job.source, package.source, package.target, ["plant"])
    free = [item for item in found if not any(item.start < kept.end and kept.start < item.end for kept in job.kept)]
    return replace(job, terms=tuple(Slot(item.start, item.end, item.target_term) for item in free))


def test_shipped_packages_are_verified_by_their_checksums(tmp_path: Path) -> None:
    found = [item for item in verify(load_settings(data_dir=tmp_path)) if item.kind == TRANSLATION]
    assert found and all(item.ok and item.checksums == "good" for item in found)


def test_a_damaged_shipped_package_is_found_out(tmp_path: Path) -> None:
    copy = tmp_path / "data" / "translation" / PACKAGES[0].folder.name
    shutil.copytree(PACKAGES[0].folder, copy)
    with (copy / "model" / "model.bin").open("r+b") as file:
        file.seek(1000)
        file.write(b"\xff\x00")
    [found] = verify(load_settings(data_dir=tmp_path / "data"), str(copy))
    assert not found.ok and found.checksums == "bad" and "model.bin" in found.detail
