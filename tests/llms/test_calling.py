"""Asking through the scripted server: what is tried again, what is given up, what a reader gets."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from copilot.errors import LLMError
from copilot.llms import LanguageModel, complete
from copilot.llms.building import open_language_model
from copilot.settings import LLMSettings
from copilot.testing_llm import Reply, ScriptedServer

KEY = "sk-very-secret-4711"


Make = Callable[..., tuple[LanguageModel, list[float]]]


@pytest.fixture
def make() -> Iterator[Make]:
    """Models whose waits are noted, not waited; closed at the end."""
    made: list[LanguageModel] = []

    def build(server: ScriptedServer, **limits: Any) -> tuple[LanguageModel, list[float]]:
        settings = LLMSettings(base_url=server.url, model="tiny", api_key=SecretStr(KEY), **limits)
        model, waits = open_language_model(settings), []
        model._sleep = waits.append
        made.append(model)
        return model, waits

    yield build
    for model in made:
        model.close()


def test_a_reply_is_told_whole_with_temperature_zero_and_a_seed(make: Make) -> None:
    with ScriptedServer(["Tighten to 45 Nm. [1]"]) as server:
        model, _ = make(server)
        assert complete(model, "Be short.", "How tight?") == "Tighten to 45 Nm. [1]"
        request = server.requests[0]
    assert (request.system, request.user, request.stream) == ("Be short.", "How tight?", True)
    assert (request.body["temperature"], request.body["seed"], request.body["model"]) == (0.0, 0, "tiny")
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_pieces_are_read_as_they_come(make: Make) -> None:
    with ScriptedServer([Reply(pieces=("One. ", "Two. ", "Three."))]) as server:
        model, _ = make(server)
        assert [piece for piece in model.told("", "x", iter) if piece] == ["One. ", "Two. ", "Three."]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_endpoint_is_asked_again(status: int, make: Make) -> None:
    with ScriptedServer([Reply(status=status), "Here."]) as server:
        model, waits = make(server)
        assert complete(model, "", "x") == "Here."
    assert len(waits) == 1 and 0 < waits[0] <= 0.5


def test_retry_after_is_honoured(make: Make) -> None:
    with ScriptedServer([Reply(status=429, headers={"retry-after": "7"}), "Here."]) as server:
        model, waits = make(server)
        assert complete(model, "", "x") == "Here."
    assert waits == [7.0]


@pytest.mark.parametrize(
    ("value", "low", "high"), [("2.5", 2.5, 2.5), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.25, 0.5), ("soon", 0.25, 0.5)]
)
def test_retry_after_may_be_seconds_or_a_date_and_nonsense_counts_for_nothing(
    value: str, low: float, high: float, make: Make
) -> None:
    with ScriptedServer([Reply(status=503, headers={"retry-after": value}), "Here."]) as server:
        model, waits = make(server)
        assert complete(model, "", "x") == "Here."
    assert low <= waits[0] <= high


def test_a_wait_beyond_the_deadline_is_not_begun(make: Make) -> None:
    with ScriptedServer([Reply(status=429, headers={"retry-after": "600"})]) as server:
        model, waits = make(server)
        with pytest.raises(LLMError, match="busy"):
            complete(model, "", "x")
    assert waits == [] and len(server.requests) == 1


def test_retries_end_and_waits_grow(make: Make) -> None:
    with ScriptedServer([Reply(status=500)] * 4) as server:
        model, waits = make(server, max_retries=3)
        with pytest.raises(LLMError, match="status 500"):
            complete(model, "", "x")
    assert len(server.requests) == 4
    assert all(low <= wait <= 2 * low for low, wait in zip((0.25, 0.5, 1.0), waits, strict=True))


@pytest.mark.parametrize("status", [400, 401, 404])
def test_what_will_not_pass_is_not_asked_again_and_names_the_cure(status: int, make: Make) -> None:
    with ScriptedServer([Reply(f"no: {KEY}", status=status)]) as server:
        model, waits = make(server)
        with pytest.raises(LLMError) as caught:
            complete(model, "", "x")
    assert waits == [] and caught.value.cure
    assert KEY not in str(caught.value) and caught.value.__cause__ is None


def test_a_prompt_that_is_too_long_for_the_endpoint_says_which_setting_to_lower(make: Make) -> None:
    with ScriptedServer([Reply("This model's maximum context length is 2048 tokens.", status=400)]) as server:
        with pytest.raises(LLMError, match="COPILOT_LLM__TOKEN_BUDGET"):
            complete(make(server)[0], "", "x")


def test_a_broken_stream_is_begun_again_while_nothing_was_given(make: Make) -> None:
    with ScriptedServer([Reply("one two three", break_after=2), "one two three"]) as server:
        assert complete(make(server)[0], "", "x") == "one two three"


def test_what_was_given_before_a_stream_broke_is_not_given_twice(make: Make) -> None:
    got: list[str] = []
    with ScriptedServer([Reply("one two three", break_after=2), "not asked for"]) as server:
        with pytest.raises(LLMError, match="broke off"):
            for piece in make(server)[0].told("", "x", lambda found: (item for item in found if item)):
                got.append(piece)
    assert got == ["one", " two"] and len(server.requests) == 1


def test_a_silent_model_is_given_up_in_time(make: Make) -> None:
    with ScriptedServer([Reply("late", delay_s=0.6)] * 2) as server:
        model, _ = make(server, timeout_s=0.05, max_retries=1)
        with pytest.raises(LLMError, match="silent"):
            complete(model, "", "x")
    assert len(server.requests) == 2


def test_a_model_that_drips_is_cut_at_the_deadline(make: Make) -> None:
    with ScriptedServer([Reply("a " * 200, pause_s=0.02)]) as server:
        model, _ = make(server, deadline_s=0.3)
        with pytest.raises(LLMError, match="longer than a question may"):
            complete(model, "", "x")
    assert len(server.requests) == 1


def test_a_model_that_does_not_end_is_cut(make: Make) -> None:
    with ScriptedServer([Reply("word " * 2000)]) as server:
        said = complete(make(server)[0], "", "x", max_tokens=20)
    assert 20 <= len(said.split()) <= 80


def test_an_endpoint_that_is_not_there_says_so(make: Make) -> None:
    with ScriptedServer([]) as server:
        model, _ = make(server, max_retries=0)
    with pytest.raises(LLMError, match="COPILOT_LLM__BASE_URL"):
        complete(model, "", "x")


def test_the_breaker_opens_then_tries_once_then_closes(make: Make) -> None:
    replies: list[Reply | str] = [Reply(status=500)] * 3
    with ScriptedServer([*replies, "Back."]) as server:
        model, _ = make(server, max_retries=0, breaker_failures=2, breaker_wait_s=30)
        now = [0.0]
        model.breaker._clock = lambda: now[0]
        for _ in range(2):
            with pytest.raises(LLMError, match="500"):
                complete(model, "", "x")
        with pytest.raises(LLMError, match="left alone"):
            complete(model, "", "x")
        assert len(server.requests) == 2 and model.breaker.state == "open"
        now[0] = 31.0
        assert model.breaker.state == "half_open"
        with pytest.raises(LLMError, match="500"):
            complete(model, "", "x")
        with pytest.raises(LLMError, match="left alone"):
            complete(model, "", "x")
        now[0] = 62.0
        assert complete(model, "", "x") == "Back." and model.breaker.state == "closed"


def test_half_open_lets_one_request_through(make: Make) -> None:
    with ScriptedServer([]) as server:
        breaker = make(server)[0].breaker
    breaker._most, breaker._clock = 1, lambda: 0.0
    breaker.failed()
    breaker._clock = lambda: 1000.0
    assert [breaker.allow(), breaker.allow()] == [True, False]
    breaker.released()
    assert breaker.allow()


def test_a_reader_that_leaves_counts_as_no_failure(make: Make) -> None:
    with ScriptedServer(["one two three"]) as server:
        model, _ = make(server, breaker_failures=1)
        pieces: Iterator[str] = model.told("", "x", lambda found: (piece for piece in found if piece))
        assert next(pieces) == "one"
        pieces.close()  # type: ignore[attr-defined]
    assert model.breaker.state == "closed"


def test_any_llama_index_llm_serves() -> None:
    from llama_index.core.llms.mock import MockLLM

    model = LanguageModel(MockLLM(max_tokens=3))
    assert complete(model, "", "How tight?").split()[:1] == ["text"]
    assert model.name == "unknown"


def test_a_key_is_nowhere_to_be_seen(make: Make) -> None:
    with ScriptedServer([], api_key="another") as server:
        model, _ = make(server)
        with pytest.raises(LLMError, match="COPILOT_LLM__API_KEY") as caught:
            complete(model, "", "x")
    assert KEY not in f"{caught.value!r} {model.limits!r} {model.name} {model!r}"
