"""The chat page: a question in any language, its answer with citations, and the source panel beside it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from copilot.errors import CopilotError, IndexMissing
from copilot.types import Answer, Status, Turn
from copilot.ui import answer_view, generation, panel, scope
from copilot.ui.decode import answer_from_json
from copilot.ui.generation import Generation
from copilot.ui.product import principal, product
from copilot.ui.sidebar import chosen_language
from copilot.ui.sources import Source
from copilot.ui.texts import Texts, texts_of

_WIDE = [7, 5]
_QUICK_S = 0.6
PAGE = "chat_page"  # where the session keeps the page itself, for others that lead to it
_REMEMBERED = 6  # turns
_SAMPLE_NUMBER = "SM-HV-0410"
_SAMPLES = ("sample_torque", "sample_dtc", "sample_isolation", "sample_ota")


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn to draw; no answer where it may no longer be shown."""

    key: str
    question: str
    answer: Answer | None


def page() -> None:
    """Draw the conversation that the address names, or the start."""
    texts = texts_of(chosen_language())
    conversation = st.query_params.get("chat", "")
    turns = _turns(conversation)
    running = generation.generation_of(conversation, principal()) if conversation else None
    started = bool(turns or running)
    asked = _input(texts, started)
    if asked:
        _ask(asked, conversation, turns)
    if not started:
        _start(texts)
        panel.draw([], texts)
        return
    left, right = st.columns(_WIDE, gap="large")
    with left:
        sources = _conversation(turns, running, texts)
    with right, st.container(key="source_panel"):
        _panel(turns, sources, texts)


def _turns(conversation: str) -> list[Shown]:
    if not conversation:
        return []
    kept = product.shelf().library.turns(conversation, principal())
    return [Shown(f"t{turn.id}", turn.question, answer_from_json(turn.answer)) for turn in kept]


def _ask(text: str, conversation: str, turns: Sequence[Shown]) -> None:
    """Begin to answer, wait a moment for quick answers, and show the conversation."""
    name = conversation or uuid.uuid4().hex
    st.query_params["chat"] = name
    question = replace(scope.question(text, name), turns=_earlier(turns))
    generation.ask(question, principal()).wait(_QUICK_S if product.is_warm else 0.0)
    st.rerun()


def _earlier(turns: Sequence[Shown]) -> tuple[Turn, ...]:
    """The turns that a follow-up is understood from; one that may no longer be shown tells nothing."""
    return tuple(
        Turn(
            turn.answer.standalone or turn.question,
            turn.answer.text,
            tuple(dict.fromkeys(item.document.title for item in turn.answer.citations)),
        )
        for turn in turns[-_REMEMBERED:]
        if turn.answer is not None
    )


def _input(texts: Texts, started: bool) -> str:
    """The question typed now, or one of the buttons' that was clicked, else an empty string."""
    with st.bottom:
        column = st.columns(_WIDE, gap="large")[0] if started else st.columns([1, 5, 1])[1]
        with column, st.container(key="ask_box", gap="xsmall"):
            typed = st.chat_input(texts("ask_placeholder"), key="question")
            with st.container(key="ask_foot", gap=None):
                scope.draw(texts)
                st.caption(_status_line(texts))
    clicked: str = st.session_state.pop("asked", "")
    return clicked or (typed or "").strip()


def ask_later(text: str) -> None:
    """A button's callback: ask this with the run that follows."""
    st.session_state["asked"] = text


def open_with(text: str) -> None:
    """Ask this in a new conversation, from any page."""
    ask_later(text)
    st.switch_page(st.session_state[PAGE])


# states


def _start(texts: Texts) -> None:
    with st.columns([1, 5, 1])[1], st.container(key="start"):
        st.title(texts("start_title"), anchor=False, text_alignment="center")
        st.caption(texts("start_text"), text_alignment="center")
        documents = product.shelf().library.documents(principal())
        if not documents:
            st.info(texts("start_empty"), icon=":material/folder_open:")
        elif any(document.number == _SAMPLE_NUMBER for document in documents):
            _samples(texts)


def _samples(texts: Texts) -> None:
    """Sample questions, where the sample documents are there to answer them."""
    columns = st.columns(2)
    for place, name in enumerate(_SAMPLES):
        text = texts(name)
        columns[place % 2].button(text, key=name, on_click=ask_later, args=(text,), width="stretch", wrap=True)


def _conversation(turns: Sequence[Shown], running: Generation | None, texts: Texts) -> dict[str, list[Source]]:
    """Draw the turns; return the sources of each by its key."""
    sources = {}
    for shown in turns:
        with st.container(key=shown.key):
            sources[shown.key] = answer_view.draw(shown.key, shown.question, shown.answer, texts)
    if running is not None and not running.done:
        _running(running, texts)
    elif running is not None:
        answer_view.draw_unfinished(running, texts)
    return sources


@st.fragment(run_every=0.25)
def _running(running: Generation, texts: Texts) -> None:
    """The answer as far as it is found; the whole page is drawn again when it is done."""
    if running.done:
        st.rerun()
    answer_view.draw_running(running, texts, warm=product.is_warm)


def _panel(turns: Sequence[Shown], sources: dict[str, list[Source]], texts: Texts) -> None:
    last = turns[-1] if turns else None
    auto = ""
    if last is not None and last.answer is not None and last.answer.claims and sources[last.key]:
        auto = sources[last.key][0].key
    copies = {turn.key: answer_view.as_text(turn.answer, texts) for turn in turns if turn.answer is not None}
    everything = [source for found in sources.values() for source in found]
    panel.draw(everything, texts, auto=auto, focus=last.key if last and len(turns) > 1 else "", copies=copies)


def _status_line(texts: Texts) -> str:
    """Engine, embedder, translator, and what is searched; or that the engine still loads."""
    if not product.is_warm:
        return f":material/hourglass_top: {texts('engine_loading')}"
    try:
        status: Status = product.copilot().status(principal())
    except IndexMissing:
        return texts("index_missing")
    except CopilotError as error:
        return texts("engine_failed", reason=error.reason)
    parts = status.engine
    return texts(
        "status_line",
        engine=texts.engine(parts.get("answerer", "")), embedder=parts.get("embedder", ""),
        translator=texts.engine(parts.get("translator", "none")), documents=texts.number(status.documents),
    )  # fmt: skip
