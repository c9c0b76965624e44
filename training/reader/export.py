"""Writes the trained network as the model that ships: ONNX with int8 weights, two numbers for each piece."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from copilot.embedding import open_shipped
from training.embedder_export import write_manifest
from training.reader.network import HEADS, WIDTH, Layer, Network

MODEL = "model.onnx"
_INPUTS = ("vectors", "marks", "kinds", "there")


class Shipped(nn.Module):
    """What the product runs: vectors of pieces in, for each piece its share of the mean and its own score out.

    ``vectors`` (texts, pieces, dimension) float32; ``marks`` int64, 0 for a piece, 1 to 3 for a mark; ``kinds`` int64,
    0 question, 1 place, 2 passage; ``there`` bool. Returns (texts, pieces, 2) float32.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, vectors: torch.Tensor, marks: torch.Tensor, kinds: torch.Tensor, there: torch.Tensor
    ) -> torch.Tensor:
        """See the class."""
        network = self.network
        blank = torch.zeros(1, WIDTH)
        marked = nn.functional.embedding(marks, torch.cat([blank, network.marks.weight]))
        states = torch.where((marks > 0)[..., None], marked, network.project(vectors))
        places = network.places.weight[: vectors.shape[1]]
        states = network.norm(states + places + network.kinds(kinds))
        away = torch.where(there, 0.0, -1e9)[:, None, None, :]
        for layer in network.layers:
            states = _step(layer, states, away)  # type: ignore[arg-type]
        return torch.cat([network.by_mean(states), network.by_piece(states)], -1)


def _step(layer: Layer, states: torch.Tensor, away: torch.Tensor) -> torch.Tensor:
    texts, pieces = states.shape[0], states.shape[1]
    parts = layer.qkv(states).view(texts, pieces, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
    likeness = torch.softmax(parts[0] @ parts[1].transpose(-1, -2) / (WIDTH // HEADS) ** 0.5 + away, -1)
    mixed = (likeness @ parts[2]).transpose(1, 2).reshape(texts, pieces, WIDTH)
    states = layer.norm1(states + layer.out(mixed))
    return layer.norm2(states + layer.down(nn.functional.gelu(layer.up(states))))


def export(network: Network, folder: Path) -> Path:
    """``folder``/model.onnx; needs the packages onnx and onnxruntime."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    network = network.float().eval()
    texts, pieces, width = 2, 9, network.project.in_features
    example = (torch.zeros(texts, pieces, width), torch.zeros(texts, pieces, dtype=torch.int64),
               torch.zeros(texts, pieces, dtype=torch.int64), torch.ones(texts, pieces, dtype=torch.bool))  # fmt: skip
    axes = {name: {0: "texts", 1: "pieces"} for name in (*_INPUTS, "scores")}
    with tempfile.TemporaryDirectory() as work:
        whole = Path(work) / MODEL
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that this exporter is the older one: the newer needs another package
            torch.onnx.export(Shipped(network), example, str(whole), input_names=list(_INPUTS),
                              output_names=["scores"], dynamic_axes=axes, opset_version=17, dynamo=False)  # fmt: skip
        quantize_dynamic(whole, folder / MODEL, weight_type=QuantType.QInt8, per_channel=True,
                         op_types_to_quantize=["MatMul"])  # fmt: skip
    return folder / MODEL


def ship(network: Network, folder: Path, stated: Mapping[str, Any]) -> None:
    """The model with its manifest, which names the embedder that it was made over."""
    export(network, folder)
    write_manifest(folder, embedder=open_shipped().version, **stated)
