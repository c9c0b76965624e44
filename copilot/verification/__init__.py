"""Verification of sentences after generation: what their sources support, without another language model."""

from copilot.verification.engineering import EngineeringWords
from copilot.verification.sources import Source
from copilot.verification.verifier import SUPPORTED, Verifier

__all__ = ["SUPPORTED", "EngineeringWords", "Source", "Verifier"]
