"""Whether the configured language model answers: one short request, as the doctor and the status ask it."""

from __future__ import annotations

import time

from copilot.errors import LLMError, SettingsError
from copilot.llms.building import open_language_model
from copilot.llms.calling import complete
from copilot.settings import LLMSettings

_LONGEST_S = 15.0


def probe(settings: LLMSettings) -> tuple[float, str, str]:
    """(seconds until it answered, "", "") or (0, why it did not, the cure)."""
    longest = min(_LONGEST_S, settings.deadline_s)
    brief = settings.model_copy(update={
        "max_retries": 0, "deadline_s": longest, "timeout_s": min(longest, settings.timeout_s), "max_tokens": 16,
    })
    started = time.perf_counter()
    try:
        with open_language_model(brief) as model:
            complete(model, "", "Reply with the word OK.", 16)
    except (LLMError, SettingsError) as error:
        return 0.0, error.reason, error.cure
    return time.perf_counter() - started, "", ""
