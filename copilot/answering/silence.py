"""What is told where nothing may be claimed: what is missing, and the passages that come closest, as such."""

from __future__ import annotations

import re
from collections.abc import Sequence

from copilot.answering.choosing import Choice, Choices, lacking, tells_property, untold_property
from copilot.answering.citations import cite
from copilot.answering.features import subject
from copilot.answering.model import sigmoid
from copilot.types import Citation, Draft, Evidence

MOST_CLOSEST = 3
# The share of the question's weight that a quote holds with its title and headings, from which it is near at all.
_NEAR = 0.4


def silence(evidence: Evidence, found: Sequence[Choices]) -> Draft:
    """No claims: the probability of the best that was not said, what no passage holds, and what comes closest."""
    chance = max((made.chance for made in found), default=0.0)
    return Draft(probability=chance, missing=lacked_names(evidence, found), closest=closest(found))


def lacked_names(evidence: Evidence, found: Sequence[Choices]) -> tuple[str, ...]:
    """The identifiers, numbers and names that stand in none of the passages; else the property that none tells."""
    lacked = lacking(evidence)
    texts = passage_texts(evidence)
    if lacked and all(lacked.values()):
        names = nowhere(sorted(lacked.values(), key=len)[0], texts)
        if names:
            return names
    name = untold_property(evidence)
    told = any(made.able for made in found) or not name
    near = any(_nearness(item) >= _NEAR and not tells_property(item.option) for made in found for item in made.barred)
    return nowhere((name,), texts) if not told and near else ()


def nowhere(names: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """The names that stand in none of the folded texts, not even inside a word."""
    return longest([name for name in names if not any(_stands(_folded(name), text) for text in texts)])


def longest(names: Sequence[str]) -> tuple[str, ...]:
    """The names once each, without those that are part of another one."""
    unique = list({_folded(name): name for name in reversed(names)}.values())[::-1]
    return tuple(
        name for name in unique if not any(name != other and _folded(name) in _folded(other) for other in unique)
    )


def passage_texts(evidence: Evidence) -> list[str]:
    """What the passages say with their titles and headings, as ``nowhere`` compares it."""
    return [_folded(hit.chunk.embed_text, subject(hit)) for item in evidence.passages for hit in item.hits]


def _stands(name: str, text: str) -> bool:
    """Whether a name stands in a text, if need be in a longer word; digits end where digits end."""
    before, after = (r"(?<!\d)" if name[:1].isdigit() else ""), (r"(?!\d)" if name[-1:].isdigit() else "")
    return re.search(before + re.escape(name) + after, text) is not None


def _folded(*texts: str) -> str:
    """As names are compared: without case, in letters and digits only between single blanks."""
    return " ".join(" ".join(texts).casefold().split())


def closest(found: Sequence[Choices], most: int = MOST_CLOSEST) -> tuple[Citation, ...]:
    """The quotes that come nearest to the question, one a passage; none where nothing is near."""
    items = sorted((item for made in found for item in (*made.able, *made.barred)), key=lambda item: -_nearness(item))
    kept: dict[str, Choice] = {}
    for item in items:
        if _nearness(item) >= _NEAR:
            kept.setdefault(item.option.hit.chunk.id, item)
    unique = {" ".join(item.option.text.split()): item for item in reversed(kept.values())}
    chosen = list(reversed(unique.values()))[:most]
    return tuple(cite(item.option.hit, item.option.start, item.option.end, item.marker) for item in chosen)


def _nearness(item: Choice) -> float:
    """How much of the question a quote holds where it stands; 0 to 1."""
    return item.option.feature("headed") * (0.8 + 0.2 * sigmoid(item.option.feature("relative")))
