from __future__ import annotations

from copilot.answering.conversions import asked_units
from copilot.drafting import drafted
from copilot.types import Citation, CitedDocument, Claim, Draft, Evidence, Question, Support


class Written:
    """An answerer whose draft the test wrote down."""

    name = "written"

    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def answer(self, evidence: Evidence) -> Draft:
        return self._draft


def made_of(claims: tuple[Claim, ...], question: str, language: str) -> Draft:
    *_, draft = drafted(Written(Draft(claims)), Evidence(Question(question), language, ()))
    assert isinstance(draft, Draft)
    return draft


def claim(quote: str, language: str = "en", columns: tuple[str, ...] = ()) -> Claim:
    document = CitedDocument("d", "file:///d.pdf", "Manual", language, "", "released")
    citation = Citation(1, document, (3,), (), "", quote, columns=columns)
    return Claim(quote, "original", (citation,), Support(0.9, "quoted verbatim"))


def told(question: str, language: str, *claims: Claim) -> list[tuple[str, str]]:
    made = made_of(claims, question, language)
    return [(item.kind, item.text) for item in made.claims]


def test_the_sources_own_string_comes_first_and_the_conversion_is_ours() -> None:
    quote = "Tighten the bolt to 25 Nm."
    made = made_of((claim(quote),), "What is the torque in lbf·ft?", "en")
    assert [(item.kind, item.text) for item in made.claims] == [
        ("original", quote),
        ("computed", "25 Nm = 18.4 lbf·ft"),
    ]
    assert made.claims[1].citations == made.claims[0].citations


def test_the_conversion_is_written_in_the_language_of_the_answer() -> None:
    found = told("Wie viel psi sind erlaubt?", "de", claim("do not exceed 2.2 bar"))
    assert found[1] == ("computed", "2.2 bar = 31,9 psi")


def test_a_quantity_asked_for_in_another_unit_is_shown_as_the_same() -> None:
    row = claim("Tornillo\tM12 x 1,5\t110", "es", ("Unión", "Rosca", "Par (Nm)"))
    assert told("Which bolt is tightened to 81.1 lbf·ft?", "en", row)[1] == ("computed", "110 Nm = 81.1 lbf·ft")


def test_a_unit_in_a_cell_of_its_own_belongs_to_the_number_of_its_row() -> None:
    row = claim("Masse avec liquide\t412\tkg", "fr", ("Caractéristique", "Valeur", "Unité"))
    assert told("Combien de livres pèse la batterie ?", "fr", row)[1] == ("computed", "412 kg = 908\u00a0lb")


def test_nothing_is_converted_that_was_not_asked_for() -> None:
    assert len(told("Which torque?", "en", claim("25 Nm"))) == 1
    assert len(told("What is it in psi?", "en", claim("25 Nm"))) == 1
    assert len(told("How many bar?", "en", claim("2.2 bar"))) == 1


def test_units_are_asked_for_in_each_language() -> None:
    asked = {
        "en": "torque in lbf·ft?",
        "de": "Mit wie viel lbf·ft ziehe ich an?",
        "fr": "couple en lbf·ft ?",
        "es": "¿Con cuántas libras-pie va sujeta?",
        "it": "la coppia in lbf·ft?",
        "pt": "Quantas libras-pé leva a porca?",
        "pl": "moment w lbf·ft?",
        "zh": "扭矩是多少磅力英尺？",
    }
    assert {language: asked_units(text, language) for language, text in asked.items()} == dict.fromkeys(
        asked, ("lbf·ft",)
    )


def test_words_that_look_like_units_ask_for_none() -> None:
    assert asked_units("Is it in a box of 5 m?", "en") == ()
    assert asked_units("In welcher Station?", "de") == ()


def test_only_the_first_claim_is_converted_and_of_its_lengths_the_one_asked_for() -> None:
    first = claim("The fording depth is 0.8 m, the turning circle measures 11 m.")
    found = told("What is the turning circle in ft?", "en", first, claim("The mast reaches 47 m."))
    assert [text for kind, text in found if kind == "computed"] == ["11 m = 36.1 ft"]
    row = claim("Alba\t2.1\t4.5\t1.2", "en", ("Van", "Height (m)", "Length (m)", "Load height (m)"))
    assert told("How long is the Alba in ft, its length?", "en", row)[1:] == [("computed", "4.5 m = 14.8 ft")]
