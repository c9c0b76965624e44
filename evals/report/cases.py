"""Single cases in the report: those that changed since the baseline, old beside new, and the worst."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from evals.gating.baseline import Baseline, Entry, entry_of
from evals.report.changes import Change, changes, worst
from evals.running.results import Kept

_CHANGES = 60
_WORST = 25
_STEPS = {"worse": ("bad", "worse"), "better": ("good", "better"), "other": ("", "answer differs")}


def changed_cases(kept: Sequence[Kept], baseline: Baseline | None) -> Iterator[str]:
    """The section on what changed; nothing where there is no baseline."""
    if baseline is None:
        return
    found = changes(kept, baseline)
    yield "<h2>What changed since the baseline</h2>"
    if not found:
        yield "<p>Every answer is as it was.</p>"
        return
    counts = {step: sum(change.step == step for change in found) for step in _STEPS}
    yield (f"<p>{counts['worse']} got worse, {counts['better']} got better; {counts['other']} more have another answer "
           "and the same verdict.</p>")  # fmt: skip
    shown = [change for change in found if change.step != "other"][:_CHANGES]
    yield from map(_changed, shown)
    others = [change for change in found if change.step == "other"][:_CHANGES]
    if others:
        yield "<details><summary>Same verdict, another answer</summary>"
        yield from map(_changed, others)
        yield "</details>"
    if len(shown) + len(others) < len(found):
        yield f'<p class="small">{len(found) - len(shown) - len(others)} more are in results.jsonl.</p>'


def worst_cases(kept: Sequence[Kept]) -> Iterator[str]:
    """The section on what is wrong now."""
    found = worst(kept)
    if not found:
        yield "<h2>Worst cases</h2><p>Every case is right.</p>"
        return
    yield f"<h2>Worst cases</h2><p>{len(found)} cases are wrong; these have the lowest scores.</p>"
    yield from map(_wrong, found[:_WORST])
    if len(found) > _WORST:
        yield f"<details><summary>The other {len(found) - _WORST}</summary>"
        yield from map(_wrong, found[_WORST:])
        yield "</details>"


def _top(item: Kept, style: str, word: str) -> str:
    tags = ", ".join(item.result.tags)
    return (
        f'<div class="top"><span class="tag {style}">{escape(word)}</span><span>{escape(item.id)}</span>'
        f"<span>{escape(item.result.language)}</span><span>{escape(tags)}</span></div>"
        f'<h3 lang="{escape(item.result.language)}">{escape(item.question)}</h3>' + _wanted(item)
    )


def _wanted(item: Kept) -> str:
    wanted = item.reference if item.answerable else "the documents do not say"
    return f'<p class="small">Right would be: {escape(wanted)}</p>' if wanted else ""


def _changed(change: Change) -> str:
    style, word = _STEPS[change.step]
    sides = _side("Baseline", change.old) + _side("Now", change.new)
    return f'<article class="case">{_top(change.item, style, word)}<div class="sides">{sides}</div></article>'


def _wrong(item: Kept) -> str:
    return f'<article class="case">{_top(item, "bad", "wrong")}<div class="sides one">{_now(item)}</div></article>'


def _now(item: Kept) -> str:
    if item.result.error:
        return f'<div class="bad"><b>Error</b><p>{escape(item.result.error)}</p></div>'
    return _side("Answer", entry_of(item))


def _side(title: str, entry: Entry) -> str:
    cited = f'<p class="small">{escape("; ".join(entry.cites))}</p>' if entry.cites else ""
    said = f'<p lang="{escape(entry.language)}">{escape(entry.answer)}</p>' if entry.answer else ""
    verdict = "right" if entry.right else "wrong"
    return (
        f'<div class="{"good" if entry.right else "bad"}"><b>{title}: {verdict}</b>{said}{cited}'
        f'<p class="small">{escape(entry.why)}</p></div>'
    )
