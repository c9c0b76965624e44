"""Every error that the product raises on purpose; a message names the thing and the cure.

CopilotError
├── SettingsError          a setting that cannot be taken
├── UsageError             a command or question that cannot be taken
├── AccessDenied           not for this principal (or not there: the two read the same)
├── CatalogError           the catalog cannot be opened or is of another version
├── IndexError_            the index cannot be opened or answered
│   ├── IndexLocked        another process writes
│   ├── IndexMissing       nothing was published yet
│   └── FingerprintMismatch  built with another embedder or analysis
├── ModelError             a model is missing or its file is not the one expected
├── LLMError               the language model did not answer
└── ParseError             a file that cannot be read (becomes an Outcome)
"""

from __future__ import annotations


class CopilotError(Exception):
    """The root; ``cure`` says what to do."""

    def __init__(self, message: str, cure: str = "") -> None:
        super().__init__(f"{message} {cure}".strip())
        self.reason = message
        self.cure = cure


class SettingsError(CopilotError):
    """A setting that cannot be taken."""


class UsageError(CopilotError):
    """A command or a question that cannot be taken."""


class AccessDenied(CopilotError):
    """Not for this principal, or not there: the two must read the same."""


class CatalogError(CopilotError):
    """The catalog cannot be opened or is of another version."""


class IndexError_(CopilotError):
    """The index cannot be opened or answered."""


class IndexLocked(IndexError_):
    """Another process holds the writer's lock; the message names it."""


class IndexMissing(IndexError_):
    """Nothing was published yet."""


class FingerprintMismatch(IndexError_):
    """The index was built with another embedder or analysis."""


class ModelError(CopilotError):
    """A model is missing, or its file is not the one expected."""


class LLMError(CopilotError):
    """The language model did not answer; ``passing``: it may if asked again, after ``wait_s`` where it said so."""

    def __init__(self, message: str, cure: str = "", passing: bool = False, wait_s: float | None = None) -> None:
        super().__init__(message, cure)
        self.passing = passing
        self.wait_s = wait_s


class ParseError(CopilotError):
    """A file that cannot be read; ``category`` goes into its outcome.

    Categories: empty, encrypted, broken, mislabelled, unsupported, too_large, timeout, unreadable, no_text,
    changed_while_read, missing_dependency.
    """

    def __init__(self, category: str, message: str, cure: str = "") -> None:
        super().__init__(message, cure)
        self.category = category
