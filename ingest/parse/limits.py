"""Limits of one file: its bytes and pages before it is parsed, and the memory of the process that parses it."""

from __future__ import annotations

import resource
from pathlib import Path

from copilot.errors import ParseError
from copilot.pages import is_pdf, open_pdf, page_count
from copilot.settings import IngestSettings

_MIB = 1024 * 1024


def check_file(path: Path, media_type: str, limits: IngestSettings) -> None:
    """Raise ParseError for a file that need not be opened: unreadable, empty, too_large."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ParseError("unreadable", f"{path.name} cannot be read: {error.strerror}.",
                         "Check that it is there and may be read.") from error
    if size == 0:
        raise ParseError("empty", f"{path.name} is empty.", "Copy the file again from where it came.")
    if size > limits.max_file_mb * _MIB:
        raise ParseError("too_large", f"{path.name} has {size / _MIB:.0f} MiB; {limits.max_file_mb} is the limit.",
                         "Split it, or raise ingest.max_file_mb.")


def check_pages(path: Path, media_type: str, max_pages: int) -> None:
    """Raise ParseError (too_large) for more pages than allowed; encrypted and broken PDFs show here too."""
    if is_pdf(path):
        document = open_pdf(path)
        pages = len(document)
        document.close()
    elif media_type.startswith("image/"):
        pages = page_count(path)
    else:
        return
    if pages > max_pages:
        raise ParseError("too_large", f"{path.name} has {pages} pages; {max_pages} is the limit.",
                         "Split it, or raise ingest.max_pages.")


def limit_memory(memory_mb: int) -> None:
    """Let this process ask for so many MiB more than it has mapped now, and no more (RLIMIT_AS)."""
    limit = _mapped_bytes() + memory_mb * _MIB
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _mapped_bytes() -> int:
    """What the process has mapped; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()
