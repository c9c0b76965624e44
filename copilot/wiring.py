"""The only file that names concrete classes: it builds the product from settings; heavy imports stand inside."""

from __future__ import annotations

import functools
from collections.abc import Collection
from importlib import metadata
from typing import TYPE_CHECKING

from copilot.settings import Settings

if TYPE_CHECKING:
    from copilot.catalog import Catalog
    from copilot.embedding.sentence import SentenceTransformerEmbedding
    from copilot.embedding.static import StaticEmbedder
    from copilot.glossary import Glossary
    from copilot.language.wordtable import WordTable
    from copilot.library import Library
    from copilot.llms import LanguageModel
    from copilot.protocols import Answerer, Index, Translator
    from copilot.reading import Reader
    from copilot.service import Copilot
    from copilot.translation import TranslationService
    from copilot.verification import Verifier


def fingerprint(settings: Settings) -> str:
    """What shapes the vectors: the embedder with its prefixes, and the analysis."""
    from copilot.embedding import identity, prefixes
    from copilot.language import ANALYSIS_VERSION

    query, passage = prefixes(settings.embedder)
    return "|".join([identity(settings.embedder), query, passage, f"analysis-{ANALYSIS_VERSION}"])


def open_index(settings: Settings, embedder: StaticEmbedder | SentenceTransformerEmbedding) -> Index:
    """The embedded engine in the data folder, or a Qdrant server where a URL is set."""
    if settings.index.url:
        from copilot.index.server import ServerIndex

        return ServerIndex.connect(settings.index, embedder.dimension, fingerprint(settings))
    from copilot.index.edge import EdgeIndex

    return EdgeIndex(settings.index_path, embedder.dimension, fingerprint(settings))


def open_catalog(settings: Settings) -> Catalog:
    """The catalog, made where there is none."""
    from copilot import catalog

    return catalog.open_catalog(settings)


def open_glossary(settings: Settings) -> Glossary:
    """The term bases of the knowledge bases."""
    from copilot.glossary import Glossary

    return Glossary(open_catalog(settings))


def open_library(settings: Settings) -> Library:
    """What a reader may look at."""
    from copilot.library import Library

    return Library(open_catalog(settings), settings)


def open_copilot(settings: Settings, answerer: Answerer | None = None) -> Copilot:
    """The read side, with the configured answerer or another one; close it after use."""
    from copilot.deferred import defer_llama_index
    from copilot.embedding import open_query_embedder
    from copilot.glossary import Glossary
    from copilot.glossary.vocabulary import Widening, open_vocabulary
    from copilot.language.wordtable import open_word_table, table_path
    from copilot.library import Library
    from copilot.llms import complete
    from copilot.retrieval.reranking import CrossEncoderReranker
    from copilot.service import Copilot

    defer_llama_index()  # before anything imports from it
    embedder = open_query_embedder(settings.embedder)
    catalog = open_catalog(settings)
    index = open_index(settings, embedder)
    translator = open_translator(settings, catalog)
    engine = engine_parts(settings, translator)
    library = Library(catalog, settings)
    lexicon = open_word_table(table_path(settings.retrieval.tables))
    model = open_language_model(settings)
    return Copilot(
        index,
        catalog,
        library,
        embedder,
        settings,
        answerer=answerer or open_answerer(settings, lexicon, model),
        translator=translator,
        engine=engine,
        lexicon=lexicon,
        glossary=Widening(Glossary(catalog), open_vocabulary()),
        reranker=CrossEncoderReranker(settings.retrieval.reranker) if settings.retrieval.reranker else None,
        complete=functools.partial(complete, model) if model else None,
    )


def open_language_model(settings: Settings) -> LanguageModel | None:
    """The language model that the settings name; None where they name none."""
    if not settings.llm.configured:
        return None
    from copilot.llms.building import open_language_model as built

    return built(settings.llm)


def open_answerer(settings: Settings, lexicon: WordTable, model: LanguageModel | None = None) -> Answerer:
    """The extractive answerer; where a language model is set, one that writes, proves, and else quotes."""
    from copilot.answering.calibration import load_calibration
    from copilot.answering.extractive import ExtractiveAnswerer

    reader = open_reader(settings)
    calibration = load_calibration(settings.data_dir, reads=reader is not None)
    quoting = ExtractiveAnswerer(settings.answer.max_claims, calibration=calibration, reader=reader)
    if model is None:
        return quoting
    from copilot.answering.llm import LLMAnswerer

    return LLMAnswerer(model, quoting, open_verifier(settings, lexicon))


def open_reader(settings: Settings) -> Reader | None:
    """The shipped reader; None where the settings leave it out."""
    if not settings.answer.reader:
        return None
    from copilot.reading import open_reader as opened

    return opened()


def open_verifier(settings: Settings, lexicon: WordTable | None = None) -> Verifier:
    """Sentences against their sources; always with the shipped embedder, whose cosines its weights were fitted to."""
    from copilot.embedding import open_query_embedder
    from copilot.language.wordtable import open_word_table, table_path
    from copilot.settings import EmbedderSettings
    from copilot.verification import EngineeringWords, Verifier

    words = EngineeringWords(lexicon or open_word_table(table_path(settings.retrieval.tables)))
    return Verifier(words, open_query_embedder(EmbedderSettings()))


def open_translator(settings: Settings, catalog: Catalog | None = None) -> TranslationService:
    """Argos over the installed and the shipped packages; with none for a pair, the memory and the gloss remain."""
    from copilot.errors import ModelError
    from copilot.glossary import Glossary, Glosser
    from copilot.glossary.vocabulary import open_vocabulary
    from copilot.language.wordtable import open_word_table, table_path
    from copilot.models import SHIPPED_TRANSLATION
    from copilot.translation import Engine, Memory, TranslationService

    kept = catalog or open_catalog(settings)
    glossary = Glossary(kept)

    def gloss(sentence: str, source: str, target: str, kbs: Collection[str]) -> str:
        try:
            words = open_word_table(table_path(settings.retrieval.tables))
        except ModelError:
            words = None  # the doctor tells of it; the glossary explains on its own
        return Glosser(glossary, words, open_vocabulary())(sentence, source, target, kbs)

    folders = (settings.packages_path, SHIPPED_TRANSLATION)
    engine = Engine(folders, settings.translation.threads, tables=settings.retrieval.tables)
    return TranslationService(engine, kept, Memory(kept), glossary, gloss, settings.translation.names)


def engine_parts(settings: Settings, translator: Translator) -> dict[str, str]:
    """What is in use, for status lines: answerer, index, embedder, translator."""
    pairs = sorted(f"{source}>{target}" for source, target in translator.pairs())
    translating = f"{translator.name} {' '.join(pairs)}" if pairs else "none"
    from copilot.answering.calibration import load_calibration

    if settings.index.url:
        index = f"Qdrant server {settings.index.url}"
    else:
        index = f"Qdrant Edge {metadata.version('qdrant-edge-py')}"
    parts = {"answerer": "extractive", "index": index, "embedder": settings.embedder.model, "translator": translating}
    reader = open_reader(settings)
    parts["reader"] = reader.version if reader is not None else "none"
    parts["calibration"] = load_calibration(settings.data_dir, reads=reader is not None).told
    if settings.llm.configured:
        from copilot.llms.building import described

        parts |= {"answerer": "llm", "llm": described(settings.llm)}
    return parts
