"""What is told beside an answer that a language model wrote or should have written, in the asker's language."""

from __future__ import annotations

FELL_BACK = {
    "de": "Das Sprachmodell hat nicht geantwortet ({reason}). Stattdessen werden die Dokumente zitiert.",
    "en": "The language model did not answer ({reason}). The documents are quoted instead.",
    "es": "El modelo de lenguaje no respondió ({reason}). En su lugar se citan los documentos.",
    "fr": "Le modèle de langage n'a pas répondu ({reason}). Les documents sont cités à la place.",
    "it": "Il modello linguistico non ha risposto ({reason}). Al suo posto vengono citati i documenti.",
    "pl": "Model językowy nie odpowiedział ({reason}). Zamiast tego cytowane są dokumenty.",
    "pt": "O modelo de linguagem não respondeu ({reason}). Em vez disso, citam-se os documentos.",
    "zh": "语言模型没有回答（{reason}）。改为引用文档原文。",
}
UNPROVED = {
    "de": "Was das Sprachmodell schrieb, belegen die Dokumente nicht. Stattdessen werden sie zitiert.",
    "en": "The documents do not support what the language model wrote. They are quoted instead.",
    "es": "Los documentos no respaldan lo que escribió el modelo de lenguaje. En su lugar se citan.",
    "fr": "Les documents n'étayent pas ce que le modèle de langage a écrit. Ils sont cités à la place.",
    "it": "I documenti non confermano ciò che ha scritto il modello linguistico. Al suo posto vengono citati.",
    "pl": "Dokumenty nie potwierdzają tego, co napisał model językowy. Zamiast tego są cytowane.",
    "pt": "Os documentos não sustentam o que o modelo de linguagem escreveu. Em vez disso, são citados.",
    "zh": "文档不支持语言模型所写的内容，改为引用原文。",
}
FOUND_NOTHING = {
    "de": "Das Sprachmodell fand in den Textstellen keine Antwort.",
    "en": "The language model found no answer in the passages.",
    "es": "El modelo de lenguaje no encontró respuesta en los pasajes.",
    "fr": "Le modèle de langage n'a trouvé aucune réponse dans les passages.",
    "it": "Il modello linguistico non ha trovato una risposta nei passaggi.",
    "pl": "Model językowy nie znalazł odpowiedzi we fragmentach.",
    "pt": "O modelo de linguagem não encontrou resposta nas passagens.",
    "zh": "语言模型在这些段落中没有找到答案。",
}
BROKE_OFF = {
    "de": "Das Sprachmodell brach ab ({reason}). Die Antwort ist vielleicht unvollständig.",
    "en": "The language model broke off ({reason}). The answer may be incomplete.",
    "es": "El modelo de lenguaje se interrumpió ({reason}). La respuesta puede estar incompleta.",
    "fr": "Le modèle de langage s'est interrompu ({reason}). La réponse est peut-être incomplète.",
    "it": "Il modello linguistico si è interrotto ({reason}). La risposta potrebbe essere incompleta.",
    "pl": "Model językowy przerwał ({reason}). Odpowiedź może być niepełna.",
    "pt": "O modelo de linguagem interrompeu-se ({reason}). A resposta pode estar incompleta.",
    "zh": "语言模型中断（{reason}）。答案可能不完整。",
}
DROPPED = {
    "de": "Nicht gezeigte Sätze des Sprachmodells, weil die Textstellen sie nicht belegen: {count}.",
    "en": "Sentences of the language model not shown because the passages do not support them: {count}.",
    "es": "Frases del modelo de lenguaje no mostradas porque los pasajes no las respaldan: {count}.",
    "fr": "Phrases du modèle de langage non affichées, car les passages ne les étayent pas : {count}.",
    "it": "Frasi del modello linguistico non mostrate perché i passaggi non le confermano: {count}.",
    "pl": "Zdania modelu językowego niepokazane, bo fragmenty ich nie potwierdzają: {count}.",
    "pt": "Frases do modelo de linguagem não mostradas porque as passagens não as sustentam: {count}.",
    "zh": "因段落不支持而未显示的语言模型句子数：{count}。",
}
