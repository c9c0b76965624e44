"""A translated text: its sentences with their kind, protected tokens and glossary terms marked, its originals below."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import streamlit as st

from copilot.glossary import Glossary
from copilot.types import GlossaryHit, TranslatedSentence, TranslatedText
from copilot.ui import correction
from copilot.ui.markup import badge, escaped
from copilot.ui.texts import Texts

KINDS = {
    "machine": ("violet", ":material/translate:"),
    "memory": ("blue", ":material/database:"),
    "reviewed": ("green", ":material/verified:"),
    "gloss": ("yellow", ":material/dictionary:"),
    "original": ("gray", ":material/notes:"),
    "computed": ("gray", ":material/calculate:"),
    "generated": ("blue", ":material/neurology:"),
    "unsupported": ("red", ":material/report:"),
}
_PROTECTED, _TERM = "gray", "green"
_UNTOLD = ("gloss", "original")
_MOST = 300  # sentences drawn one by one
_MOST_CORRECTED = 60
_Span = tuple[int, int, str]
"""(start, end, colour)"""


def draw(done: TranslatedText, served: bool, glossary: Glossary, kbs: Collection[str], texts: Texts) -> None:
    """Draw the result; ``served`` says whether a package translates this pair."""
    _state(done, served, texts)
    with st.container(key="translated", gap="small"):
        for number, sentence in enumerate(done.sentences[:_MOST]):
            with st.container(key=f"translated_{number}", gap=None):
                st.markdown(_marked(sentence, done.target, glossary, kbs) + " " + _kind(sentence.kind, texts))
                with st.container(horizontal=True, gap="xsmall", key=f"notes_{number}"):
                    st.caption("  \n".join(_notes(sentence, texts)), width="stretch")
                    if number < _MOST_CORRECTED:
                        correction.offer(number, sentence, done.target, tuple(kbs), texts)
    if len(done.sentences) > _MOST:
        st.caption(f"+ {texts.number(len(done.sentences) - _MOST)}")
    with st.expander(texts("copy"), icon=":material/content_copy:", type="compact"):
        st.code(done.text, language=None, wrap_lines=True, height=220 if len(done.text) > 900 else "content")


def _state(done: TranslatedText, served: bool, texts: Texts) -> None:
    """One line of badges; where nothing serves the pair, what is shown instead and how to change that."""
    source, target = texts.language_name(done.source), texts.language_name(done.target)
    if done.source == done.target:
        st.info(texts("translate_same"), icon=":material/check:")
        return
    kinds = dict.fromkeys(sentence.kind for sentence in done.sentences)
    shown = [badge(f"{source} → {target}", "gray", ":material/language:"), *(_kind(kind, texts) for kind in kinds)]
    st.markdown(" ".join(shown))
    if not served and kinds.keys() & {"gloss", "original"}:
        command = f"copilot models pull {done.source} {done.target}"
        st.warning(
            texts("translate_no_pair", source=source, target=target) + "  \n"
            + texts("translate_install", command=command), icon=":material/translate:",
        )  # fmt: skip
        return
    for warning in done.warnings:
        st.warning(escaped(warning), icon=":material/info:")


def _kind(kind: str, texts: Texts) -> str:
    colour, icon = KINDS.get(kind, KINDS["original"])
    return badge(texts(f"kind_{kind}") if kind in KINDS else kind, colour, icon)


def _marked(sentence: TranslatedSentence, target: str, glossary: Glossary, kbs: Collection[str]) -> str:
    """What is shown for the sentence, without a gloss's key terms."""
    shown, _ = _parts(sentence)
    language = sentence.language if sentence.kind in _UNTOLD else target
    return marked_text(shown, [*_protected(shown, sentence), *_terms(shown, sentence, language, glossary, kbs)])


def _parts(sentence: TranslatedSentence) -> tuple[str, str]:
    """The sentence, and a gloss's key terms."""
    if sentence.kind != "gloss":
        return sentence.text, ""
    shown, _, key_terms = sentence.text.partition("\n")
    return shown, key_terms


def _notes(sentence: TranslatedSentence, texts: Texts) -> Iterator[str]:
    """Of a gloss the key terms, of a translation its original; the glossary's terms, where a gloss does not tell."""
    _, key_terms = _parts(sentence)
    if key_terms:
        yield f"**{escaped(key_terms)}**"
    elif sentence.kind not in _UNTOLD:
        yield escaped(texts("translate_original", text=sentence.source))
    told = [hit for hit in dict.fromkeys(sentence.glossary) if not key_terms or hit.forbidden]
    if told:
        hits = "; ".join(_hit(hit, texts) for hit in told)
        yield ":green[:material/book_2:] " + escaped(texts("translate_glossary", terms=hits))


def _hit(hit: GlossaryHit, texts: Texts) -> str:
    avoid = f" ({texts('translate_forbidden')})" if hit.forbidden else ""
    return f"{hit.source_term}{avoid} → {hit.target_term or '–'}{' ✓' if hit.used else ''}"


def _protected(text: str, sentence: TranslatedSentence) -> Iterator[_Span]:
    for token in dict.fromkeys(sentence.protected):
        for match in re.finditer(re.escape(token), text):
            yield match.start(), match.end(), _PROTECTED


def _terms(
    text: str, sentence: TranslatedSentence, language: str, glossary: Glossary, kbs: Collection[str]
) -> Iterator[_Span]:
    """The glossary's terms of this sentence as they stand in the text, inflected or not."""
    ours = {name for hit in sentence.glossary for name in (hit.source_term, hit.target_term)}
    if ours:
        for match in glossary.matches(text, language, language, kbs):
            if match.source_term in ours:
                yield match.start, match.end, _TERM


def marked_text(text: str, spans: Collection[_Span]) -> str:
    """Markdown of others' text with coloured backgrounds; where two spans meet, the first in order of place wins."""
    parts, at = [], 0
    for start, end, colour in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= at:
            parts.append(_kept_blanks(text[at:start]))
            parts.append(f":{colour}-background[{escaped(text[start:end])}]")
            at = end
    return "".join(parts) + _kept_blanks(text[at:])


def _kept_blanks(text: str) -> str:
    """Escaped, with the blanks at its ends, which escaping takes away."""
    if not text.strip():
        return " " if text else ""
    return " " * text[0].isspace() + escaped(text) + " " * text[-1].isspace()
