"""What is known of the corpus that cases are asked over: its documents, who may not see what, where answers stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from copilot.codec import parsed_file, read_elements
from copilot.settings import Settings
from copilot.types import Document, Element
from evals.cases.corpus import CorpusText
from evals.types import Case

_TOLD = 5


class Ground:
    """The corpus of one run, as the catalog has it when the run begins."""

    def __init__(self, settings: Settings) -> None:
        from copilot.library import Library
        from copilot.wiring import open_catalog

        catalog = open_catalog(settings)
        self.revisions = catalog.revisions()
        self._text = CorpusText(Library(catalog, settings))
        self._parsed = settings.parsed_path
        self._secrets: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._elements: dict[str, Sequence[Element]] = {}
        self.documents: Mapping[str, Document] = {
            row.document.id: row.document for row in self.revisions if row.current
        }
        """The current revision of every document by id, whoever may read it."""

    def secrets(self, case: Case) -> tuple[str, ...]:
        """What may not show for this case: much of the documents that it names, id and address of any not for it.

        Rights are read from the documents themselves: what the product makes of them is what is measured.
        """
        from evals.metrics.leakage import secrets_of

        if case.restricted not in self._secrets:
            self._secrets[case.restricted] = secrets_of(case, self.documents, self.elements)
        groups = set(case.principal.groups)
        closed = [row.document for row in self.revisions if row.document.acl and groups.isdisjoint(row.document.acl)]
        told = [text for document in closed for text in (document.id, document.uri)]
        return tuple(dict.fromkeys((*self._secrets[case.restricted], *told)))

    def elements(self, document: Document) -> Sequence[Element]:
        """The parsed elements of a document, whoever may read it; nothing where they are not kept."""
        if document.id not in self._elements:
            self._elements[document.id] = read_elements(parsed_file(self._parsed, document)) or ()
        return self._elements[document.id]

    def languages(self, case: Case) -> Sequence[str]:
        """The languages of the documents that hold the case's answer."""
        return sorted({document.language for _, document in self._text.documents(case)})

    def warnings(self, cases: Sequence[Case]) -> list[str]:
        """What of the cases does not stand in the corpus: they are asked all the same."""
        found = ((case, *fault) for case in cases for fault in self._text.faults(case))
        faults = [f"{case.origin} [{case.id}] {fault} {cure}" for case, fault, cure in found]
        more = [f"... and {len(faults) - _TOLD} more: copilot eval check tells them all."]
        return faults[:_TOLD] + (more if len(faults) > _TOLD else [])
