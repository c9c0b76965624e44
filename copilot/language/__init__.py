"""What the product knows of languages: detection, sentences, search terms."""

from copilot.language.analysis import (
    ANALYSIS_VERSION,
    NORM_ID,
    Concept,
    concepts,
    idf,
    normalise_number,
    sparse_vector,
    term_id,
    terms,
)
from copilot.language.detection import detect
from copilot.language.sentences import sentences
from copilot.language.stems import fold, stem
from copilot.language.words import function_words

__all__ = [
    "ANALYSIS_VERSION",
    "NORM_ID",
    "Concept",
    "concepts",
    "detect",
    "fold",
    "function_words",
    "idf",
    "normalise_number",
    "sentences",
    "sparse_vector",
    "stem",
    "term_id",
    "terms",
]
