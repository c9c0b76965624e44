"""A whole run: finds the set, asks what is not kept yet, and gives the report with every case."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.errors import UsageError
from copilot.settings import Settings
from copilot.types import Principal, to_json
from evals.cases import load_cases
from evals.judges import JudgeSpec, open_judge
from evals.running.corpora import CaseSet, Told, settings_of
from evals.running.fingerprint import Fingerprint, cases_hash, code_hash, corpus_hash, models_hash, settings_hash
from evals.running.ground import Ground
from evals.running.results import Journal, Kept, case_digest, read_results, write_results
from evals.running.runner import Suite, run_cases
from evals.running.scoring import scoring_of
from evals.running.summary import Report, summarise, write_report
from evals.running.workers import processes, side_by_side
from evals.types import DRAFT, Case

if TYPE_CHECKING:
    pass

_NOBODY = Principal("evals")
Progress = Callable[[int, int, Kept], None]
Allowed = Callable[[Fingerprint, Sequence[Case]], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: the set and which of its cases, the suite, and a judge where one is set."""

    cases: CaseSet
    suite: Suite = Suite.FULL
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    judge: JudgeSpec | None = None

    @property
    def selection(self) -> dict[str, object]:
        """Which cases of the set are asked; empty: all."""
        chosen = {"tags": list(self.tags), "languages": list(self.languages)}
        return {name: value for name, value in chosen.items() if value}

    def chosen(self, cases: Sequence[Case]) -> list[Case]:
        """The cases with one of the tags, in one of the languages; UsageError where none is left."""
        kept = [case for case in cases if not self.tags or set(self.tags).intersection(case.tags)]
        kept = [case for case in kept if not self.languages or case.language in self.languages]
        if not kept:
            raise UsageError(f"No case of {self.cases.cases} has these tags and languages.", "Leave out a filter.")
        return kept


def run(
    plan: Plan, settings: Settings, out: Path, *, resume: bool = False, told: Told = print,
    progress: Progress = lambda done, total, kept: None, allowed: Allowed = lambda fingerprint, cases: None,
) -> tuple[Report, list[Kept]]:
    """Run the plan and write results.jsonl and report.json into ``out``; with ``resume`` ask what is missing only.

    ``allowed`` sees what would be asked of which documents before anything is, and raises where it may not be.
    """
    from copilot.wiring import open_copilot

    started, clock = dt.datetime.now(dt.UTC), time.perf_counter()
    cases = plan.chosen(load_cases(plan.cases.cases))
    own = settings_of(plan.cases, settings, told)
    with open_copilot(own) as copilot:
        ground = Ground(own)
        fingerprint = fingerprint_of(own, plan, cases, ground, copilot.status(_NOBODY).engine)
        allowed(fingerprint, cases)
        warnings = [*_draft_warning(cases), *ground.warnings(cases)]
        for warning in warnings:
            told(f"Warning: {warning}")
        judge = None if plan.judge is None else open_judge(plan.judge)

        def ask(missing: Sequence[Case]) -> Iterator[Kept]:
            count = processes(len(missing)) if judge is None else 1
            if count > 1:
                return side_by_side(own, missing, plan.suite, fingerprint.run, count)
            scoring = scoring_of(plan.suite, ground, judge)
            return run_cases(copilot, missing, plan.suite, scoring, fingerprint.run)

        asked = resumed(ask, cases, fingerprint.run, out, resume, progress)
    for warning in unjudged(asked):
        warnings.append(warning)
        told(f"Warning: {warning}")
    spent = time.perf_counter() - clock
    report = summarise(
        asked, fingerprint, set_name=plan.cases.name, started=started.isoformat(timespec="seconds"), seconds=spent,
        selection=plan.selection, judge={} if judge is None else to_json(judge.report()), warnings=warnings,
    )  # fmt: skip
    write_report(out, report)
    return report, asked


def fingerprint_of(
    settings: Settings, plan: Plan, cases: Sequence[Case], ground: Ground, engine: Mapping[str, str]
) -> Fingerprint:
    """What this run's figures rest on."""
    from copilot.wiring import fingerprint

    return Fingerprint(
        str(plan.suite), corpus_hash(ground.revisions), cases_hash({case.id: case_digest(case) for case in cases}),
        fingerprint(settings), settings_hash(settings), code_hash(), models_hash(), 
        plan.judge.folder if plan.judge else "", dict(engine),
    )  # fmt: skip


def resumed(
    ask: Callable[[Sequence[Case]], Iterable[Kept]], cases: Sequence[Case], run: str, out: Path, resume: bool,
    progress: Progress,
) -> list[Kept]:
    """Every case in the set's order; with ``resume`` those that are kept under this fingerprint are not asked again."""
    known = _known(out, run) if resume else {}
    kept = {case.id: known[key] for case in cases if (key := (case.id, case_digest(case))) in known}
    missing = [case for case in cases if case.id not in kept]
    with Journal(out, kept.values()) as journal:
        for item in ask(missing):
            journal.add(item)
            kept[item.id] = item
            progress(len(kept), len(cases), item)
    ordered = [kept[case.id] for case in cases]
    write_results(out, ordered)
    return ordered


def _known(out: Path, run: str) -> dict[tuple[str, str], Kept]:
    """What an earlier run kept under the same fingerprint, without what failed then."""
    try:
        kept = read_results(out)
    except UsageError:
        return {}
    sound = (item for item in kept if item.run == run and not item.result.error and not item.result.errors)
    return {(item.id, item.digest): item for item in sound}


def unjudged(asked: Sequence[Kept]) -> Iterator[str]:
    """How many single scores could not be made, and the most frequent reason."""
    reasons = Counter(why for item in asked for why in item.result.errors.values())
    if reasons:
        why, _ = reasons.most_common(1)[0]
        names = ", ".join(sorted({name for item in asked for name in item.result.errors}))
        lacking = f"{reasons.total()} single scores could not be made ({names})"
        yield f"{lacking}; the means leave them out. Most often: {why}"


def _draft_warning(cases: Sequence[Case]) -> Iterator[str]:
    drafts = sum(DRAFT in case.tags for case in cases)
    if drafts:
        yield f"{drafts} cases are drafts that nobody has checked: they are counted apart."
