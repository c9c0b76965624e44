"""Draws the quality page for those who answer for the installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from copilot.errors import CopilotError
from copilot.ui.chat import open_with
from copilot.ui.markup import badge, escaped, shortened
from copilot.ui.product import principal, product
from copilot.ui.sidebar import chosen_language
from copilot.ui.texts import Texts
from evals.quality import charts
from evals.quality.drafts import add_draft, complaints, drafted
from evals.quality.runs import Run, runs
from evals.quality.texts import texts_of
from evals.running.results import ABSENT, OWN, Kept
from evals.types import CROSS

_KINDS = (OWN, CROSS, ABSENT)
_WORST = 50
_ROWS = 9
_SHOWN = 1200
_FEW = 3
_TREND = 20


def draw() -> None:
    """The last run with its slices, the trend, the worst cases, and what readers complained about."""
    texts = texts_of(chosen_language())
    with st.container(key="quality"):
        _page(texts)


def _page(texts: Texts) -> None:
    st.title(texts("nav_quality"), anchor=False)
    shelf = product.shelf()
    if not shelf.library.is_admin(principal()):
        st.info(texts("not_for_you"), icon=":material/lock:")
        return
    kept = runs(shelf.settings)
    if kept:
        _run(kept, texts)
    else:
        st.info(texts("no_runs"), icon=":material/monitoring:")
        st.code("copilot eval run", language=None)
    _complaints(texts)


def _run(kept: Sequence[Run], texts: Texts) -> None:
    labels = {run.folder.name: _label(run) for run in kept}
    chosen = st.selectbox(
        texts("run"), list(labels), format_func=lambda name: labels[name], key="quality_run", width=460
    )
    run = next(item for item in kept if item.folder.name == chosen)
    _headline(run, texts)
    same = [item for item in kept if item.compares_with(run)]
    left, right = st.columns([1, 1], gap="large")
    with left:
        _crossing(run, texts)
    with right:
        if len(same) > 1:
            _trend(same, texts)
    # A map of few languages leaves room below it.
    with left if len(same) > 1 and len(run.report.get("crossing") or {}) <= _FEW else right:
        _slices(run, texts)
        if len(same) < 2:
            st.caption(texts("trend_needs_runs"))
    _worst(run, texts)


def _label(run: Run) -> str:
    """When, which set, and in which languages where these are few."""
    languages = sorted(run.report.get("languages") or {})
    few = " · " + ", ".join(languages) if 0 < len(languages) <= _FEW else ""
    return f"{run.started} · {run.set_name}{few}"


def _crossing(run: Run, texts: Texts) -> None:
    crossing = run.report.get("crossing") or {}
    if not crossing:
        return
    st.header(texts("heat_map"), anchor=False)
    titles = (texts("question"), texts("document"))
    chart = charts.heat_map(crossing, titles, texts.percent, charts.look(st.context.theme.type))
    st.altair_chart(chart, width="stretch", key="quality_crossing")


def _trend(same: Sequence[Run], texts: Texts) -> None:
    st.header(texts("trend"), anchor=False)
    names = {kind: texts(f"kind_{kind}") for kind in _KINDS}
    chart = charts.trend(same[:_TREND], names, texts.percent, charts.look(st.context.theme.type))
    st.altair_chart(chart, width="stretch", key="quality_trend")
    if len({item.cases_print for item in same[:_TREND]}) > 1:
        st.caption(texts("trend_of_changed_cases"))


def _headline(run: Run, texts: Texts) -> None:
    """The figures that one looks at first, each with its interval or number of cases."""
    with st.container(horizontal=True, key="quality_figures"):
        _figure(texts("right"), run.share("all"), texts)
        for kind in _KINDS:
            _figure(texts(f"kind_{kind}"), run.share("kinds", kind), texts)
        latency = run.report.get("latency")
        if latency:
            half, most = (texts.number(round(float(latency[name]), 2)) for name in ("median_s", "p95_s"))
            st.metric(texts("latency"), f"{half} s", delta=texts("latency_most", seconds=most), delta_color="off",
                      delta_arrow="off", border=True)  # fmt: skip
    pending = (run.report.get("pending") or {}).get("cases", 0)
    notes = [texts("pending", count=pending)] if pending else []
    notes += [str(item) for item in run.report.get("warnings") or ()]
    for note in notes:
        st.caption(escaped(note))


def _figure(label: str, right: Mapping[str, float] | None, texts: Texts) -> None:
    if right is None:
        return
    low, high = texts.percent(right["low"]), texts.percent(right["high"])
    interval = texts("interval", low=low, high=high, count=int(right["n"]))
    st.metric(label, texts.percent(right["mean"]), delta=interval, delta_color="off", delta_arrow="off", border=True)


def _slices(run: Run, texts: Texts) -> None:
    """Per language, as a table that can be sorted."""
    rows = []
    for language, group in (run.report.get("languages") or {}).items():
        right = group.get("right")
        if right:
            interval = f"{texts.percent(right['low'])} – {texts.percent(right['high'])}"
            rows.append({texts("language"): texts.language_name(language), texts("cases"): group["cases"],
                         texts("right"): 100 * right["mean"], texts("sure"): interval})  # fmt: skip
    st.header(texts("by_language"), anchor=False)
    shares = {texts("right"): st.column_config.ProgressColumn(format="%.0f %%", min_value=0, max_value=100)}
    st.dataframe(rows, hide_index=True, column_config=shares, height="content")


def _worst(run: Run, texts: Texts) -> None:
    st.header(texts("worst"), anchor=False)
    try:
        wrong = [item for item in run.cases() if item.counted and not item.result.right]
    except CopilotError as error:
        st.error(escaped(f"{error.reason} {error.cure}"))
        return
    if not wrong:
        st.success(texts("none_wrong"), icon=":material/verified:")
        return
    # What was answered wrongly is worse than what was not found.
    wrong.sort(key=lambda item: (not item.result.answer.get("claims"), item.result.language, item.id))
    rows = [
        {"id": item.id, texts("language"): item.result.language.upper(), texts("question"): item.question,
         texts("why"): item.result.why or item.result.error}
        for item in wrong[:_WORST]
    ]  # fmt: skip
    column = st.column_config.TextColumn
    event = st.dataframe(
        rows, hide_index=True, on_select="rerun", selection_mode="single-row", key=f"worst_{run.folder.name}",
        row_height=38, height=38 * (min(len(rows), _ROWS) + 1) + 3,
        column_config={"id": column("ID", width=110), texts("language"): column(width=80),
                       texts("question"): column(width=460), texts("why"): column(width=460)},
    )  # fmt: skip
    chosen = event["selection"]["rows"]
    if chosen and chosen[0] < len(wrong):
        _case(wrong[chosen[0]], texts)
    else:
        st.caption(texts("choose_case", shown=min(len(wrong), _WORST), count=len(wrong)))


def _case(item: Kept, texts: Texts) -> None:
    """One case: what was expected, what was said, why it counts as wrong; and the way into the chat."""
    with st.container(border=True, key="quality_case"):
        st.markdown(f"**{escaped(item.question)}**")
        st.markdown(" ".join(badge(tag, "gray") for tag in item.result.tags))
        expected, said = st.columns(2)
        expected.caption(texts("expected"))
        expected.markdown(escaped(item.reference) or "–")
        said.caption(texts("said"))
        said.markdown(escaped(shortened(str(item.result.answer.get("text", "")), _SHOWN)) or "–")
        st.markdown(f":red[:material/rule: {escaped(item.result.why or item.result.error)}]")
        with st.expander(texts("scores")):
            scores = [
                {texts("metric"): name, texts("value"): score.value, texts("why"): score.reason}
                for name, score in sorted(item.result.scores.items())
            ]
            number = st.column_config.NumberColumn(format="%.3g")
            st.dataframe(scores, hide_index=True, column_config={texts("value"): number})
        if st.button(texts("open_in_chat"), icon=":material/forum:", key=f"open_{item.id}"):
            open_with(item.question)


def _complaints(texts: Texts) -> None:
    """Thumbs down: each can become a draft case."""
    shelf = product.shelf()
    found = complaints(shelf.catalog.feedback())[:_WORST]
    if not found:
        return
    st.header(texts("complaints"), anchor=False)
    done = drafted(shelf.settings)
    for item in found:
        with st.container(horizontal=True, vertical_alignment="center", key=f"complaint_{item.id}"):
            st.markdown(escaped(shortened(item.question, 160)), width="stretch")
            if f"feedback-{item.id}" in done:
                st.markdown(badge(texts("drafted"), "blue", ":material/edit_note:"), width="content")
            elif st.button(texts("make_draft"), icon=":material/edit_note:", key=f"draft_{item.id}"):
                add_draft(shelf.settings, item)
                st.rerun()
            if st.button(texts("open_in_chat"), icon=":material/forum:", type="tertiary", key=f"ask_{item.id}"):
                open_with(item.question)
    if done:
        st.caption(texts("drafts_are_in", path=str(shelf.settings.data_dir / "evals" / "drafts")))
