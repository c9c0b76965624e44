"""A judge over HTTP: well and badly behaved, each failure an error of one case and metric; and RAGAS without one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copilot.errors import UsageError
from copilot.settings import load_settings
from copilot.testing_llm import Reply, Request, ScriptedServer
from evals.judges import JudgeSpec, judge_spec, offline_metrics, open_judge
from evals.judges.endpoint import Endpoint
from evals.testing_observations import answer, hit, observation, quoted, search, source
from evals.types import Observation, Score

LLM_METRICS = {
    "ragas_faithfulness", "ragas_answer_relevancy", "ragas_llm_context_precision", "ragas_llm_context_recall",
    "ragas_factual_correctness", "ragas_noise_sensitivity",
}  # fmt: skip
TEXT = "Tighten the bolts to 25 Nm."


def case(name: str = "one", text: str = TEXT) -> Observation:
    passage = hit("a.pdf", 7, text)
    return observation(
        source("a.pdf", 7, TEXT), found=answer(quoted("a.pdf", 7, text), hits=[passage]), search=search(passage),
        reference="25 Nm", question="How tight are the bolts?", name=name,
    )


def judgement(request: Request) -> dict[str, Any]:
    """What a kind model says to each of RAGAS's prompts: all is supported, relevant and attributed."""
    given = json.loads(request.user.rpartition("following input\ninput: ")[2].rpartition("\nOutput: ")[0])
    statements = given.get("statements") or ["a statement"]
    verdicts = [{"statement": text, "reason": "so it says", "verdict": 1} for text in statements]
    if "noncommittal" in request.user:
        return {"question": "How tight are the bolts?", "noncommittal": 0}
    if "classifications" in request.user:
        return {"classifications": [{"statement": "25 Nm", "reason": "so it says", "attributed": 1}]}
    if "claims" in request.user and "statements" not in given:
        return {"claims": ["The bolts are tightened to 25 Nm."]}
    if "statements" in given:
        return {"statements": verdicts}
    if "context" in given:
        return {"reason": "it answers", "verdict": 1}
    return {"statements": statements}


def kind(request: Request) -> Reply:
    return Reply(json=judgement(request))


def spec(server: ScriptedServer, **changes: Any) -> JudgeSpec:
    return JudgeSpec(server.url, **{"model": "judge-1", "timeout_s": 5.0, "retries": 1, **changes})


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evals.judges.endpoint._BACKOFF_S", 0.01)


def judged(made: JudgeSpec, *observations: Observation) -> tuple[dict[tuple[str, str], Score | str], Any]:
    judge = open_judge(made)
    found = {(case_id, metric): score for case_id, metric, score in judge.judged(observations)}
    return found, judge.report()


def test_valid_judgements_become_scores_with_the_judges_name_version_and_cost() -> None:
    with ScriptedServer(kind) as server:
        found, report = judged(spec(server, price_in=1.0, price_out=2.0), case())
    assert {metric for _, metric in found} == LLM_METRICS
    scores = {metric: score.value for (_, metric), score in found.items() if isinstance(score, Score)}
    assert scores.keys() == LLM_METRICS
    assert scores["ragas_faithfulness"] == scores["ragas_llm_context_recall"] == 1
    assert scores["ragas_answer_relevancy"] == pytest.approx(1)
    assert scores["ragas_noise_sensitivity"] == 0
    assert report.name.startswith("judge-1 at 127.0.0.1:")
    assert (report.version, report.failed) == ("judge-1", 0)
    assert report.asked == len(server.requests)
    assert report.tokens_in == sum(len(request.user.split()) for request in server.requests)
    assert report.cost == pytest.approx((report.tokens_in + 2 * report.tokens_out) / 1000)


BAD = {
    "invalid JSON": (Reply("I would say that this is fine."), "invalid judgement"),
    "another shape": (Reply(json={"verdict": "perhaps"}), "invalid judgement"),
    "nothing": (Reply(""), "nothing written"),
    "too many requests": (Reply("slow down", status=429, headers={"retry-after": "0"}), "status 429"),
    "broken": (Reply("oh", status=500), "status 500"),
    "refused": (Reply("no such model", status=404), "status 404"),
    "no completion": (Reply(raw="[]"), "not a chat completion"),
    "cut": (Reply(json={"statements": []}, break_after=1), "broken connection"),
    "slow": (Reply("late", delay_s=1.0), "no answer within 0.3 s"),
}


@pytest.mark.parametrize("reply", BAD)
def test_a_failed_judgement_is_an_error_of_that_case_and_the_run_goes_on(reply: str) -> None:
    """The prompts about the second case fail, whatever the metric; those about the first do not."""
    bad, reason = BAD[reply]

    def script(request: Request) -> Reply:
        return bad if "zebra" in request.user else kind(request)

    with ScriptedServer(script) as server:
        limit = 0.3 if reply == "slow" else 5.0
        found, report = judged(spec(server, timeout_s=limit, retries=0), case(), case("two", "The zebra is loose."))
    assert len(found) == 2 * len(LLM_METRICS), "a row for each"
    assert all(isinstance(score, Score) for (case_id, _), score in found.items() if case_id == "one")
    errors = [score for (case_id, _), score in found.items() if case_id == "two" and isinstance(score, str)]
    assert len(errors) == report.failed >= 5
    assert any(reason in error for error in errors), errors


@pytest.mark.parametrize("first", [Reply(status=429, headers={"retry-after": "0"}), Reply(status=500), Reply("{")])
def test_what_fails_once_is_asked_again(first: Reply) -> None:
    seen: set[str] = set()

    def script(request: Request) -> Reply:
        again = request.user in seen
        seen.add(request.user)
        return kind(request) if again else first

    with ScriptedServer(script) as server:
        found, report = judged(spec(server), case())
        assert len(server.requests) == 2 * len(seen)
    assert all(isinstance(score, Score) for score in found.values())
    assert report.failed == 0


def test_a_judge_that_never_answers_is_given_up_and_each_judgement_says_so() -> None:
    with ScriptedServer(lambda request: Reply("never", delay_s=0.5)) as server:
        many = [case(f"case-{number}", f"Sentence {number}.") for number in range(12)]
        found, report = judged(spec(server, timeout_s=0.05, retries=0, concurrency=2), *many)
        assert len(server.requests) < 12, "it is not asked for every judgement"
    assert len(found) == report.failed == 12 * len(LLM_METRICS)
    assert sum("given up" in str(error) for error in found.values()) > 50


def test_nobody_at_the_address_is_an_error_of_each_judgement() -> None:
    found, _ = judged(JudgeSpec("http://127.0.0.1:9/v1", "judge-1", retries=0, timeout_s=2), case())
    assert len(found) == len(LLM_METRICS)
    assert all("no answer" in str(error) or "given up" in str(error) for error in found.values())


def test_judgements_are_kept_and_each_judge_has_its_own(tmp_path: Path) -> None:
    with ScriptedServer(kind) as server:
        first, _ = judged(spec(server, cache=tmp_path), case())
        asked = len(server.requests)
        again, report = judged(spec(server, cache=tmp_path), case())
        assert len(server.requests) == asked, "nothing was asked twice"
        assert again == first
        assert (report.asked, report.tokens_in, report.version) == (0, 0, "judge-1")
        assert report.cached > 0
        judged(spec(server, cache=tmp_path, model="judge-2"), case())
        assert len(server.requests) == 2 * asked, "another judge judges for itself"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_failed_judgement_is_not_kept(tmp_path: Path) -> None:
    with ScriptedServer(lambda request: Reply("not JSON")) as server:
        judged(spec(server, cache=tmp_path), case())
    with ScriptedServer(kind) as server:
        made = spec(server, cache=tmp_path)
        found, _ = judged(made, case())
    assert all(isinstance(score, Score) for score in found.values())


def test_a_kept_judgement_that_is_damaged_is_asked_for_again(tmp_path: Path) -> None:
    with ScriptedServer(kind) as server:
        first, fresh = judged(spec(server, cache=tmp_path), case())
        for path in tmp_path.rglob("*.json"):
            path.write_text("{", encoding="utf-8")
        again, report = judged(spec(server, cache=tmp_path), case())
    assert again == first
    assert report.asked == fresh.asked


def test_no_more_is_asked_at_once_than_allowed() -> None:
    import threading

    busy, most, lock = 0, 0, threading.Lock()

    def script(request: Request) -> Reply:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        threading.Event().wait(0.005)
        with lock:
            busy -= 1
        return kind(request)

    with ScriptedServer(script) as server:
        judged(spec(server, concurrency=2), *(case(str(number), f"Sentence {number}.") for number in range(4)))
    assert most == 2


def test_an_option_that_the_server_does_not_know_is_sent_no_more() -> None:
    def script(request: Request) -> Reply:
        if "max_tokens" in request.body:
            return Reply("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", status=400)
        return kind(request)

    with ScriptedServer(script) as server:
        found, _ = judged(spec(server), case())
        assert server.requests[-1].body["max_completion_tokens"] == 2048
    assert all(isinstance(score, Score) for score in found.values())


def test_an_answer_without_claims_or_reference_is_judged_by_what_applies() -> None:
    silent = observation(found=answer(), search=search(hit("a.pdf")), name="silent")
    with ScriptedServer(kind) as server:
        found, _ = judged(spec(server), silent)
    assert found == {}


def test_the_judge_comes_from_the_flag_or_the_settings() -> None:
    plain = load_settings()
    assert judge_spec(plain) is None
    flagged = judge_spec(plain, "http://127.0.0.1:11434/v1/#llama3")
    assert flagged is not None
    assert (flagged.base_url, flagged.model) == ("http://127.0.0.1:11434/v1", "llama3")
    own = load_settings(judge={"base_url": "http://127.0.0.1:1/v1", "model": "m", "api_key": "k", "price_in": 0.5})
    made = judge_spec(own)
    assert made is not None
    assert (made.model, made.api_key, made.price_in) == ("m", "k", 0.5)
    assert "k'" not in repr(own)
    for bad in ("llama3", "http://127.0.0.1:1/v1", "#llama3"):
        with pytest.raises(UsageError, match="URL#MODEL"):
            judge_spec(plain, bad)


def test_keys_are_sent_the_way_the_endpoint_reads_them() -> None:
    with ScriptedServer(kind, api_key="secret") as server:
        found, _ = judged(spec(server, api_key="secret"), case())
        refused, _ = judged(spec(server, api_key="wrong"), case())
    assert all(isinstance(score, Score) for score in found.values())
    assert all("status 401" in str(error) for error in refused.values())


def test_an_azure_endpoint_is_asked_with_its_version_and_key() -> None:
    with ScriptedServer(kind) as server:
        judged(spec(server, api_version="2024-10-21"), case())
        assert server.requests[0].path == "/v1/chat/completions?api-version=2024-10-21"
    endpoint = Endpoint(JudgeSpec("https://works.openai.azure.com/openai/v1", "gpt", api_key="k"))
    assert endpoint.headers() == {"Authorization": "Bearer k", "api-key": "k"}


# without a language model


Scored = Callable[[Observation], Score | None]


def test_ragas_without_a_language_model_scores_what_is_right_as_right() -> None:
    good = case()
    scores = {name: metric(good) for name, metric in offline_metrics().items()}
    values = {name: score.value for name, score in scores.items() if score is not None}
    assert values.keys() == scores.keys()
    for name in ("ragas_context_recall", "ragas_context_precision", "ragas_id_recall", "ragas_id_precision",
                 "faithfulness_lexical_judge"):  # fmt: skip
        assert values[name] == pytest.approx(1)
    assert all(0 <= value <= 1 for value in values.values())


def test_ragas_by_id_counts_pages() -> None:
    found = search(hit("a.pdf", 7), hit("b.pdf", 1), hit("b.pdf", 2), hit("b.pdf", 3))
    seen = observation(source("a.pdf", 7), source("c.pdf", 1), search=found, found=answer())
    metrics = offline_metrics()
    assert metrics["ragas_id_precision"](seen) == Score(0.25)
    assert metrics["ragas_id_recall"](seen) == Score(0.5)


@pytest.mark.parametrize(("language", "text"), [("en", "Tighten crosswise. Then wait."), ("zh", "拧紧螺栓，然后等待五分钟。"), ("pl", "Dokręć śruby.")])  # noqa: E501
def test_ragas_calls_identical_texts_identical_in_each_script(language: str, text: str) -> None:
    seen = observation(source("a.pdf"), found=answer(quoted("a.pdf", 1, text, language)), reference=text,
                       language=language)  # fmt: skip
    metrics = offline_metrics()
    for name in ("ragas_string_similarity", "ragas_chrf", "ragas_bleu", "ragas_semantic_similarity"):
        score = metrics[name](seen)
        assert score is not None and score.value == pytest.approx(1, abs=1e-3), name


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [(TEXT, 1), ("Tighten the bolts to 52 Nm.", 0), ("Grease every hinge with silicone.", 0),
     ("Die Schrauben mit 25 Nm anziehen.", 1), (f"{TEXT} Grease every hinge with silicone.", 0.5)],
)  # fmt: skip
def test_the_lexical_judge_finds_numbers_and_most_words(claimed: str, expected: float) -> None:
    passage = hit("a.pdf", 7, "Before the cover is closed, tighten the bolts to 25 Nm, crosswise.")
    seen = observation(source("a.pdf", 7), found=answer(quoted("a.pdf", 7, claimed), hits=[passage]))
    assert offline_metrics()["faithfulness_lexical_judge"](seen) == Score(expected)


def test_what_does_not_apply_has_no_score_and_no_nan() -> None:
    silent = observation(found=answer(), search=search())
    assert [metric(silent) for metric in offline_metrics().values()] == [None] * len(offline_metrics())


def test_the_package_loads_no_ragas_until_asked_and_turns_its_telemetry_off() -> None:
    program = ("import evals.judges, os, sys; "
               "print('ragas' in sys.modules, 'httpx' in sys.modules, os.environ['RAGAS_DO_NOT_TRACK'])")  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if name != "RAGAS_DO_NOT_TRACK"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split() == ["False", "False", "true"]
