"""What is left out early could not have mattered: the full features say so."""

from __future__ import annotations

import itertools

import pytest

from copilot.conflicts.comparing import default_near, default_wording
from copilot.conflicts.likeness import features, grounded, likeness, partner
from copilot.conflicts.statements import kinds, statements
from copilot.verification.sources import Source

FLOOR = 0.3
PASSAGES = (
    Source("The wheel bolts are tightened to 140 Nm. The coolant is changed every 2 years.", "en"),
    Source("Die Radschrauben werden mit 160 Nm angezogen. Die Abdeckung bleibt geschlossen.", "de"),
    Source("Screw: wheel bolt M14 | Torque (Nm): 150 | Tool: socket 19", "en"),
    Source("The cover stays closed while the fan runs.", "en"),
    Source("Do 90 °C można pracować bez ograniczeń; śruby kół dokręca się momentem 120 Nm.", "pl"),
)


def pairs() -> list[tuple[int, int]]:
    return list(itertools.permutations(range(len(PASSAGES)), 2))


@pytest.mark.parametrize("kin", (True, False))
def test_pairs_left_out_early_are_unlikely_or_ungrounded_and_others_keep_their_features(kin: bool) -> None:
    wording, near = default_wording(), default_near()
    left_out, kept = 0, 0
    for first, second in pairs():
        for a, b in itertools.product(statements(PASSAGES[first]), statements(PASSAGES[second])):
            whole = features(wording, near, a, b, ("", ""), 0.0)
            found = partner(wording, near, a, b, ("", ""), 0.0, FLOOR, kin)
            if found:
                kept += 1
                assert found == whole
            else:
                left_out += 1
                assert likeness(whole) < FLOOR or not kin and not grounded(whole)
    assert left_out and kept


def test_the_kinds_of_a_passage_are_those_of_its_statements_and_none_where_it_gives_no_value() -> None:
    for source in PASSAGES:
        assert {item.kind for item in statements(source)} <= kinds(source)
    assert not kinds(PASSAGES[3])
    assert kinds(PASSAGES[2]) & {item.kind for item in statements(PASSAGES[0])}
