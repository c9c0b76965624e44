"""What `eval gate` does: finds or makes the run, compares it with the baseline, or makes it the baseline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.errors import UsageError
from copilot.settings import Settings, load_settings
from copilot.types import to_json
from evals.commands import options
from evals.gating.accepted import read_accepted
from evals.gating.baseline import Baseline, baseline_of, read_baseline, write_baseline
from evals.gating.gate import compare, same_cases, same_ground
from evals.gating.sentences import verdict_text
from evals.gating.verdict import Verdict
from evals.report import write_pages
from evals.running.fingerprint import Fingerprint
from evals.running.results import Kept, case_digest, read_results
from evals.running.session import Plan, run
from evals.running.summary import Report, read_report
from evals.types import DRAFT, Case

_DEFAULT_SUITE = "full"


@dataclass(frozen=True, slots=True)
class Asked:
    """The command's options as they were typed."""

    baseline: Path | None
    results: Path | None
    accept: Path | None
    update: bool
    who: str
    why: str
    out: Path | None
    suite: str
    cases: Path | None
    judge: str
    tags: list[str] | None
    languages: list[str] | None


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: a verdict, or a new baseline where one was asked for."""

    folder: Path
    file: Path
    verdict: Verdict | None
    made: Baseline | None = None

    @property
    def green(self) -> bool:
        """Whether nothing failed."""
        return self.verdict is None or self.verdict.green

    def as_json(self) -> dict[str, Any]:
        """The verdict, or what the new baseline rests on."""
        if self.verdict is not None:
            return {"baseline": str(self.file), "results": str(self.folder), **to_json(self.verdict)}
        assert self.made is not None
        right = sum(entry.right for entry in self.made.cases.values())
        made = {name: value for name, value in to_json(self.made).items() if name != "cases"}
        return {"baseline": str(self.file), "updated": True, "cases": len(self.made.cases), "right": right, **made}

    def text(self) -> str:
        """The same for people."""
        if self.verdict is not None:
            return f"{verdict_text(self.verdict)}\nReport: {self.folder / 'report.html'}"
        assert self.made is not None
        right = sum(entry.right for entry in self.made.cases.values())
        return (f"{self.file} holds {len(self.made.cases)} cases, {right} of them right: "
                f"written by {self.made.who}, {self.made.when}: {self.made.why}")  # fmt: skip


def decide(asked: Asked) -> Done:
    """Compare, or update. UsageError where who or why is missing, or the two runs cannot be compared."""
    if asked.update and not (asked.who.strip() and asked.why.strip()):
        raise UsageError("A baseline says who wrote it and why.", "Add --who NAME --why REASON.")
    settings, excused = load_settings(), read_accepted(asked.accept)
    chosen = _plan(asked, settings, asked.suite or _DEFAULT_SUITE)
    file = asked.baseline or chosen.cases.baseline
    measure = None if asked.update else read_baseline(file)
    if measure is not None and not asked.suite and not asked.results:
        chosen = _plan(asked, settings, measure.fingerprint.suite)  # like is compared with like
    with options.progress() as (told, step):
        folder, report, kept = _run(asked, settings, chosen, measure, told, step)
    if measure is None:
        made = baseline_of(kept, report.fingerprint, asked.who, asked.why, report.selection)
        write_baseline(file, made)
        write_pages(folder, report, kept, made)
        return Done(folder, file, None, made)
    verdict = compare(measure, kept, report.fingerprint, excused, report.selection)
    write_pages(folder, report, kept, measure, verdict)
    return Done(folder, file, verdict)


def _plan(asked: Asked, settings: Settings, suite: str) -> Plan:
    return options.plan(settings, suite, asked.cases, asked.judge, asked.tags, asked.languages)


def _run(
    asked: Asked, settings: Settings, chosen: Plan, measure: Baseline | None, told: Callable[[str], None],
    step: Callable[[int, int, Kept], None],
) -> tuple[Path, Report, list[Kept]]:
    """The run to judge: the one in ``--results``, else a new one."""
    if asked.results is not None:
        report, kept = read_report(asked.results), read_results(asked.results)
        if len(kept) != report.asked:
            raise UsageError(f"The run in '{asked.results}' did not end: {len(kept)} of {report.asked} cases.",
                             f"Go on with it: copilot eval run --resume --out {asked.results}")  # fmt: skip
        return asked.results, report, kept
    folder = options.folder(settings, chosen, asked.out, resume=False)

    def allowed(fingerprint: Fingerprint, cases: Sequence[Case]) -> None:
        if measure is not None:
            same_ground(measure, fingerprint)
            same_cases(measure, {case.id: case_digest(case) for case in cases if DRAFT not in case.tags})

    report, kept = run(chosen, settings, folder, told=told, progress=step, allowed=allowed)
    return folder, report, kept
