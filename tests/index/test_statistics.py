from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from copilot.errors import IndexError_
from copilot.index import statistics
from copilot.index.statistics import count_terms, load_statistics, save_statistics

BOTH = frozenset({"p1", "p2"})


def random_points(count: int) -> list[tuple[str, str, list[int]]]:
    dice = random.Random(5)
    return [
        (dice.choice(("de", "en")), dice.choice(("p1", "p2")), sorted(dice.sample(range(40), dice.randint(0, 12))))
        for _ in range(count)
    ]


def test_counts_do_not_depend_on_how_often_they_are_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    points = random_points(300)
    monkeypatch.setattr(statistics, "_FOLD_AT", 25)
    counted = count_terms(points)
    for language in ("de", "en"):
        own = [terms for spoken, _, terms in points if spoken == language]
        expected = Counter(term for terms in own for term in terms)
        assert counted.chunks(language, BOTH) == len(own)
        assert counted.frequencies(language, BOTH, range(45)) == [expected[term] for term in range(45)]


def test_saved_statistics_come_back_memory_mapped(tmp_path: Path) -> None:
    counted = count_terms([*random_points(50), ("zh", "p1", [2**32 - 1]), ("pl", "p1", [])])
    save_statistics(counted, tmp_path / "statistics.bin")
    loaded = load_statistics(tmp_path / "statistics.bin")
    assert loaded.languages(BOTH) == counted.languages(BOTH)
    assert loaded.chunks("pl", BOTH) == 1 and loaded.frequencies("pl", BOTH, [1]) == [0]
    assert loaded.frequencies("zh", BOTH, [0, 2**32 - 1]) == [0, 1]
    assert loaded.frequencies("de", BOTH, range(45)) == counted.frequencies("de", BOTH, range(45))
    assert all(isinstance(part.terms, np.memmap) for part in loaded.parts() if len(part.terms))


def test_empty_statistics_come_back(tmp_path: Path) -> None:
    save_statistics(count_terms([]), tmp_path / "statistics.bin")
    assert load_statistics(tmp_path / "statistics.bin").languages(BOTH) == {}


def test_cut_off_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "statistics.bin"
    save_statistics(count_terms(random_points(50)), path)
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(IndexError_, match="cannot be read"):
        load_statistics(path)


def test_merged_parts_are_let_go_and_merged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = count_terms(random_points(300))
    expected = {name: counted.frequencies(name, BOTH, range(45)) for name in ("de", "en")}
    alone = {name: counted.frequencies(name, frozenset({"p1"}), range(45)) for name in ("de", "en")}
    assert len(counted._merged) == 4 and alone != expected
    monkeypatch.setattr(statistics, "_KEPT_TERMS", 50)
    again = count_terms(random_points(300))
    for _ in range(2):
        assert {name: again.frequencies(name, BOTH, range(45)) for name in ("de", "en")} == expected
    assert len(again._merged) == 1
