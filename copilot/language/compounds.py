"""German compounds in their parts, by what was seen to stand alone in German technical text."""

from __future__ import annotations

import functools
import gzip
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from copilot.errors import ModelError
from copilot.language.stems import fold, stem
from copilot.language.words import function_words

LEXICON = Path(__file__).resolve().parent.parent / "models" / "words" / "compounds-de.txt.gz"
_SHORTEST, _MOST_PARTS, _LONGEST = 4, 4, 60
_COST_OF_A_PART = 0.5  # in log counts, so that "Kontroll-datum" is not "Kont-roll-datum"
# Words below the shortest length that make compounds all the time.
SHORT_PARTS = frozenset({"öl", "gas", "rad", "tür", "weg", "zug", "rohr", "stab"})
# Inflection that ends words but links no parts.
_NO_LINKS = frozenset({"em", "est", "et", "ete", "eten", "este", "esten", "erem", "ern", "st"})
# Endings that also occur as words, and would be cut off as if they were parts.
_ENDINGS = frozenset(
    """ende enden ender endes enders sche schen scher sches schem ische ischen ischer isches faches fache fachen
    lich liche lichen licher liches keit keiten heit heiten schaft schaften ungen innen ieren iert ierte ierten
    ierung ierungen weise mäßig lose losen loser loses barer bares baren""".split()
)


def parts(word: str) -> tuple[str, ...]:
    """The parts of a German compound in lower case, their linking letters kept; () where it has none."""
    lowered = word.lower()
    if not 2 * _SHORTEST - 2 <= len(lowered) <= _LONGEST:
        return ()
    return _parts(lowered)


@functools.lru_cache(maxsize=65536)
def _parts(word: str) -> tuple[str, ...]:
    return split(word, lexicon())


@functools.cache
def lexicon(path: Path = LEXICON) -> Mapping[str, int]:
    """Stems of words that stand alone, with how often they were seen; ModelError where the file is gone or broken."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return {item: int(count) for item, count in (line.split() for line in file)}
    except (OSError, EOFError, ValueError) as error:
        reason = f"The German compound list {path} cannot be read: {error}."
        raise ModelError(reason, "Install the product again.") from error


def split(word: str, seen: Mapping[str, int]) -> tuple[str, ...]:
    """The split whose parts were seen most often (geometric mean of counts, Koehn and Knight 2003); () if none."""
    found = [item for item in _splits(word, seen, _MOST_PARTS) if len(item) > 1]
    return max(found, key=lambda item: _score(item, seen), default=())


def _score(found: tuple[str, ...], seen: Mapping[str, int]) -> float:
    logs = sum(math.log(seen[stem(part, "de")]) for part in found)
    return logs / len(found) - _COST_OF_A_PART * len(found)


def _splits(word: str, seen: Mapping[str, int], most: int) -> Iterator[tuple[str, ...]]:
    if _stands_alone(word, seen):
        yield (word,)
    if most < 2:
        return
    for end in range(2, len(word) - 1):
        head = word[:end]
        if _links(head) and _stands_alone(head, seen):
            for rest in _splits(word[end:], seen, most - 1):
                yield (head, *rest)


def _links(head: str) -> bool:
    folded, root = fold(head), stem(head, "de")
    return not folded.startswith(root) or folded[len(root) :] not in _NO_LINKS


def _stands_alone(part: str, seen: Mapping[str, int]) -> bool:
    if len(part) < _SHORTEST:
        return part in SHORT_PARTS and stem(part, "de") in seen
    return part not in _ENDINGS and part not in function_words("de") and stem(part, "de") in seen
