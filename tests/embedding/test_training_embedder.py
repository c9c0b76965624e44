"""The embedder's making, at a tiny size: text becomes rows, sections and batches; learning brings translations near."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from training.embedder_batches import Batches, Store, make_store, mostly_apart, two_languages
from training.embedder_corpus import LANGUAGES, Corpus, read_corpus
from training.embedder_dev import DevSet, score
from training.embedder_export import quantise, write_manifest, write_static
from training.embedder_static import Plan, Table, learn
from training.embedder_tokens import train_tokenizer

ROOT = Path(__file__).resolve().parents[2]
PARTS = [("pump", "Pumpe", "pompa"), ("valve", "Ventil", "zawór"), ("filter", "Filter", "filtr"),
         ("hose", "Schlauch", "wąż"), ("gauge", "Manometer", "manometr"),
         ("bolt", "Schraube", "śruba"), ("seal", "Dichtung", "uszczelka")]
ACTS = [("Clean", "Reinigen", "Wyczyść"), ("Replace", "Ersetzen", "Wymień"), ("Check", "Prüfen", "Sprawdź"),
        ("Remove", "Entfernen", "Usuń"), ("Tighten", "Festziehen", "Dokręć")]
PLACES = [("housing", "Gehäuse", "obudowa"), ("press", "Presse", "prasa"), ("tank", "Tank", "zbiornik")]


def write_data(folder: Path) -> Path:
    """A little parallel text: German and Polish of made-up instructions, and what must never be read."""
    parallel = folder / "parallel"
    parallel.mkdir(parents=True)
    rows: dict[str, list[str]] = {language: ["source\ten\txx"] for language in LANGUAGES[1:]}
    for act in ACTS:
        for part in PARTS:
            english = f"{act[0]} the {part[0]}"
            for column, language in ((1, "de"), (2, "pl")):
                rows[language].append(f"python-docs\t{english}\t{part[column]} {act[column]}")
                for place in PLACES:
                    long = f"{english} of the {place[0]} before you start the machine again after a longer pause, " \
                        "and write down in the book who did it, when, and with which spare part."
                    other = f"{part[column]} {place[column]} {act[column]}, " * 12
                    rows[language].append(f"python-docs\t{long}\t{other}")
    rows["de"].append("security-101\tNever read this row\tDiese Zeile nie lesen")
    for language, lines in rows.items():
        with gzip.open(parallel / f"en-{language}.tsv.gz", "wt", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    sections = [{"id": "fastapi:a.md#1", "en": ["Paths", "A path leads to a function."], "de": ["Pfade", "Ein Pfad."]},
                {"id": "owasp-asvs:V1#1", "en": ["Never", "Never read this section."]}]
    with gzip.open(parallel / "sections.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(map(json.dumps, sections)) + "\n")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def corpus(folder: Path) -> Corpus:
    return read_corpus(folder)


@pytest.fixture(scope="module")
def store(corpus: Corpus) -> Store:
    return make_store(corpus, train_tokenizer((text for _, text in corpus.texts()), 400))


def test_rows_of_one_english_text_are_one_message_and_held_out_sources_are_not_read(corpus: Corpus) -> None:
    by_english = {row[0]: row for row in corpus.messages}
    assert by_english["Check the valve"][LANGUAGES.index("de")] == "Ventil Prüfen"
    assert by_english["Check the valve"][LANGUAGES.index("pl")] == "zawór Sprawdź"
    assert len(corpus.messages) == len(ACTS) * len(PARTS) * (1 + len(PLACES))
    assert not any("Never" in text for _, text in corpus.texts())


def test_a_short_row_heads_the_long_rows_after_it_in_every_language(corpus: Corpus) -> None:
    headed = {section["en"][0]: section for section in corpus.sections}
    assert headed["Paths"]["de"] == ("Pfade", "Ein Pfad.")
    assert headed["Clean the pump"]["pl"][0] == "pompa Wyczyść"
    assert headed["Clean the pump"]["pl"][1].count("pompa") == 12 * len(PLACES)


def test_only_permissive_sources_are_read_where_asked(folder: Path) -> None:
    assert {source for source in read_corpus(folder, permissive=True).sources} == {"python-docs"}


def test_two_languages_are_different_and_present() -> None:
    table = np.array([[0, 1, -1, 2], [3, -1, -1, 4]])
    one, two = two_languages(np.repeat(table, 50, axis=0), np.random.default_rng(0))
    assert (one != two).all() and (one >= 0).all() and (two >= 0).all()
    assert set(one[:50]) == {0, 1, 2}


def test_sections_have_their_sides_mostly_in_different_languages() -> None:
    one, two = np.tile([0, 1, 2, -1], (500, 1)), np.tile([10, 11, -1, -1], (500, 1))
    first, second = mostly_apart(one, two, np.random.default_rng(0))
    assert set(first) == {0, 1, 2} and set(second) == {10, 11}
    both = second[first < 2] - 10 == first[first < 2]
    assert 0.1 < both.mean() < 0.3
    only = np.tile([-1, 5], (20, 1))
    assert [set(side) for side in mostly_apart(only, only, np.random.default_rng(0))] == [{5}, {5}]


def test_every_step_draws_the_same_batch_again(store: Store) -> None:
    one, two = (Batches(store, 16, "psnhq", seed=3) for _ in range(2))
    for step in range(10):
        first, again = one.draw(step), two.draw(step)
        assert first.kind == again.kind and np.array_equal(first.one[0], again.one[0])
        assert len(first.one[1]) == len(first.two[1]) == len(first.groups) > 0
        assert (np.diff(first.two[1]) > 0).all() and first.two[1][-1] < len(first.two[0])


def test_the_gradient_of_the_ranking_is_that_of_two_cross_entropies() -> None:
    import torch
    from torch.nn import functional

    from training.embedder_static import _ranking

    generator = torch.Generator().manual_seed(0)
    one, two = (functional.normalize(torch.randn(7, 5, generator=generator)).requires_grad_() for _ in range(2))
    right, same = torch.arange(7), torch.zeros(7, 7, dtype=torch.bool)
    same[0, 3] = same[3, 0] = True
    cosines = (one @ two.T * 20).masked_fill(same, -1e4)
    plain = (functional.cross_entropy(cosines, right) + functional.cross_entropy(cosines.T, right)) / 2
    expected = torch.autograd.grad(plain, (one, two))
    loss = _ranking()(one, two, 20.0, same)
    assert loss.item() == pytest.approx(plain.item(), rel=1e-5)
    for gradient, wanted in zip(torch.autograd.grad(loss, (one, two)), expected, strict=True):
        assert torch.allclose(gradient, wanted, atol=1e-5)


def test_learning_resumes_to_the_same_vectors(store: Store, tmp_path: Path) -> None:
    start = np.random.default_rng(0).normal(size=(400, 16)).astype(np.float32)
    batches, losses = Batches(store, 32, "pn", seed=1), []
    whole, broken = Table(start), Table(start)
    learn(whole, batches, Plan(400), tmp_path / "whole.npz", lambda _, mean: losses.append(mean["pairs"]))
    learn(broken, batches, Plan(400), tmp_path / "parts.npz", lambda *_: None, until=150)
    resumed = Table(start)
    learn(resumed, batches, Plan(400), tmp_path / "parts.npz", lambda *_: None)
    assert np.array_equal(whole.vectors, resumed.vectors)
    assert losses[-1] < 0.7 * losses[0]


def test_int8_rows_are_within_half_a_step() -> None:
    vectors = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)
    vectors[3] = 0
    rows, scales = quantise(vectors)
    assert rows.dtype == np.int8
    assert (np.abs(rows * scales[:, None] - vectors) <= scales[:, None] / 2 + 1e-6).all()


def test_figures_count_the_best_right_passage_in_its_own_pool() -> None:
    corpus = [
        {"id": f"a#{number}-{language}", "lang": language, "text": f"{number}"}
        for number in range(3) for language in ("de", "en")
    ]
    queries = [{"id": "a#1-de", "lang": "de", "text": "1"}]
    found = DevSet(corpus, queries, {"a#1-de": frozenset({"a#1-de", "a#1-en"})})
    assert score(found, lambda texts: np.array([[float(text == "1"), 1.0] for text in texts]))["mono"] == 1.0
    tied = score(found, lambda texts: np.ones((len(texts), 2)))
    assert tied["mono"] == tied["cross"] == pytest.approx(1 / np.log2(3))


def test_what_is_written_is_read_by_the_light_embedder(store: Store, corpus: Corpus, tmp_path: Path) -> None:
    from copilot.embedding import open_shipped
    from copilot.embedding.static import StaticEmbedder

    tokenizer = train_tokenizer((text for _, text in corpus.texts()), 400)
    vectors = np.random.default_rng(0).normal(size=(tokenizer.get_vocab_size(), 16)).astype(np.float32)
    write_static(tmp_path / "made", tokenizer, vectors)
    write_manifest(tmp_path / "made", dimension=16)
    vector = np.array(StaticEmbedder(open_shipped(tmp_path / "made")).get_query_embedding("Check the valve"))
    mean = vectors[tokenizer.encode("Check the valve", add_special_tokens=False).ids].mean(0)
    assert vector @ mean / np.linalg.norm(mean) > 0.999


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize(("size", "extra"), [("static", []), ("transformer", ["--layers", "1"])])
def test_the_command_makes_a_model_that_loads(folder: Path, tmp_path: Path, size: str, extra: list[str]) -> None:
    from sentence_transformers import SentenceTransformer

    out = tmp_path / "made"
    command = [
        sys.executable, "-m", "training.embedder", "--data", str(folder), "--out", str(out), "--size", size, "--work",
        str(tmp_path / "work"), "--steps", "100", "--pieces", "500", "--dimension", "384", "--batch", "8", "--cycle",
        "psnh", *extra,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    german, right, wrong = SentenceTransformer(str(out), device="cpu").encode(
        ["Ventil Prüfen", "Check the valve", "Remove the hose"], normalize_embeddings=True
    )
    assert german @ right > german @ wrong
    assert "security-101" in (out / "README.md").read_text()
    assert json.loads((out / "manifest.json").read_text())["files"]
