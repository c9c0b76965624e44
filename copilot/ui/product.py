"""The product's objects, opened once for the whole process, and who is asking."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copilot import wiring
from copilot.settings import Settings, load_settings
from copilot.types import Principal

if TYPE_CHECKING:
    from copilot.catalog import Catalog
    from copilot.glossary import Glossary
    from copilot.library import Library
    from copilot.service import Copilot
    from copilot.translation import TranslationService

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What opens at once: settings, library, catalog."""

    settings: Settings
    library: Library
    catalog: Catalog


class Product:
    """Opens the library on first use, and the copilot (models, index) in the background. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine_lock = threading.Lock()
        self._shelf: Shelf | None = None
        self._copilot: Copilot | None = None
        self._translator: TranslationService | None = None
        self._glossary: Glossary | None = None
        self._warming: threading.Thread | None = None
        self._warm = threading.Event()

    def shelf(self) -> Shelf:
        """Settings, library and catalog; raises CopilotError."""
        with self._lock:
            if self._shelf is None:
                settings = load_settings()
                self._shelf = Shelf(settings, wiring.open_library(settings), wiring.open_catalog(settings))
            return self._shelf

    def copilot(self) -> Copilot:
        """The read side, opened now if it is not yet; raises CopilotError."""
        settings = self.shelf().settings
        with self._engine_lock:
            if self._copilot is None:
                self._copilot = wiring.open_copilot(settings)
            return self._copilot

    def translator(self) -> TranslationService:
        """The translations of the installed packages, with memory, glossary and gloss; raises CopilotError."""
        shelf = self.shelf()
        with self._lock:
            if self._translator is None:
                self._translator = wiring.open_translator(shelf.settings, shelf.catalog)
            return self._translator

    def glossary(self) -> Glossary:
        """The term bases; raises CopilotError."""
        from copilot.glossary import Glossary

        shelf = self.shelf()
        with self._lock:
            if self._glossary is None:
                self._glossary = Glossary(shelf.catalog)
            return self._glossary

    def warm(self) -> None:
        """Begin to load models and index in a thread; a fault shows with the first question."""
        with self._lock:
            if self._warming is not None:
                return
            self._warming = threading.Thread(target=self._load, name="copilot-warm", daemon=True)
        self._warming.start()

    @property
    def is_warm(self) -> bool:
        """Whether the first question need not wait for models."""
        return self._warm.is_set()

    def close(self) -> None:
        """Let go of everything; the next call opens it again."""
        with self._engine_lock, self._lock:
            if self._copilot is not None:
                self._copilot.close()
            self._copilot = self._shelf = self._warming = self._translator = self._glossary = None
            self._warm.clear()

    def _load(self) -> None:
        try:
            self.copilot().warm()
        except Exception:
            # Whoever asks first gets the same error in words; here it must only not end the process.
            _log.warning("The engine could not be opened in advance.", exc_info=True)
        finally:
            self._warm.set()


product = Product()


def principal() -> Principal:
    """Who asks: the user and the groups that the settings name."""
    settings = product.shelf().settings
    return Principal(settings.user, settings.groups)
