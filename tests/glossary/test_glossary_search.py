"""A glossary widens a search at once: any of a concept's terms finds the others in every language."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from copilot.glossary import import_glossary
from copilot.settings import load_settings
from copilot.types import Principal, Question
from copilot.wiring import open_catalog, open_copilot

ANNA = Principal("anna")
TERMS = {
    "de": "Klemmzwerg", "en": "pinch sprite", "es": "duende tensor", "fr": "lutin pinceur", "it": "folletto tenditore",
    "pl": "skrzat zaciskowy", "pt": "duende fixador", "zh": "夹紧精灵",
}  # fmt: skip
FORBIDDEN = "Zwickwichtel"
TEXTS = {
    "de": ("Der {} sitzt hinter der Rolle und wird jährlich geprüft.", "Die Rolle wird jährlich geprüft.",
           "Das Lager hinter dem Gehäuse wird geschmiert.", "Der Riemen ist zu spannen.",
           "Der Motor treibt die Welle."),
    "en": ("The {} sits behind the roller and is checked every year.", "The roller is checked every year.",
           "Grease the bearing behind the housing.", "Tension the belt.", "The motor drives the shaft."),
    "es": ("El {} está detrás del rodillo y se revisa cada año.", "El rodillo se revisa cada año.",
           "Engrase el rodamiento detrás de la carcasa.", "Tense la correa.", "El motor mueve el eje."),
    "fr": ("Le {} se trouve derrière le rouleau et se contrôle chaque année.", "Le rouleau se contrôle chaque année.",
           "Graisser le roulement derrière le carter.", "Tendre la courroie.", "Le moteur entraîne l'arbre."),
    "it": ("Il {} si trova dietro il rullo e si controlla ogni anno.", "Il rullo si controlla ogni anno.",
           "Ingrassare il cuscinetto dietro l'involucro.", "Tendere la cinghia.", "Il motore aziona l'albero."),
    "pl": ("Część {} znajduje się za rolką i jest sprawdzana co roku.", "Rolka jest sprawdzana co roku.",
           "Nasmarować łożysko za obudową.", "Naciągnąć pasek.", "Silnik napędza wał."),
    "pt": ("O {} fica atrás do rolete e é verificado todo ano.", "O rolete é verificado todo ano.",
           "Lubrifique o rolamento atrás da carcaça.", "Tensione a correia.", "O motor aciona o eixo."),
    "zh": ("{}位于辊子后面，每年检查一次。", "辊子每年检查一次。", "给壳体后面的轴承加润滑脂。", "张紧皮带。",
           "电机驱动轴。"),
}  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with five short documents a language, the first of which uses its language's term."""
    folder = tmp_path_factory.mktemp("docs")
    lines = ['[[knowledge_bases]]\nname = "service"\n', '[[knowledge_bases]]\nname = "closed"\ngroups = ["board"]\n']
    for language, texts in TEXTS.items():
        for number, text in enumerate(texts):
            name = f"{language}{number}.txt"
            (folder / name).write_text(text.format(TERMS[language]), "utf-8")
            lines.append(f'[[documents]]\npath = "{name}"\nkb = "service"\nlanguage = "{language}"\n')
    (folder / "manifest.toml").write_text("\n".join(lines), "utf-8")
    data = tmp_path_factory.mktemp("glossary") / "data"
    done = subprocess.run(
        [sys.executable, "-m", "copilot", "--data-dir", str(data), "ingest", str(folder)],
        cwd=Path(__file__).resolve().parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return data


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("terms") / "terms.csv"
    head = [*TERMS, "de_forbidden"]
    path.write_text(",".join(head) + "\n" + ",".join([*TERMS.values(), FORBIDDEN]) + "\n", "utf-8")
    return path


@pytest.fixture
def copilot(filled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("COPILOT_DATA_DIR", str(filled))
    with open_copilot(load_settings()) as opened:
        yield opened


def ranks(copilot: Any, text: str, language: str) -> dict[str, int]:
    """The rank of each language's document with the term among the hits of its language, from 1."""
    result = copilot.search(Question(text, language), ANNA, top_k=40)
    found = {}
    for name in TEXTS:
        hits = [hit.chunk.text for hit in result.hits if hit.chunk.language == name]
        found[name] = next((rank for rank, hit in enumerate(hits, 1) if TERMS[name] in hit), 99)
    return found


@pytest.mark.slow
def test_a_term_of_any_language_finds_it_in_all_others_without_ingesting_again(
    copilot: Any, table: Path
) -> None:
    before = ranks(copilot, FORBIDDEN, "de")
    assert any(rank > 1 for rank in before.values()), "nobody knows this word without the glossary"
    import_glossary(open_catalog(load_settings()), table, "closed")
    assert ranks(copilot, FORBIDDEN, "de") == before, "a glossary of a knowledge base that Anna may not read"
    import_glossary(open_catalog(load_settings()), table, "service")
    variants = copilot.search(Question(FORBIDDEN, "de"), ANNA).variants
    shown = {item.language: item.text for item in variants if item.kind == "glossary"}
    assert shown["pl"] == f"{FORBIDDEN}: {TERMS['pl']}"
    answer = copilot.ask(Question(f"Wo sitzt der {FORBIDDEN}?", "de"), ANNA)
    assert TERMS["de"] in answer.claims[0].text, "what says the term to use answers a question with the forbidden one"
    for language, term in [*TERMS.items(), ("de", FORBIDDEN)]:
        found = ranks(copilot, term, language)
        assert max(found.values()) <= 3 and list(found.values()).count(1) >= 7, (term, found)
