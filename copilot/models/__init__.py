"""The models that ship with the product, and how others are installed, verified, pulled and removed."""

from __future__ import annotations

from pathlib import Path

SHIPPED = Path(__file__).resolve().parent
SHIPPED_TRANSLATION = SHIPPED / "translation"

__all__ = ["SHIPPED", "SHIPPED_TRANSLATION"]
