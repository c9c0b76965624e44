"""What stands behind a translated text as a whole: its weakest sentence."""

from __future__ import annotations

from copilot.types import TranslatedSentence, TranslatedText

# From what is trusted least to what is trusted most.
KINDS = ("original", "gloss", "machine", "memory", "reviewed")
TRANSLATED = frozenset({"machine", "memory", "reviewed"})


def overall_kind(rendered: TranslatedText) -> str:
    """The kind of the weakest sentence of those that were to be translated; original where there was none."""
    kinds = [item.kind for item in rendered.sentences if item.kind != "original" or wanted(item, rendered.target)]
    return min(kinds, key=KINDS.index, default="original")


def wanted(sentence: TranslatedSentence, target: str) -> bool:
    """Whether there is anything to translate: letters outside what must stay, in another language."""
    if sentence.language == target:
        return False
    rest = sentence.source
    for token in sorted(sentence.protected, key=len, reverse=True):
        rest = rest.replace(token, " ", 1)
    return any(char.isalpha() for char in rest)
