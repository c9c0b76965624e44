"""Holds a run against the baseline, case by case: what fell, for which cases, and why, in sentences."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from copilot.errors import UsageError
from evals.gating.baseline import JUDGED, RANKED, Baseline, Entry
from evals.gating.sentences import ERROR, LEAKAGE, SENTENCES, WRONG, fall_sentence, notes, sentences
from evals.gating.verdict import Fall, Finding, Slice, Verdict
from evals.running.fingerprint import Fingerprint
from evals.running.results import Kept
from evals.statistics import chance_of_no_fall, surely_fallen
from evals.types import DRAFT

_SHOWN = 12
_UPDATE = "If the change is meant, write a new baseline: copilot eval gate --update --who NAME --why REASON"

# Scores that fail a case by themselves, though it is still right: at the value named it was good.
GUARDED: Mapping[str, float] = {"box_correct": 1.0, "answer_language": 0.01}
LOWER_IS_BETTER = frozenset(("ragas_noise_sensitivity",))


def compare(
    baseline: Baseline, kept: Sequence[Kept], fingerprint: Fingerprint, accepted: Mapping[str, str] | None = None,
    selection: Mapping[str, object] | None = None,
) -> Verdict:
    """The verdict on a run; UsageError where the baseline is of another corpus, suite or other cases.

    Every case that was right and is wrong now fails, whatever the mean; so does each guarded score of it that fell,
    and any leak. ``accepted`` excuses cases by id with a reason, but no leak. Engine, models, settings and code may
    differ from the baseline's: they are what is compared.
    """
    reasons = dict(accepted or {})
    now = {item.id: item for item in kept if DRAFT not in item.result.tags}
    before = {key: entry for key, entry in baseline.cases.items() if DRAFT not in entry.tags}
    comparable(baseline, fingerprint, now)
    pairs = [(before[key], now[key]) for key in sorted(before.keys() & now.keys())]
    found = [_excused(finding, reasons) for finding in _findings(pairs, now, before)]
    failures = tuple(finding for finding in found if not finding.accepted)
    falls = _falls(pairs)
    whole = not selection or selection == baseline.selection
    return Verdict(
        not failures and not falls,
        (*sentences(failures), *(fall_sentence(fall) for fall in falls)),
        tuple(notes(baseline, fingerprint, reasons, found)),
        failures,
        tuple(finding for finding in found if finding.accepted),
        falls,
        tuple(item.id for entry, item in pairs if item.result.right and not entry.right),
        tuple(sorted(now.keys() - before.keys())),
        tuple(sorted(before.keys() - now.keys())) if whole else (),
        _slices(pairs, lambda item: [item.result.language]),
        _slices(pairs, lambda item: item.result.tags),
    )


def comparable(baseline: Baseline, fingerprint: Fingerprint, now: Mapping[str, Kept]) -> None:
    """UsageError, with the cure, where the two runs were not asked the same of the same documents."""
    same_ground(baseline, fingerprint)
    digests = {key: item.digest for key, item in now.items()}
    same_cases(baseline, digests)


def same_ground(baseline: Baseline, fingerprint: Fingerprint) -> None:
    """UsageError, with the cure, where documents or suite are not the baseline's."""
    known = baseline.fingerprint
    if known.corpus != fingerprint.corpus:
        raise UsageError(
            f"The baseline was made over other documents (corpus {known.corpus}, here {fingerprint.corpus}).", _UPDATE
        )
    if known.suite != fingerprint.suite:
        raise UsageError(
            f"The baseline is of the suite '{known.suite}', this run of '{fingerprint.suite}'.",
            f"Run --suite {known.suite}, or write a new baseline with --update.",
        )


def same_cases(baseline: Baseline, digests: Mapping[str, str]) -> None:
    """UsageError, with the cure, where cases (their hashes by id) were edited, or none is the baseline's."""
    known = {key: entry.digest for key, entry in baseline.cases.items()}
    edited = sorted(key for key in digests.keys() & known.keys() if known[key] != digests[key])
    if edited:
        names = ", ".join(edited[:_SHOWN]) + (" ..." if len(edited) > _SHOWN else "")
        raise UsageError(f"{len(edited)} cases are not those of the baseline: {names} were edited since.", _UPDATE)
    if not known.keys() & digests.keys():
        raise UsageError("The baseline is of another set: it holds none of these cases.", _UPDATE)


def _findings(
    pairs: Sequence[tuple[Entry, Kept]], now: Mapping[str, Kept], before: Mapping[str, Entry]
) -> Iterator[Finding]:
    """Cases that got worse, and every leak, of cases without a past too."""
    for entry, item in pairs:
        kind = _worse(entry, item)
        if kind:
            yield _finding(item, kind, _rank_fell(entry, item))
    for key in sorted(now.keys() - before.keys()):
        if _leaks(now[key]):
            yield _finding(now[key], LEAKAGE)


def _finding(item: Kept, kind: str, also: str = "") -> Finding:
    result = item.result
    why = result.error or result.why
    if kind == LEAKAGE or (kind in GUARDED and result.right):
        why = result.scores[kind].reason
    return Finding(item.id, result.language, result.tags, kind, why + also)


def _rank_fell(entry: Entry, item: Kept) -> str:
    """That the search is to blame: where the right passage stood among the hits, and where it stands now."""
    before, after = entry.scores.get("mrr", 0.0), _value(item, "mrr", 0.0)
    if not before or after >= before:
        return ""
    now = f"to rank {round(1 / after)}" if after else "out of the hits"
    return f"; the right passage fell from rank {round(1 / before)} {now}"


def _worse(entry: Entry, item: Kept) -> str:
    """The kind of the fall; empty where there is none."""
    if _leaks(item):
        return LEAKAGE
    if entry.right and not item.result.right:
        return ERROR if item.result.error else next(_fallen(entry, item), WRONG)
    if not (entry.right and item.result.right):
        return ""
    guarded = (
        name for name, good in GUARDED.items()
        if entry.scores.get(name, 0.0) >= good and _value(item, name, 1.0) < good
    )
    return next(guarded, "")


def _fallen(entry: Entry, item: Kept) -> Iterator[str]:
    for name in SENTENCES:
        if name in entry.scores and _value(item, name, entry.scores[name]) < entry.scores[name]:
            yield name


def _leaks(item: Kept) -> bool:
    return _value(item, LEAKAGE, 1.0) < 1


def _value(item: Kept, name: str, otherwise: float) -> float:
    found = item.result.scores.get(name)
    return otherwise if found is None else round(found.value, 3)


def _excused(finding: Finding, reasons: Mapping[str, str]) -> Finding:
    """A leak is never excused."""
    if finding.kind == LEAKAGE or finding.id not in reasons:
        return finding
    return replace(finding, accepted=reasons[finding.id])


def _falls(pairs: Sequence[tuple[Entry, Kept]]) -> tuple[Fall, ...]:
    """Means that surely fell, of all cases and per language: all tests together hold at 5 %."""
    candidates = [fall for name in (*RANKED, *JUDGED) for fall in _candidates(name, pairs)]
    held = surely_fallen([fall.chance for fall in candidates])
    return tuple(fall for fall, sure in zip(candidates, held, strict=True) if sure)


def _candidates(metric: str, pairs: Sequence[tuple[Entry, Kept]]) -> Iterator[Fall]:
    slices: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for entry, item in pairs:
        if metric in entry.scores and metric in item.result.scores:
            pair = (entry.scores[metric], item.result.scores[metric].value)
            slices["all"].append(pair)
            slices[entry.language].append(pair)
    for name, values in sorted(slices.items()):
        before, after = zip(*values, strict=True)
        worse = (after, before) if metric in LOWER_IS_BETTER else (before, after)
        chance = chance_of_no_fall(*worse)
        was, now = (round(sum(part) / len(values), 4) for part in (before, after))
        yield Fall(metric, name, len(values), was, now, chance)


def _slices(pairs: Sequence[tuple[Entry, Kept]], keys: Callable[[Kept], Iterable[str]]) -> dict[str, Slice]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for entry, item in pairs:
        for key in dict.fromkeys(keys(item)):
            counts[key].update(cases=1, before=int(entry.right), after=int(item.result.right))
    return {key: Slice(found["cases"], found["before"], found["after"]) for key, found in sorted(counts.items())}
