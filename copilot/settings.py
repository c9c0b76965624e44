"""Settings are data: flag > COPILOT_* > copilot.toml > default; nothing is built here."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from copilot.errors import SettingsError


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class IndexSettings(_Section):
    """Where points are kept: embedded in the data folder, or on a Qdrant server when ``url`` is set."""

    url: str = Field("", description="URL of a Qdrant server; empty: the embedded engine")
    api_key: str = Field("", description="API key of that server")
    collection: str = Field("copilot", description="Name of the collection on that server")
    timeout_s: float = Field(30.0, description="Time limit of a request to the server, in seconds")


class EmbedderSettings(_Section):
    """Which model turns text into vectors."""

    model: str = Field(
        "static-multilingual",
        description="The shipped model, all-minilm-l6-v2, or a path or name of another sentence-transformers model",
    )
    query_prefix: str = Field("", description="What stands before a question; unset: what the model's family expects")
    passage_prefix: str = Field("", description="What stands before a passage; unset: what the model's family expects")
    batch_size: int = Field(32, ge=1, description="Texts encoded at once")


class RetrievalSettings(_Section):
    """How many candidates each step passes on."""

    top_k: int = Field(10, ge=1, le=200, description="Hits returned by a search")
    candidates: int = Field(50, ge=1, le=1000, description="Hits taken from each leg and language")
    tables: Literal["all", "permissive"] = Field(
        "all", description="Word tables made from all sources, or from permissively licensed ones alone"
    )
    reranker: str = Field(
        "", description="Path or name of a sentence-transformers cross-encoder that orders the hits; empty: none"
    )


class TranslationSettings(_Section):
    """How texts are translated, and where installed Argos packages are looked for."""

    packages: str = Field("", description="Folder of Argos packages; empty: translation in the data folder")
    names: tuple[str, ...] = Field((), description="Product names that no translation changes, a JSON list")
    threads: int = Field(2, ge=1, le=64, description="Sentences translated at the same time")


class ModelsSettings(_Section):
    """Where models come from when they are asked for."""

    index_url: str = Field(
        "", description="Index of translation packages, or a folder of them; empty: the public Argos index"
    )
    timeout_s: float = Field(60.0, gt=0, description="Longest silence of that server, in seconds")


class AnswerSettings(_Section):
    """What an answer may hold."""

    max_claims: int = Field(3, ge=1, le=20, description="Most sentences or rows quoted in an answer")
    reader: bool = Field(True, description="Let the shipped reader score sentences; else their words alone count")
    max_question_chars: int = Field(4000, ge=100, description="Longer questions are refused")


class LLMSettings(_Section):
    """Which language model writes answers; without ``base_url`` and ``provider`` none does: answers are quoted."""

    provider: Literal["", "openai_like", "azure", "ollama", "anthropic"] = Field(
        "", description="Kind of endpoint; empty: openai_like where base_url is set, else no language model"
    )
    base_url: str = Field("", description="Base URL of the endpoint, for OpenAI-compatible servers with its /v1")
    model: str = Field("", description="Name of the model there; with azure, of the deployment")
    api_key: SecretStr = Field(SecretStr(""), description="API key of the endpoint; never printed or logged")
    api_version: str = Field("2024-10-21", description="API version, for azure only")
    timeout_s: float = Field(30.0, gt=0, description="Longest silence of the model, in seconds")
    deadline_s: float = Field(90.0, gt=0, description="Time limit of a question, all retries together, in seconds")
    max_retries: int = Field(2, ge=0, le=10, description="Times that a failed request is sent again")
    temperature: float = Field(0.0, ge=0, le=2, description="0: as repeatable as the model can")
    seed: int = Field(0, ge=-1, description="Sent where the endpoint takes one; -1: none")
    max_tokens: int = Field(700, ge=16, description="Most tokens that the model writes")
    context_window: int = Field(8192, ge=512, description="Tokens that the model can read and write together")
    token_budget: int = Field(
        6000, ge=256, description="Most tokens of a request, prompt and answer; passages beyond it are left out"
    )
    unsupported: Literal["drop", "mark"] = Field(
        "drop", description="Sentences of the model that its passages do not support: dropped, or marked"
    )
    breaker_failures: int = Field(5, ge=1, description="Failures in a row after which the model is left alone")
    breaker_wait_s: float = Field(60.0, gt=0, description="How long it is left alone, in seconds")

    @property
    def configured(self) -> bool:
        """Whether a language model is set."""
        return bool(self.base_url or self.provider)


class JudgeSettings(_Section):
    """Which language model judges answers in an evaluation; without ``base_url`` and ``model`` none does."""

    base_url: str = Field("", description="Base URL of an OpenAI-compatible endpoint, with its /v1")
    model: str = Field("", description="Name of the model there; with Azure, of the deployment")
    api_key: SecretStr = Field(SecretStr(""), description="API key of the endpoint; never printed or logged")
    api_version: str = Field("", description="API version, for Azure's older addresses only")
    timeout_s: float = Field(60.0, gt=0, description="Time limit of one judgement, in seconds")
    concurrency: int = Field(4, ge=1, le=64, description="Judgements asked for at the same time")
    retries: int = Field(2, ge=0, le=10, description="Times that a failed request is sent again")
    max_tokens: int = Field(2048, ge=64, description="Most tokens of a judgement")
    cache_dir: str = Field("", description="Folder of judgements kept; empty: evals/judgements in the data folder")
    price_in: float = Field(0.0, ge=0, description="Price of 1,000 tokens read, for the cost in the report")
    price_out: float = Field(0.0, ge=0, description="Price of 1,000 tokens written")


class IngestSettings(_Section):
    """Limits of the write side."""

    originals: Literal["copy", "reference"] = Field("copy", description="Keep a copy of each file, or its path only")
    workers: int = Field(2, ge=1, description="Processes that parse at the same time")
    timeout_s: float = Field(300.0, gt=0, description="Time limit of one file, in seconds")
    memory_mb: int = Field(2048, ge=256, description="Memory limit of a parsing process, in MiB")
    max_file_mb: int = Field(200, ge=1, description="Larger files are skipped")
    max_pages: int = Field(5000, ge=1, description="Documents of more pages are skipped")
    ocr: bool = Field(True, description="Read scans with tesseract where it is installed")
    publish_every_s: float = Field(120.0, gt=0, description="Readers see new content at least this often")


class Settings(BaseSettings):
    """All settings of the product. Environment: COPILOT_DATA_DIR, COPILOT_INDEX__URL and so on."""

    model_config = SettingsConfigDict(
        env_prefix="COPILOT_",
        env_nested_delimiter="__",
        toml_file="copilot.toml",
        extra="forbid",
        frozen=True,
    )

    data_dir: Path = Field(Path(".copilot"), description="Folder of index, catalog, originals and caches")
    catalog_url: str = Field("", description="SQLAlchemy URL of the catalog; empty: SQLite in the data folder")
    user: str = Field("local", description="Who asks when nobody signs in")
    groups: tuple[str, ...] = Field((), description="The groups of that user, a JSON list")
    index: IndexSettings = Field(default_factory=lambda: IndexSettings(), description="Index")
    embedder: EmbedderSettings = Field(default_factory=lambda: EmbedderSettings(), description="Embedder")
    retrieval: RetrievalSettings = Field(default_factory=lambda: RetrievalSettings(), description="Retrieval")
    answer: AnswerSettings = Field(default_factory=lambda: AnswerSettings(), description="Answers")
    translation: TranslationSettings = Field(default_factory=lambda: TranslationSettings(), description="Translation")
    models: ModelsSettings = Field(default_factory=lambda: ModelsSettings(), description="Models")
    llm: LLMSettings = Field(default_factory=lambda: LLMSettings(), description="Language model")
    judge: JudgeSettings = Field(default_factory=lambda: JudgeSettings(), description="Judge of evaluations")
    ingest: IngestSettings = Field(default_factory=lambda: IngestSettings(), description="Ingestion")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags win over the environment, that over copilot.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def catalog_path(self) -> Path:
        """Where the SQLite catalog lies."""
        return self.data_dir / "catalog.sqlite"

    @property
    def index_path(self) -> Path:
        """Where the embedded index lies."""
        return self.data_dir / "index"

    @property
    def packages_path(self) -> Path:
        """Where Argos packages lie."""
        return Path(self.translation.packages or self.data_dir / "translation")

    @property
    def embedders_path(self) -> Path:
        """Where installed embedders lie."""
        return self.data_dir / "embedders"

    @property
    def originals_path(self) -> Path:
        """Where originals lie, named by their sha256."""
        return self.data_dir / "originals"

    @property
    def parsed_path(self) -> Path:
        """Where parsed elements are cached."""
        return self.data_dir / "parsed"


def load_settings(**flags: Any) -> Settings:
    """Read the settings; raise SettingsError that names the setting and where it came from."""
    try:
        return Settings(**flags)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"Setting '{name}' cannot be taken: {first['msg']}.",
            "Correct it in copilot.toml or in the environment (COPILOT_" + name.upper().replace(".", "__") + ").",
        ) from error
    except ValueError as error:
        raise SettingsError(f"copilot.toml cannot be read: {error}.", "Correct the file.") from error
