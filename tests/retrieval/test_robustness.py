"""Questions as people type them: slips, no diacritics, capitals, two languages at once, three words, a paragraph."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from copilot.service import Copilot
from copilot.types import Principal, Question

ASKER = Principal("tester")

# Topic -> language -> passage. Topics share words on purpose: M8 and torque stand in several, never the same two.
CORPUS: dict[str, dict[str, str]] = {
    "torque m8": {
        "en": "Screws of size M8 on the cover are tightened with a torque of 24 Nm, crosswise, in two passes.",
        "de": "Schrauben der Größe M8 am Deckel werden mit einem Anzugsmoment von 24 Nm über Kreuz angezogen.",
        "fr": "Les vis M8 du couvercle sont serrées à un couple de 24 Nm, en croix et en deux passes.",
        "pl": "Śruby M8 pokrywy dokręca się momentem 24 Nm, na krzyż, w dwóch przejściach.",
    },
    "torque m10": {
        "en": "Screws of size M10 at the axle are tightened with a torque of 48 Nm and marked with yellow paint.",
        "de": "Schrauben der Größe M10 an der Achse erhalten ein Anzugsmoment von 48 Nm und eine gelbe Markierung.",
        "fr": "Les vis M10 de l'essieu sont serrées à un couple de 48 Nm et marquées de peinture jaune.",
        "pl": "Śruby M10 osi dokręca się momentem 48 Nm i oznacza żółtą farbą.",
    },
    "stock m8": {
        "en": "Nuts and washers of size M8 are kept in drawer four of the store and ordered every second week.",
        "de": "Muttern und Scheiben der Größe M8 liegen in Fach vier des Lagers und werden alle zwei Wochen bestellt.",
        "fr": "Les écrous et rondelles M8 sont rangés dans le tiroir quatre et commandés deux fois par mois.",
        "pl": "Nakrętki i podkładki M8 leżą w szufladzie czwartej magazynu i są zamawiane co dwa tygodnie.",
    },
    "coolant": {
        "en": "Before the coolant is changed, the circuit is drained at the lowest hose and flushed with clean water.",
        "de": "Vor dem Wechsel des Kühlmittels wird der Kreislauf am tiefsten Schlauch entleert und gespült.",
        "fr": "Avant de remplacer le liquide de refroidissement, on vidange le circuit par la durite la plus basse.",
        "pl": "Przed wymianą płynu chłodzącego obieg opróżnia się przy najniższym wężu i płucze czystą wodą.",
    },
    "leak": {
        "en": "A leak at the hose clamp was found after the pressure test; the clamp was mounted upside down.",
        "de": "Nach der Druckprüfung zeigte sich eine Undichtigkeit an der Schlauchschelle; sie war verkehrt montiert.",
        "fr": "Une fuite au collier de la durite est apparue après l'essai de pression ; il était monté à l'envers.",
        "pl": "Po próbie ciśnieniowej wykryto nieszczelność przy opasce węża; opaska była założona odwrotnie.",
    },
    "calibration": {
        "en": "The pressure sensors at the test bench are calibrated every six months by an outside laboratory.",
        "de": "Die Drucksensoren am Prüfstand werden alle sechs Monate von einem externen Labor kalibriert.",
        "fr": "Les capteurs de pression du banc d'essai sont étalonnés tous les six mois par un laboratoire extérieur.",
        "pl": "Czujniki ciśnienia na stanowisku badawczym są wzorcowane co sześć miesięcy przez obce laboratorium.",
    },
    "label": {
        "en": "The label on the battery shows its serial number, nominal voltage and the week of manufacture.",
        "de": "Das Etikett auf der Batterie zeigt Seriennummer, Nennspannung und die Woche der Herstellung.",
        "fr": "L'étiquette de la batterie indique le numéro de série, la tension nominale et la date de fabrication.",
        "pl": "Etykieta na akumulatorze podaje numer seryjny, napięcie znamionowe i tydzień produkcji.",
    },
    "paint": {
        "en": "Before painting, the doors are washed, dried and inspected for dust under slanting light.",
        "de": "Vor dem Lackieren werden die Türen gewaschen, getrocknet und unter Streiflicht auf Staub geprüft.",
        "fr": "Avant la peinture, les portes sont lavées, séchées et contrôlées sous une lumière rasante.",
        "pl": "Przed lakierowaniem drzwi są myte, suszone i sprawdzane pod światłem skośnym.",
    },
    "update": {
        "en": "If the software update stops halfway, the control unit starts again with the previous version.",
        "de": "Bricht die Aktualisierung der Software ab, startet das Steuergerät mit der vorherigen Version.",
        "fr": "Si la mise à jour du logiciel s'interrompt, le calculateur redémarre avec la version précédente.",
        "pl": "Jeśli aktualizacja oprogramowania zostanie przerwana, sterownik uruchamia się z poprzednią wersją.",
    },
    "gloves": {
        "en": "Whoever works on parts under voltage wears insulating gloves of class 0, tested within the last year.",
        "de": "Wer an Teilen unter Spannung arbeitet, trägt Isolierhandschuhe der Klasse 0, im letzten Jahr geprüft.",
        "fr": "Quiconque travaille sur des pièces sous tension porte des gants isolants de classe 0 contrôlés.",
        "pl": "Kto pracuje przy częściach pod napięciem, nosi rękawice izolacyjne klasy 0, badane w ostatnim roku.",
    },
}

TYPOS = [
    ("en", "how often are the presure sensors calibrated at the test bench", "calibration"),
    ("en", "softwre update stops halfway control unit", "update"),
    ("de", "Was steht auf dem Etiket der Batterie mit Serienummer und Nennspannung?", "label"),
    ("de", "Türen vor dem Lakieren waschen und trocknen", "paint"),
    ("fr", "fuite au colier de la durite après l'essai de pression", "leak"),
    ("pl", "płukanie obiegu przed wymiana plynu chłodzacego", "coolant"),
]
BARE = [
    ("de", "Welches Anzugsmoment haben Schrauben der Grosse M10 an der Achse?", "torque m10"),
    ("de", "Vor dem Lackieren Turen waschen", "paint"),
    ("fr", "etiquette de la batterie numero de serie", "label"),
    ("fr", "capteurs de pression etalonnes tous les six mois", "calibration"),
    ("pl", "Sruby M8 pokrywy dokreca sie momentem", "torque m8"),
    ("pl", "rekawice izolacyjne klasy 0", "gloves"),
]
THREE_WORDS = [
    ("en", "insulating gloves class", "gloves"),
    ("en", "coolant circuit drained", "coolant"),
    ("de", "Undichtigkeit Schlauchschelle Druckprüfung", "leak"),
    ("fr", "interruption mise à jour", "update"),
    ("pl", "etykieta akumulatora napięcie", "label"),
]
MIXED = [
    ("Was ist das torque für M8?", "torque m8"),
    ("Wie oft werden die pressure sensors am Prüfstand calibrated?", "calibration"),
    ("Quel est le torque des vis M10 ?", "torque m10"),
    ("What does the Etikett on the battery show?", "label"),
    ("Jaki jest torque dla śruby M10?", "torque m10"),
]
PARAGRAPHS = [
    ("en", "coolant", "We are planning the yearly service of the test vehicles next week and one of the new colleagues "
     "asked me something that I could not answer from memory. He knows how the cooling circuit is filled, he has done "
     "that before, and he has the tools at hand. What he wants to know is how to proceed when the coolant is to be "
     "changed: at which place the circuit is to be drained beforehand, and whether it must be flushed with clean water "
     "before the new coolant goes in. Could you tell me what our documents say about this?"),
    ("de", "update", "Gestern ist bei einem Kunden die Aktualisierung der Software mitten im Vorgang abgebrochen, weil "
     "die Verbindung weg war. Der Kunde ist besorgt, dass das Steuergerät jetzt unbrauchbar ist. Ich habe ihm gesagt, "
     "dass ich nachsehe, bin mir aber nicht sicher. Mit welcher Version startet das Steuergerät, wenn die "
     "Aktualisierung der Software abbricht, mit der neuen oder mit der vorherigen?"),
]


@pytest.fixture(scope="module")
def copilot(open_corpus: Callable[..., Copilot]) -> Copilot:
    return open_corpus([(language, text) for texts in CORPUS.values() for language, text in texts.items()])


def _topic(text: str) -> str:
    return next(topic for topic, texts in CORPUS.items() if text in texts.values())


def _first(copilot: Copilot, text: str, language: str = "") -> tuple[str, str, str]:
    """The topics that lead the merged list and the list of the question's language, and that language."""
    result = copilot.search(Question(text, language=language), ASKER)
    return _topic(result.hits[0].chunk.text), _topic(result.own[0].chunk.text), result.language


@pytest.mark.parametrize(("language", "text", "topic"), TYPOS)
def test_search_with_typing_slips_finds_the_passage(copilot: Copilot, language: str, text: str, topic: str) -> None:
    assert _first(copilot, text, language) == (topic, topic, language)


@pytest.mark.parametrize(("language", "text", "topic"), BARE)
def test_search_without_diacritics_finds_the_passage(copilot: Copilot, language: str, text: str, topic: str) -> None:
    assert _first(copilot, text, language) == (topic, topic, language)


@pytest.mark.parametrize("language", ["en", "de", "fr", "pl"])
def test_search_in_capitals_finds_what_it_finds_in_small_letters(copilot: Copilot, language: str) -> None:
    for topic, texts in CORPUS.items():
        text = texts[language].rstrip(".")
        assert _first(copilot, text.upper(), language) == (topic, topic, language)


@pytest.mark.parametrize(("language", "text", "topic"), THREE_WORDS)
def test_search_with_three_words_finds_the_passage(copilot: Copilot, language: str, text: str, topic: str) -> None:
    assert _first(copilot, text, language) == (topic, topic, language)


@pytest.mark.parametrize(("text", "topic"), MIXED)
def test_search_in_two_languages_at_once_finds_the_passage_in_one_of_them(
    copilot: Copilot, text: str, topic: str
) -> None:
    merged, own, _ = _first(copilot, text)
    assert (merged, own) == (topic, topic)


@pytest.mark.parametrize(("language", "topic", "text"), PARAGRAPHS)
def test_search_with_a_whole_paragraph_finds_the_passage(
    copilot: Copilot, language: str, topic: str, text: str
) -> None:
    assert _first(copilot, text) == (topic, topic, language)


@pytest.mark.parametrize("language", ["en", "de", "fr", "pl"])
def test_search_finds_the_same_topic_first_among_the_other_languages(copilot: Copilot, language: str) -> None:
    """The passage itself as the question: what leads the other list is its translation, in eight of ten topics."""
    right = 0
    for topic, texts in CORPUS.items():
        others = copilot.search(Question(texts[language], language=language), ASKER).others
        right += _topic(others[0].chunk.text) == topic
    assert right >= 8
