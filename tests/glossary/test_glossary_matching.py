"""Terms are found inflected, longest first, acronyms by their case; and they widen queries in every language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from copilot.access import glossary_bases
from copilot.catalog import CURRENT, Catalog, Policy
from copilot.glossary import Glossary, Imported
from copilot.types import Document, KnowledgeBase, Principal

KB = ["service"]


def found(glossary: Glossary, text: str, source: str, target: str) -> list[tuple[str, str]]:
    return [(match.surface, match.target_term) for match in glossary.matches(text, source, target, KB)]


@pytest.mark.parametrize(("text", "source", "target", "expected"), [
    ("Die Drehmomente der Muttern an den Nockenwellen.", "de", "en",
     [("Drehmomente", "torque"), ("Muttern", "nut"), ("Nockenwellen", "camshaft")]),
    ("Dokręcić momentem obrotowym nakrętki wałka rozrządu.", "pl", "en",
     [("momentem obrotowym", "torque"), ("nakrętki", "nut"), ("wałka rozrządu", "camshaft")]),
    ("serrer l'écrou de l'arbre à\ncames", "fr", "zh", [("écrou", "螺母"), ("arbre à\ncames", "凸轮轴")]),
    ("拧紧扭矩和螺母,CAN总线", "zh", "de", [("扭矩", "Drehmoment"), ("螺母", "Mutter"), ("CAN总线", "CAN-Bus")]),
    ("Die Hochvolt-Batterie und Hochspannungsbatterien", "de", "fr",
     [("Hochvolt-Batterie", "batterie haute tension"), ("Hochspannungsbatterien", "batterie haute tension")]),
    ("DIE MUTTER DER HOCHVOLTBATTERIE", "de", "en", [("MUTTER", "nut"), ("HOCHVOLTBATTERIE", "high-voltage battery")]),
    ("The high-voltage battery, then the battery.", "en", "de",
     [("high-voltage battery", "Hochvoltbatterie"), ("battery", "Batterie")]),
    ("The nut. Torque it.", "en", "fr", [("nut", "écrou"), ("Torque", "couple")]),
])  # fmt: skip
def test_matches_inflected_multi_word_and_longest(
    glossary: Glossary, text: str, source: str, target: str, expected: list[tuple[str, str]]
) -> None:
    assert found(glossary, text, source, target) == expected


@pytest.mark.parametrize(("language", "term", "text"), [
    ("pt", "pinhão", "dos pinhões"), ("pt", "painel", "os painéis"), ("pt", "fusível", "dois fusíveis"),
    ("es", "luz", "las luces"), ("es", "eje trasero", "los ejes traseros"), ("fr", "écrou", "les écrous"),
    ("fr", "moyeu", "des moyeux"), ("pl", "wałek", "wałkiem"), ("pl", "koło", "kół"),
    ("it", "banco prova", "banchi prova"),
    ("de", "Rad", "die Räder"), ("en", "axle", "axles"),
])  # fmt: skip
def test_matches_irregular_inflection(
    catalog: Catalog, take: Callable[..., Imported], language: str, term: str, text: str
) -> None:
    take(f"concept,{language}\n1,{term}\n")
    assert [match.source_term for match in Glossary(catalog).matches(text, language, "", KB)] == [term]


def test_matches_give_their_place_and_what_not_to_say(glossary: Glossary) -> None:
    text = "mit hoher Drehkraft"
    (match,) = glossary.matches(text, "de", "en", KB)
    assert text[match.start : match.end] == match.surface == "Drehkraft"
    assert (match.forbidden, match.target_term, match.admitted) == (True, "torque", ("tightening torque",))
    assert match.definition == "Force times lever"
    (back,) = glossary.matches("torques", "en", "de", KB)
    assert (back.target_term, back.avoided) == ("Drehmoment", ("Drehkraft",))


def test_matches_keep_acronyms_to_their_case_and_words_to_one_sentence(glossary: Glossary) -> None:
    assert found(glossary, "You can bus the BMSs, not bms.", "en", "de") == [("BMSs", "BMS")]
    assert found(glossary, "He checks the CAN. Bus lines follow.", "en", "de") == []


def test_expansions_reach_every_language_from_every_synonym(glossary: Glossary) -> None:
    assert glossary.expansions("welche drehkraft", "de", "en", KB) == [
        ("drehkraft", "torque", 1.0), ("drehkraft", "tightening torque", 0.9),
    ]  # fmt: skip
    assert glossary.expansions("welche drehkraft", "de", "de", KB) == [
        ("drehkraft", "Drehmoment", 1.0), ("drehkraft", "Anzugsmoment", 0.9),
    ]  # fmt: skip
    assert ("torque", "Drehkraft", 0.8) in glossary.expansions("torque", "en", "de", KB)
    assert ("扭矩", "moment obrotowy", 1.0) in glossary.expansions("螺母的扭矩是多少", "zh", "pl", KB)


def test_expansions_take_typed_acronyms_in_lower_case(glossary: Glossary) -> None:
    assert ("bms", "电池管理系统", 0.9) in glossary.expansions("where is the bms", "en", "zh", KB)
    assert glossary.expansions("you can bus it", "en", "de", KB) == []


def test_expansions_of_a_word_with_two_senses_share_its_weight(
    catalog: Catalog, take: Callable[..., Imported]
) -> None:
    take("concept,en,de\n1,spring,Feder\n2,spring,Quelle\n")
    found = Glossary(catalog).expansions("a spring", "en", "de", KB)
    assert found == [("spring", "Feder", 0.5), ("spring", "Quelle", 0.5)]


def test_no_knowledge_base_named_means_no_glossary(glossary: Glossary, take: Callable[..., Imported]) -> None:
    take("de,en\nMutter,secret nut\n", kb="secret")
    assert glossary.matches("Mutter", "de", "en", ()) == []
    assert glossary.expansions("Mutter", "de", "en", "other") == []
    assert [match.kb for match in glossary.matches("Mutter", "de", "en", "secret")] == ["secret"]


def test_glossaries_are_for_those_who_may_read_their_knowledge_base(catalog: Catalog) -> None:
    catalog.put_knowledge_base(KnowledgeBase("open"))
    catalog.put_knowledge_base(KnowledgeBase("closed", default_acl=("board",)))
    catalog.put_knowledge_base(KnowledgeBase("inner"))
    inner = Document("d", "inner", "file:///d.pdf", "d", "a" * 64, "application/pdf", acl=("board",))
    catalog.put_document(inner, Policy.of("inner", ("board",), CURRENT))
    assert glossary_bases(catalog, Principal("anna")) == ("open",)
    assert set(glossary_bases(catalog, Principal("ben", ("board",)))) == {"open", "closed", "inner"}
    assert glossary_bases(catalog, Principal("ben", ("board",)), ("inner", "none")) == ("inner",)
