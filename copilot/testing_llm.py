"""A small OpenAI-compatible server that answers from a script, well or badly as told: for tests only."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "scripted"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model writes, or how the server fails.

    ``json`` is written as JSON text, or as the arguments of the tool where the request names one. ``pieces`` are the
    parts of a stream (else its words, blanks kept); ``break_after`` cuts the connection after so many of them, and
    without a stream before the body's end. ``delay_s`` passes before the first byte, ``pause_s`` before each piece.
    ``raw`` is sent as the body, whatever was asked.
    """

    text: str = ""
    json: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    pause_s: float = 0.0
    pieces: tuple[str, ...] = ()
    break_after: int | None = None
    finish: str = "stop"
    refusal: str = ""
    raw: str = ""

    @property
    def content(self) -> str:
        """All that the model writes."""
        if self.json is not None:
            return json.dumps(self.json, ensure_ascii=False)
        return self.text or "".join(self.pieces)


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def system(self) -> str:
        """The system messages' text."""
        return self._said("system", "developer")

    @property
    def user(self) -> str:
        """The user messages' text."""
        return self._said("user")

    @property
    def stream(self) -> bool:
        """Whether a stream was asked for."""
        return bool(self.body.get("stream"))

    def _said(self, *roles: str) -> str:
        said = [item.get("content") or "" for item in self.body.get("messages", ()) if item.get("role") in roles]
        return "\n".join(text if isinstance(text, str) else "".join(part.get("text", "") for part in text)
                         for text in said)


Script = Sequence[Reply | str] | Callable[[Request], Reply | str]


class ScriptedServer:
    """``with ScriptedServer(["Yes. [1]", Reply(status=429)]) as server``: one reply for each chat request, in order.

    A function of the request serves as a script, too. ``url`` is the base URL of clients, ``requests`` are the chat
    requests so far. A script at its end answers 400, which clients do not try again. With ``api_key``, other keys
    get 401.
    """

    def __init__(self, script: Script, api_key: str = "", model: str = MODEL) -> None:
        self.requests: list[Request] = []
        self.model = model
        self._script = script
        self._api_key = api_key
        self._lock = threading.Lock()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reply(self, request: Request) -> Reply:
        """What this request gets."""
        sent = request.headers.get("authorization", "").removeprefix("Bearer ") or request.headers.get("api-key", "")
        if self._api_key and sent != self._api_key:
            return Reply(status=401, text="Incorrect API key provided.")
        path = request.path.partition("?")[0]
        if request.method == "GET" and path.endswith("/models"):
            models = [{"id": self.model, "object": "model", "created": 0, "owned_by": "tests"}]
            return Reply(raw=json.dumps({"object": "list", "data": models}))
        if request.method != "POST" or not path.endswith("/chat/completions"):
            return Reply(status=404, text=f"no such path: {request.method} {path}")
        with self._lock:
            self.requests.append(request)
            number = len(self.requests)
        if callable(self._script):
            made = self._script(request)
        elif number <= len(self._script):
            made = self._script[number - 1]
        else:
            made = Reply(status=400, text=f"The script has no reply left: request {number} was not expected.")
        return Reply(made) if isinstance(made, str) else made


class _Server(ThreadingHTTPServer):
    def __init__(self, scripted: ScriptedServer) -> None:
        self.scripted = scripted
        super().__init__(("127.0.0.1", 0), _Connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep silent: a client that hangs up is part of many a test."""


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _do(self) -> None:
        text = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, json.loads(text) if text else {})
        reply = self.server.scripted.reply(request)
        time.sleep(reply.delay_s)
        if reply.raw:
            self._send(reply, reply.raw)
        elif reply.status != 200:
            error = {"message": reply.text or f"status {reply.status}", "type": "scripted", "code": str(reply.status)}
            self._send(reply, json.dumps({"error": error}))
        elif request.stream:
            self._stream(reply, request)
        else:
            self._send(reply, json.dumps(_completion(reply, request)))

    do_GET = do_POST = _do  # noqa: N815

    def _send(self, reply: Reply, text: str) -> None:
        body = text.encode()
        self._head(reply, "application/json", {"content-length": str(len(body))})
        if reply.break_after is not None:
            self.wfile.write(body[: len(body) // 2])
            self._cut()
            return
        self.wfile.write(body)

    def _stream(self, reply: Reply, request: Request) -> None:
        self._head(reply, "text/event-stream", {"transfer-encoding": "chunked"})
        pieces = reply.pieces or tuple(_words(reply.content))
        self._event(_chunk(request, {"role": "assistant", "content": ""}))
        for number, piece in enumerate(pieces):
            if number == reply.break_after:
                return self._cut()
            time.sleep(reply.pause_s)
            self._event(_chunk(request, {"content": piece}))
        if reply.break_after is not None:
            return self._cut()
        last = {"refusal": reply.refusal} if reply.refusal else {}
        self._event(_chunk(request, last, reply.finish))
        if (request.body.get("stream_options") or {}).get("include_usage"):
            self._event({**_chunk(request, {}), "choices": [], "usage": _usage(reply, request)})
        self._write(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _head(self, reply: Reply, kind: str, headers: Mapping[str, str]) -> None:
        self.send_response(reply.status)
        for name, value in {"content-type": kind, **headers, **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _event(self, body: Any) -> None:
        self._write(f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode())

    def _write(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _cut(self) -> None:
        """End the connection in the middle of the message."""
        self.wfile.flush()
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Keep silent."""


def _words(text: str) -> list[str]:
    """The text in pieces of one word each, its white space kept."""
    pieces: list[str] = []
    for part in text.split(" "):
        pieces.append(f" {part}" if pieces else part)
    return pieces


def _usage(reply: Reply, request: Request) -> dict[str, int]:
    """Counts of words stand in for tokens."""
    asked, said = len(f"{request.system} {request.user}".split()), len(reply.content.split())
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def _head_of(request: Request, kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-scripted", "object": kind, "created": 0, "model": request.body.get("model", MODEL)}


def _chunk(request: Request, delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {**_head_of(request, "chat.completion.chunk"), "choices": [choice]}


def _completion(reply: Reply, request: Request) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.content, "refusal": reply.refusal or None}
    tools = request.body.get("tools") or ()
    if tools and reply.json is not None:
        call = {"name": tools[0]["function"]["name"], "arguments": reply.content}
        message |= {"content": None, "tool_calls": [{"id": "call-1", "type": "function", "function": call}]}
    choice = {"index": 0, "message": message, "finish_reason": reply.finish, "logprobs": None}
    return {**_head_of(request, "chat.completion"), "choices": [choice], "usage": _usage(reply, request)}
