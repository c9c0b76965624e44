"""The reader: a small model of ours that tells which sentence of a passage answers a question, in any two languages."""

from copilot.reading.reader import Reader, open_reader

__all__ = ["Reader", "open_reader"]
