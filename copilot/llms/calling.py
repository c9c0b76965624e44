"""Asking a language model: in pieces as it writes, within a time limit, again where a failure may pass."""

from __future__ import annotations

import contextvars
import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from copilot.errors import LLMError
from copilot.llms.breaker import CircuitBreaker
from copilot.llms.failures import failure
from copilot.llms.tokens import count_tokens
from copilot.settings import LLMSettings

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_BACKOFF_S = 0.5
_LONGEST_BACKOFF_S = 8.0


class LanguageModel:
    """Any LlamaIndex LLM with the limits of the settings. Thread-safe; ``name`` is told, the key never is."""

    def __init__(
        self,
        llm: LLM,
        limits: LLMSettings | None = None,
        name: str = "",
        close: Callable[[], None] = lambda: None,
        hang_up: Callable[[], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.limits = limits or LLMSettings()
        self.name = name or llm.metadata.model_name
        self.breaker = CircuitBreaker(self.limits.breaker_failures, self.limits.breaker_wait_s, clock)
        self._llm = llm
        self._close = close
        self._hang_up = hang_up
        self._clock = clock
        self._sleep = sleep

    def __enter__(self) -> LanguageModel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections that were opened for it."""
        self._close()

    def told(
        self, system: str, user: str, read: Callable[[Iterator[str]], Iterator[_T]], max_tokens: int | None = None
    ) -> Iterator[_T]:
        """What ``read`` makes of the pieces of the reply; raises LLMError.

        A failure that may pass begins the request again, unless ``read`` already gave something: that stands.
        """
        deadline = self._clock() + self.limits.deadline_s
        for attempt in range(self.limits.max_retries + 1):
            given = False
            try:
                for item in read(self._pieces(system, user, max_tokens or self.limits.max_tokens, deadline)):
                    given = True
                    yield item
                return
            except LLMError as error:
                wait = self._wait(error, attempt, deadline)
                if given or wait is None:
                    raise
                _log.info("The language model failed (%s); asked again in %.1f s.", error.reason, wait)
                self._sleep(wait)

    def _wait(self, error: LLMError, attempt: int, deadline: float) -> float | None:
        """Seconds until the next attempt: doubled each time, spread out, not before the endpoint allows; None: none."""
        if not error.passing or attempt == self.limits.max_retries:
            return None
        backoff = min(_LONGEST_BACKOFF_S, _BACKOFF_S * 2**attempt) * random.uniform(0.5, 1.0)
        wait = max(backoff, error.wait_s or 0.0)
        return wait if self._clock() + wait < deadline else None

    def _pieces(self, system: str, user: str, max_tokens: int, deadline: float) -> Iterator[str]:
        """One request; its outcome is told to the breaker. A reply that outgrows ``max_tokens`` is cut."""
        if not self.breaker.allow():
            raise LLMError("it failed several times in a row and is left alone for a while")
        heard = 0
        try:
            for piece in self._timed(lambda: self._deltas(system, user), deadline):
                heard += count_tokens(piece)
                yield piece
                if heard > 2 * max_tokens:  # piece by piece more are counted than in the whole
                    break
        except GeneratorExit:
            (self.breaker.succeeded if heard else self.breaker.released)()
            raise
        except Exception as error:
            self.breaker.failed()
            raise failure(error) from None  # the cause holds the request with its key
        self.breaker.succeeded()

    def _deltas(self, system: str, user: str) -> Iterator[str]:
        from llama_index.core.base.llms.types import ChatMessage, MessageRole

        messages = [ChatMessage(role=MessageRole.SYSTEM, content=system)] if system else []
        messages.append(ChatMessage(role=MessageRole.USER, content=user))
        try:
            stream = self._llm.stream_chat(messages)
        except NotImplementedError:
            yield self._llm.chat(messages).message.content or ""
            return
        for event in stream:
            yield event.delta or ""

    def _timed(self, make: Callable[[], Iterator[str]], deadline: float) -> Iterator[str]:
        """The pieces, made in a thread of their own, so that silence ends on time whatever the client does."""
        arrived: queue.SimpleQueue[tuple[str | None, BaseException | None]] = queue.SimpleQueue()
        stop = threading.Event()

        def run() -> None:
            try:
                for piece in make():
                    if not stop.is_set():
                        arrived.put((piece, None))
                    elif self._hang_up is not None:
                        self._hang_up()  # else it is read to its end: a client's stream left open may block the next
                        return
                arrived.put((None, None))
            except BaseException as error:
                arrived.put((None, error))

        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(run,), name="copilot-llm", daemon=True).start()
        try:
            while True:
                left = deadline - self._clock()
                try:
                    piece, error = arrived.get(timeout=max(0.0, min(left, self.limits.timeout_s)))
                except queue.Empty:
                    raise _too_slow(left < self.limits.timeout_s) from None
                if error is not None:
                    raise error
                if piece is None:
                    return
                yield piece
        finally:
            stop.set()


def complete(llm: LanguageModel, system: str, user: str, max_tokens: int = 200) -> str:
    """The whole reply to one request; raises LLMError."""
    return "".join(llm.told(system, user, lambda pieces: iter(["".join(pieces)]), max_tokens))


def _too_slow(deadline: bool) -> LLMError:
    if deadline:
        return LLMError("the model took longer than a question may", "Raise COPILOT_LLM__DEADLINE_S.")
    return LLMError("the model was silent for too long", "Raise COPILOT_LLM__TIMEOUT_S.", True)
