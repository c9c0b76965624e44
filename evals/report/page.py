"""The report as one HTML file that needs nothing else: plots, tables and cases; every text of others is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources

from evals.gating.baseline import Baseline
from evals.report import labels, plots
from evals.report.cases import changed_cases, worst_cases
from evals.report.changes import changes
from evals.running.results import Kept
from evals.running.summary import Group, Report
from evals.statistics import Figure

_TABLED = ("page_correct", "citation_recall", "numbers_correct", "abstention", "recall_at_10", "answer_language")
_FEWEST = 5


def page(report: Report, kept: Sequence[Kept], baseline: Baseline | None) -> str:
    """The whole file."""
    css = resources.files("evals.report").joinpath("page.css").read_text(encoding="utf-8")
    title = f"Quality of answers: {report.set_name}"
    body = "\n".join([
        _head(report, kept, baseline), "<main>", _cards(report), _warnings(report), _languages(report, baseline),
        _crossing(report), _tags(report), *changed_cases(kept, baseline), *worst_cases(kept), _latency(report, kept),
        _apart(report), _metrics(report), _made(report, baseline), "</main>",
    ])  # fmt: skip
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>\n{css}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def percent(figure: Figure | None) -> str:
    """A share as people read it."""
    return "–" if figure is None else f"{figure.mean:.0%}"


def _head(report: Report, kept: Sequence[Kept], baseline: Baseline | None) -> str:
    right = report.all.right
    said = "No case was counted." if right is None else (
        f"{right.mean:.0%} of {right.n} questions are answered right"
    )
    between = "" if right is None else (
        f"With 95% certainty the share lies between {right.low:.0%} and {right.high:.0%} for questions of this kind."
    )
    return (
        f"<header><h1>Quality of answers · {escape(report.set_name)} · {escape(report.started[:10])}</h1>"
        f'<p class="headline">{said}</p><p class="lead">{between} {_since(kept, baseline)}</p></header>'
    )


def _since(kept: Sequence[Kept], baseline: Baseline | None) -> str:
    if baseline is None:
        return "There is no baseline to compare with."
    steps = [change.step for change in changes(kept, baseline)]
    return (
        f"Since the baseline of {escape(baseline.when[:10])}: {steps.count('better')} better, "
        f"{steps.count('worse')} worse."
    )


def _cards(report: Report) -> str:
    cards = [_card(percent(group.right), f"{labels.KINDS[kind]}<br>{group.cases} questions")
             for kind in labels.KINDS if (group := report.kinds.get(kind))]  # fmt: skip
    leaks = report.all.metrics.get("no_leakage")
    if leaks is not None:
        shown = round((1 - leaks.mean) * leaks.n)
        cards.append(_card(str(shown), f"leaks of restricted documents<br>{leaks.n} questions", bad=shown > 0))
    if report.latency is not None:
        cards.append(_card(f"{report.latency.median_s:.2f} s", f"half of the answers<br>95% within "
                           f"{report.latency.p95_s:.2f} s"))  # fmt: skip
    errors = report.all.errors + report.pending.errors
    if errors:
        cards.append(_card(str(errors), "questions that ended in an error", bad=True))
    return f'<div class="cards">{"".join(cards)}</div>'


def _card(figure: str, words: str, bad: bool = False) -> str:
    return f'<div class="card{" bad" if bad else ""}"><b>{escape(figure)}</b><span>{words}</span></div>'


def _warnings(report: Report) -> str:
    parts = list(report.warnings)
    if report.selection:
        chosen = "; ".join(f"{name}: {', '.join(map(str, value))}" for name, value in report.selection.items()
                           if isinstance(value, list))  # fmt: skip
        parts.insert(0, f"Only a part of the set was asked ({chosen}).")
    return "".join(f'<p class="note">{escape(text)}</p>' for text in parts)


def _languages(report: Report, baseline: Baseline | None) -> str:
    figures = _rights(report.languages)
    if not figures:
        return ""
    before = _before(baseline, report)
    drawn = plots.shares(figures, _spoken("Right answers by the question's language", figures), before)
    ring = " A ring: where the baseline stood." if before else ""
    names = [name for name in _TABLED if name in report.all.metrics]
    return (
        "<h2>By the question's language</h2>"
        f"<figure>{drawn}<figcaption>Share of right answers; the bar is the 95% interval.{ring} Where every case "
        "agrees there is no bar: of few cases that says little.</figcaption></figure>"
        f"<details><summary>The figures behind it</summary>{_table('language', report.languages, names)}</details>"
    )


def _before(baseline: Baseline | None, report: Report) -> dict[str, float]:
    """Per language the baseline's share, where it is of the same cases."""
    if baseline is None or baseline.fingerprint.cases != report.fingerprint.cases:
        return {}
    found: dict[str, list[bool]] = {}
    for entry in baseline.cases.values():
        if not {"pending", "draft"}.intersection(entry.tags):
            found.setdefault(entry.language, []).append(entry.right)
    return {language: sum(values) / len(values) for language, values in found.items()}


def _crossing(report: Report) -> str:
    columns = sorted({column for row in report.crossing.values() for column in row})
    if not columns:
        return ""
    rows = (f"{row}: " + ", ".join(f"{column} {cell.mean:.0%}" for column, cell in cells.items())
            for row, cells in report.crossing.items())  # fmt: skip
    drawn = plots.heat_map(report.crossing, columns, "Right answers by language of question and document. "
                           + "; ".join(rows))  # fmt: skip
    return (
        f"<h2>Question and document in different languages</h2><figure>{drawn}<figcaption>Where the question's own "
        "language has the answer, the question stands on the diagonal; else in the column of each language that "
        "has it.</figcaption></figure>"
    )


def _tags(report: Report) -> str:
    figures = _rights({name: group for name, group in report.tags.items() if group.cases >= _FEWEST})
    if not figures:
        return ""
    figures = dict(sorted(figures.items(), key=lambda item: (item[1].mean, item[0])))
    drawn = plots.shares(figures, _spoken("Right answers by tag", figures))
    names = [name for name in _TABLED if name in report.all.metrics]
    return (
        f"<h2>By kind of question</h2><figure>{drawn}<figcaption>The tags of at least {_FEWEST} cases, the "
        f"worst first; a case may have several.</figcaption></figure><details><summary>The figures behind it</summary>"
        f"{_table('tag', report.tags, names)}</details>"
    )


def _rights(groups: Mapping[str, Group]) -> dict[str, Figure]:
    return {name: group.right for name, group in groups.items() if group.right is not None}


def _spoken(title: str, figures: Mapping[str, Figure]) -> str:
    return f"{title}: " + ", ".join(f"{name} {found.mean:.0%} of {found.n}" for name, found in figures.items())


def _table(head: str, groups: Mapping[str, Group], names: Sequence[str]) -> str:
    titles = "".join(f"<th>{escape(text)}</th>" for text in (head, "cases", "right", *map(labels.metric, names)))
    rows = "".join(
        f"<tr><td>{escape(key)}</td><td>{group.cases}</td><td>{_cell(group.right)}</td>"
        + "".join(f"<td>{_cell(group.metrics.get(name))}</td>" for name in names) + "</tr>"
        for key, group in groups.items()
    )  # fmt: skip
    return f'<div class="wide"><table><thead><tr>{titles}</tr></thead><tbody>{rows}</tbody></table></div>'


def _cell(found: Figure | None) -> str:
    return "–" if found is None else f"{found.mean:.0%} <i>{found.low * 100:.0f}–{found.high * 100:.0f}</i>"


def _latency(report: Report, kept: Sequence[Kept]) -> str:
    if report.latency is None:
        return ""
    seconds = [item.result.seconds for item in kept if not item.result.error]
    known = report.latency
    words = (f"Time of an answer: half within {known.median_s:.2f} seconds, 95% within {known.p95_s:.2f}, "
             f"the longest {known.longest_s:.2f}")  # fmt: skip
    drawn = plots.latency(seconds, known.median_s, known.p95_s, words)
    return (
        f"<h2>How long an answer takes</h2><figure>{drawn}<figcaption>{words}. Machines differ: the gate never fails "
        "on time.</figcaption></figure>"
    )


def _apart(report: Report) -> str:
    parts = []
    if report.pending.cases:
        parts.append(
            f"<p>{report.pending.cases} cases ask for what the product is not yet expected to do: "
            f"{percent(report.pending.right)} are right. They are in no other figure.</p>"
            + _table("tag", report.pending_tags, [])
        )
    if report.draft.cases:
        parts.append(f"<p>{report.draft.cases} cases are drafts that nobody has checked: "
                     f"{percent(report.draft.right)} are right. They are in no other figure.</p>")  # fmt: skip
    return "<h2>Counted apart</h2>" + "".join(parts) if parts else ""


def _metrics(report: Report) -> str:
    rows = "".join(
        f"<tr><td>{escape(labels.metric(name))}</td><td><code>{escape(name)}</code></td><td>{found.n}</td>"
        f"<td>{found.mean:.3f} <i>{found.low:.3f}–{found.high:.3f}</i></td></tr>"
        for name, found in report.all.metrics.items() if name not in labels.NOT_TABLED
    )  # fmt: skip
    return (
        "<h2>Every metric</h2><p>Means with 95% bootstrap intervals over the cases to which a metric applies. "
        "Higher is better.</p><details><summary>Show them</summary>"
        "<div class=\"wide\"><table><thead><tr><th>metric</th><th>name</th><th>cases</th><th>mean</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div></details>"
    )


def _made(report: Report, baseline: Baseline | None) -> str:
    made = report.fingerprint
    facts = {
        "set": report.set_name, "suite": made.suite, "made": f"{report.started}, in {report.seconds:.0f} s",
        "documents": made.corpus, "cases": made.cases, "pipeline": made.pipeline, "settings": made.settings,
        "code": made.code, "models": made.models, **{f"engine: {name}": part for name, part in made.engine.items()},
        **{f"judge: {name}": str(value) for name, value in report.judge.items()},
    }  # fmt: skip
    if baseline is not None:
        facts["baseline"] = f"{baseline.when} by {baseline.who}: {baseline.why}"
    return f"<footer><h2>What these figures rest on</h2>{_facts(facts)}</footer>"


def _facts(facts: Mapping[str, str]) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    return f"<dl>{rows}</dl>"
