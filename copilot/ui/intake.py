"""Taking documents in: files or a folder become a job, which a worker process does while the page shows progress."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from copilot.errors import CopilotError
from copilot.types import Job, OutcomeStatus
from copilot.ui.markup import escaped
from copilot.ui.product import principal, product
from copilot.ui.texts import Texts
from copilot.ui.worker import ensure_worker

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

_ACTIVE = ("queued", "running")
_SEEN = "jobs_seen"
_COUNT = re.compile(rf"(\d+) ({'|'.join(status.value for status in OutcomeStatus)})\b")
_UNSAFE = re.compile(r"[\x00-\x1f/\\:*?\"<>|]")


def dialog(texts: Texts) -> None:
    """Ask for files or a folder and for a knowledge base."""

    @st.dialog(texts("upload"))
    def sheet() -> None:
        library = product.shelf().library
        known = [base.name for base in library.knowledge_bases(principal())]
        base = st.selectbox(
            texts("column_base"), known, index=0 if known else None, accept_new_options=True, key="upload_base",
            help=texts("upload_base_new"), placeholder=texts("upload_base_new"),
        )  # fmt: skip
        files = st.file_uploader(texts("upload_files"), accept_multiple_files=True, key="upload_files")
        folder = st.text_input(texts("upload_folder"), key="upload_folder", help=texts("upload_folder_help"))
        if st.button(texts("upload_submit"), type="primary", key="upload_submit"):
            _submit(str(base or ""), files, folder.strip(), texts)

    sheet()


def _submit(base: str, files: Sequence[UploadedFile], folder: str, texts: Texts) -> None:
    if not files and not folder:
        st.error(texts("upload_nothing"))
        return
    library = product.shelf().library
    try:
        if not library.is_admin(principal()):
            # Nothing is written for somebody whose job would be refused.
            library.request_ingest([], base, principal())
        paths = [*_kept(base, files), *([Path(folder).expanduser()] if folder else [])]
        library.request_ingest(paths, base, principal())
        ensure_worker(product.shelf().settings)
    except (CopilotError, OSError) as error:
        st.error(escaped(str(error)))
        return
    st.rerun()


def _kept(base: str, files: Sequence[UploadedFile]) -> list[Path]:
    """Store uploads in a folder of their knowledge base; a file of the same name is a new revision of it."""
    if not files:
        return []
    folder = product.shelf().settings.data_dir / "uploads" / f"uploads-{safe_name(base) or 'default'}"
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for file in files:
        path = folder / (safe_name(file.name) or "unnamed")
        part = path.with_name(path.name + ".part")
        part.write_bytes(file.getbuffer())
        part.replace(path)
        paths.append(path)
    return paths


def safe_name(name: str) -> str:
    """A file name without folders, control characters or a leading dot; at most 180 bytes."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = _UNSAFE.sub("_", last).lstrip(". ").rstrip(". ")
    stem, dot, ending = plain.rpartition(".")
    room = 180 - len(ending.encode()) - 1
    kept = (stem if dot else plain).encode()[: max(1, room)].decode(errors="ignore")
    return f"{kept}.{ending}" if dot else kept


def progress(texts: Texts) -> None:
    """Show jobs that wait or run, polling; after the last one the page is drawn again."""
    jobs = product.shelf().library.jobs(principal())
    if any(job.state in _ACTIVE for job in jobs):
        st.session_state[_SEEN] = [job.id for job in jobs if job.state in _ACTIVE]
        _polling(texts)
        return
    seen = st.session_state.pop(_SEEN, [])
    for job in jobs:
        if job.id in seen:
            _ended(job, texts)


@st.fragment(run_every=1.0)
def _polling(texts: Texts) -> None:
    jobs = [job for job in product.shelf().library.jobs(principal()) if job.state in _ACTIVE]
    if not jobs:
        st.rerun()
    try:
        ensure_worker(product.shelf().settings)
    except OSError as error:
        st.error(texts("worker_failed", reason=str(error)))
    for job in reversed(jobs):
        names = ", ".join(Path(path).name for path in job.paths[:3]) + (" …" if len(job.paths) > 3 else "")
        state = texts(f"job_{job.state}")
        st.progress(min(1.0, job.progress), f"{escaped(names)} · {state} · {_said(job, texts)}")


def _ended(job: Job, texts: Texts) -> None:
    text = f"{texts(f'job_{job.state}')} · {_said(job, texts)}"
    if job.state == "done":
        st.success(text, icon=":material/check_circle:")
    else:
        st.error(text, icon=":material/error:")


def _said(job: Job, texts: Texts) -> str:
    """The job's message with its counts in the reader's language."""
    counted = _COUNT.sub(lambda found: f"{texts('outcome_' + found[2])}: {found[1]}", job.message)
    return escaped(counted)
