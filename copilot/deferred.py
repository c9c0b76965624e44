"""LlamaIndex without what is not used of it: packages whose ``__init__`` runs only when a name of it is asked for."""

from __future__ import annotations

import importlib.util
import sys
import threading
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

# Their __init__ imports every index, engine, tool and reader: .8 s, of which a retriever and a synthesizer use .3 s.
_CORE = "llama_index.core"
_PACKAGES = (
    _CORE,
    *(f"{_CORE}.{name}" for name in ("indices", "response_synthesizers", "chat_engine", "query_engine", "tools",
                                     "memory", "postprocessor")),
)
# What the core's __init__ sets, to None, and its submodules ask for all the time.
_STATE = ("global_handler", "global_tokenizer")
_LOCK = threading.RLock()


class _Deferred(ModuleType):
    """A package that stands for its submodules; the first name asked of the package itself runs its ``__init__``."""

    def __init__(self, spec: ModuleSpec) -> None:
        super().__init__(spec.name)
        self.__spec__ = spec
        self.__loader__ = spec.loader
        self.__file__ = spec.origin
        self.__path__ = list(spec.submodule_search_locations or ())
        self.__package__ = spec.name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)  # what the import system asks of every module
        with _LOCK:
            if isinstance(self, _Deferred):
                self.__class__ = ModuleType  # type: ignore[assignment]
                kept = {key: vars(self)[key] for key in _STATE if key in vars(self)}
                assert self.__spec__ is not None and self.__spec__.loader is not None
                self.__spec__.loader.exec_module(self)
                vars(self).update(kept)
        return getattr(self, name)


def defer_llama_index() -> None:
    """Call before the first import from ``llama_index.core``; afterwards, and again, it does nothing."""
    with _LOCK:
        if _CORE in sys.modules:
            return
        for name in _PACKAGES:
            spec = importlib.util.find_spec(name)
            if spec is None:
                continue
            module = sys.modules[name] = _Deferred(spec)
            parent, _, child = name.rpartition(".")
            setattr(sys.modules[parent], child, module)
        vars(sys.modules[_CORE]).update(dict.fromkeys(_STATE))
