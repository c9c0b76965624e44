"""A judge without a language model: it answers RAGAS's faithfulness prompts by stems, numbers and codes."""

from __future__ import annotations

import functools
import json
from typing import Any

from ragas.llms.base import InstructorBaseRagasLLM
from ragas.metrics.collections.faithfulness.util import (
    NLIStatementOutput,
    StatementFaithfulnessAnswer,
    StatementGeneratorOutput,
)

from copilot.language import concepts, detect, sentences
from evals.metrics.figures import figures, lacking

COVERED = 0.6  # the least share of a statement's content words that must stand in the context
_INPUT, _END = "Now perform the same with the following input\ninput: ", "\nOutput: "


class LexicalJudge(InstructorBaseRagasLLM):
    """Deterministic: a statement is a sentence; it is supported where the context holds its numbers and codes, and
    most of its content words as stems, or as their translations where the context is in another language.
    """

    def generate(self, prompt: str, response_model: Any) -> Any:
        """The judgement; TypeError for a prompt other than faithfulness's two."""
        given = _given(prompt)
        if response_model is StatementGeneratorOutput:
            return StatementGeneratorOutput(statements=_statements(given["answer"]))
        if response_model is NLIStatementOutput:
            answers = [_judged(statement, given["context"]) for statement in given["statements"]]
            return NLIStatementOutput(statements=answers)
        raise TypeError(f"the lexical judge knows no {response_model.__name__}")

    async def agenerate(self, prompt: str, response_model: Any) -> Any:
        """The same; nothing is waited for."""
        return self.generate(prompt, response_model)


def supported(statement: str, context: str) -> tuple[bool, str]:
    """Whether the context supports the statement, and why not."""
    language = detect(statement, "")
    missing = lacking(figures(statement, language), context)
    if missing:
        return False, f"lacks {', '.join(missing)}"
    words = [concept.terms for concept in concepts(statement, language) if concept.kind == "word"]
    if not words:
        return True, "numbers and codes stand in the context"
    held = _stems(context, language)
    share = sum(_stands(terms, language, held) for terms in words) / len(words)
    return share >= COVERED, f"{share:.0%} of the words stand in the context"


def _judged(statement: str, context: str) -> StatementFaithfulnessAnswer:
    verdict, reason = supported(statement, context)
    return StatementFaithfulnessAnswer(statement=statement, reason=reason, verdict=int(verdict))


def _given(prompt: str) -> dict[str, Any]:
    """The input that RAGAS writes at the end of its prompt as JSON."""
    given: dict[str, Any] = json.loads(prompt.rpartition(_INPUT)[2].rpartition(_END)[0])
    return given


def _statements(answer: str) -> list[str]:
    return [answer[start:end] for start, end in sentences(answer)]


@functools.lru_cache(maxsize=256)
def _stems(context: str, language: str) -> dict[str, frozenset[str]]:
    """By language the terms of the context's lines in it; of all lines as if they were in the language given."""
    found = {language: {term for concept in concepts(context, language) for term in concept.terms}}
    for line in context.splitlines():
        spoken = detect(line, "")
        for concept in concepts(line, spoken) if spoken != language else ():
            found.setdefault(spoken, set()).update(concept.terms)
    return {spoken: frozenset(terms) for spoken, terms in found.items()}


def _stands(terms: tuple[str, ...], language: str, held: dict[str, frozenset[str]]) -> bool:
    if any(term in stems for stems in held.values() for term in terms):
        return True
    if not language:
        return False
    table = _table()
    return any(
        translated in stems for other, stems in held.items() if other and other != language
        for term in terms for translated, _ in table.translations(term, language, other)
    )


@functools.cache
def _table() -> Any:
    from copilot.language.wordtable import open_word_table

    return open_word_table()
