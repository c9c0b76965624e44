"""Questions through the whole product with a scripted language model: quotes, streams, rights, status and doctor."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from copilot.answering.verification import plain
from copilot.commands.status import gather
from copilot.doctor.checks import State
from copilot.doctor.data import check_language_model
from copilot.service import Copilot
from copilot.settings import Settings, load_settings
from copilot.testing_llm import Reply, Request, Script, ScriptedServer
from copilot.types import Answer, Claim, Principal, Question, Verdict, to_json
from copilot.wiring import open_copilot

ASKED = Question("Mit welchem Drehmoment werden die Gehäuseschrauben der Hochvoltbatterie angezogen?")
KEY = "sk-secret-4711"
NOBODY = Principal("nobody")


def _settings(data_dir: Path, server: ScriptedServer) -> Settings:
    llm = {"base_url": server.url, "model": "tiny", "api_key": KEY, "max_retries": 0}
    return load_settings(data_dir=data_dir, llm=llm)


@contextmanager
def _copilot(data_dir: Path, script: Script) -> Iterator[tuple[Copilot, ScriptedServer]]:
    with ScriptedServer(script) as server, open_copilot(_settings(data_dir, server)) as copilot:
        yield copilot, server


def _marker_of(request: Request, words: str) -> int:
    """The number of the first passage in the prompt that holds these words."""
    number = 0
    for line in request.user.splitlines():
        number = int(line[1 : line.index("]")]) if line.startswith("[") else number
        if words in line:
            return number
    raise AssertionError(f"no passage holds {words!r}")


def _torque(request: Request) -> Reply:
    """One true sentence, one with a false value."""
    marker = _marker_of(request, "mit 24 Nm anziehen")
    return Reply(
        f"Gehäuseschrauben M8 in derselben Reihenfolge mit 24 Nm anziehen. [{marker}]\n"
        f"Gehäuseschrauben M8 in derselben Reihenfolge mit 240 Nm anziehen. [{marker}]"
    )


def test_a_written_answer_carries_verbatim_quotes_with_pages_and_boxes(sample_data_dir: Path) -> None:
    with _copilot(sample_data_dir, _torque) as (copilot, server):
        answer = copilot.ask(ASKED, NOBODY)
    assert answer.verdict is Verdict.ANSWERED
    (claim,) = answer.claims
    assert (claim.kind, claim.support.reason) == ("generated", "supported")
    (proof,) = claim.citations
    assert "24 Nm" in proof.quote and "240" not in answer.text and proof.boxes and proof.pages[0] > 1
    held = [hit.chunk.text for passage in answer.passages for hit in passage.hits]
    assert any(plain(proof.quote) in plain(text) for text in held)
    assert answer.engine["answerer"] == "llm" and answer.engine["llm"].startswith("openai_like tiny 127.0.0.1:")
    assert len(answer.warnings) == 1 and answer.warnings[0].endswith("1.")
    assert KEY not in json.dumps(to_json(answer))


def test_streamed_claims_are_those_of_the_answer(sample_data_dir: Path) -> None:
    with _copilot(sample_data_dir, _torque) as (copilot, _):
        *claims, answer = copilot.stream(ASKED, NOBODY)
    assert isinstance(answer, Answer) and all(isinstance(claim, Claim) for claim in claims)
    assert tuple(claims) == answer.claims and len(claims) == 1


def test_a_reader_who_leaves_a_stream_leaves_nothing_open(sample_data_dir: Path) -> None:
    with _copilot(sample_data_dir, _torque) as (copilot, _):
        stream = copilot.stream(ASKED, NOBODY)
        assert isinstance(next(stream), Claim)
        stream.close()  # type: ignore[attr-defined]
        assert copilot.status(NOBODY).documents > 0


def test_the_answer_language_is_asked_for_and_the_quote_stays(sample_data_dir: Path) -> None:
    def script(request: Request) -> str:
        assert "Write in English" in request.system
        return f"The M8 housing bolts are tightened to 24 Nm. [{_marker_of(request, 'mit 24 Nm anziehen')}]"

    with _copilot(sample_data_dir, script) as (copilot, _):
        answer = copilot.ask(Question(ASKED.text, answer_language="en"), NOBODY)
    assert [claim.text for claim in answer.claims] == ["The M8 housing bolts are tightened to 24 Nm."]
    assert "24 Nm anziehen" in answer.citations[0].quote and answer.language == "en"


def test_a_model_that_is_down_leaves_the_extractive_answer_with_a_note(sample_data_dir: Path) -> None:
    with _copilot(sample_data_dir, [Reply(status=500)]) as (copilot, _):
        fallen = copilot.ask(ASKED, NOBODY)
    with open_copilot(load_settings(data_dir=sample_data_dir)) as plain_copilot:
        quoted = plain_copilot.ask(ASKED, NOBODY)
    assert (fallen.verdict, fallen.claims, fallen.text) == (quoted.verdict, quoted.claims, quoted.text)
    assert fallen.engine["answerer"] == "extractive" and "status 500" in fallen.engine["llm"]
    assert any("Sprachmodell" in warning for warning in fallen.warnings) and quoted.warnings != fallen.warnings


def test_what_is_nowhere_is_not_asked_of_a_model(sample_data_dir: Path) -> None:
    with _copilot(sample_data_dir, []) as (copilot, server):
        answer = copilot.ask("What is the torque of the bracket ZZ-9931-QX?", NOBODY)
    assert answer.verdict is Verdict.NOT_FOUND and answer.missing and server.requests == []


def test_a_model_is_handed_only_what_the_asker_may_read(sample_data_dir: Path) -> None:
    sent: list[str] = []

    def script(request: Request) -> str:
        sent.append(request.user)
        return "NOT_FOUND"

    question = Question("Welche Schwachstellen hat das Telematiksteuergerät?", language="de")
    trusted = Principal("ann", ("cybersecurity",))
    with _copilot(sample_data_dir, script) as (copilot, _):
        copilot.ask(question, trusted)
        hits = copilot.search(question, trusted).hits
        asked_for_ann = len(sent)
        copilot.ask(question, NOBODY)
    secret = [hit.chunk.text.splitlines()[0] for hit in hits if hit.document.kb == "security"]
    assert asked_for_ann == 1 and secret and any(line in sent[0] for line in secret)
    assert not any(line in prompt for line in secret for prompt in sent[1:])


def test_status_and_doctor_tell_the_model_and_whether_it_answers(sample_data_dir: Path) -> None:
    with ScriptedServer(["OK", "OK"], api_key=KEY) as server:
        settings = _settings(sample_data_dir, server)
        told, check = gather(settings, NOBODY).engine["llm"], check_language_model(settings)
        assert "tiny" in told and "answers in" in told
        assert check.state is State.OK and not check.needed
        other = settings.llm.model_copy(update={"api_key": SecretStr("x")})
        refused = check_language_model(settings.model_copy(update={"llm": other}))
    assert refused.state is State.BROKEN and "API_KEY" in refused.cure
    assert all(KEY not in text for text in (told, str(check), str(refused)))


def test_without_a_language_model_none_is_told(sample_data_dir: Path) -> None:
    engine = gather(load_settings(data_dir=sample_data_dir), NOBODY).engine
    assert engine["answerer"] == "extractive" and "llm" not in engine


@pytest.mark.parametrize("missing", ["model", "package"])
def test_a_model_that_cannot_be_built_is_a_settings_error_with_its_cure(missing: str, sample_data_dir: Path) -> None:
    from copilot.errors import SettingsError

    llm = {"base_url": "http://127.0.0.1:1/v1"} if missing == "model" else {"provider": "ollama", "model": "m"}
    with pytest.raises(SettingsError, match="COPILOT_LLM__MODEL|pip install"):
        open_copilot(load_settings(data_dir=sample_data_dir, llm=llm))
