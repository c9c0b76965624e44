"""The questions that drafts are made of, per language and kind; people reword them, so they are plain."""

from __future__ import annotations

import re
from collections.abc import Mapping

CELL, VALUE, IDENTIFIER, STEPS = "cell", "value", "identifier", "procedure"

# Headings below which nothing stands that one asks a manual: rights, people, lists of contents, switches of a program.
BOILERPLATE = re.compile(
    r"(?:the |la |le |il |los |les |gli |os )?(?:(?:mit|bsd|apache|gnu)\W.*)?"
    r"(?:licen[cs]e?s?|licen[cs]ing|copyright.*|authors?|contributors?|credits|acknowledge?ments?|options|synopsis|"
    r"references|bibliography|(?:table of )?contents|index|disclaimer|legal notices?|trademarks?|see also|"
    r"lizenz(?:en)?|urheberrecht|autor(?:en)?|verfasser|danksagung|optionen|literatur(?:verzeichnis)?|inhalt"
    r"(?:sverzeichnis)?|impressum|haftungsausschluss|marken|"
    r"licencias?|derechos de autor|autor(?:es)?|agradecimientos|opciones|referencias|bibliografía|índice|aviso legal|"
    r"licences?|droits d['’]auteur|auteurs?|remerciements|références|bibliographie|sommaire|table des matières|"
    r"mentions légales|licenz[ae]|diritti d['’]autore|autor[ei]|ringraziamenti|opzioni|riferimenti|bibliografia|"
    r"indice|sommario|note legali|licencj[ae]|prawa autorskie|autorz?y?|podziękowania|opcje|literatura|bibliografia|"
    r"spis treści|licenças?|direitos autorais|autor(?:es)?|agradecimentos|opções|referências|sumário|"
    r"许可证?|许可协议|版权.*|作者|致谢|选项|参考文献|目录|免责声明)(?:\W.*)?",
    re.IGNORECASE,
)

TEMPLATES: Mapping[str, Mapping[str, str]] = {
    "de": {
        CELL: "Was steht für {subject} unter „{property}“?",
        VALUE: "Welcher Wert gilt bei „{property}“ in {subject}?",
        IDENTIFIER: "Was sagt „{property}“ über {subject}?",
        STEPS: "Welche Schritte gehören zu „{property}“ in {subject}?",
    },
    "en": {
        CELL: "What is the {property} of {subject}?",
        VALUE: "Which value applies to “{property}” in {subject}?",
        IDENTIFIER: "What does “{property}” say about {subject}?",
        STEPS: "What are the steps of “{property}” in {subject}?",
    },
    "es": {
        CELL: "¿Qué figura en «{property}» para {subject}?",
        VALUE: "¿Qué valor se aplica a «{property}» en {subject}?",
        IDENTIFIER: "¿Qué dice «{property}» sobre {subject}?",
        STEPS: "¿Qué pasos tiene «{property}» en {subject}?",
    },
    "fr": {
        CELL: "Que trouve-t-on sous « {property} » pour {subject} ?",
        VALUE: "Quelle valeur s'applique à « {property} » dans {subject} ?",
        IDENTIFIER: "Que dit « {property} » au sujet de {subject} ?",
        STEPS: "Quelles sont les étapes de « {property} » dans {subject} ?",
    },
    "it": {
        CELL: "Che cosa è indicato in «{property}» per {subject}?",
        VALUE: "Quale valore vale per «{property}» in {subject}?",
        IDENTIFIER: "Che cosa dice «{property}» su {subject}?",
        STEPS: "Quali sono i passi di «{property}» in {subject}?",
    },
    "pl": {
        CELL: "Co podano w kolumnie „{property}” dla {subject}?",
        VALUE: "Jaka wartość obowiązuje dla „{property}” w {subject}?",
        IDENTIFIER: "Co „{property}” mówi o {subject}?",
        STEPS: "Jakie kroki obejmuje „{property}” w {subject}?",
    },
    "pt": {
        CELL: "O que consta em “{property}” para {subject}?",
        VALUE: "Que valor vale para “{property}” em {subject}?",
        IDENTIFIER: "O que “{property}” diz sobre {subject}?",
        STEPS: "Quais são os passos de “{property}” em {subject}?",
    },
    "zh": {
        CELL: "{subject}的“{property}”是什么？",
        VALUE: "{subject}中“{property}”的数值是多少？",
        IDENTIFIER: "“{property}”里对{subject}是怎么规定的？",
        STEPS: "{subject}中“{property}”有哪些步骤？",
    },
}
