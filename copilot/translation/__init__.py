"""Translation: by people's memory, by installed packages, never at the price of a number, a name or a code."""

from copilot.translation.engine import Engine
from copilot.translation.memory import Memory
from copilot.translation.packages import Package, installed
from copilot.translation.service import TranslationService

__all__ = ["Engine", "Memory", "Package", "TranslationService", "installed"]
