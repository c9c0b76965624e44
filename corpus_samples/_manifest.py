"""Owns the manifest: which knowledge bases there are and what is known of each built document."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from corpus_samples._source import Source, SourceError

KNOWLEDGE_BASES: tuple[dict[str, Any], ...] = (
    {"name": "service", "title": "Service manuals, trouble codes, torques", "groups": []},
    {"name": "quality", "title": "8D reports, FMEA, end-of-line logs, audits", "groups": []},
    {"name": "engineering", "title": "Specifications, changes, campaigns, type approval", "groups": []},
    {"name": "security", "title": "Cybersecurity assessments", "groups": ["cybersecurity"]},
)
FIELDS = ("kb", "title", "language", "number", "family", "revision", "status", "effective", "supersedes",
          "owner", "labels", "groups", "applicability")
HEAD = """# Written by build.py from the front matter of the sources; edit those, then build again.
# The format is explained in README.md beside this file.
name = "corpus_samples"
ignore = ["sources", "sources/**", "*.py", "README.md", "glossary.csv"]
"""


def render_manifest(sources: list[Source]) -> str:
    """The manifest as TOML: knowledge bases, then one entry for each output by path; raises SourceError."""
    names = [str(base["name"]) for base in KNOWLEDGE_BASES]
    parts = [HEAD]
    for source in sources:
        if source.meta["kb"] not in names:
            raise SourceError(f"{source.name}: kb {source.meta['kb']!r} must be one of {', '.join(names)}")
    for base in KNOWLEDGE_BASES:
        languages = sorted({source.language for source in sources if source.meta["kb"] == base["name"]})
        parts.append(_section("knowledge_bases", {**base, "languages": languages}))
    entries = [(output, source) for source in sources for output in source.outputs]
    for output, source in sorted(entries, key=lambda entry: entry[0]):
        known = {field: source.meta[field] for field in FIELDS if field in source.meta}
        parts.append(_section("documents", {"path": output, **known}))
    return "\n".join(parts)


def _section(name: str, values: dict[str, Any]) -> str:
    lines = [f"{key} = {_toml(value)}" for key, value in values.items()]
    return "\n".join([f"[[{name}]]", *lines, ""])


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, dt.date):
        return value.isoformat()
    # A JSON string is a TOML basic string.
    return json.dumps(value, ensure_ascii=False)
