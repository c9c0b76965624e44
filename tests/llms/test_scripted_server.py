"""The scripted server, driven by the client that the product's LLMs use."""

from collections.abc import Iterator

import httpx
import openai
import pytest

from copilot.testing_llm import Reply, Request, Script, ScriptedServer

ASKED = [{"role": "system", "content": "Be short."}, {"role": "user", "content": "How tight?"}]


def _client(server: ScriptedServer, key: str = "k") -> openai.OpenAI:
    return openai.OpenAI(base_url=server.url, api_key=key, max_retries=0, timeout=5)


def _say(server: ScriptedServer) -> str:
    with _client(server) as client:
        made = client.chat.completions.create(model="m", messages=ASKED)  # type: ignore[arg-type]
        return made.choices[0].message.content or ""


def _stream(server: ScriptedServer) -> Iterator[str]:
    with _client(server) as client:
        events = client.chat.completions.create(model="m", messages=ASKED, stream=True)  # type: ignore[arg-type]
        for event in events:
            yield event.choices[0].delta.content or ""


def test_replies_come_in_order_and_requests_are_kept() -> None:
    with ScriptedServer(["One.", Reply("Two.")]) as server:
        assert [_say(server), _say(server)] == ["One.", "Two."]
        first, _ = server.requests
    assert (first.system, first.user, first.stream) == ("Be short.", "How tight?", False)
    assert first.headers["authorization"] == "Bearer k"


def test_a_script_at_its_end_says_so() -> None:
    with ScriptedServer([]) as server, pytest.raises(openai.BadRequestError, match="no reply left: request 1"):
        _say(server)


def test_a_function_is_a_script() -> None:
    def script(request: Request) -> str:
        return request.user.upper()

    with ScriptedServer(script) as server:
        assert _say(server) == "HOW TIGHT?"


def test_a_stream_comes_in_pieces_that_make_the_text() -> None:
    with ScriptedServer(["Tighten it to 45 Nm. [1]\nThen wait."]) as server:
        pieces = [piece for piece in _stream(server) if piece]
    assert len(pieces) == 7 and "".join(pieces) == "Tighten it to 45 Nm. [1]\nThen wait."


def test_a_stream_can_be_cut_after_so_many_pieces() -> None:
    with ScriptedServer([Reply("one two three", break_after=2)]) as server:
        got = []
        with pytest.raises(httpx.RemoteProtocolError):
            for piece in _stream(server):
                got.append(piece)
    assert "".join(got) == "one two"


def test_a_body_can_be_cut() -> None:
    with ScriptedServer([Reply("one two three", break_after=0)]) as server, pytest.raises(openai.APIConnectionError):
        _say(server)


@pytest.mark.parametrize(
    ("status", "error"), [(429, openai.RateLimitError), (500, openai.InternalServerError)]
)
def test_a_reply_may_fail_with_a_status_and_headers(status: int, error: type[openai.APIStatusError]) -> None:
    script: Script = [Reply("busy", status=status, headers={"retry-after": "7"})]
    with ScriptedServer(script) as server, pytest.raises(error, match="busy") as caught:
        _say(server)
    assert caught.value.response.headers["retry-after"] == "7"


def test_json_is_written_as_text_or_as_arguments_of_the_tool_asked_for() -> None:
    tool = {"type": "function", "function": {"name": "grade", "parameters": {"type": "object"}}}
    with ScriptedServer([Reply(json={"ok": 1}), Reply(json={"ok": 1})]) as server, _client(server) as client:
        assert _say(server) == '{"ok": 1}'
        made = client.chat.completions.create(model="m", messages=ASKED, tools=[tool])  # type: ignore[call-overload]
    call = made.choices[0].message.tool_calls[0].function
    assert (call.name, call.arguments) == ("grade", '{"ok": 1}')


def test_another_key_is_refused_and_models_are_listed() -> None:
    with ScriptedServer([], api_key="right", model="tiny") as server:
        with _client(server, "right") as client:
            assert [item.id for item in client.models.list()] == ["tiny"]
        with _client(server, "wrong") as client, pytest.raises(openai.AuthenticationError):
            client.models.list()
    assert server.requests == []
