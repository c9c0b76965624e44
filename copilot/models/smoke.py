"""Whether a model works: one sentence through it."""

from __future__ import annotations

import math
from pathlib import Path

from copilot.errors import ModelError
from copilot.settings import EmbedderSettings
from copilot.translation.argos import Model
from copilot.translation.packages import read_package

_SENTENCES = {
    "de": "Prüfen Sie die Schraube.", "en": "Check the bolt.", "es": "Compruebe el tornillo.", "fr": "Vérifiez la vis.",
    "it": "Controllare la vite.", "pl": "Sprawdź śrubę.", "pt": "Verifique o parafuso.", "zh": "检查螺栓。",
}  # fmt: skip


def translation(folder: Path) -> str:
    """What the package makes of a sentence; ModelError where it makes nothing."""
    package = read_package(folder)
    if package is None:
        raise ModelError(f"{folder.name} has no readable metadata.json.", "Get the package again.")
    sentence = _SENTENCES.get(package.source, "1 2 3")
    made = Model(folder, 1).hypotheses([sentence])[0]
    if not made or not made[0].text:
        raise ModelError(f"The package {folder.name} makes nothing of '{sentence}'.", "Get the package again.")
    return f"{sentence} > {made[0].text}"


def reader(folder: Path) -> str:
    """How sure it is of an easy sentence; ModelError where it prefers another one."""
    from copilot.reading import Reader

    asked, told = "Mit welchem Drehmoment wird der Deckel angezogen?", "Der Deckel wird mit 24 Nm angezogen."
    wrong, right = Reader(folder).scores(asked, "", (_SENTENCES["de"], told))
    if right <= wrong:
        raise ModelError(f"The reader {folder.name} does not tell what answers.", "Install the product again.")
    return f"24 Nm before another sentence by {right - wrong:.1f}"


def embedder(folder: Path) -> str:
    """How long the vectors are; ModelError where the model makes none."""
    from copilot.embedding import open_embedder

    vector = open_embedder(EmbedderSettings(model=str(folder))).get_query_embedding(_SENTENCES["en"])
    norm = math.sqrt(sum(value * value for value in vector))
    if not 0.9 < norm < 1.1:
        raise ModelError(f"The embedder {folder.name} makes no vectors of unit length ({norm:.3f}).", "Get it again.")
    return f"{len(vector)} dimensions"
