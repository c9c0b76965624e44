"""Whether a sentence says the contrary of its source: negations, bounds and opposites, clause by clause."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.verification.clauses import Clause, clauses, denials, nearest, told
from copilot.verification.companions import parted
from copilot.verification.polarity import Polarity, kind_of, opposed, opposite_words, polarity
from copilot.verification.sources import Window
from copilot.verification.wording import Wording

# How far two clauses must tell each other to be compared, in one language and across two.
_SAME, _ACROSS = 0.6, 0.42
_SCOPED = 0.5  # how far a denied clause must tell what a negation is about to be the one that it comes from
_WHOLLY = 0.9
_SILENT = 0.75  # how far a sentence must tell a negated clause to be its contrary when it does not negate it


def turned(wording: Wording, sentence: str, language: str, window: Window, cover: float) -> str:
    """The fault, with its code first, or an empty string; ``cover`` is how far the window holds the sentence."""
    theirs = [part for piece in window.pieces for part in clauses(piece.text, piece.language)]
    mine = clauses(sentence, language)
    enough = _SAME if window.language == language else _ACROSS
    whole = _whole(sentence, language)
    for clause in mine:
        other, there, back = nearest(wording, clause, theirs)
        if other is not None and there >= enough * 0.7:
            noun = parted(wording, (clause.text, language), (other.text, other.language))
            if noun:
                return f"negation: with against without {noun}"
        if other is not None and there >= enough and back >= enough * 0.6:
            fault = _contrary(wording, clause, other, whole, theirs)
            if fault:
                return fault
    if not whole.polarity.negated:
        return _passed_over(wording, whole, theirs, cover, enough)
    source = _together(window)
    kinds = {kind_of(sentence.lower()[start:end]) for start, end in whole.polarity.negations}
    if kinds == {"instead"}:
        return ""  # what was there before, the numbers and names tell
    if not source.negated and cover >= enough * 0.7 and not len(opposed(whole.polarity, source)) % 2:
        return "" if source.hidden > whole.polarity.hidden else "negation: the source does not negate it"
    return ""


def _whole(sentence: str, language: str) -> Clause:
    counted = frozenset().union(*(clause.figures for clause in clauses(sentence, language)))
    return Clause(sentence, language, (), counted, polarity(sentence, language), False)


def _contrary(wording: Wording, mine: Clause, its: Clause, whole: Clause, theirs: Sequence[Clause]) -> str:
    against = opposed(mine.polarity, its.polarity)
    ours, denied = mine.polarity.parity, _denied(wording, its, whole)
    if (ours + len(denied)) % 2 == 0:
        if len(against) % 2 == 0:
            return ""
        words = opposite_words(mine.text, mine.language, against[0])
        return f"negation: {words} against {opposite_words(its.text, its.language, against[0])}"
    foreign = mine.language != its.language
    if len(against) % 2 or mine.reached or its.reached or foreign and ours and denied:
        return ""
    fault = f"negation: \u201c{mine.text}\u201d against \u201c{its.text}\u201d"
    if ours > len(denied):
        if its.polarity.hidden > mine.polarity.hidden:
            return ""
        negated = [other for other in theirs if other.polarity.negated]
        if negated and foreign:
            return ""  # which of them it is, a word table does not tell
        said = any(told(wording, about, other) >= _SCOPED for _, about in denials(mine) for other in negated)
        return "" if said else fault
    return fault if mine.polarity.hidden <= its.polarity.hidden else ""


def _denied(wording: Wording, its: Clause, whole: Clause) -> frozenset[str]:
    """The kinds of negation in a clause that are about something which the sentence tells."""
    enough = _SCOPED if its.language == whole.language else _SCOPED * 0.8
    return frozenset(kind for kind, about in denials(its) if told(wording, about, whole) >= enough)


def _passed_over(wording: Wording, whole: Clause, theirs: Sequence[Clause], cover: float, enough: float) -> str:
    """A negated clause whose words the sentence tells without its negation."""
    if cover < enough:
        return ""
    for other in theirs:
        if not other.polarity.parity % 2 or len(opposed(whole.polarity, other.polarity)) % 2:
            continue
        share = 1.0 if other.language == whole.language else 0.8
        there = told(wording, other, whole)
        close = all(told(wording, about, whole) >= _WHOLLY * share for _, about in denials(other))
        if whole.polarity.hidden <= other.polarity.hidden and (
            there >= _SILENT * share or there >= _SCOPED * share and close
        ):
            return f"negation: the source says \u201c{other.text}\u201d"
    return ""


def _together(window: Window) -> Polarity:
    parts = [piece.polarity for piece in window.pieces]
    return Polarity(
        sum((part.negations for part in parts), ()), frozenset().union(*(part.sides for part in parts)),
        sum(part.hidden for part in parts), max(part.parity for part in parts),
    )
