"""What the product itself says in an answer, in the asker's language."""

from __future__ import annotations

NOT_FOUND = {
    "de": "Dazu steht nichts in den Dokumenten, die Sie lesen dürfen.",
    "en": "The documents that you may read do not answer this.",
    "es": "Los documentos que puede leer no responden a esta pregunta.",
    "fr": "Les documents que vous pouvez lire ne répondent pas à cette question.",
    "it": "I documenti che può leggere non rispondono a questa domanda.",
    "pl": "Dokumenty, które możesz czytać, nie zawierają odpowiedzi na to pytanie.",
    "pt": "Os documentos que você pode ler não respondem a esta pergunta.",
    "zh": "您可以阅读的文档中没有此问题的答案。",
}
MISSING = {
    "de": "Nicht in diesen Dokumenten: {names}.",
    "en": "Not in these documents: {names}.",
    "es": "No figura en estos documentos: {names}.",
    "fr": "Absent de ces documents : {names}.",
    "it": "Non presente in questi documenti: {names}.",
    "pl": "Brak w tych dokumentach: {names}.",
    "pt": "Não consta nestes documentos: {names}.",
    "zh": "这些文档中没有：{names}。",
}
AS_OF = {
    "de": "Stand vom {date}: aus einer Ausgabe, die heute nicht mehr gilt.",
    "en": "As of {date}: from an edition that is no longer current.",
    "es": "A fecha de {date}: de una edición que ya no está vigente.",
    "fr": "Au {date} : d'après une édition qui n'est plus en vigueur.",
    "it": "Alla data {date}: da un'edizione non più in vigore.",
    "pl": "Stan na {date}: z wydania, które już nie obowiązuje.",
    "pt": "Em {date}: de uma edição que já não está em vigor.",
    "zh": "截至 {date}：出自现已失效的版本。",
}
EMPTY = {
    "de": "Bitte stellen Sie eine Frage mit Wörtern oder einer Nummer.",
    "en": "Please ask a question that has words or a number in it.",
    "es": "Escriba una pregunta con palabras o un número.",
    "fr": "Veuillez poser une question contenant des mots ou un numéro.",
    "it": "Scriva una domanda con parole o un numero.",
    "pl": "Zadaj pytanie zawierające słowa lub numer.",
    "pt": "Escreva uma pergunta com palavras ou um número.",
    "zh": "请输入包含文字或编号的问题。",
}
TOO_LONG = {
    "de": "Die Frage hat {length} Zeichen; erlaubt sind {limit}. Bitte kürzen Sie sie.",
    "en": "The question has {length} characters; the limit is {limit}. Please shorten it.",
    "es": "La pregunta tiene {length} caracteres; el límite es {limit}. Acórtela, por favor.",
    "fr": "La question compte {length} caractères ; la limite est de {limit}. Veuillez la raccourcir.",
    "it": "La domanda ha {length} caratteri; il limite è {limit}. La abbrevi, per favore.",
    "pl": "Pytanie ma {length} znaków; limit wynosi {limit}. Skróć je.",
    "pt": "A pergunta tem {length} caracteres; o limite é {limit}. Encurte-a, por favor.",
    "zh": "问题有 {length} 个字符，上限为 {limit} 个。请缩短问题。",
}
FALLBACK = "en"


def message(texts: dict[str, str], language: str, **values: object) -> str:
    """One of the texts above in a language; English where the language has none."""
    return texts.get(language, texts[FALLBACK]).format(**values)
