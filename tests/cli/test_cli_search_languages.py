from __future__ import annotations

from collections.abc import Callable
from typing import Any

Run = Callable[..., Any]


def test_search_takes_the_question_s_language_and_bounds_the_passages(run: Run, fake: Any) -> None:
    done = run("search", "torque", "--question-lang", "de-DE", "--doc-lang", "fr", "--doc-lang", "pl")
    assert done.exit_code == 0
    question, _ = fake.asked[-1]
    assert (question.language, question.filters) == ("de", {"language": ("fr", "pl")})


def test_search_without_them_detects_the_language_and_searches_all(run: Run, fake: Any) -> None:
    run("search", "torque")
    question, _ = fake.asked[-1]
    assert (question.language, dict(question.filters)) == ("", {})


def test_search_refuses_a_language_that_it_does_not_know(run: Run) -> None:
    for option in ("--question-lang", "--doc-lang"):
        done = run("search", "torque", option, "xx")
        assert done.exit_code == 2 and "'xx' is no language" in done.stderr
