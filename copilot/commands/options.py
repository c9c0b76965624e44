"""The options that several commands share, and how they become a question and a principal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.errors import UsageError
from copilot.types import LANGUAGES, Principal, Question, Turn

if TYPE_CHECKING:
    from copilot.settings import Settings

Lang = Annotated[
    str, typer.Option("--lang", help=f"Language of the answer ({', '.join(LANGUAGES)}); else the question's.")
]
QuestionLang = Annotated[
    str, typer.Option("--question-lang", help=f"Language of the question ({', '.join(LANGUAGES)}); else detected.")
]
DocLangs = Annotated[
    list[str] | None,
    typer.Option("--doc-lang", metavar="LANG", help="Only passages in this language; may be repeated."),
]
Kbs = Annotated[
    list[str] | None, typer.Option("--kb", metavar="NAME", help="Only this knowledge base; may be repeated.")
]
Documents = Annotated[
    list[str] | None,
    typer.Option(
        "--document", metavar="NAME", help="Only this document: its id, number, file name or title; may be repeated."
    ),
]
AsOf = Annotated[
    str, typer.Option("--as-of", metavar="DATE", help="What held on that day (YYYY-MM-DD), superseded revisions too.")
]
AsUser = Annotated[str, typer.Option("--as", metavar="USER", help="Who asks; else the settings' user.")]
Groups = Annotated[
    str, typer.Option("--groups", metavar="A,B", help="The groups of who asks, separated by commas.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]


def language(text: str) -> str:
    """A language code in lower case ('de-DE' is 'de'); UsageError where it is none of ours. Empty stays empty."""
    code = text.strip().lower().replace("_", "-").partition("-")[0]
    if code and code not in LANGUAGES:
        raise UsageError(f"'{text}' is no language that is known here.", f"Take one of {', '.join(LANGUAGES)}.")
    return code


def day(text: str) -> dt.date | None:
    """An ISO date; UsageError where it is none. Empty is None."""
    if not text.strip():
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"'{text}' is no date.", "Write it as YYYY-MM-DD, say 2025-03-01.") from error


def split(text: str) -> tuple[str, ...]:
    """The parts between commas, without blanks and repetitions, in order."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def principal(settings: Settings, user: str, groups: str) -> Principal:
    """Who asks: ``--as`` and ``--groups``; without ``--as`` the local user of the settings with the settings' groups.

    The settings' groups are the local user's own: another user does not inherit them.
    """
    named = split(groups)
    if user.strip():
        return Principal(user.strip(), named)
    return Principal(settings.user, named or settings.groups)


def plain(text: str) -> str:
    """The text with bytes that were no UTF-8 on the command line replaced, so that it can be printed again."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def question(
    text: str, lang: str = "", kbs: Iterable[str] | None = None, documents: Iterable[str] | None = None,
    as_of: str = "", question_lang: str = "", doc_langs: Iterable[str] | None = None,
    turns: Iterable[str] | None = None,
) -> Question:
    """A question from options; UsageError names the option that cannot be taken."""
    bounds = tuple(filter(None, map(language, doc_langs or ())))
    return Question(
        text=plain(text), language=language(question_lang), answer_language=language(lang),
        knowledge_bases=tuple(kbs or ()), documents=tuple(documents or ()),
        filters={"language": bounds} if bounds else {}, as_of=day(as_of),
        turns=tuple(Turn(plain(turn)) for turn in turns or () if turn.strip()),
    )
