"""A genuine Argos package, made in seconds: it truly translates its narrow domain, German to English."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

THINGS = [
    ("die Schraube", "the bolt"),
    ("den Deckel", "the cover"),
    ("die Dichtung", "the gasket"),
    ("den Stecker", "the connector"),
    ("das Ventil", "the valve"),
]
DEEDS = [("Prüfen Sie", "Check"), ("Entfernen Sie", "Remove"), ("Reinigen Sie", "Clean"), ("Ersetzen Sie", "Replace")]
PAIRS = [(f"{deed} {thing}.", f"{does} {what}.") for deed, does in DEEDS for thing, what in THINGS]


@pytest.fixture(scope="session")
def argos_packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages that holds one for de>en."""
    folder = tmp_path_factory.mktemp("argos")
    work = folder / ".work"
    work.mkdir()
    pieces = _pieces(work)
    _train(pieces, work / "marian")
    package = folder / "translate-de_en-1_0"
    package.mkdir()
    _convert(work / "marian", package / "model")
    shutil.copy(work / "pieces.model", package / "sentencepiece.model")
    metadata = {"package_version": "1.0", "argos_version": "1.9", "from_code": "de", "to_code": "en", "links": []}
    (package / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    return folder


def _pieces(work: Path) -> Any:
    import sentencepiece

    text = work / "text.txt"
    text.write_text("\n".join(side for pair in PAIRS for side in pair), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(work / "pieces"),
        vocab_size=160,
        unk_id=0,
        eos_id=1,
        bos_id=-1,
        pad_id=-1,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    return sentencepiece.SentencePieceProcessor(model_file=str(work / "pieces.model"))


def _train(pieces: Any, folder: Path) -> None:
    import torch
    from transformers import MarianConfig, MarianMTModel

    size = pieces.get_piece_size()
    pad = size  # the last id: the converter drops that row
    torch.manual_seed(1)
    model = MarianMTModel(
        MarianConfig(
            vocab_size=size + 1,
            d_model=64,
            encoder_layers=1,
            decoder_layers=1,
            encoder_attention_heads=4,
            decoder_attention_heads=4,
            encoder_ffn_dim=128,
            decoder_ffn_dim=128,
            pad_token_id=pad,
            decoder_start_token_id=pad,
            eos_token_id=1,
            forced_eos_token_id=1,
            max_position_embeddings=256,
            dropout=0.0,
            scale_embedding=True,
        )
    )
    source, target = ([pieces.encode(pair[side]) + [1] for pair in PAIRS] for side in (0, 1))
    source_ids, target_ids = _padded(source, pad), _padded(target, pad)
    started = torch.cat([torch.full((len(PAIRS), 1), pad), target_ids[:, :-1]], 1)
    optimiser = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(250):
        output = model(
            input_ids=source_ids,
            attention_mask=(source_ids != pad).long(),
            decoder_input_ids=started,
            labels=target_ids.masked_fill(target_ids == pad, -100),
        )
        optimiser.zero_grad()
        output.loss.backward()
        optimiser.step()
        with torch.no_grad():
            model.model.shared.weight[pad] = 0  # decoding starts from a zero embedding
    model.save_pretrained(folder)
    _tokenizer_files(pieces, folder, size)


def _padded(rows: list[list[int]], pad: int) -> Any:
    import torch

    longest = max(map(len, rows))
    return torch.tensor([row + [pad] * (longest - len(row)) for row in rows])


def _tokenizer_files(pieces: Any, folder: Path, size: int) -> None:
    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes(pieces.serialized_model_proto())
    vocabulary = {pieces.id_to_piece(number): number for number in range(size)} | {"<pad>": size}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    settings = {
        "source_lang": "de",
        "target_lang": "en",
        "unk_token": "<unk>",
        "eos_token": "</s>",
        "pad_token": "<pad>",
        "model_max_length": 256,
        "tokenizer_class": "MarianTokenizer",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")


def _convert(source: Path, target: Path) -> None:
    from ctranslate2.converters import TransformersConverter

    TransformersConverter(str(source)).convert(str(target), quantization="int8")
    config = target / "config.json"
    table = json.loads(config.read_text(encoding="utf-8"))
    config.write_text(json.dumps(table | {"add_source_eos": True}), encoding="utf-8")
