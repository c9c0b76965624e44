"""Glossaries: term bases per knowledge base, found in texts, obeyed in translations, and used to widen queries."""

from copilot.glossary.gloss import Gloss, GlossEntry, Glosser, gloss
from copilot.glossary.glossary import Glossary, TermMatch
from copilot.glossary.importing import Imported, import_glossary

__all__ = ["Gloss", "GlossEntry", "Glossary", "Glosser", "Imported", "TermMatch", "gloss", "import_glossary"]
