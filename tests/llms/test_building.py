"""Building a model from settings: what is enough, what is missing, and how one is tried."""

import importlib.util

import pytest

from copilot.errors import SettingsError
from copilot.llms import complete, count_tokens
from copilot.llms.building import described, open_language_model
from copilot.llms.probing import probe
from copilot.settings import LLMSettings, load_settings
from copilot.testing_llm import Reply, ScriptedServer


def test_three_settings_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer(["Yes."], api_key="right") as server:
        for name, value in (("BASE_URL", server.url), ("MODEL", "tiny"), ("API_KEY", "right")):
            monkeypatch.setenv(f"COPILOT_LLM__{name}", value)
        settings = load_settings().llm
        with open_language_model(settings) as model:
            assert settings.configured and complete(model, "", "x") == "Yes."


def test_an_endpoint_without_keys_gets_none_of_another_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-service")
    with ScriptedServer(["Yes."]) as server:
        with open_language_model(LLMSettings(base_url=server.url, model="tiny")) as model:
            complete(model, "", "x")
        assert server.requests[0].headers["authorization"] == "Bearer none"


def test_nothing_set_is_no_model() -> None:
    assert not LLMSettings().configured
    with pytest.raises(SettingsError, match="COPILOT_LLM__BASE_URL"):
        open_language_model(LLMSettings())


def test_a_model_without_name_or_address_is_told_which_setting() -> None:
    with pytest.raises(SettingsError, match="COPILOT_LLM__MODEL"):
        open_language_model(LLMSettings(base_url="http://127.0.0.1:1/v1"))
    with pytest.raises(SettingsError, match="COPILOT_LLM__BASE_URL"):
        open_language_model(LLMSettings(provider="openai_like", model="tiny"))


@pytest.mark.parametrize(
    ("provider", "package"), [("azure", "azure_openai"), ("ollama", "ollama"), ("anthropic", "anthropic")]
)
def test_an_extra_that_is_not_installed_names_the_command(provider: str, package: str) -> None:
    if importlib.util.find_spec(f"llama_index.llms.{package}") is not None:
        pytest.skip(f"llama_index.llms.{package} is installed")
    settings = LLMSettings.model_validate({"provider": provider, "model": "m", "base_url": "http://127.0.0.1:1"})
    with pytest.raises(SettingsError, match=f"pip install 'llama-index-llms-{package.replace('_', '-')}>="):
        open_language_model(settings)


def test_a_description_has_model_and_host_but_no_user_path_or_key() -> None:
    settings = LLMSettings(base_url="https://ann:pw@llm.example:8443/v1?key=1", model="tiny", api_key="k9")  # type: ignore[arg-type]
    assert described(settings) == "openai_like tiny llm.example:8443"
    assert "k9" not in f"{settings!r} {settings}"


def test_a_probe_tells_seconds_or_the_reason_and_the_cure() -> None:
    with ScriptedServer(["OK", Reply(status=401), Reply(status=500)]) as server:
        settings = LLMSettings(base_url=server.url, model="tiny")
        seconds, why, cure = probe(settings)
        assert seconds > 0 and (why, cure) == ("", "")
        assert probe(settings)[2] == "Check COPILOT_LLM__API_KEY."
        assert probe(settings)[1] == "the endpoint answered with status 500"
    assert len(server.requests) == 3  # a probe is not tried again


def test_tokens_are_counted_with_a_margin() -> None:
    assert count_tokens("") == 0
    assert 5 <= count_tokens("Tighten the M8 screw to 45 Nm.") <= 20
    assert count_tokens("拧紧力矩") >= 4
