"""What no sentence of a language model may hold, whatever a passage asked it to write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from copilot.answering.instructions import commanding
from copilot.language import concepts, detect
from copilot.types import LANGUAGES

_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,14}:(?://|\\\\)\S*|\b(?:data|javascript|mailto|vbscript|file|blob):\S+|\bwww\.\S+"
    r"|(?<!\w)//[\w-]+\.\w\S*",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}/\S*|\b\d{1,3}(?:\.\d{1,3}){3}\S*"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|app|info|biz|xyz|site|online|example|test|invalid|cn|de|fr|it|es|pl|pt"
    r"|br|uk|eu|ru|co|ai|me|cc|to|ly)\b(?!\.?\w)",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"!\[|\]\s*\(|\]\s*\[[^\d]|</?[a-z!][^>]*>?|```|~~~|&(?:#x?[0-9a-f]+|lt|gt|quot|amp);", re.IGNORECASE
)
_BLOB = re.compile(r"(?:[A-Za-z0-9+/_=-]{20,}|(?:%[0-9A-Fa-f]{2}){4,}|(?:\\[xu][0-9A-Fa-f]{2,4}){3,})")
_WORD = re.compile(r"\w+")
_SHINGLE = 6
_FEWEST_WORDS = 6
_CERTAINTY = 0.97


@dataclass(frozen=True, slots=True)
class Guard:
    """Checks the sentences of one reply: its rules and their key, the answer's language, the sources' addresses."""

    rules: str
    key: str
    language: str
    uris: Collection[str] = ()

    def fault(self, sentence: str, cited: Sequence[str]) -> str:
        """Why the sentence must not be shown, or an empty string; ``cited`` are the texts of the cited passages."""
        if self.leaks_key(sentence) or self._recites(sentence, cited):
            return "reveals the prompt"
        if _MARKUP.search(sentence):
            return "holds markup"
        if self._links(sentence, cited):
            return "holds an address that is no source's"
        if any(_coded(found) and not _stands(found, cited) for found in _BLOB.findall(sentence)):
            return "holds coded text"
        if commanding(sentence):
            return "speaks to or of a language model"
        if self._foreign(sentence, cited):
            return "is in another language"
        if sentence.rstrip("\"'»”’) ").endswith(("?", "？")):
            return "asks"
        if all(item.kind == "function" for item in concepts(sentence, self.language)):
            return "says nothing"
        return ""

    def leaks_key(self, text: str) -> bool:
        """Whether the text holds the request's key, also spelled out or backwards."""
        squashed = "".join(_WORD.findall(text)).replace("_", "").lower()
        return self.key in squashed or self.key[::-1] in squashed

    def _recites(self, sentence: str, cited: Sequence[str]) -> bool:
        told = _shingles(sentence) & _shingles(self.rules)
        return bool(told) and not told <= set().union(*(_shingles(text) for text in cited))

    def _links(self, sentence: str, cited: Sequence[str]) -> bool:
        links = [found.rstrip(".,;)]") for found in _LINK.findall(sentence)]
        if any(link not in self.uris for link in links):
            return True
        rest = _LINK.sub(" ", sentence)
        return any(not _stands(found.rstrip(".,;)"), cited) for found in _HOST.findall(rest))

    def _foreign(self, sentence: str, cited: Sequence[str]) -> bool:
        """Only where it is certain: names, codes and short sentences look like any language."""
        if self.language not in LANGUAGES or _stands(sentence, cited):
            return False
        if len(_WORD.findall(sentence)) < _FEWEST_WORDS and not _other_script(sentence, self.language):
            return False
        return detect(sentence, self.language, _CERTAINTY) != self.language


def shown(sentence: str) -> str:
    """The sentence without characters that nobody sees or that turn the direction of writing."""
    return "".join(c for c in sentence if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Cn"))


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = [word.lower() for word in _WORD.findall(text)]
    return {tuple(words[start : start + _SHINGLE]) for start in range(len(words) - _SHINGLE + 1)}


def _stands(text: str, cited: Sequence[str]) -> bool:
    wanted = text.casefold()
    return any(wanted in source.casefold() for source in cited)


def _coded(token: str) -> bool:
    """Whether a long token looks like encoded bytes rather than a word: digits among letters, or mixed case."""
    letters = [c for c in token if c.isalpha()]
    digits = sum(c.isdigit() for c in token)
    mixed = any(c.isupper() for c in token[1:]) and any(c.islower() for c in token)
    return not token[0].isalnum() or bool(digits and letters) or mixed or token.endswith("=")


def _other_script(sentence: str, language: str) -> bool:
    han = sum("\u3400" <= c <= "\u9fff" for c in sentence)
    return (han >= 2) != (language == "zh") and (han >= 2 or len(_WORD.findall(sentence)) >= 3)
