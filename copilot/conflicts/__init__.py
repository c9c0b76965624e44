"""Contradictions between current sources, and what a source applies to."""

from copilot.conflicts.applicability import applicability_notes, scope
from copilot.conflicts.finding import conflicts

__all__ = ["applicability_notes", "conflicts", "scope"]
