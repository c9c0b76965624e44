"""Questions with a number, an identifier or a name swapped for one that stands nowhere in the corpus."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from copilot.language import concepts
from copilot.service import Copilot
from copilot.types import Question
from evals.types import CROSS, Case

_INVENTED = ("Kestrelli", "Marwitzer", "Dolinska", "Brandovar", "Quintarez", "Fenwickton", "Orsolvane", "Tremblaux")
_INVENTED_ZH = ("邵文斌", "贾立冬", "钱志远", "洛阳", "桂林")
_LETTERS = re.compile(r"^[^\W\d_]{4,}$")
_SEED, _TRIES = 7, 40


@dataclass(frozen=True)
class Asked:
    """A question with what is to be found out: of which kind it is, and what came of it."""

    kind: str
    case: Case
    question: str
    swapped: str = ""

    @property
    def where(self) -> str:
        """Where the question as it was is answered."""
        return "cross" if CROSS in self.case.tags else "own"


def swaps(copilot: Copilot, cases: Sequence[Case]) -> Iterator[Asked]:
    """Each answerable case with its number, identifier or name swapped, one of a kind, and as it was."""
    rng = random.Random(_SEED)
    shared = _shared_names(cases)
    for case in cases:
        found = {"number": _number(case), "identifier": _identifier(case), "name": _name(case, shared)}
        for kind, surface in found.items():
            make: Callable[[str], str] = _invented(case, rng) if kind == "name" else lambda text: _digits(text, rng)
            other = _absent(copilot, case, surface, make) if surface else ""
            if other:
                yield Asked(kind, case, case.question.replace(surface, other), other)
                yield Asked(f"{kind} as it was", case, case.question)


def _number(case: Case) -> str:
    joined = [item.surface for item in concepts(case.question, case.language) if item.kind in ("identifier", "pair")]
    numbers = [item.surface for item in concepts(case.question, case.language) if item.kind == "number"]
    return next((name for name in numbers if not any(name in other for other in joined) and name in case.question), "")


def _identifier(case: Case) -> str:
    named = [item.surface for item in concepts(case.question, case.language) if item.kind == "identifier"]
    return next((name for name in sorted(named, key=len, reverse=True) if name in case.question), "")


def _shared_names(cases: Sequence[Case]) -> frozenset[str]:
    """Capitalised words that questions in two languages share: in German, where all nouns are, these are names."""
    seen: dict[str, set[str]] = defaultdict(set)
    for case in cases:
        for word in re.findall(r"[^\W\d_]+", case.question)[1:]:
            if _is_name(word):
                seen[word].add(case.language)
    return frozenset(word for word, languages in seen.items() if len(languages) > 1)


def _name(case: Case, shared: frozenset[str]) -> str:
    if case.language == "zh":
        return next((word for word in _chinese_names(case.question)), "")
    words = [match for match in re.finditer(r"[^\W\d_]+", case.question) if _is_name(match.group())]
    inside = [match.group() for match in words if match.start() > 2 and not _tied(case.question, match)]
    return next((word for word in inside if case.language != "de" or word in shared), "")


def _is_name(word: str) -> bool:
    return word[:1].isupper() and _LETTERS.match(word) is not None


def _tied(question: str, match: re.Match[str]) -> bool:
    """Whether a word is part of a code ("PPR-9087")."""
    around = question[max(0, match.start() - 1) : match.start()] + question[match.end() : match.end() + 1]
    return any(char in "-/_." or char.isdigit() for char in around.rstrip("."))


def _chinese_names(question: str) -> Iterator[str]:
    import jieba.posseg

    latin = [word for word in re.findall(r"[A-Za-z]+", question) if _is_name(word)]
    yield from latin
    for pair in jieba.posseg.cut(question):
        if pair.flag in ("nr", "ns") and len(pair.word) > 1 and "\u4e00" <= pair.word[0] <= "\u9fff":
            yield pair.word


def _invented(case: Case, rng: random.Random) -> Callable[[str], str]:
    return lambda text: rng.choice(_INVENTED_ZH if "\u4e00" <= text[0] <= "\u9fff" else _INVENTED)


def _digits(text: str, rng: random.Random) -> str:
    """The same with other digits; the first one stays none where it was none."""
    return re.sub(r"\d", lambda match: str(rng.randint(1, 9)), text)


def _absent(copilot: Copilot, case: Case, surface: str, make: Callable[[str], str]) -> str:
    """Something like it that no readable text holds."""
    for _ in range(_TRIES):
        other = make(surface)
        asked = Question(case.question.replace(surface, other), language=case.language)
        terms = copilot.evidence(asked, case.principal).terms.values()
        held = [item for items in terms for item in items
                if item.kind in ("number", "identifier", "word", "pair") and item.surface in (other, other.strip())]
        if other != surface and all(item.frequency < 0.5 for item in held):
            return other
    return ""
