"""Who did it, where a text names a person beside the role: "Author: A. Berger", "geprüft von Jana Kolb"."""

from __future__ import annotations

import re

from copilot.answering.wanted import PERSON, wanted

_REACH = 60  # letters between a role and the name that belongs to it; a row has its head in between
_HAN_NAME = re.compile(r"(?<=[：:|\t])\s*[\u3400-\u9fff]{2,4}(?![\u3400-\u9fff])|(?<=由)[\u3400-\u9fff]{2,3}")
# Per role: the words that ask for it or tell it, in all languages; a role's noun and its verb are one.
_ROLES = tuple(
    re.compile(rf"(?:(?<![^\W_])|(?=[\u3400-\u9fff]))(?:{words})", re.IGNORECASE)
    for words in (
        r"auth?or|autor\w*|auteur|autrice|wr(?:ote|itten)|draw?n up|drafted|prepared|verfass\w*|erstell\w*|geschrieben|"
        r"schrieb|redact\w*|escri\w+|elabor\w*|rédig\w*|établi\w*|écri\w+|redatt\w*|scri(?:tto|sse)\w*|sporządz\w*|"
        r"opracow\w*|napisa\w*|redig\w*|compilat\w*|编制|编写|作者|撰写|起草",
        r"inspect\w*|test(?:er|ed by|ed|s)\b|check(?:ed|er|s)\b|examin\w*|prüfer\w*|geprüft|prüfte?\b|gegenprüf\w*|"
        r"collaud\w*|verific\w*|vérifi\w*|contrôl\w*|controll\w*|control\w*|inspe[kc]\w*|ispe\w+|sprawdz\w*|"
        r"kontrol\w*|bada(?:ł\w*|jący)|revis(?:ed|ó|or|ado|ou)\w*|ensay\w*|essay\w*|ensai\w*|检验|检查|测试|审核|检测",
        r"approv\w*|released?\b|sign(?:ed|s)?\b|signature|freigegeben|freigabe|freigeb\w*|genehmig\w*|unterschr\w*|"
        r"unterzeichn\w*|aprob\w*|aprov\w*|approuv\w*|approv\w*|sign[éea]\w*|firm(?:ó|ad[oa]|at[oa])|zatwierdz\w*|"
        r"podpis\w*|assin\w*|批准|签字|签署|核准",
        r"perform\w*|carried out|carries out|execut\w*|conducted|measured|did\b|done by|durchgeführt|durchführ\w*|"
        r"ausgeführt|ausführ\w*|gemessen|maß\b|realiz\w*|ejecut\w*|réalis\w*|effectu\w*|exécut\w*|esegu\w*|effettu\w*|"
        r"svol\w+|wykona\w*|przeprowadz\w*|executou|efetu\w*|技术员|操作员|执行|进行|完成|测量",
        r"responsib\w*|in charge|owner|contact|verantwort\w*|zuständig\w*|ansprechpartner\w*|leiter\w*|responsab\w*|"
        r"encargad\w*|chargée? de|referente|odpowiedzialn\w*|kierowni\w*|lead(?:er|s)?\b|负责|责任人|联系人|主管",
        r"participant\w*|attend\w*|present\b|teilnehm\w*|anwesend\w*|asistent\w*|asisti\w*|particip\w*|partecip\w*|"
        r"présent\w*|presenti|presente\w*|uczestni\w*|obecn\w*|出席|参加|与会",
    )
)


def asks_role(question: str) -> bool:
    """Whether a question asks for a person by what that person did."""
    return wanted(question) == "person" and any(role.search(question) for role in _ROLES)


def tells_person(question: str, text: str) -> bool:
    """Whether a text (a row under its header) names a person near the role that a question for a person asks for."""
    if wanted(question) != "person":
        return False
    names = [found.span() for pattern in (PERSON, _HAN_NAME) for found in pattern.finditer(text)]
    return any(
        start - _REACH <= found.end() <= start or last <= found.start() <= last + _REACH
        for role in _ROLES
        if role.search(question)
        for found in role.finditer(text)
        for start, last in names
    )
