"""What became of a file, in words: which categories are skipped, and the cure for each."""

from __future__ import annotations

from copilot.errors import ParseError
from copilot.types import Outcome, OutcomeStatus

_SKIPPED = frozenset({"unsupported", "too_large"})
CURES = {
    "empty": "Replace it by the file that was meant, or delete it.",
    "encrypted": "Save a copy without a password and ingest that.",
    "broken": "Open it in the program that made it and save it again.",
    "mislabelled": "Give it the extension that fits its content.",
    "unsupported": "Save it as PDF, DOCX, PPTX, XLSX, CSV, HTML, Markdown, TXT, EML or PNG.",
    "too_large": "Split it, or raise ingest.max_file_mb or ingest.max_pages in the settings.",
    "timeout": "Split it, or raise ingest.timeout_s in the settings.",
    "unreadable": "Give the ingesting user the right to read it.",
    "no_text": "If it is a scan, install tesseract with the data of its language; else check the file.",
    "changed_while_read": "Ingest again when nothing writes to it any more.",
    "missing_dependency": "Run 'copilot doctor' and install what it names.",
    "name_clash": 'Give one of the two folders a manifest.toml with another name = "...".',
    "manifest": "Correct the manifest and ingest again.",
    "original_gone": "Put the file back and ingest its folder again.",
    "index": "Run 'copilot doctor'; if it finds nothing, ingest again with --rebuild.",
}


def failure(uri: str, error: ParseError, document_id: str = "", seconds: float = 0.0) -> Outcome:
    """The outcome of a file that could not be read; unsupported and over-limit files count as skipped."""
    return Outcome(
        uri=uri,
        status=OutcomeStatus.SKIPPED if error.category in _SKIPPED else OutcomeStatus.FAILED,
        category=error.category,
        seconds=round(seconds, 3),
        reason=legible(error.reason),
        cure=error.cure or CURES.get(error.category, ""),
        document_id=document_id,
    )


def legible(name: str) -> str:
    """The text with bytes that are no UTF-8 (which file names may hold) written as escapes; else as it is."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def unreadable(name: str, error: OSError) -> ParseError:
    """A file that the system does not let us read."""
    return ParseError("unreadable", f"{name} cannot be read: {error.strerror or error}.")
