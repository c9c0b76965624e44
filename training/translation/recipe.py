"""What shapes a model: its size, its sources, the masks it must keep and what is held out of its training."""

from __future__ import annotations

from dataclasses import dataclass

# Sources never trained on. The first two are kept for reports throughout the project; the others for calibration.
REPORTED = ("security-101", "owasp-asvs")
CALIBRATED = ("oca", "kicad-doc", "owasp-top10")
# Its "English" side is often French.
UNUSED = ("qelectrotech",)
PERMISSIVE = ("python-docs", "django-docs", "jenkins", "fastapi", "edgeai-beginners", "tldr")
DICTIONARY = "wiktionary"
# One sentence in so many is held out of every other source, with all translations of the same English.
HELD_SHARE = 150
# Symbols that stand for protected tokens; each is one piece of the vocabulary, and is trained to be copied.
MASKS = tuple(f"⟦{number}⟧" for number in range(12))
EOS, UNKNOWN = 1, 0


@dataclass(frozen=True, slots=True)
class Size:
    """One architecture and its batch: widths in units, batch in target pieces, learning rate at its peak."""

    vocabulary: int
    width: int
    heads: int
    inner: int
    encoder: int
    decoder: int
    longest: int
    batch: int
    rate: float
    warmup: int
    minutes: float


SIZES = {
    "tiny": Size(420, 64, 4, 128, 1, 1, 24, 256, 4e-3, 10, 0.25),
    "small": Size(8000, 256, 4, 1024, 3, 1, 26, 4096, 3e-3, 100, 75.0),
    "large": Size(32000, 512, 8, 2048, 6, 2, 96, 32768, 2e-3, 1000, 25.0),
}


def base(source: str) -> str:
    """The source's name without the mark of sentences cut from longer pairs."""
    return source.removesuffix("/s")
