from __future__ import annotations

import datetime as dt

from streamlit.testing.v1 import AppTest

from copilot.types import Answer, Applicability, Citation, CitedDocument, Claim, Conflict, Reading, Support, Verdict
from copilot.ui.conditions import _together, scopes
from copilot.ui.texts import texts_of


def citation(marker: int, title: str, **more: object) -> Citation:
    document = CitedDocument(title, f"file:///{title}", title, "en", "B", "released", **more)  # type: ignore[arg-type]
    return Citation(marker, document, (1,), (), "", "quote")


def answer() -> Answer:
    first = citation(1, "Old sheet", effective=dt.date(2024, 1, 1), applicability=Applicability(sites=("Turin",)))
    second = citation(2, "New sheet", owner="B. New", applicability=Applicability(sites=("Turin",)))
    claim = Claim("It is 35 Nm.", "original", (first, second), Support(1.0, ""))
    conflict = Conflict("drain plug", (Reading("35 Nm", first), Reading("25 Nm", second, newest=True)))
    return Answer(
        "q", "en", Verdict.ANSWERED, "It is 35 Nm.", (claim,), (first, second), conflicts=(conflict,)
    )


def test_documents_that_apply_to_the_same_share_a_line() -> None:
    lines = scopes(answer(), texts_of("en"))
    assert len(lines) == 1
    assert lines[0].replace("\\", "").endswith("Applies to: Turin")
    assert "1" in lines[0] and "2" in lines[0]


def test_what_the_sources_disagree_on_is_warned_of_with_the_newest_and_whom_to_ask() -> None:
    def page() -> None:
        from tests_conditions_answer import made  # type: ignore[import-not-found]

        from copilot.ui.conditions import draw_conditions
        from copilot.ui.texts import texts_of

        draw_conditions("t1", made(), texts_of("de"))

    import sys
    import types

    module = types.ModuleType("tests_conditions_answer")
    module.made = answer  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    try:
        shown = AppTest.from_function(page).run()
    finally:
        del sys.modules[module.__name__]
    told = shown.warning[0].value
    assert "Die Quellen widersprechen sich" in told and "drain plug" in told
    assert "[A](#cite-t1-r0) **35 Nm**" in told and "[B](#cite-t1-r1) **25 Nm**" in told
    assert "die neueste" in told and "New" in told


def test_pairs_about_one_thing_are_told_together_and_none_is_newest_that_another_value_equals() -> None:
    manual = citation(1, "Manual", effective=dt.date(2025, 3, 1))
    italian = citation(2, "Manuale", effective=dt.date(2025, 3, 1))
    sheet = citation(3, "Sheet", effective=dt.date(2025, 2, 17))
    told = _together((
        Conflict("bolt", (Reading("24 Nm", manual), Reading("28 Nm", italian))),
        Conflict("bolt", (Reading("24 Nm", sheet), Reading("28 Nm", italian, newest=True))),
    ))  # fmt: skip
    ((subject, readings),) = told
    assert subject == "bolt"
    found = [(item.value, item.citation.document.title, item.newest) for item in readings]
    assert found == [("24 Nm", "Manual", False), ("24 Nm", "Sheet", False), ("28 Nm", "Manuale", False)]
