"""The retrieval benchmark: its pools and metrics by hand, and the product's ranks as the command line gives them."""

from __future__ import annotations

import hashlib
import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("de", "en", "fr")
TITLES = {
    "bolts": ("Anzugsmoment der Gehäuseschrauben", "Tightening torque of the housing bolts",
              "Couple de serrage des vis du carter"),
    "coolant": ("Kühlmittel wechseln", "Changing the coolant", "Remplacement du liquide de refroidissement"),
    "brake": ("Prüfung der Bremse", "Testing the brake", "Contrôle du frein"),
    "label": ("Etikett der Batterie", "Label of the battery", "Étiquette de la batterie"),
}
BODIES = {
    "bolts": ("Die Schrauben am Gehäuse werden über Kreuz mit 24 Nm angezogen, danach um 90 Grad weiter.",
              "The bolts of the housing are tightened crosswise to 24 Nm, then by another 90 degrees.",
              "Les vis du carter sont serrées en croix à 24 Nm, puis de 90 degrés de plus."),
    "coolant": ("Das Kühlmittel wird abgelassen, der Kreislauf gespült und mit acht Litern neu befüllt.",
                "The coolant is drained, the circuit is flushed and filled again with eight litres.",
                "Le liquide de refroidissement est vidangé, le circuit rincé puis rempli de huit litres."),
    "brake": ("Auf dem Prüfstand muss die Bremse beide Räder innerhalb von zwei Sekunden anhalten.",
              "On the test bench the brake must stop both wheels within two seconds.",
              "Sur le banc d'essai, le frein doit arrêter les deux roues en deux secondes."),
    "label": ("Auf der Batterie klebt ein Etikett mit Seriennummer, Spannung und Datum der Herstellung.",
              "The battery carries a label with its serial number, its voltage and the date of manufacture.",
              "La batterie porte une étiquette avec son numéro de série, sa tension et sa date de fabrication."),
}


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    """The script as a module, with its neighbours beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "benchmarks"))
        import retrieval

        yield retrieval


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four items in three languages; judged in the question's own language alone."""
    made = tmp_path_factory.mktemp("judged") / "small"
    made.mkdir()
    rows = [(f"{name} 1-{language}", language, TITLES[name][number], BODIES[name][number])
            for name in TITLES for number, language in enumerate(LANGUAGES)]
    corpus = [{"id": key, "lang": language, "title": "", "text": body} for key, language, _, body in rows]
    queries = [{"id": f"q {key}", "lang": language, "text": title} for key, language, title, _ in rows]
    (made / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in corpus), encoding="utf-8")
    (made / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in queries), encoding="utf-8")
    judged = "".join(f"q {key}\t{key}\t1\n" for key, *_ in rows)
    (made / "qrels.tsv").write_text("query_id\tcorpus_id\tscore\n" + judged, encoding="utf-8")
    return made


def test_ids_that_differ_in_the_language_alone_are_one_item(benchmark: ModuleType, folder: Path) -> None:
    judged = benchmark.read_set(folder)
    assert len(judged.items) == len(judged.queries) == 12
    assert {query.right for query in judged.queries} == {frozenset({f"{name} 1"}) for name in TITLES}


def test_a_judgement_of_nought_is_none_and_a_question_without_any_is_left_out(
    benchmark: ModuleType, folder: Path, tmp_path: Path
) -> None:
    for name in ("corpus.jsonl", "queries.jsonl"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "qrels.tsv").write_text(
        "query_id\tcorpus_id\tscore\nq bolts 1-de\tbolts 1-de\t1\nq bolts 1-de\tlabel 1-de\t0\n"
        "q label 1-fr\tlabel 1-fr\t0\n"
    )
    judged = benchmark.read_set(tmp_path)
    assert {(query.id, query.right) for query in judged.queries} == {
        (f"q bolts 1-{language}", frozenset({"bolts 1"})) for language in LANGUAGES
    }


def test_the_mixed_pool_holds_each_item_once_in_the_language_that_its_digest_names(
    benchmark: ModuleType, folder: Path
) -> None:
    judged = benchmark.read_set(folder)
    pool = benchmark.mixed_pool(judged.items)
    wanted = {f"{name} 1": LANGUAGES[int(hashlib.md5(f"{name} 1".encode()).hexdigest(), 16) % 3] for name in TITLES}
    assert {item.base: item.language for item in pool} == wanted and len(pool) == 4


def test_equal_scores_share_their_mean_rank(benchmark: ModuleType) -> None:
    found = [("a", 3.0), ("b", 2.0), ("c", 2.0), ("d", 2.0), ("e", 1.0)]
    assert [benchmark.rank(found, [name]) for name in "abcde"] == [1, 3, 3, 3, 5]
    assert benchmark.rank(found, ["e", "a"]) == 1 and benchmark.rank(found, ["x"]) == math.inf


def test_metrics_by_hand(benchmark: ModuleType) -> None:
    import _judged

    made = _judged.metrics([1, 3, 11, math.inf])
    assert made["recall@1"] == 0.25 and made["recall@5"] == made["recall@10"] == 0.5
    assert made["ndcg@10"] == pytest.approx((1 + 0.5) / 4)
    assert made["mrr"] == pytest.approx((1 + 1 / 3 + 1 / 11) / 4)


def test_means_are_over_pairs_and_not_over_questions(benchmark: ModuleType) -> None:
    ranks = benchmark.Ranks()
    for value in (1, 1, 1):
        ranks.add("pool", ("de", "en"), value)
    ranks.add("pool", ("fr", "en"), math.inf)
    ranks.add("pool", ("fr", "fr"), 2)
    made = ranks.summary()
    assert made["cross"]["recall@1"] == 0.5 and made["mono"]["mrr"] == 0.5
    assert set(made["pairs"]) == {"de>en", "fr>en", "fr>fr"} and made["mixed_same"] == {}


def test_bm25_in_the_same_language_finds_the_title_s_own_passage(benchmark: ModuleType, folder: Path) -> None:
    judged = benchmark.read_set(folder)
    ranks, _ = benchmark.rival_ranks(judged, benchmark.Bm25(judged.items))
    made = ranks.summary()
    assert made["mono"]["recall@1"] >= 0.75 and made["cross"]["recall@1"] < made["mono"]["recall@1"]
    assert made["lists_same"]["mrr"] >= made["mixed_same"]["mrr"]


@pytest.mark.slow
def test_the_product_s_ranks_are_those_of_the_command_line(
    benchmark: ModuleType, folder: Path, tmp_path: Path
) -> None:
    judged = benchmark.read_set(folder)
    run = benchmark.Run(judged, ("ours",), tmp_path)
    figures = run.figures()["ours"]
    assert set(figures["pairs"]) == {f"{asked}>{held}" for asked in LANGUAGES for held in LANGUAGES}
    pool = benchmark.mixed_pool(judged.items)
    settings = benchmark.ingest_items({benchmark.POOL: pool}, tmp_path / "mixed")
    with benchmark.open_ours(settings, {benchmark.POOL: pool}, None) as ours:
        for query in judged.queries[::4]:
            found = ours.search(query)
            printed = _printed(settings.data_dir, query)
            for name, hits in (("hits", found.hits), ("own", found.own), ("others", found.others)):
                assert _named(printed[name], pool) == hits
    everything = {benchmark.POOL: list(judged.items)}
    settings = benchmark.ingest_items(everything, tmp_path / "full")
    with benchmark.open_ours(settings, everything, None) as ours:
        query = judged.queries[0]
        printed = _printed(settings.data_dir, query, "--doc-lang", "fr")
        assert _named(printed["hits"], judged.items) == ours.search(query, "fr").hits
        assert {hit["chunk"]["language"] for hit in printed["hits"]} == {"fr"}


def _printed(data_dir: Path, query: Any, *more: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "copilot", "--data-dir", str(data_dir), "search", query.text, "--json",
               "--question-lang", query.language, "--top-k", "100", *more]
    done = subprocess.run(command, cwd=data_dir, capture_output=True, text=True, check=False, env=_environment())
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _named(hits: list[dict[str, Any]], items: Any) -> list[tuple[str, float]]:
    """Bases and scores, by the numbers that the files have."""
    return [(items[int(Path(hit["document"]["uri"]).stem)].base, hit["score"]) for hit in hits]


def test_the_page_shows_every_system_and_every_pool(benchmark: ModuleType, folder: Path) -> None:
    judged = benchmark.read_set(folder)
    ranks, seconds = benchmark.rival_ranks(judged, benchmark.Bm25(judged.items))
    figures = {"bm25": {**ranks.summary(), "speed": benchmark.speed(seconds)}}
    page = benchmark.report.body({"small": figures}, {}, [judged], 100, 0)
    head = next(line for line in page.splitlines() if line.startswith("| system"))
    assert head == "| system | mono | cross | mixed_same | mixed_cross | lists_same | lists_cross |"
    assert f"| bm25 | {figures['bm25']['mono']['ndcg@10']:.3f} |" in page
    assert "12 passages, 12 questions, languages de en fr" in page


@pytest.mark.slow
def test_the_script_prints_one_object_for_each_system(folder: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "retrieval.py"), "--set", str(folder), "--json", "--systems",
         "bm25,ours"],
        cwd=tmp_path, capture_output=True, text=True, check=True, env=_environment(),
    )
    made = json.loads(done.stdout)
    assert set(made) == {"bm25", "ours"}
    for system in made.values():
        assert {"mono", "cross", "mixed_same", "mixed_cross", "lists_same", "lists_cross", "pairs"} <= set(system)
        assert set(system["cross"]) == {"recall@1", "recall@5", "recall@10", "ndcg@10", "mrr"}
    assert made["ours"]["cross"]["ndcg@10"] > made["bm25"]["cross"]["ndcg@10"]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("COPILOT_")} | {
        "PYTHONPATH": str(ROOT)
    }
