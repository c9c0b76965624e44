from __future__ import annotations

import pytest

from copilot.verification import SUPPORTED, Source, Verifier

EN = (
    "Remove the cover only when the pump has stopped. The eight cover screws M6 are tightened to 9 Nm in two stages. "
    "Never reuse the seal 7712-04. The oil temperature must not exceed 65 °C; above 70 °C the controller stops the "
    "pump. "
    "The inlet valve opens before the outlet valve."
)
DE = (
    "Die Pumpe wird erst nach 30 Minuten Stillstand geöffnet. Der Filter FK-20 darf nicht gewaschen werden. "
    "Das Öl wird alle 1.200 Betriebsstunden gewechselt, spätestens nach zwei Jahren."
)
ZH = "泵体螺栓拧紧力矩为9 N·m。密封圈不得重复使用。油温不得超过65 °C。"


def check(verifier: Verifier, sentence: str, language: str, text: str, source: str) -> tuple[bool, str]:
    found = verifier.check(sentence, language, [Source(text, source)])
    return found.score >= SUPPORTED, found.reason.split(":")[0]


@pytest.mark.parametrize(
    ("sentence", "language", "text", "source"),
    [
        ("The eight M6 cover screws get 9 Nm in two stages.", "en", EN, "en"),
        ("The oil temperature may be at most 65 °C.", "en", EN, "en"),
        ("Die acht Deckelschrauben M6 werden in zwei Stufen mit 9 Nm angezogen.", "de", EN, "en"),
        ("The filter FK-20 must not be washed.", "en", DE, "de"),
        ("Das Öl wird alle 1.200 Betriebsstunden gewechselt.", "de", DE, "de"),
        ("油温最高为65 °C。", "zh", ZH, "zh"),
    ],
)
def test_a_paraphrase_or_translation_is_supported(
    verifier: Verifier, sentence: str, language: str, text: str, source: str
) -> None:
    assert check(verifier, sentence, language, text, source) == (True, "supported")


@pytest.mark.parametrize(
    ("sentence", "language", "text", "source", "code"),
    [
        ("The eight cover screws M6 are tightened to 10 Nm.", "en", EN, "en", "number"),
        ("The six cover screws M6 are tightened to 9 Nm.", "en", EN, "en", "number"),
        ("The eight cover screws M6 are tightened to 9 lbf·ft.", "en", EN, "en", "unit"),
        ("Never reuse the seal 7712-05.", "en", EN, "en", "identifier"),
        ("The filter FK-21 must not be washed.", "en", DE, "de", "identifier"),
        ("L'huile se change toutes les 1 300 heures.", "fr", DE, "de", "number"),
        ("油温不得超过75 °C。", "zh", ZH, "zh", "number"),
    ],
)
def test_an_altered_figure_is_never_supported_and_is_named(
    verifier: Verifier, sentence: str, language: str, text: str, source: str, code: str
) -> None:
    assert check(verifier, sentence, language, text, source) == (False, code)


@pytest.mark.parametrize(
    ("sentence", "language", "text", "source"),
    [
        ("Reuse the seal 7712-04.", "en", EN, "en"),
        ("The oil temperature must be at least 65 °C.", "en", EN, "en"),
        ("The outlet valve opens at 60 mbar.", "en", "At 60 mbar the outlet valve closes.", "en"),
        ("Der Filter FK-20 darf gewaschen werden.", "de", DE, "de"),
        ("The filter FK-20 may be washed.", "en", DE, "de"),
        ("密封圈可以重复使用。", "zh", ZH, "zh"),
        ("油温不得低于65 °C。", "zh", ZH, "zh"),
    ],
)
def test_a_meaning_turned_round_is_not_supported(
    verifier: Verifier, sentence: str, language: str, text: str, source: str
) -> None:
    assert not check(verifier, sentence, language, text, source)[0]


def test_two_ways_to_say_no_are_no_contradiction(verifier: Verifier) -> None:
    source = "Do not open the drain valve during the test."
    assert check(verifier, "The drain valve stays closed during the test.", "en", source, "en")[1] != "negation"
    assert check(verifier, "The drain valve is not opened during the test.", "en", source, "en")[0]
    assert check(verifier, "Open the drain valve during the test.", "en", source, "en")[1] == "negation"


def test_a_number_in_another_unit_is_supported(verifier: Verifier) -> None:
    source = "The drain plug is tightened to 25 Nm."
    assert check(verifier, "The drain plug is tightened to 18.4 lbf·ft.", "en", source, "en")[0]
    assert check(verifier, "The drain plug is tightened to 19.4 lbf·ft.", "en", source, "en")[1] == "number"


def test_the_mark_of_decimals_follows_the_language(verifier: Verifier) -> None:
    assert check(verifier, "Der Druck beträgt 2,5 bar.", "de", "The pressure is 2.5 bar.", "en")[0]
    assert check(verifier, "Der Weg beträgt 1.250 mm.", "de", "The travel is 1,250 mm.", "en")[0]
    assert check(verifier, "Der Druck beträgt 25 bar.", "de", "The pressure is 2.5 bar.", "en")[1] == "number"


def test_what_another_row_says_is_not_said_of_this_one(verifier: Verifier) -> None:
    rows = "Joint\tTorque (Nm)\nPump housing\t24\nMotor flange\t52\nTerminal cover\t6"
    assert check(verifier, "The torque of the motor flange is 52 Nm.", "en", rows, "en")[0]
    assert not check(verifier, "The torque of the terminal cover is 52 Nm.", "en", rows, "en")[0]


def test_a_sentence_may_rest_on_two_sources(verifier: Verifier) -> None:
    sources = [Source("The pump P-11 delivers 40 l/min.", "en"), Source("Die Pumpe P-12 fördert 55 l/min.", "de")]
    found = verifier.check("Pump P-11 delivers 40 l/min and pump P-12 delivers 55 l/min.", "en", sources)
    assert found.reason.split(":")[0] not in ("number", "identifier")


def test_without_a_source_nothing_is_supported(verifier: Verifier) -> None:
    assert verifier.check("The pump is blue.", "en", []).reason == "no source"
    assert verifier.check("The pump is blue.", "en", [Source("  ", "en")]).score == 0.0


def test_it_works_without_word_table_and_embedder() -> None:
    bare = Verifier()
    assert bare.check("Never reuse the seal 7712-04.", "en", [Source(EN, "en")]).score >= SUPPORTED
    assert bare.check("Never reuse the seal 7712-05.", "en", [Source(EN, "en")]).reason.startswith("identifier")


PRESSURE = "Das Ventil darf nicht unter Druck demontiert werden."
STORE = "Store at 10 to 25 °C. The fuse is 1 A."
BOLTS = "Bolt A: 20 Nm, bolt B: 35 Nm."


@pytest.mark.parametrize(
    ("sentence", "language", "text", "source", "supported"),
    [
        ("Das Ventil darf unter Druck demontiert werden.", "de", PRESSURE, "de", False),
        ("The valve may be dismantled under pressure.", "en", PRESSURE, "de", False),
        ("La vanne ne doit pas être démontée sous pression.", "fr", PRESSURE, "de", True),
        ("Das Seil über die Kante ziehen.", "de", "Das Seil nicht über die Kante ziehen.", "de", False),
        ("Il filtro può essere smontato sotto pressione.", "it",
         "Il filtro non deve essere smontato sotto pressione.", "it", False),
        ("The pressure must be at least 5 bar.", "en", "The pressure must not be below 5 bar.", "en", True),
        ("Nobody may enter the cell while it runs.", "en", "You must not enter the cell while it runs.", "en", True),
    ],
)
def test_a_preposition_is_a_comparison_only_before_a_number(
    verifier: Verifier, sentence: str, language: str, text: str, source: str, supported: bool
) -> None:
    assert check(verifier, sentence, language, text, source)[0] == supported


@pytest.mark.parametrize(
    ("sentence", "language", "text", "source"),
    [
        ("Die Pumpe ohne Dichtung montieren.", "de", "Die Pumpe nur mit Dichtung montieren.", "de"),
        ("Install the pump without a gasket.", "en", "Die Pumpe nur mit Dichtung montieren.", "de"),
        ("La pompe peut fonctionner sans capot.", "fr", "La pompe ne doit fonctionner qu'avec le capot.", "fr"),
        ("Monter la pompe avec le joint.", "fr", "Monter la pompe sans le joint.", "fr"),
    ],
)
def test_without_a_part_is_the_contrary_of_with_it(
    verifier: Verifier, sentence: str, language: str, text: str, source: str
) -> None:
    assert check(verifier, sentence, language, text, source) == (False, "negation")


@pytest.mark.parametrize(
    ("sentence", "text", "reason"),
    [
        ("The fuse is 10 A.", STORE, "unit"),
        ("The fuse is 10 A.", STORE.replace(" to ", "-"), "unit"),
        ("Store at 10 °C.", STORE, "number"),
        ("Store at a minimum of 10 °C.", STORE, "supported"),
        ("Store at 10 to 25 °C.", STORE, "supported"),
        ("Bolt A is tightened to 35 Nm.", BOLTS, "number"),
        ("Bolt A: 35 Nm.", "Bolt A is tightened to 20 Nm. Bolt B is tightened to 35 Nm.", "number"),
        ("Bolt B: 35 Nm.", BOLTS, "supported"),
        ("The cover screw gets 20 Nm.", "The housing screw gets 20 Nm, the cover screw gets 35 Nm.", "number"),
    ],
)
def test_a_value_holds_for_its_own_unit_range_and_thing(
    verifier: Verifier, sentence: str, text: str, reason: str
) -> None:
    assert check(verifier, sentence, "en", text, "en")[1] == reason
