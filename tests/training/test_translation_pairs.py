"""What is learned from, what is held out, and the sentences that are composed."""

import re

from training.translation import workshop
from training.translation.pairs import Pair, held, masked, sensible, split
from training.translation.recipe import MASKS

HELD = next(text for text in (f"This is the sentence number {number}." for number in range(9999)) if held(text))


def test_split_never_trains_on_held_out_sources_or_their_sentences() -> None:
    rows = [
        ("security-101", "A risk to the plant", "Un riesgo para la planta"),
        ("security-101/s", "A threat to the line", "Una amenaza para la línea"),
        ("oca", "A work order is open", "Una orden de trabajo está abierta"),
        ("odoo", "The order is open", "El pedido está abierto"),
        ("odoo", HELD, "Esta es la frase apartada."),
        ("blender", f"Another one. {HELD}", "Otra más. Esta es la frase apartada."),
    ]
    train, aside = split(rows, "all", into_english=True)
    assert [pair.source for pair in train] == ["El pedido está abierto"]
    assert [pair.origin for pair in aside["reported"]] == ["security-101", "security-101/s"]
    assert [pair.origin for pair in aside["calibrated"]] == ["oca"]
    assert [pair.target for pair in aside["slice"]] == [HELD, f"Another one. {HELD}"]


def test_split_permissive_leaves_copyleft_sources_out() -> None:
    rows = [("odoo", "The order is open", "El pedido está abierto"), ("tldr", "Show the help", "Muestra la ayuda")]
    train, _ = split(rows, "permissive", into_english=False)
    assert [(pair.origin, pair.source) for pair in train] == [("tldr", "Show the help")]


def test_sensible_drops_copies_wild_lengths_and_texts_without_letters() -> None:
    assert sensible("The pump is off", "La bomba está apagada", "odoo")
    assert not sensible("config.yml", "config.yml", "odoo")
    assert not sensible("123 %", "124 %", "odoo")
    assert not sensible("Off", "La bomba se ha apagado por un fallo", "odoo")


def test_masked_replaces_what_both_sides_share_once() -> None:
    found = masked(Pair("x", "Use el puerto 8080 de ABC-12.", "Use port 8080 of ABC-12."), 1)
    assert found == Pair("x", f"Use el puerto {MASKS[0]} de {MASKS[1]}.", f"Use port {MASKS[0]} of {MASKS[1]}.")
    assert masked(Pair("x", "Use el puerto 8080.", "Use port 8081."), 1) is None


def test_workshop_pairs_are_many_different_repeatable_and_keep_masks() -> None:
    made = workshop.pairs(2000)
    assert len({pair.source for pair in made}) == 2000 and made == workshop.pairs(2000)
    for pair in made:
        assert re.findall(r"⟦\d+⟧", pair.source) == re.findall(r"⟦\d+⟧", pair.target)
        assert not re.search(r"[{}@_]", pair.source + pair.target)


def test_workshop_pairs_agree_in_gender_and_number() -> None:
    text = "\n".join(pair.source for pair in workshop.pairs(6000))
    assert not re.search(r"\bde el\b|\bla (?:tornillo|sensor)\b|\bel (?:bomba|tuerca)\b|\bla agua\b", text)
    feminine = re.findall(r"^La (?:bomba|tapa|junta|puerta|rueda|celda) está (\w+)\.$", text, re.MULTILINE)
    assert feminine and not [state for state in feminine if state.endswith("o")]
    assert not re.search(r"^Los \w+ deben estar \w+[ao]\.$", text, re.MULTILINE)


def test_workshop_headings_repeat_with_other_masks() -> None:
    made = workshop.headings(2)
    pages = [pair for pair in made if pair.source.startswith("Página ⟦")]
    assert [pair.target for pair in pages] == ["Page ⟦0⟧ of ⟦1⟧", "Page ⟦1⟧ of ⟦2⟧"]
