"""Quantities of an answer in the unit that was asked for: the source's own string first, the conversion as ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from copilot.language import concepts
from copilot.quantities import UNITS, Quantity, converted, quantities, read_cell, same, shown, unit_in_head, unit_named
from copilot.quantities.finding import units_named
from copilot.types import Citation, Claim, Support

_MOST = 2  # conversions of an answer: of what was asked for, not of each length that stands beside it
# Before the unit in which something is to be told.
_ASKS = re.compile(
    r"(?:\b(?:in|en|em|w|into|nach|how many|wie ?viele?n?|combien de|combien d['’]|"
    r"cu[áa]nt[oa]s|quant[ieoa]s?|ile|ilu)|"
    r"多少|几|以|用|换算成|换成|单位|是)[\s(]*(?:degrees? |grad |degrés? |grados |gradi |graus |stopniach )?$|"
    r"[(\[]\s*$",
    re.IGNORECASE,
)
_AT_END = re.compile(r"^[\s)\]]*[?？.!]*\s*$")


def conversions(claim: Claim, question: str, language: str) -> tuple[Claim, ...]:
    """What the question wants in another unit of one claim that is not computed itself; mostly nothing.

    That is a unit named without a number ("in psi?"), or that of a quantity which the source gives otherwise.
    """
    targets = asked_units(question, language)
    asked = [item for item in quantities(question, language) if item.upper is None]
    if claim.kind == "computed" or not targets and not asked:
        return ()
    return tuple(_conversions(claim, targets, asked, question, language))


def asked_units(question: str, language: str) -> tuple[str, ...]:
    """The symbols of the units in which a question wants its answer."""
    return tuple(dict.fromkeys(symbol for symbol, _, _ in _asked(question, language)))


def without_units(question: str, language: str) -> str:
    """The question without the units in which it wants its answer: no passage need hold them."""
    kept, last = [], 0
    for _, start, end in _asked(question, language):
        before = _ASKS.search(question[:start])
        kept.append(question[last : max(last, before.start() if before else start)])
        last = end
    rest = "".join((*kept, question[last:]))
    return rest if re.search(r"\w{3}|[\u3400-\u9fff]", rest) else question


def _asked(question: str, language: str) -> list[tuple[str, int, int]]:
    """The units of ``asked_units`` with their places."""
    taken = [(item.start, item.end) for item in quantities(question, language)]
    found = []
    for symbol, start, end in units_named(question, language):
        if any(start < last and first < end for first, last in taken):
            continue
        named = end - start > 1 or not question[start:end].isascii()
        if named and (_ASKS.search(question[:start]) or _AT_END.match(question[end:])):
            found.append((symbol, start, end))
    return found


def _conversions(
    claim: Claim, targets: Sequence[str], asked: Sequence[Quantity], question: str, language: str
) -> Iterator[Claim]:
    kinds = {UNITS[unit].kind for unit in targets}
    for citation in claim.citations[:1]:
        found = quoted_quantities(citation)
        restated = [
            (quantity, item.unit)
            for quantity in found
            for item in asked
            if item.unit != quantity.unit and same(item, quantity)
        ]
        near = _meant([item for item in found if UNITS[item.unit].kind in kinds], citation, question, language)
        wanted = [
            (quantity, unit) for quantity in near for unit in targets if UNITS[unit].kind == UNITS[quantity.unit].kind
        ]
        pairs = [(quantity, unit) for quantity, unit in wanted + restated if unit != quantity.unit]
        for quantity, unit in list(dict.fromkeys(pairs))[:_MOST]:
            yield _claim(claim, citation, quantity, unit, language)


def _meant(found: list[Quantity], citation: Citation, question: str, language: str) -> list[Quantity]:
    """Of several quantities of one kind those whose clause or column head has most of the question's terms."""
    if len(found) < 2:
        return found
    terms = _terms(question, language)
    shared = [len(terms & _terms(_around(item, citation), citation.document.language)) for item in found]
    return [item for item, count in zip(found, shared, strict=True) if count == max(shared)]


def _terms(text: str, language: str) -> frozenset[str]:
    return frozenset(term for item in concepts(text, language) if item.kind in ("word", "part") for term in item.terms)


def _around(quantity: Quantity, citation: Citation) -> str:
    """The clause that holds a quantity; in a row its column's head."""
    if "\t" in citation.quote:
        cells = citation.quote.split("\t")
        return next((head for head, cell in zip(citation.columns, cells, strict=False) if quantity.source in cell), "")
    clauses = re.split(r"[;；。，、\n]|[,.](?=\s)", citation.quote)
    return next((clause for clause in clauses if quantity.source in clause), "")


def _claim(claim: Claim, citation: Citation, quantity: Quantity, unit: str, language: str) -> Claim:
    """As "25 Nm = 18.4 lbf·ft", cited like the quote that holds the 25 Nm."""
    source = quantity.source if _names_unit(quantity, citation) else f"{quantity.source} {quantity.unit}"
    text = f"{source} = {shown(converted(quantity, unit), language)}"
    return Claim(text, "computed", (citation,), Support(claim.support.score, "converted by us"))


def _names_unit(quantity: Quantity, citation: Citation) -> bool:
    found = quantities(quantity.source, citation.document.language)
    return len(found) == 1 and found[0].unit == quantity.unit


def quoted_quantities(citation: Citation) -> list[Quantity]:
    """The quantities of a quote; in a row also numbers whose unit stands in the head or in a cell of its own."""
    language = citation.document.language
    if "\t" not in citation.quote:
        return list(quantities(citation.quote, language))
    cells = [cell.strip() for cell in citation.quote.split("\t")]
    heads = citation.columns if len(citation.columns) == len(cells) else ("",) * len(cells)
    own = [symbol for cell in cells if (symbol := unit_named(cell, language))]
    found: list[Quantity] = []
    for cell, head in zip(cells, heads, strict=True):
        whole = quantities(cell, language)
        unit = unit_in_head(head, language) or (own[0] if len(own) == 1 else "")
        bare = read_cell(cell, unit, language) if unit and not whole else None
        found += [bare] if bare else whole
    return found
