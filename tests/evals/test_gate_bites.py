"""Proof that the gate bites: one fault at a time in the product turns it red for the right reason, none keeps it green.

The cases are those of the golden set whose tags a fault concerns, so that this takes minutes and covers every fault.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from copilot.service import Copilot
from copilot.settings import load_settings
from copilot.wiring import open_copilot
from evals.cases import load_cases
from evals.gating.baseline import Baseline, baseline_of
from evals.gating.gate import compare
from evals.gating.sentences import verdict_text
from evals.gating.verdict import Verdict
from evals.running.corpora import GOLDEN
from evals.running.fingerprint import Fingerprint, cases_hash, corpus_hash
from evals.running.ground import Ground
from evals.running.results import Kept
from evals.running.runner import Scoring, Suite, run_cases
from evals.running.scoring import scoring_of
from evals.types import PENDING, Case

pytestmark = [pytest.mark.slow, pytest.mark.long]
_REPEATED = 8  # cases of each fault that are asked ten times


def _breaks() -> ModuleType:
    """The faults, from the file beside this one: the tests are no package."""
    spec = importlib.util.spec_from_file_location("gate_breaks", Path(__file__).with_name("gate_breaks.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


breaks = _breaks()


@dataclass(frozen=True)
class Expected:
    """A fault, the cases that it concerns, and the kinds of finding that tell of it."""

    fault: Callable[[pytest.MonkeyPatch], None]
    suite: Suite
    tags: tuple[str, ...]
    kinds: tuple[str, ...]
    said: str
    most: int = 1000
    least: int = 2


EXPECTED = (
    Expected(breaks.sparse_leg_off, Suite.RETRIEVAL, ("cross", "units"), ("recall_at_10",), "fell from rank", least=10),
    Expected(breaks.dense_leg_off, Suite.RETRIEVAL, ("cross", "units"), ("recall_at_10",), "fell from rank"),
    Expected(breaks.languages_swapped, Suite.RETRIEVAL, ("cross", "units"), ("recall_at_10",), "no longer find"),
    Expected(breaks.pages_off_by_one, Suite.ANSWERS, ("steps",), ("page_correct",), "cites page", most=16),
    Expected(breaks.access_ignored, Suite.ANSWERS, ("restricted",), ("no_leakage",), "may not read"),
    Expected(breaks.decimals_not_normalised, Suite.ANSWERS, ("decimals",),
             ("no_wrong_refusal", "citation_recall", "numbers_correct"), "registro_fi"),
    Expected(breaks.abstention_off, Suite.ANSWERS, ("absent_topic",), ("right_refusal",), "holds no answer", most=12),
    Expected(breaks.old_revision_preferred, Suite.ANSWERS, ("revision",), ("citation_recall",), "_rev_4_"),
    Expected(breaks.citations_shuffled, Suite.ANSWERS, ("steps",), ("numeric_fidelity",), "in what is cited", most=16),
    Expected(breaks.quotes_altered, Suite.ANSWERS, ("steps",), ("quote_verbatim",), "not in its source", most=16),
)  # fmt: skip


@dataclass(frozen=True)
class Bench:
    """A product that was asked once without a fault."""

    product: Copilot
    scoring: Scoring
    corpus: str
    cases: Sequence[Case]
    clean: dict[tuple[Suite, str], Kept]

    def concerned(self, expected: Expected) -> list[Case]:
        """The cases that the fault concerns: of the first that are asked for, those that were right without it."""
        tagged = [case for case in self.cases if set(expected.tags).intersection(case.tags)]
        if expected.suite is Suite.RETRIEVAL:
            return [case for case in tagged if case.answerable]
        return [case for case in tagged if PENDING not in case.tags][: expected.most]

    def baseline(self, suite: Suite, cases: Sequence[Case]) -> Baseline:
        """The clean run over these cases, each asked only once however many faults concern it."""
        missing = [case for case in cases if (suite, case.id) not in self.clean]
        for kept in run_cases(self.product, missing, suite, self.scoring):
            self.clean[suite, kept.id] = kept
        kept = [self.clean[suite, case.id] for case in cases]
        return baseline_of(kept, self._fingerprint(suite, kept), "a test", "the clean tree")

    def verdict(self, suite: Suite, cases: Sequence[Case]) -> Verdict:
        """These cases asked anew, held against the clean run."""
        baseline = self.baseline(suite, cases)
        kept = list(run_cases(self.product, cases, suite, self.scoring))
        return compare(baseline, kept, self._fingerprint(suite, kept))

    def _fingerprint(self, suite: Suite, kept: Sequence[Kept]) -> Fingerprint:
        cases = cases_hash({item.id: item.digest for item in kept})
        return Fingerprint(str(suite), self.corpus, cases, "pipeline", "settings", "code", "models")


@pytest.fixture(scope="module")
def bench(all_samples_data_dir: Path) -> Iterator[Bench]:
    settings = load_settings(data_dir=all_samples_data_dir)
    with open_copilot(settings) as product:
        ground = Ground(settings)
        scoring = scoring_of(Suite.ANSWERS, ground)
        yield Bench(product, scoring, corpus_hash(ground.revisions), load_cases(GOLDEN), {})


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected.fault.__name__)
def test_a_fault_in_the_product_turns_the_gate_red_for_the_right_reason(
    bench: Bench, expected: Expected, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = bench.concerned(expected)
    bench.baseline(expected.suite, cases)
    with monkeypatch.context() as patch:
        expected.fault(patch)
        breaks.forget_texts()
        verdict = bench.verdict(expected.suite, cases)
    breaks.forget_texts()
    told = verdict_text(verdict)
    kinds = Counter(finding.kind for finding in verdict.failures)
    assert not verdict.green, "the gate did not notice"
    assert sum(kinds[kind] for kind in expected.kinds) >= expected.least, told
    assert kinds.most_common(1)[0][0] in expected.kinds, told
    assert any(expected.said in sentence for sentence in verdict.sentences), told


def test_the_clean_tree_stays_green_ten_times_in_ten(bench: Bench) -> None:
    concerned = [(expected, bench.concerned(expected)) for expected in EXPECTED]
    few = [case for expected, cases in concerned if expected.suite is Suite.ANSWERS for case in cases[:_REPEATED]]
    answers = list({case.id: case for case in few}.values())
    for _ in range(10):
        breaks.forget_texts()
        verdict = bench.verdict(Suite.ANSWERS, answers)
        assert verdict.green, verdict_text(verdict)
        assert verdict.fixed == ()
    searched = [case for expected, cases in concerned if expected.suite is Suite.RETRIEVAL for case in cases]
    verdict = bench.verdict(Suite.RETRIEVAL, list({case.id: case for case in searched}.values()))
    assert verdict.green, verdict_text(verdict)
