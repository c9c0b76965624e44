"""What the gate says to people: a sentence for each kind of fall in each language, and notes that fail nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from evals.gating.baseline import Baseline
from evals.gating.verdict import Fall, Finding, Slice, Verdict
from evals.running.fingerprint import Fingerprint

LEAKAGE, ERROR, WRONG = "no_leakage", "error", "wrong"
_NAMED = 10

# What cases that got worse do now, by the first score that fell, in this order: the verb of one, then of many.
SENTENCES: Mapping[str, tuple[str, str]] = {
    LEAKAGE: ("shows", "show what the asker may not read"),
    ERROR: ("ends", "end in an error"),
    "no_wrong_refusal": ("is", "are no longer answered"),
    "right_refusal": ("is", "are answered though the corpus holds no answer"),
    "quote_verbatim": ("quotes", "quote what does not stand in the source"),
    "numeric_fidelity": ("holds", "hold a number that what is cited does not hold"),
    "page_correct": ("no longer cites", "no longer cite the right page"),
    "citation_recall": ("no longer cites", "no longer cite the right document"),
    "numbers_correct": ("lacks", "lack a number or code of the right answer"),
    "recall_at_10": ("no longer finds", "no longer find the right passage among the first ten"),
    "box_correct": ("marks", "mark another place of the page than the quote's"),
    "answer_language": ("is", "are answered in another language"),
    WRONG: ("is", "are no longer right"),
}


def sentences(failures: Sequence[Finding]) -> list[str]:
    """Per language and kind: how many cases, what they do now, and each with its reason."""
    parts: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in failures:
        parts[finding.language, finding.kind].append(finding)
    order = list(SENTENCES)
    return [
        _sentence(language, kind, found)
        for (language, kind), found in sorted(parts.items(), key=lambda part: (order.index(part[0][1]), part[0][0]))
    ]


def _sentence(language: str, kind: str, found: Sequence[Finding]) -> str:
    named = "; ".join(f"{finding.id} ({finding.why})" for finding in found[:_NAMED])
    more = f"; and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return f"{language}: {said(kind, len(found))}: {named}{more}"


def said(kind: str, count: int) -> str:
    """"1 case no longer cites the right page", "4 cases no longer cite the right page"."""
    one, many = SENTENCES[kind]
    if count > 1:
        return f"{count} cases {many}"
    rest = many.split(" ")[len(one.split(" ")) :]
    return f"1 case {one} {' '.join(rest)}"


def fall_sentence(fall: Fall) -> str:
    """One metric that surely fell."""
    where = "all languages" if fall.slice == "all" else fall.slice
    return (
        f"{where}: the mean of {fall.metric} fell from {fall.before:.3f} to {fall.after:.3f} over {fall.cases} cases "
        f"(paired bootstrap: by chance in {fall.chance:.2%})"
    )


def notes(
    baseline: Baseline, fingerprint: Fingerprint, accepted: Mapping[str, str], found: Iterable[Finding]
) -> Iterator[str]:
    """What is compared, and what of the accepted list was of no use."""
    known = baseline.fingerprint
    changed = [
        name for name in ("pipeline", "settings", "code", "models", "judge")
        if getattr(known, name) != getattr(fingerprint, name)
    ]
    since = f"Baseline of {baseline.when} by {baseline.who}: {baseline.why.rstrip('.')}."
    yield since + (f" Since then changed: {', '.join(changed)}." if changed else " Nothing of the product changed.")
    used = {finding.id for finding in found if finding.accepted}
    for key in accepted:
        if key not in used:
            yield f"The accepted case {key} did not get worse: take it off the list."


def verdict_text(verdict: Verdict) -> str:
    """The verdict for a terminal or a log."""
    lines = [f"The gate is {'green' if verdict.green else 'red'}.", *(f"  {text}" for text in verdict.sentences)]
    lines += _told("excused", [f"{item.id} ({item.accepted})" for item in verdict.accepted])
    lines += _told("now right", verdict.fixed) + _told("new", verdict.new) + _told("gone", verdict.removed)
    lines += ["", *_table("language", verdict.languages), "", *_table("tag", verdict.tags), ""]
    return "\n".join([*lines, *verdict.notes])


def _told(what: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return [f"{len(names)} {'cases' if len(names) > 1 else 'case'} {what}: {', '.join(names[:_NAMED])}{more}"]


def _table(head: str, slices: Mapping[str, Slice]) -> Iterator[str]:
    yield f"{head:<18} cases  right before  right now"
    for name, found in slices.items():
        change = f"  {found.after - found.before:+d}" if found.after != found.before else ""
        yield f"{name:<18} {found.cases:>5}  {found.before:>12}  {found.after:>9}{change}"
