"""Turns trained weights into Argos packages: int8 for CTranslate2, one copy of a shared model, linked."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.translation.network import positions
from training.translation.prepare import open_pieces
from training.translation.recipe import EOS, MASKS, Size

NAMES = {
    "de": "German", "en": "English", "es": "Spanish", "fr": "French",
    "it": "Italian", "pl": "Polish", "pt": "Portuguese", "zh": "Chinese",
}  # fmt: skip


def convert(work: Path, size: Size) -> Path:
    """Write the trained weights as a CTranslate2 model in int8; returns its folder."""
    import ctranslate2
    import torch

    weights = {name: tensor.numpy() for name, tensor in torch.load(work / "model.pt").items()}
    spec = ctranslate2.specs.TransformerSpec.from_config((size.encoder, size.decoder), size.heads, pre_norm=True)
    _embed(spec.encoder, weights, size)
    _embed(spec.decoder, weights, size)
    spec.decoder.projection.weight = weights["embedding.weight"]
    for side, layers in (("encoder", spec.encoder), ("decoder", spec.decoder)):
        _norm(layers.layer_norm, weights, f"{side}_norm")
        for number, layer in enumerate(layers.layer):
            _layer(layer, weights, f"{side}.{number}", side == "decoder")
    pieces = open_pieces(work)
    tokens = [pieces.id_to_piece(number) for number in range(pieces.get_piece_size())]
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    end = tokens[EOS]
    # Rows of the training set end in the end piece, and the decoder begins with it.
    for key, value in {"bos_token": end, "eos_token": end, "decoder_start_token": end, "unk_token": tokens[0]}.items():
        setattr(spec.config, key, value)
    spec.config.add_source_eos = True
    spec.validate()
    spec.optimize(quantization="int8")
    folder = work / "model"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    spec.save(str(folder))
    return folder


def _embed(side: Any, weights: Mapping[str, np.ndarray], size: Size) -> None:
    embeddings = side.embeddings
    (embeddings[0] if isinstance(embeddings, list) else embeddings).weight = weights["embedding.weight"]
    side.position_encodings.encodings = positions(512, size.width).numpy()


def _layer(layer: Any, weights: Mapping[str, np.ndarray], name: str, decoder: bool) -> None:
    _attention(layer.self_attention, weights, f"{name}.itself", ("ask", "out"))
    if decoder:
        _attention(layer.attention, weights, f"{name}.source", ("ask", "offer", "out"))
    _norm(layer.ffn.layer_norm, weights, f"{name}.norm")
    _linear(layer.ffn.linear_0, weights, f"{name}.wide")
    _linear(layer.ffn.linear_1, weights, f"{name}.narrow")


def _attention(spec: Any, weights: Mapping[str, np.ndarray], name: str, parts: Sequence[str]) -> None:
    _norm(spec.layer_norm, weights, f"{name}_norm")
    for number, part in enumerate(parts):
        _linear(spec.linear[number], weights, f"{name}.{part}")


def _linear(spec: Any, weights: Mapping[str, np.ndarray], name: str) -> None:
    spec.weight, spec.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _norm(spec: Any, weights: Mapping[str, np.ndarray], name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]


def package(work: Path, out: Path, direction: tuple[str, str], several_targets: bool, ours: Mapping[str, Any]) -> Path:
    """Lay out one direction as Argos wants it; files that stand in a package beside it already are linked.

    `ours` goes into the metadata under "copilot", where Argos does not look.
    """
    source, target = direction
    folder = out / f"translate-{source}_{target}-1_0"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "model").mkdir(parents=True)
    for name in ("model.bin", "config.json", "shared_vocabulary.json"):
        _place(work / "model" / name, folder / "model" / name, out)
    _place(work / "pieces.model", folder / "sentencepiece.model", out)
    title = f"# {NAMES[source]} to {NAMES[target]}"
    text = f"{title}\n\nAn Argos Translate package; CARD.md beside it tells how it was made.\n"
    (folder / "README.md").write_text(text, encoding="utf-8")
    metadata = {
        "package_version": "1.0",
        "argos_version": "1.9",
        "from_code": source,
        "from_name": NAMES[source],
        "to_code": target,
        "to_name": NAMES[target],
        "links": [],
        "copilot": {"masks": list(MASKS), **ours},
    }
    if several_targets:
        metadata["target_prefix"] = f"<2{target}>"
    write_metadata(folder, metadata)
    return folder


def read_metadata(folder: Path) -> dict[str, Any]:
    """What a package says of itself."""
    return dict(json.loads((folder / "metadata.json").read_text(encoding="utf-8")))


def write_metadata(folder: Path, metadata: Mapping[str, Any]) -> None:
    """Write it, one key a line, and manifest.json with the digest of every file, by which it can be verified."""
    text = json.dumps(metadata, ensure_ascii=False, indent=1)
    (folder / "metadata.json").write_text(text + "\n", encoding="utf-8")
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != "manifest.json")
    digests = {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    (folder / "manifest.json").write_text(json.dumps({"files": digests}, indent=1) + "\n", encoding="utf-8")


def _place(file: Path, at: Path, out: Path) -> None:
    """Link to the same file of another package in the folder, else copy."""
    content = file.read_bytes()
    for other in sorted(out.glob(f"*/{at.relative_to(at.parents[1] if at.parent.name == 'model' else at.parent)}")):
        if other != at and other.stat().st_size == len(content) and other.read_bytes() == content:
            os.link(other, at)
            return
    at.write_bytes(content)


def archive(folder: Path) -> Path:
    """The package as one .argosmodel file beside its folder; its times are fixed: same content, same file."""
    path = folder.with_suffix(".argosmodel")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(str(Path(folder.name) / file.relative_to(folder)), (2025, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(entry, file.read_bytes())
    return path
