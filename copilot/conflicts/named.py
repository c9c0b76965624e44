"""What tells the things of two documents apart: models and identifiers in titles and headings, variants, states."""

from __future__ import annotations

import functools
import re

from copilot.answering.text import Bag
from copilot.conflicts.statements import Statement
from copilot.language import fold
from copilot.verification.companions import parted
from copilot.verification.engineering import full_bag
from copilot.verification.figures import figures, joined, plain
from copilot.verification.polarity import opposed, polarity
from copilot.verification.wording import Word, Wording, words

# "Atlas 300", "Presse 12": a name with its number; not "Chapter 12" or "March 2026".
_NAME = re.compile(r"(?<![\w-])([A-ZÄÖÜÀ-Ý][\w]{2,}) (\d{2,}(?:[/-]\d+)*)(?![\w.,%°])")
_EDITION = re.compile(r"(?:v|r|rev|ed|ver|version|issue|aufl|ausg)\d+(?:\.\d+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DIVISION = frozenset(
    "chapter section table figure page part annex appendix step revision rev version edition issue volume phase stage "
    "kapitel abschnitt tabelle bild seite teil anhang schritt ausgabe auflage band stufe chapitre tableau page partie "
    "annexe étape révision édition capítulo sección tabla figura página parte anexo paso revisión edición capitolo "
    "sezione tabella pagina parte allegato passo revisione edizione secção tabela revisão edição rozdział tabela "
    "rysunek strona część załącznik krok wydanie wersja from von vom de".split()
)
# Rows of opposites that name two states or variants of one thing.
_VARIANTS = frozenset({1, 2, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 18, 20, 24, 25, 26, 27, 30, 31})
_GENERIC = frozenset(
    "manual handbook guide specification instruction procedure report sheet data technical service maintenance "
    "operation operating repair safety quality standard table list torque test inspection plan work page overview "
    "document documentation general introduction notes card log protocol training process system machine plant "
    "equipment handbuch anleitung anweisung betriebsanleitung wartung wartungsanleitung arbeitsanweisung bericht "
    "datenblatt prüfung prüfplan vorschrift spezifikation sicherheit betrieb tabelle liste übersicht verfahren "
    "maschine anlage technisch manuel notice guide fiche spécification procédure rapport entretien maintenance "
    "exploitation sécurité contrôle essai tableau instructions machine installation technique manuale istruzioni guida "
    "scheda specifica procedura rapporto manutenzione sicurezza controllo prova tabella macchina impianto tecnica "
    "manual instrucciones guía ficha especificación procedimiento informe mantenimiento seguridad control ensayo tabla "
    "máquina instalación técnica instruções guia folha especificação procedimento relatório manutenção segurança "
    "ensaio tabela instrukcja podręcznik karta specyfikacja procedura raport konserwacja przegląd bezpieczeństwo "
    "kontrola badanie tabela maszyna instalacja "
    "手册 说明书 规范 规程 报告 维护 保养 操作 安全 检查 试验 设备 机器 表 指南".split()
)
_SAME = 0.5


@functools.lru_cache(maxsize=4096)
def names(titles: str, language: str, number: str = "", models: tuple[str, ...] = ()) -> frozenset[str]:
    """The models and identifiers that a title and the headings below it name; not the document's own number."""
    found = {fold(model) for model in models}
    for line in titles.split("\n"):
        read = figures(line, language)
        found |= {form for form, _ in read.identifiers if not _EDITION.fullmatch(form)}
        found |= {
            fold(word) + joined(digits) for word, digits in _NAME.findall(plain(line))
            if word.lower() not in _DIVISION and not _YEAR.fullmatch(digits)
        }
    return frozenset(found - {joined(plain(number))})


def strangers(one: Statement, other: Statement, first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether two statements, with the names of their documents, name things and none that both name."""
    if first and second and not first & second:
        return True
    mine, its = one.identifiers | first, other.identifiers | second
    return bool(mine and its) and not mine & its


def variants(wording: Wording, one: Statement, other: Statement, titles: tuple[str, str]) -> bool:
    """Whether they tell of two variants or states: manual and automatic, upper and lower, with and without a motor."""
    first, second = (f"{titles[0]}\n{one.text}", one.language), (f"{titles[1]}\n{other.text}", other.language)
    if any(row in _VARIANTS for row in opposed(polarity(*first), polarity(*second))):
        return True
    return bool(parted(wording, first, second))


def akin(wording: Wording, one: Statement, other: Statement, titles: tuple[str, str]) -> bool:
    """Whether an identifier, or a word of both titles that is not about documents in general, ties two documents."""
    if one.identifiers & other.identifiers:
        return True
    first, second = titles[0].split("\n")[0], titles[1].split("\n")[0]
    theirs: Bag = full_bag(second, other.language)
    return any(
        wording.held(word, one.language, theirs, other.language) >= _SAME for word in _telling(first, one.language)
    )


def _telling(title: str, language: str) -> list[Word]:
    return [word for word in words(title, language) if word.surface.lower() not in _GENERIC]
