"""The translation memory: what people translated or reviewed, found again for the same or nearly the same sentence."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from copilot.catalog.nouns import Unit
from copilot.language import fold
from copilot.translation.masks import protected
from copilot.translation.numerals import same_numbers

FUZZY = 0.85
_CANDIDATES = 8
_SHORTEST = 12  # a shorter sentence that is nearly the same is another one
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d_]+")
# Sentences that differ in one of these may say opposite things, however alike they look. All languages share the
# list: a word of one that is harmless in another costs a suggestion, not a mistake.
_DECIDING = frozenset(
    fold(word) for word in """
    not no never without cannot don't left right open close closed on off in out up down before after above below
    increase decrease raise lower front rear upper inner outer minimum maximum min max input output tighten loosen
    install remove attach detach connect disconnect enable disable allowed forbidden must may true false yes
    nicht kein keine keinen keinem keiner nie niemals ohne links rechts linke rechte linken rechten öffnen schließen
    aus vor nach über unter oben unten innen außen vorn vorne hinten erhöhen senken anziehen lösen einbauen
    ausbauen anschließen trennen aktivieren deaktivieren erlaubt verboten darf muss ja nein
    ne pas jamais sans gauche droite ouvrir fermer avant après dessus dessous augmenter diminuer serrer desserrer
    monter démonter brancher débrancher activer désactiver intérieur extérieur interdit autorisé oui non
    nunca sin izquierda derecha izquierdo derecho abrir cerrar antes después encima debajo aumentar reducir apretar
    aflojar montar desmontar conectar desconectar activar desactivar interior exterior delantero trasero prohibido sí
    mai senza sinistra destra sinistro destro aprire chiudere prima dopo sopra sotto aumentare ridurre serrare allentare
    montare smontare collegare scollegare attivare disattivare interno esterno anteriore posteriore vietato
    não nem nunca sem esquerda direita esquerdo direito abrir fechar depois acima abaixo aumentar diminuir soltar
    desmontar ligar desligar ativar desativar dianteiro traseiro proibido sim
    nie bez lewy prawy lewa prawa lewe prawe otworzyć zamknąć przed po nad pod zwiększyć zmniejszyć dokręcić odkręcić
    zamontować zdemontować podłączyć odłączyć włączyć wyłączyć wewnętrzny zewnętrzny przedni tylny zabronione tak
    不 没 无 未 非 勿 左 右 开 关 前 后 上 下 内 外 增 减 松 紧 高 低 大 小 拆 装
    """.split()
)  # fmt: skip


class Units(Protocol):
    """Where units come from: the catalog."""

    def memory_version(self) -> str:
        """Changes with every change of the memory."""
        ...

    def units(self, kbs: Collection[str] | None = None, source: str = "", target: str = "") -> list[Unit]:
        """The units of these bases, and of none, for a pair."""
        ...


@dataclass(frozen=True, slots=True)
class Remembered:
    """A translation from the memory; ``score`` is the likeness of its source (1: the same), ``kind`` the claim's."""

    text: str
    kind: str
    score: float
    source: str


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The units of one pair by the sentence as it is compared."""

    units: Mapping[str, Remembered]
    keys: Sequence[str]
    folded: Sequence[str]


class Memory:
    """Finds sentences again. Thread-safe; loaded again when the memory changed."""

    def __init__(self, store: Units) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._version: str | None = None
        self._shelves: dict[tuple[frozenset[str], str, str], _Shelf] = {}

    def find(self, text: str, source: str, target: str, kbs: Collection[str] = ()) -> Remembered | None:
        """What people made of this sentence, or of one so like it that numbers, names and sense agree."""
        shelf = self._shelf(frozenset(kbs), source, target)
        if not shelf.keys:
            return None
        key = normal(text)
        if key in shelf.units:
            return shelf.units[key]
        if len(key) < _SHORTEST and not (source == "zh" and len(key) >= _SHORTEST // 2):
            return None
        return self._near(key, shelf, source)

    def _near(self, key: str, shelf: _Shelf, language: str) -> Remembered | None:
        from rapidfuzz import fuzz, process

        found = process.extract(
            key.casefold(), shelf.folded, scorer=fuzz.ratio, score_cutoff=100 * FUZZY, limit=_CANDIDATES
        )
        for _, score, place in found:
            known = shelf.keys[place]
            if agree(key, known, language):
                unit = shelf.units[known]
                return Remembered(unit.text, unit.kind, min(round(score / 100, 4), 0.9999), unit.source)
        return None

    def _shelf(self, kbs: frozenset[str], source: str, target: str) -> _Shelf:
        with self._lock:
            version = self._store.memory_version()
            if version != self._version:
                self._shelves, self._version = {}, version
            key = (kbs, source, target)
            if key not in self._shelves:
                self._shelves[key] = self._load(kbs, source, target) if version else _Shelf({}, (), ())
            return self._shelves[key]

    def _load(self, kbs: frozenset[str], source: str, target: str) -> _Shelf:
        """Units of both directions; one that was reviewed in this direction comes before all others."""
        found: dict[str, Remembered] = {}
        turned = [(unit.target, unit.source, False) for unit in self._store.units(kbs, target, source)]
        straight = [(unit.source, unit.target, unit.reviewed) for unit in self._store.units(kbs, source, target)]
        for given, made, reviewed in turned + sorted(straight, key=lambda item: item[2]):
            found[normal(given)] = Remembered(made, "reviewed" if reviewed else "memory", 1.0, given)
        keys = tuple(found)
        return _Shelf(found, keys, tuple(key.casefold() for key in keys))


def normal(text: str) -> str:
    """The sentence as it is compared: composed, with single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def agree(left: str, right: str, language: str) -> bool:
    """Whether two like sentences hold the same numbers and names, and differ in no word that turns the sense."""
    names = (protected(left), protected(right))
    if Counter(item.text for item in names[0]) != Counter(item.text for item in names[1]):
        return False
    if not same_numbers(left, right, (language, language), names):
        return False
    words = [Counter(fold(word) for word in _WORD.findall(text)) for text in (left, right)]
    differing = (words[0] - words[1]) + (words[1] - words[0])
    return not any(word in _DECIDING for word in differing)
