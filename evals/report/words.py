"""The figures as text: a short table for a terminal, and a Markdown summary for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evals.gating.baseline import Baseline
from evals.gating.verdict import Verdict
from evals.report import labels
from evals.report.changes import Change, changes
from evals.running.results import Kept
from evals.running.summary import Group, Report
from evals.statistics import Figure

_LISTED = 20


def share(found: Figure | None) -> str:
    """A share with its interval: "81 % (76-86)"."""
    return "-" if found is None else f"{found.mean:.0%} ({found.low * 100:.0f}-{found.high * 100:.0f})"


def summary_text(report: Report) -> str:
    """The figures for a terminal: all, by kind, by language, and what is counted apart."""
    lines = [f"{'':<38} cases  right (95 % interval)"]
    lines += [f"{name:<38} {group.cases:>5}  {share(group.right)}" for name, group in _groups(report)]
    if report.all.errors:
        lines.append(f"{report.all.errors} cases ended in an error.")
    lines += [f"Warning: {text}" for text in report.warnings]
    if report.latency is not None:
        lines.append(f"Half of the answers within {report.latency.median_s:.2f} s, 95 % within "
                     f"{report.latency.p95_s:.2f} s; the run took {report.seconds:.0f} s.")  # fmt: skip
    return "\n".join(lines)


def _groups(report: Report) -> Iterator[tuple[str, Group]]:
    """All cases, by kind, by language, and what is counted apart, each with its name."""
    yield "all", report.all
    yield from ((words, report.kinds[kind]) for kind, words in labels.KINDS.items() if kind in report.kinds)
    yield from report.languages.items()
    yield from ((name, group) for name, group in (("pending", report.pending), ("draft", report.draft)) if group.cases)


def markdown(report: Report, kept: Sequence[Kept], baseline: Baseline | None, verdict: Verdict | None = None) -> str:
    """The summary for a pull request: the gate's word, figures by kind and language, the cases that changed."""
    parts = [f"## Quality of answers: {report.set_name}"]
    if verdict is not None:
        parts.append(f"**The gate is {'green' if verdict.green else 'red'}.**")
        parts.append("\n".join(f"- {_escaped(text)}" for text in verdict.sentences))
    rows = [(name, group.cases, share(group.right)) for name, group in _groups(report)]
    parts += [f"> {_escaped(text)}" for text in report.warnings]
    parts.append(table(("", "cases", "right (95 % interval)"), rows))
    if baseline is not None:
        parts.append("\n".join(_changes(changes(kept, baseline), baseline)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _changes(found: Sequence[Change], baseline: Baseline) -> Iterator[str]:
    told = [change for change in found if change.step != "other"]
    worse = sum(change.step == "worse" for change in told)
    yield (
        f"Since the baseline of {baseline.when[:10]} ({_escaped(baseline.why)}): {worse} worse, "
        f"{len(told) - worse} better, {len(found) - len(told)} answered otherwise."
    )
    if told:
        yield ""
    for change in told[:_LISTED]:
        yield f"- {change.step}: `{change.item.id}` {_escaped(change.item.question)} ({_escaped(change.new.why)})"
    if len(told) > _LISTED:
        yield f"- and {len(told) - _LISTED} more: see the report"


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "| " + " | ".join("---" for _ in header) + " |"]
    lines += ["| " + " | ".join(_escaped(str(cell)) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    """What others wrote, as plain text: neither a table's bar nor a link nor HTML."""
    plain = " ".join(text.split())
    for mark in "\\`|<>[]*_":
        plain = plain.replace(mark, "\\" + mark)
    return plain
