"""Asks what the corpus does not answer: absent topics and properties, and golden questions with something swapped.

    python benchmarks/abstention.py [--set evals/golden] [--data-dir DIR] [--no-write] [--verbose]

A number, an identifier or a name of an answerable question is replaced by one that stands nowhere in the corpus, so
that nothing answers any more. Caught: nothing is claimed, or the answer names what is missing. False: the question as
it was is refused because it were missing. Without --data-dir the samples are ingested into a temporary folder first.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from _report import ROOT, machine, table, write_section

from copilot.language import concepts
from copilot.service import Copilot
from copilot.settings import load_settings
from copilot.types import LANGUAGES, Answer, Question
from copilot.wiring import open_copilot
from evals.cases import load_cases
from evals.types import ABSENT_NAME, ABSENT_PROPERTY, ABSENT_TOPIC, CROSS, PENDING, Case

SWAPS = ("number", "identifier", "name")
WRITTEN = {ABSENT_TOPIC: "topic absent", ABSENT_NAME: "identifier or name absent", ABSENT_PROPERTY: "property absent"}
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


@dataclass(frozen=True)
class Told:
    """A question and the answer."""

    asked: Asked
    answer: Answer

    @property
    def silent(self) -> bool:
        """Whether nothing is claimed, or the answer names what is missing."""
        named = any(self.asked.swapped and self.asked.swapped in name for name in self.answer.missing)
        return not self.answer.claims or named

    @property
    def falsely_missed(self) -> bool:
        """Whether an answerable question is refused because something in it were missing."""
        return not self.answer.claims and bool(self.answer.missing)


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


def written(cases: Sequence[Case]) -> list[Asked]:
    """The cases without an answer as they are."""
    return [Asked(tag, case, case.question) for tag in WRITTEN for case in cases if tag in case.tags]


def ask(copilot: Copilot, asked: Sequence[Asked]) -> list[Told]:
    """Ask them all."""
    return [
        Told(item, copilot.ask(Question(item.question, language=item.case.language), item.case.principal))
        for item in asked
    ]


def summary(told: Sequence[Told]) -> str:
    """Per kind the share caught and the share of false ones, together and per language."""
    rows = []
    for kind in (*WRITTEN, *SWAPS):
        own = [item for item in told if item.asked.kind == kind]
        was = [item for item in told if item.asked.kind == f"{kind} as it was"]
        for where in ("own", "cross") if kind in SWAPS else ("",):
            here = [item for item in own if not where or item.asked.where == where]
            before = [item for item in was if item.asked.where == where]
            rows.append((_words(kind, where), len(here), _share([item.silent for item in here]),
                         _share([item.falsely_missed for item in before]) if before else "–",
                         *(_of_language(here, language) for language in LANGUAGES)))
    return table(("kind", "n", "caught", "false", *LANGUAGES), rows)


def _words(kind: str, where: str) -> str:
    told = WRITTEN.get(kind, f"{kind} swapped")
    return f"{told}, {'own language' if where == 'own' else 'other languages'}" if where else told


def _of_language(told: Sequence[Told], language: str) -> str:
    here = [item.silent for item in told if item.asked.case.language == language]
    return f"{sum(here)}/{len(here)}" if here else "–"


def _share(values: Sequence[bool]) -> str:
    return f"{sum(values) / len(values):.0%}" if values else "–"


def refusals(told: Sequence[Told]) -> str:
    """Of the answerable questions the share that is wrongly refused."""
    rows = [
        (where, len(here), _share([not item.answer.claims for item in here]))
        for where in ("own", "cross")
        if (here := [item for item in told if item.asked.kind == "answerable" and item.asked.where == where])
    ]
    return table(("answerable", "n", "wrongly 'not found'"), rows)


def main() -> None:
    """Ask, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, default=ROOT / "evals" / "golden")
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--no-write", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    flags = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data_dir = flags.data_dir or Path(folder)
        if not flags.data_dir:
            ingest = [sys.executable, "-m", "copilot", "--data-dir", str(data_dir), "ingest"]
            subprocess.run([*ingest, str(ROOT / "corpus_samples")], check=True, cwd=ROOT)
        with open_copilot(load_settings(data_dir=data_dir)) as copilot:
            cases = [case for case in load_cases(flags.set) if PENDING not in case.tags and not case.turns]
            good = [case for case in cases if case.answerable and case.as_of is None]
            asked = [Asked("answerable", case, case.question) for case in good]
            told = ask(copilot, [*written(cases), *swaps(copilot, good), *asked])
    if flags.verbose:
        _print_wrong(told)
    text = f"{summary(told)}\n\n{refusals(told)}"
    print(text)
    if not flags.no_write:
        note = f"Measured by `benchmarks/abstention.py` over `{flags.set.name}` ({machine()})."
        write_section("abstention", "What no document answers", f"{text}\n\n{note}")


def _print_wrong(told: Sequence[Told]) -> None:
    for item in told:
        known = item.asked.kind in WRITTEN or item.asked.kind in SWAPS
        if known and not item.silent or item.asked.kind.endswith("was") and item.falsely_missed:
            quotes = [citation.quote[:90] for claim in item.answer.claims[:1] for citation in claim.citations[:1]]
            print(f"{item.asked.kind} {item.asked.case.id} {item.asked.question} -> {item.answer.probability} "
                  f"{item.answer.missing} {quotes}")


if __name__ == "__main__":
    main()
