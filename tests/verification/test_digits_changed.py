"""Any single digit changed in a sentence copied from its source is caught."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.verification import SUPPORTED, Source, Verifier

SENTENCES = (
    ("en", "Tighten the 38 bolts 5520-117 to 24 Nm, then by 90 degrees, at 15 to 30 °C."),
    ("en", "The plant built 18,462 vehicles between 4 March 2024 and 31 January 2025 (report VR-2025-0117)."),
    ("de", "Nach 60.000 Schaltspielen oder ab 250 A Last werden K1 und K2 ersetzt; Kaltwiderstand 0,28 mΩ."),
    ("fr", "Sur 500 batteries, 46 avaient un angle décollé de plus de 5 mm ; valeur minimale 8 N le 12/05/2025."),
    ("es", "El par es de 2,5 Nm con el tornillo JR-8804 en la estación 12, cada 1.500 horas."),
    ("it", "Il robot R7 applica 14 g/s con tolleranza 1 g/s a 38 °C, codice TR-55."),
    ("pl", "Zawór ZM-2205 dokręca się momentem 6,5 Nm od 2 czerwca 2025 r., wersja 5.0.7."),
    ("pt", "O vácuo foi de 180 mbar e o limite é de 60 mbar na cavidade 2 (peça CT-7718-03)."),
    ("zh", "批次LX2503-17共20,800只电芯，静置7天，电压下降不得超过3.0 mV，2025年4月14日。"),
)
AROUND = {
    "en": "The cover is cleaned beforehand. {} The result is written on the card.",
    "zh": "先清洁表面。{}结果记入卡片。",
}
VERIFIER = Verifier()


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_single_digit_changed_in_a_copied_sentence_is_caught(data: st.DataObject) -> None:
    language, sentence = data.draw(st.sampled_from(SENTENCES))
    places = [match.start() for match in re.finditer(r"\d", sentence)]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([char for char in "0123456789" if char != sentence[place]]))
    changed = sentence[:place] + digit + sentence[place + 1 :]
    source = Source(AROUND.get(language, AROUND["en"]).format(sentence), language)
    assert VERIFIER.check(sentence, language, [source]).score >= SUPPORTED
    found = VERIFIER.check(changed, language, [source])
    assert found.score < SUPPORTED, (changed, found)
    assert found.reason.split(":")[0] in ("number", "identifier", "unit")
