"""What went wrong with a language model, told without the library that raised it, and never with a key."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from copilot.errors import LLMError

# By name, so that no client library is imported here: httpx, openai, anthropic and ollama share these.
_LOST = {"TransportError", "APIConnectionError", "ConnectionError", "TimeoutError", "IncompleteRead"}
_SILENT = {"TimeoutException", "APITimeoutError", "TimeoutError"}
_PASSING = {408, 409, 425, 429}
_WHY = {
    401: ("the endpoint refuses the API key", "Check COPILOT_LLM__API_KEY."),
    403: ("the endpoint refuses the API key", "Check COPILOT_LLM__API_KEY."),
    404: (
        "the endpoint does not know the model or the path",
        "Check COPILOT_LLM__BASE_URL (mostly it ends in /v1) and COPILOT_LLM__MODEL.",
    ),
    413: ("the prompt is too long for the endpoint", "Lower COPILOT_LLM__TOKEN_BUDGET."),
    429: ("the endpoint is too busy or its quota is used up (429)", "Ask again later."),
}
_LONG = re.compile(r"context.{0,20}(?:length|size|window)|maximum context|too many tokens|too long", re.IGNORECASE)


def failure(error: BaseException) -> LLMError:
    """What the error of any client means; its own text is not taken over: it may hold the prompt or the key."""
    if isinstance(error, LLMError):
        return error
    status = next((found for item in _chain(error) if (found := _status(item))), 0)
    if status:
        return _of_status(status, error)
    names = {cls.__name__ for item in _chain(error) for cls in type(item).__mro__}
    if names & _SILENT:
        return LLMError("the model was silent for too long", "Raise COPILOT_LLM__TIMEOUT_S.", True)
    if names & _LOST:
        return LLMError("the connection failed or broke off", "Check COPILOT_LLM__BASE_URL.", True)
    return LLMError(f"the model's reply could not be read ({type(error).__name__})",
                    "See the endpoint's own log.")


def _of_status(status: int, error: BaseException) -> LLMError:
    if status == 400 and _LONG.search(str(error)):
        status = 413
    why, cure = _WHY.get(status, (f"the endpoint answered with status {status}", "See the endpoint's own log."))
    return LLMError(why, cure, status in _PASSING or status >= 500, retry_after(error))


def retry_after(error: BaseException) -> float | None:
    """The seconds that the endpoint asks to wait, where it does."""
    for item in _chain(error):
        headers = getattr(getattr(item, "response", None), "headers", None)
        value = headers.get("retry-after") if headers is not None else None
        if not value:
            continue
        try:
            return max(0.0, float(value))
        except ValueError:
            pass  # no number of seconds: the header may give a date instead
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        return max(0.0, (moment - dt.datetime.now(moment.tzinfo)).total_seconds())
    return None


def _status(error: BaseException) -> int:
    found: Any = getattr(error, "status_code", None)
    return found if isinstance(found, int) and found >= 400 else 0


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__
