"""Builds the LlamaIndex LLM that the settings name; each provider's package is imported only when it is asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

from copilot.errors import SettingsError
from copilot.llms.calling import LanguageModel
from copilot.settings import LLMSettings

if TYPE_CHECKING:
    from llama_index.core.llms import LLM
    from openai import DefaultHttpxClient

_Built = tuple["LLM", Callable[[], None], Callable[[], None] | None]
"""The LLM, what closes the connections that it was given, and what ends the replies that this thread reads."""

_PACKAGES = {
    "azure": ("llama_index.llms.azure_openai", "AzureOpenAI", "'llama-index-llms-azure-openai>=0.6,<0.7'"),
    "ollama": ("llama_index.llms.ollama", "Ollama", "'llama-index-llms-ollama>=0.11,<0.12'"),
    # Its first major release took away types that the integration builds its messages with.
    "anthropic": ("llama_index.llms.anthropic", "Anthropic", "'llama-index-llms-anthropic>=0.12,<0.13' 'anthropic<1'"),
}


def open_language_model(settings: LLMSettings) -> LanguageModel:
    """The model of the settings; raises SettingsError that names what is missing."""
    if not settings.configured:
        raise SettingsError("No language model is set.", "Set COPILOT_LLM__BASE_URL and COPILOT_LLM__MODEL.")
    if not settings.model:
        raise SettingsError("The language model has no name.", "Set COPILOT_LLM__MODEL to its name at the endpoint.")
    provider = settings.provider or "openai_like"
    llm, close, hang_up = _BUILD[provider](settings)
    return LanguageModel(llm, settings, described(settings), close, hang_up)


def described(settings: LLMSettings) -> str:
    """Which model where, for status lines and answers; without key, path and user."""
    where = urlparse(settings.base_url)
    place = f"{where.hostname}:{where.port}" if where.port else where.hostname or ""
    return " ".join(part for part in (settings.provider or "openai_like", settings.model, place) if part)


def _class(provider: str) -> Any:
    module, name, package = _PACKAGES[provider]
    try:
        return getattr(import_module(module), name)
    except ImportError as error:
        raise SettingsError(
            f"The provider '{provider}' needs a package that is not installed ({error.name}).",
            f"pip install {package}",
        ) from error


def _seeded(settings: LLMSettings) -> dict[str, Any]:
    return {} if settings.seed < 0 else {"seed": settings.seed}


def _url(settings: LLMSettings) -> str:
    if not settings.base_url:
        raise SettingsError("The language model has no address.", "Set COPILOT_LLM__BASE_URL.")
    return settings.base_url


def _client(settings: LLMSettings) -> tuple[DefaultHttpxClient, Callable[[], None]]:
    """An HTTP client, and what closes the replies that the calling thread has open."""
    from openai import DefaultHttpxClient

    reading = threading.local()

    def remember(response: Any) -> None:
        reading.response = response  # a thread reads one reply at a time

    def hang_up() -> None:
        if (response := getattr(reading, "response", None)) is not None:
            response.close()

    return DefaultHttpxClient(timeout=settings.timeout_s, event_hooks={"response": [remember]}), hang_up


def _openai_like(settings: LLMSettings) -> _Built:
    from llama_index.llms.openai_like import OpenAILike

    client, hang_up = _client(settings)
    made = OpenAILike(
        model=settings.model,
        api_base=_url(settings),
        api_key=settings.api_key.get_secret_value() or "none",  # else the environment's key of another service is sent
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,
        context_window=settings.context_window,
        timeout=settings.timeout_s,
        max_retries=0,  # retried here, where the time limit is known
        is_chat_model=True,
        additional_kwargs=_seeded(settings),
        http_client=client,
    )
    return made, client.close, hang_up


def _azure(settings: LLMSettings) -> _Built:
    from llama_index.core.base.llms.types import LLMMetadata

    class Deployment(_class("azure")):  # type: ignore[misc]
        """A deployment may have any name: its metadata are not looked up among OpenAI's models."""

        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(
                context_window=settings.context_window, is_chat_model=True, model_name=settings.model
            )

    client, hang_up = _client(settings)
    made: LLM = Deployment(
        model=settings.model,
        engine=settings.model,
        azure_endpoint=_url(settings),
        api_key=settings.api_key.get_secret_value(),
        api_version=settings.api_version,
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,
        timeout=settings.timeout_s,
        max_retries=0,
        additional_kwargs=_seeded(settings),
        http_client=client,
    )
    return made, client.close, hang_up


def _ollama(settings: LLMSettings) -> _Built:
    named = {"base_url": settings.base_url} if settings.base_url else {}
    made: LLM = _class("ollama")(
        model=settings.model,
        temperature=settings.temperature,
        context_window=settings.context_window,
        request_timeout=settings.timeout_s,
        additional_kwargs={"num_predict": settings.max_tokens, **_seeded(settings)},
        **named,
    )
    return made, _nothing, None


def _anthropic(settings: LLMSettings) -> _Built:
    named = {"base_url": settings.base_url} if settings.base_url else {}
    made: LLM = _class("anthropic")(
        model=settings.model,
        api_key=settings.api_key.get_secret_value(),
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,
        timeout=settings.timeout_s,
        max_retries=0,
        **named,
    )
    return made, _nothing, None


def _nothing() -> None:
    """These clients close what they opened."""


_BUILD: dict[str, Callable[[LLMSettings], _Built]] = {
    "openai_like": _openai_like, "azure": _azure, "ollama": _ollama, "anthropic": _anthropic,
}
