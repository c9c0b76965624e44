"""How results are printed: one JSON object, or text for people; stdout holds nothing else."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sys
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import unquote, urlparse

from copilot.answering.numbering import readable
from copilot.commands.labels import Labels, labels
from copilot.types import Answer, Citation, CitedDocument, Conflict, Document, Hit, SearchResult, Verdict, to_json

_KEPT = "\n\t"


@contextlib.contextmanager
def quiet_stdout() -> Iterator[TextIO]:
    """Give the real stdout, and send to stderr what libraries print meanwhile."""
    real = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        yield real


def write_json(out: TextIO, value: Any) -> None:
    """One object on one line."""
    out.write(json.dumps(to_json(value), ensure_ascii=False) + "\n")
    out.flush()


def clean(text: str) -> str:
    """The text without control and direction characters: a document must not steer the reader's terminal."""
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def one_line(text: str) -> str:
    """Cleaned, with any white space as single blanks; a table row's tabs as bars."""
    return " ".join(clean(text).replace("\t", " | ").split())


def shown_path(uri: str) -> str:
    """A file's address as a path, short where it lies below the working folder; other addresses as they are."""
    parsed = urlparse(uri)
    if parsed.scheme != "file":
        return one_line(uri)
    path = Path(unquote(parsed.path))
    with contextlib.suppress(ValueError):
        path = path.relative_to(Path.cwd())
    return one_line(str(path))


def _join(*parts: str) -> str:
    return " · ".join(one_line(part) for part in parts if part)


def _head(document: CitedDocument | Document, say: Labels) -> str:
    revision = say("revision", text=document.revision) if document.revision else ""
    return _join(document.title or document.uri, document.language, revision, document.status)


def _place(document: CitedDocument | Document, pages: Iterable[int], locator: str, say: Labels) -> str:
    """Pages are told where a reader can turn them; slides, sheets and headings stand in the locator."""
    path = shown_path(document.uri)
    numbers = ", ".join(str(page) for page in dict.fromkeys(pages))
    page = say("page", text=numbers) if numbers and path.lower().endswith(".pdf") else ""
    return _join(path, page, locator.removeprefix(f"{document.title} > "))


def _sources(citations: Iterable[Citation], say: Labels, told: Collection[str] = ()) -> Iterator[str]:
    """Each place once, with its quotes below but for those ``told`` above as they stand."""
    places: dict[tuple[str, str], dict[str, str]] = {}
    scopes: dict[tuple[str, str], str] = {}
    for citation in citations:
        head = f"[{citation.marker}] {_head(citation.document, say)}"
        place = _place(citation.document, citation.pages, citation.locator, say)
        places.setdefault((head, place), {}).setdefault(citation.quote, citation.quote_translated)
        scopes.setdefault((head, place), _scope(citation.document))
    for (head, place), quotes in places.items():
        yield from (head, f"    {place}")
        if scopes[head, place]:
            yield f"    {say('applies_to', text=one_line(scopes[head, place]))}"
        for quote, translated in quotes.items():
            if quote in told:
                continue
            yield f"    \u201c{one_line(quote)}\u201d"
            if translated:
                yield f"    {say('translation', text=one_line(translated))}"


def _scope(document: CitedDocument) -> str:
    from copilot.conflicts.applicability import scope

    return scope(document.applicability)


def _disagreements(conflicts: Iterable[Conflict], say: Labels) -> Iterator[str]:
    """Each conflict with what its sources say, which of them is the newest, and whom to ask."""
    for conflict in conflicts:
        yield from ("", say("conflict", text=one_line(conflict.subject)))
        for reading in conflict.readings:
            document = reading.citation.document
            date = document.effective.isoformat() if document.effective else ""
            newest = say("newest") if reading.newest else ""
            told = _join(f"{reading.value} [{reading.citation.marker}]", _head(document, say), date, newest)
            yield f"    {told}"
        owners = dict.fromkeys(item.citation.document.owner for item in conflict.readings)
        asked = "; ".join(one_line(owner) for owner in owners if owner)
        if asked:
            yield f"    {say('ask_owner', text=asked)}"


def _sentences(answer: Answer, say: Labels) -> Iterator[str]:
    if not answer.claims:
        yield one_line(answer.text)
    for number, claim in enumerate(answer.claims, 1):
        markers = "".join(dict.fromkeys(f"[{citation.marker}]" for citation in claim.citations))
        kind = f" ({told})" if (told := say.kind(claim.kind)) else ""
        count = f"{number}. " if answer.shape == "steps" and not claim.text[:1].isdigit() else ""
        yield count + f"{one_line(readable(claim))} {markers}".rstrip() + kind


def _near(spellings: Iterable[str], say: Labels) -> list[str]:
    shown = ", ".join(one_line(item) for item in spellings)
    return [say("did_you_mean", text=shown)] if shown else []


def _nothing(answer: Answer, say: Labels) -> Iterator[str]:
    """What was searched without success, and what came closest."""
    total = sum(answer.searched.values())
    if total:
        counts = ", ".join(f"{language} {count:,}" for language, count in sorted(answer.searched.items()))
        yield say("searched", count=f"{total:,}", text=counts)
    if answer.closest:
        yield from ("", say("closest"))
        numbered = (dataclasses.replace(item, marker=number) for number, item in enumerate(answer.closest, 1))
        yield from _sources(numbered, say)


def answer_text(answer: Answer, language: str = "") -> str:
    """An answer for people: its sentences with markers, then the sources, each with place and quote.

    What stands around it is said in ``language``, else in English.
    """
    say = labels(language)
    lines = [say("understood", text=one_line(answer.standalone)), ""] if answer.standalone else []
    lines += _sentences(answer, say)
    if answer.verdict is Verdict.PARTIAL and answer.missing:
        lines.append(say("missing", text=", ".join(one_line(item) for item in answer.missing)))
    lines += _nothing(answer, say) if answer.verdict is Verdict.NOT_FOUND else []
    lines += _near(answer.did_you_mean, say)
    lines += [say("note", text=one_line(warning)) for warning in answer.warnings if warning != answer.text]
    lines += _disagreements(answer.conflicts, say)
    citations = answer.citations or tuple(item for claim in answer.claims for item in claim.citations)
    if citations:
        # Twenty steps are not printed twice.
        told = {claim.text for claim in answer.claims} if answer.shape in ("steps", "list") else ()
        lines += ["", say("sources"), *_sources(citations, say, told)]
    return "\n".join(lines)


_LEG_NAMES = {"sparse": "words", "grams": "letters", "dense": "meaning"}


def _hit(number: int, hit: Hit, explain: bool) -> Iterator[str]:
    yield f"{number:>3}. {hit.score:.3f}  {_head(hit.document, labels())}"
    spans = hit.chunk.spans
    yield "     " + _place(hit.document, (span.page for span in spans), spans[0].locator if spans else "", labels())
    text = one_line(hit.chunk.text)
    yield "     " + (text if len(text) <= 240 else text[:239] + "…")
    if explain:
        legs = ", ".join(
            f"{_LEG_NAMES.get(name, name)} {leg.contribution:+.2f} (rank {leg.rank}, {leg.score:.3f})"
            for name, leg in hit.legs.items()
        )
        rest = hit.score - sum(leg.contribution for leg in hit.legs.values())
        yield f"     {hit.chunk.language}: {legs or 'none'}{f', fixed {rest:+.2f}' if abs(rest) >= 0.005 else ''}"
        yield f"     chunk {hit.chunk.id}"


def search_text(result: SearchResult, explain: bool) -> str:
    """Hits for people, best first; ``explain`` adds the legs, the variants of the question and the times.

    Where both lists hold something they are told apart, the question's own language first.
    """
    if result.own and result.others:
        lines = [f"In the question's language ({result.language})"]
        lines += [line for number, hit in enumerate(result.own, 1) for line in _hit(number, hit, explain)]
        lines += ["", "In other languages"]
        lines += [line for number, hit in enumerate(result.others, 1) for line in _hit(number, hit, explain)]
    else:
        lines = [line for number, hit in enumerate(result.hits, 1) for line in _hit(number, hit, explain)]
    if not lines:
        lines.append("Nothing was found among what may be read.")
    lines += _near(result.did_you_mean, labels())
    if explain:
        lines += [""]
        lines += ["A hit's score is the sum of what its legs add: words covered, letters shared, meaning (a cosine)."]
        lines += ["Identifiers that were asked for and the question's own language add a fixed part."]
        lines += [f"Language of the question: {result.language}"]
        lines += [f"Variant ({item.kind}, {item.language}): {one_line(item.text)}" for item in result.variants]
        lines += [f"{name}: {seconds:.3f} s" for name, seconds in result.timings_s.items()]
    return "\n".join(lines)
