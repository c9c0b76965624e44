"""The shipped model: whole, light, and the same vectors with and without torch."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from copilot.embedding import SHIPPED, identity, open_embedder, open_query_embedder, open_shipped, shipped
from copilot.embedding.static import StaticEmbedder
from copilot.errors import ModelError
from copilot.settings import EmbedderSettings, Settings
from copilot.wiring import fingerprint

ROOT = Path(__file__).resolve().parents[2]
SENTENCES = {
    "en": "Tighten the bolts of the cover crosswise to 25 Nm.",
    "de": "Ziehen Sie die Schrauben des Deckels über Kreuz mit 25 Nm an.",
    "es": "Apriete los tornillos de la tapa en cruz a 25 Nm.",
    "fr": "Serrez les vis du couvercle en croix à 25 Nm.",
    "it": "Serrare le viti del coperchio a croce a 25 Nm.",
    "pl": "Dokręć śruby pokrywy na krzyż momentem 25 Nm.",
    "pt": "Aperte os parafusos da tampa em cruz a 25 Nm.",
    "zh": "请以 25 Nm 的力矩对角拧紧盖板螺栓。",
}
ODD = ["", "   \n", "?", "\u200b", "🙂", "ꦲꦏ꧀ꦱꦫ", "PPR-9087", "x" * 3000, "Prüfdruck 16 bar " * 20_000]


@pytest.fixture(scope="module")
def light() -> StaticEmbedder:
    made = open_query_embedder(EmbedderSettings())
    assert isinstance(made, StaticEmbedder)
    return made


def test_the_default_model_is_the_shipped_one_and_whole() -> None:
    assert EmbedderSettings().model == SHIPPED
    open_shipped().verify()


def test_vectors_agree_with_sentence_transformers(light: StaticEmbedder) -> None:
    texts = [*SENTENCES.values(), *ODD]
    full = open_embedder(EmbedderSettings())
    theirs = np.array(full.get_text_embedding_batch(texts))
    assert theirs.shape == (len(texts), light.dimension) == (len(texts), full.dimension)
    assert np.abs(np.array([light.get_query_embedding(text) for text in texts]) - theirs).max() < 1e-3
    assert np.abs(np.array(light.get_text_embedding_batch(texts)) - theirs).max() < 1e-3
    assert np.abs(np.array(full.get_query_embedding(texts[1])) - theirs[1]).max() < 1e-6


@pytest.mark.parametrize("text", ODD[:6])
def test_every_text_has_a_finite_vector_of_unit_length(light: StaticEmbedder, text: str) -> None:
    vector = np.array(light.get_query_embedding(text))
    assert np.isfinite(vector).all() and np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_is_nearer_to_its_translation_than_to_other_sentences(light: StaticEmbedder, language: str) -> None:
    vectors = dict(zip(SENTENCES, light.get_text_embedding_batch(list(SENTENCES.values())), strict=True))
    others = [
        "The warranty ends after two years.", "Wählen Sie im Menü die Sprache aus.",
        "Le rapport est envoyé par courriel.", "Haga clic en Guardar para crear la cuenta.", "请重新启动服务器。",
    ]
    right = float(np.dot(vectors[language], vectors["en"]))
    assert all(np.dot(vectors[language], other) < right for other in light.get_text_embedding_batch(others))


def test_letter_case_and_compatible_forms_do_not_matter(light: StaticEmbedder) -> None:
    one, two = light.get_text_embedding_batch(["ＣＨＥＣＫ THE ﬁlter", "check the filter"])
    assert np.allclose(one, two, atol=1e-6)


def test_a_question_needs_neither_torch_nor_llama_index() -> None:
    program = (
        "import sys; from copilot.embedding import open_query_embedder; from copilot.settings import EmbedderSettings\n"
        "open_query_embedder(EmbedderSettings()).get_query_embedding('Which torque?')\n"
        "print(sorted({'torch', 'llama_index', 'transformers', 'sentence_transformers', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "embedder"
    shutil.copytree(shipped.FOLDER, folder)
    return folder


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "modules.json"])
def test_a_damaged_file_is_refused_with_the_cure(copied: Path, name: str) -> None:
    content = bytearray((copied / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / name).write_bytes(content)
    with pytest.raises(ModelError, match=f"{name} is damaged") as caught:
        StaticEmbedder(open_shipped(copied)).get_query_embedding("Which torque?")
    assert caught.value.cure


def test_a_mended_card_does_no_harm(copied: Path) -> None:
    stated = json.loads((copied / "manifest.json").read_text(encoding="utf-8"))
    stated["files"]["README.md"] = "0" * 64  # as older manifests name it
    (copied / "manifest.json").write_text(json.dumps(stated), encoding="utf-8")
    (copied / "README.md").write_text("# A better card\n", encoding="utf-8")
    open_shipped(copied).verify()
    assert open_shipped(copied).version == open_shipped().version


def test_a_missing_file_or_manifest_is_refused(copied: Path) -> None:
    (copied / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match="tokenizer.json cannot be read"):
        open_shipped(copied).verify()
    with pytest.raises(ModelError, match="manifest"):
        open_shipped(copied / "none")


def test_another_model_of_the_same_name_has_another_fingerprint(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(Settings())
    assert identity(EmbedderSettings()) in before
    stated = json.loads((copied / "manifest.json").read_text())
    stated["files"]["model.safetensors"] = "0" * 64
    (copied / "manifest.json").write_text(json.dumps(stated))
    monkeypatch.setattr("copilot.embedding.open_shipped", lambda: open_shipped(copied))
    assert fingerprint(Settings()) != before
