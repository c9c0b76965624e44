"""The shape that an answer should have: what the question asks for, and answers of more than a sentence or row."""

from copilot.answering.shapes.kinds import Shape, shape_of

__all__ = ["Shape", "shape_of"]
