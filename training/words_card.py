"""The model card of the word tables: what they are made from, how, how good they are, and what is wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from training.words_text import PERMISSIVE

LICENCES = {
    "python-docs": "PSF documentation licence; translations CC0",
    "django-docs": "BSD-3-Clause",
    "odoo": "LGPL-3.0",
    "erpnext": "GPL-3.0",
    "oca": "AGPL-3.0",
    "kicad": "GPL-3.0",
    "kicad-doc": "GPL-3.0 or later, or CC BY 3.0 or later",
    "freecad": "LGPL-2.1 or later",
    "librecad": "GPL-2.0 or later",
    "qelectrotech": "GPL-2.0 or later",
    "openscad": "GPL-2.0 or later",
    "blender": "GPL-2.0 or later",
    "librepcb": "GPL-3.0",
    "fritzing": "GPL-3.0",
    "betaflight": "GPL-3.0",
    "cura": "LGPL-3.0",
    "prusaslicer": "AGPL-3.0",
    "gnome-user-docs": "CC BY 3.0",
    "git-manpages": "GPL-2.0",
    "jenkins": "MIT",
    "fastapi": "MIT",
    "edgeai-beginners": "MIT",
    "owasp-top10": "CC BY 3.0, CC BY-SA 4.0",
    "tldr": "CC BY 4.0",
    "wiktionary": "CC BY-SA 3.0, GFDL",
}

_WHAT = """# Word tables

Which terms of one language stand for a term of another, and how surely: 14 tables between English and each of German,
Spanish, French, Italian, Polish, Portuguese and Chinese; two other languages meet through English when asked. A
search in a language other than the question's weighs terms by them (probabilistic structured queries, Darwish and
Oard 2003). Beside them `compounds-de.txt.gz`: the German words that stand alone, by which compounds are split.

The tables hold single terms and probabilities, no sentence of any text. `words-permissive.bin` is made from
permissively licensed sources alone; the setting `retrieval.tables` chooses. The compound list is made from all.

## Made by

    python -m training.words --data DIR --work DIR

Nothing is drawn by chance; the same rows give the same bytes. Steps:

1. German words that stand alone are counted; nouns that were all of a text once and are no compounds count too.
2. Both sides of each row go through the product's own analysis. A row has two readings: the fine one (German
   compounds in their parts, hyphened words apart, the words inside long Chinese words) and the coarse one (whole).
3. IBM model 1 both ways on the distinct terms of each row and each reading: five iterations from the Dice
   coefficient, with an empty word, by variational Bayes (prior .01). Function words take part, and are left out after.
4. Expected counts are products of both directions' posteriors, added over the readings. A term's probabilities are
   its shares of them.
5. Pruned to 20 translations a term and the least probability named below.
"""

_FAULTS = """
## Known faults

- The text is about software, business software, drawing and electronics, with a dictionary's everyday words; of
  vehicles, hydraulics or process plant there is little ("shaft" is a mine's shaft in German here, "bearing" is weak).
- A term's senses are mixed: "nail" is also a finger's, "spring" also a season. Rare terms rest on one row.
- Terms are stems: words with one stem share a row ("sicher" and "Sicherheit").
- Through English, senses of the middle word spread ("key" -> "Taste" and "Schlüssel").
- The dictionary brings vulgar senses of some words, at low probabilities.
"""


def card(manifest: Mapping[str, Any], figures: str = "") -> str:
    """The card as Markdown; ``figures`` is a text of its own, kept beside the tables."""
    files = "".join(f"| {name} | {item['bytes'] / 1e6:.1f} MB |\n" for name, item in manifest["files"].items())
    took = f"The last run took {manifest['seconds']} s, without what the work folder held already."
    run = f"{took}\n\n| file | size |\n| --- | --- |\n{files}"
    parts = [_WHAT, run, _data(manifest), figures, _FAULTS]
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def _data(manifest: Mapping[str, Any]) -> str:
    lines = ["## Data\n"]
    for kind, table in manifest["tables"].items():
        rows = table["rows"]
        counts = ", ".join(f"{language} {sum(sources.values()):,}" for language, sources in rows.items())
        lines.append(f"Rows in `{table['file']}` ({kind}, least probability {table['least_share']}): {counts}.\n")
    used: Counter[str] = Counter()
    for sources in manifest["tables"].get("all", next(iter(manifest["tables"].values())))["rows"].values():
        used.update(sources)
    lines.append("| source | rows | licence of the text | in the permissive table |\n| --- | --- | --- | --- |")
    for source, count in used.most_common():
        taken = "yes" if source in PERMISSIVE else "no"
        lines.append(f"| {source} | {count:,} | {LICENCES.get(source, 'not stated')} | {taken} |")
    return "\n".join(lines)
