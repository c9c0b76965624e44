"""Metrics of the answer as a whole: rightly or wrongly 'not found', its language, its time; and whether it is right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlparse

from copilot.types import UNKNOWN_LANGUAGE, Answer, Claim
from evals.metrics.citing import page_correct, quote_verbatim, uncited
from evals.metrics.leakage import no_leakage
from evals.metrics.matching import cited, groups
from evals.metrics.retrieval import recall
from evals.metrics.values import lacking_values, said, values
from evals.metrics.wording import COMPUTED, ORIGINAL, numeric_fidelity, shared_words
from evals.types import CaseSource, Observation, Score

COMPUTED_TAGS = frozenset(("rows",))
_ENOUGH_WORDS = 0.5  # another sentence of the same page shares a fifth of its words at most


def abstained(answer: Answer) -> bool:
    """Whether it answers nothing: no claim, whatever the verdict names as missing."""
    return not answer.claims


def abstention(observation: Observation) -> Score | None:
    """1 where 'not found' is said if and only if the corpus holds no answer for this principal."""
    if observation.answer is None:
        return None
    silent, answerable = abstained(observation.answer), observation.case.answerable
    if silent and answerable:
        return Score(0.0, "says 'not found' though the corpus answers it")
    if not silent and not answerable:
        return Score(0.0, f"answers though the corpus holds no answer: '{observation.answer.claims[0].text[:80]}'")
    return Score(1.0)


def right_refusal(observation: Observation) -> Score | None:
    """`abstention` over cases without an answer alone: the share rightly 'not found'."""
    return None if observation.case.answerable else abstention(observation)


def no_wrong_refusal(observation: Observation) -> Score | None:
    """Over cases with an answer alone: 1 where one is given, 0 where 'not found' is said wrongly."""
    return abstention(observation) if observation.case.answerable else None


def answer_language(observation: Observation) -> Score | None:
    """The share of the answer that is in the language asked for; 0 where the answer says it is in another.

    Each claim counts: a quote by the language of its document unless a translation stands beside it, any other by
    the language that the words show (where they are too few to tell, the answer's). Without a claim the text of the
    answer counts.
    """
    answer, case = observation.answer, observation.case
    if answer is None:
        return None
    wanted = case.answer_language or case.language
    if answer.language != wanted:
        return Score(0.0, f"answers in {answer.language} instead of {wanted}")
    languages = [_language_of(claim, wanted) for claim in answer.claims] or [_detected(answer.text, wanted)]
    others = [language for language in languages if language != wanted]
    return Score(1 - len(others) / len(languages), f"in {', '.join(others)}" if others else "")


def latency_s(observation: Observation) -> Score | None:
    """The time of asking in seconds: a figure to look at, lower is better; no gate rests on it."""
    return Score(observation.seconds) if observation.seconds > 0 else None


def right(observation: Observation) -> tuple[bool, str]:
    """Whether the case as a whole is right, and a sentence of why.

    Nothing restricted shows. Where the corpus holds no answer, none is given. Elsewhere an answer cites a right page
    (each of the readings, where sources contradict each other), its quotes stand in their sources, its numbers in
    its quotes, and it holds those numbers and codes of the reference that the source's quote holds too; of a reference
    without any it holds enough of the source's words. What is computed holds every number of the reference.
    In a retrieval run: a right passage is among the first ten hits.
    """
    why = next(_complaints(observation), "")
    return not why, why or _praise(observation)


def _complaints(observation: Observation) -> Iterator[str]:
    leak = no_leakage(observation)
    if leak is not None and leak.value < 1:
        yield leak.reason
    if observation.answer is None:
        found = recall(observation, 10)
        if found is not None and found.value < 1:
            yield f"{_wanted(observation)} is not among the first ten hits"
        return
    refusal = abstention(observation)
    if refusal is not None and refusal.value < 1:
        yield refusal.reason if observation.answer.claims else f"says 'not found' though {_wanted(observation)} answers"
    if observation.case.answerable:
        yield from _of_citations(observation)
    for score in (quote_verbatim(observation), numeric_fidelity(observation)):
        if score is not None and score.value < 1:
            yield score.reason
    if observation.case.answerable and (missing := _lacks(observation)):
        yield f"lacks {', '.join(missing)}"
    if observation.case.answerable and (source := _unsaid(observation)):
        yield f"says something else of {_named(source)} than '{source.quote[:80]}'"


def _of_citations(observation: Observation) -> Iterator[str]:
    assert observation.answer is not None
    missing, page = uncited(observation), page_correct(observation)
    if page is not None and page.value < 1:
        yield f"{page.reason} of {(missing or observation.case.sources)[0].document}"
    elif missing:
        found = dict.fromkeys(_file(citation.document.uri) for citation in cited(observation.answer))
        yield f"cites {', '.join(found) or 'nothing'} instead of {_named(missing[0])}"


def _lacks(observation: Observation) -> list[str]:
    """The reference's values that its sources prove; all of them of a case over rows or of what was computed."""
    case = observation.case
    assert observation.answer is not None
    missing = lacking_values(case.reference, case.language, said(observation.answer))
    claims = observation.answer.claims
    computed = bool(claims) and all(claim.kind == COMPUTED for claim in claims)
    if computed or not COMPUTED_TAGS.isdisjoint(case.tags):
        return missing
    quotes = [(source.quote, "") for source in case.sources]
    unproven = set(lacking_values(case.reference, case.language, quotes))
    return [value for value in missing if value not in unproven]


def _unsaid(observation: Observation) -> CaseSource | None:
    """Where the reference holds no value: a source of which the answer says nothing, by its words.

    Judged in the source's language alone: of an edition in another one the place has to do.
    """
    case, answer = observation.case, observation.answer
    assert answer is not None
    if not case.reference.strip() or not answer.claims or values(case.reference, case.language):
        return None
    return next((sources[0] for sources in groups(observation)
                 if not any(_says(answer, source, case.language) for source in sources)), None)  # fmt: skip


def _says(answer: Answer, source: CaseSource, fallback: str) -> bool:
    language = _detected(source.quote, fallback)
    spoken = {citation.document.language for citation in cited(answer)} - {UNKNOWN_LANGUAGE}
    if spoken and language not in spoken:
        return True
    told = [claim.text for claim in answer.claims] + [citation.quote for citation in cited(answer)]
    return any(shared_words(text, source.quote, language) >= _ENOUGH_WORDS for text in told)


def _praise(observation: Observation) -> str:
    if observation.answer is None:
        return "found"
    return "rightly 'not found'" if not observation.case.answerable else f"cites {_wanted(observation)}"


def _wanted(observation: Observation) -> str:
    return _named(observation.case.sources[0])


def _named(source: CaseSource) -> str:
    return f"page {source.page} of {source.document}"


def _file(uri: str) -> str:
    return PurePosixPath(unquote(urlparse(uri).path or uri)).name


def _language_of(claim: Claim, wanted: str) -> str:
    first = claim.citations[0] if claim.citations else None
    if claim.kind == ORIGINAL and first is not None and first.document.language != UNKNOWN_LANGUAGE:
        return wanted if first.quote_translated else first.document.language
    return _detected(claim.text, wanted)


def _detected(text: str, fallback: str) -> str:
    from copilot.language import detect

    return detect(text, fallback)
