"""The sources of an answer, and what a plain search finds: the question's language and the others apart."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from copilot.errors import CopilotError
from copilot.types import Answer, Hit, SearchResult
from copilot.ui.markup import badge, escaped, marker, shortened
from copilot.ui.product import principal, product
from copilot.ui.scope import question as scoped
from copilot.ui.sources import Source, hit_sources
from copilot.ui.texts import Texts

_SNIPPET = 220
_SHOW = ":material/visibility:"


def draw(key: str, question: str, answer: Answer, cited: Sequence[Source], texts: Texts) -> list[Source]:
    """An expander with tabs; the search runs when it is opened. Returns the sources of the hits."""
    box = st.expander(f"{texts('sources')} ({len({item.label for item in cited})})", key=f"more_{key}",
                      on_change="rerun", type="compact")  # fmt: skip
    if not box.open:
        return []
    with box:
        try:
            result = _search(key, question)
        except CopilotError as error:
            st.error(escaped(error.reason))
            return []
        own = texts("hits_own", language=texts.language_name(result.language), count=len(result.own))
        first, second, third = st.tabs(
            [texts("hits_cited", count=len(cited)), own, texts("hits_others", count=len(result.others))]
        )
        with first:
            _cited(cited, texts)
        with second:
            found = _hits(f"{key}-o", result.own, texts)
        with third:
            found += _hits(f"{key}-x", result.others, texts)
            _searched(result, texts)
    return found


def _searched(result: SearchResult, texts: Texts) -> None:
    """What was searched in other languages: the question by machine, or its words by the table."""
    made = [item for item in result.variants if item.kind != "original"]
    if made:
        spoken = {item.language: "; ".join(it.text for it in made if it.language == item.language) for item in made}
        lines = [f"**{escaped(texts.language_name(name))}**: {escaped(text)}" for name, text in sorted(spoken.items())]
        with st.popover(texts("searched_as"), icon=":material/translate:", type="tertiary"):
            st.caption("  \n".join(lines))


def near_spellings(key: str, question: str) -> tuple[str, ...]:
    """What readable documents hold instead of a spelling that none holds; none where nothing can be searched."""
    try:
        return _search(key, question).did_you_mean
    except CopilotError:
        return ()


def _search(key: str, question: str) -> SearchResult:
    """The hits, asked for again with every drawing: rights may have changed since."""
    return product.copilot().search(scoped(question, key), principal())


def _cited(cited: Sequence[Source], texts: Texts) -> None:
    if not cited:
        st.caption(texts("no_hits"))
    for source in cited:
        shown = " ".join(badge(text, colour) for text, colour in source.badges)
        _entry(marker(source.label, source.key), source, shown)


def _hits(prefix: str, hits: Sequence[Hit], texts: Texts) -> list[Source]:
    found = hit_sources(prefix, hits, texts)
    if not found:
        st.caption(texts("no_hits"))
    for source, hit in zip(found, hits, strict=True):
        badges = [*source.badges, (source.language.upper(), "gray")]
        shown = " ".join(badge(text, colour) for text, colour in badges)
        _entry(marker(_SHOW, source.key), source, shown, _why(hit, texts))
    return found


def _why(hit: Hit, texts: Texts) -> str:
    """What each leg added to the hit's score, the most first."""
    legs = sorted(hit.legs.items(), key=lambda item: -item[1].contribution)
    added = " · ".join(f"{texts(f'leg_{name}')} {leg.contribution:+.1f}" for name, leg in legs)
    return texts("found_by", legs=added) if added else ""


def _entry(mark: str, source: Source, badges: str, why: str = "") -> None:
    with st.container(gap=None):
        st.markdown(f"{mark} **{escaped(source.title)}** {badges}")
        st.caption(escaped(shortened(source.quote, _SNIPPET)), help=escaped(why) or None)
