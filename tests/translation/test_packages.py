"""Which package serves a pair."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from copilot.translation.packages import installed, pairs, route


def _package(folder: Path, source: str, target: str, chrf: float | None = None, speak: bool = False) -> None:
    path = folder / f"translate-{source}_{target}"
    path.mkdir(parents=True, exist_ok=True)
    ours: dict[str, Any] = {"quality": {"chrf": chrf}} if chrf else {}
    if speak:
        ours["speak"] = {"threshold": 0.9}
    table = {"from_code": source, "to_code": target, "package_version": "1.0", "copilot": ours}
    (path / "metadata.json").write_text(json.dumps(table), encoding="utf-8")


def _names(folder: Path, source: str, target: str) -> list[str]:
    return [package.name for package in route(installed([folder]), source, target)]


def test_a_direct_package_is_taken_else_the_way_by_english(tmp_path: Path) -> None:
    for source, target in (("de", "en"), ("en", "fr"), ("fr", "en"), ("en", "es"), ("fr", "es")):
        _package(tmp_path, source, target)
    assert _names(tmp_path, "de", "fr") == ["de>en", "en>fr"]
    assert _names(tmp_path, "fr", "es") == ["fr>es"]
    assert _names(tmp_path, "es", "de") == []
    assert ("de", "es") in pairs(installed([tmp_path])) and ("es", "de") not in pairs(installed([tmp_path]))


def test_measured_quality_decides_between_the_two_ways(tmp_path: Path) -> None:
    _package(tmp_path, "de", "en", 70)
    _package(tmp_path, "en", "fr", 70)
    _package(tmp_path, "de", "fr", 30)
    assert _names(tmp_path, "de", "fr") == ["de>en", "en>fr"]
    _package(tmp_path, "de", "fr", 55)
    assert _names(tmp_path, "de", "fr") == ["de>fr"]


def test_a_package_that_may_speak_freely_comes_before_one_that_may_not(tmp_path: Path) -> None:
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    _package(shipped, "de", "en", 60, speak=True)
    assert installed([own, shipped])["de", "en"].folder.parent == shipped
    _package(own, "de", "en")
    assert installed([own, shipped])["de", "en"].folder.parent == own


def test_a_torn_package_offers_nothing_and_a_new_one_is_seen_at_once(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "metadata.json").write_text("{", encoding="utf-8")
    assert installed([tmp_path, tmp_path / "none"]) == {}
    _package(tmp_path, "de", "en")
    assert set(installed([tmp_path])) == {("de", "en")}
