"""Term bases come in whole from TBX, CSV and XLSX, or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from copilot.catalog import ADMITTED, FORBIDDEN, PREFERRED, Catalog, Term
from copilot.errors import UsageError
from copilot.glossary import Glossary, Imported, import_glossary

Take = Callable[..., Imported]

TBX2 = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX" xml:lang="en"><text><body>
<termEntry id="c5"><descrip type="subjectField">assembly</descrip>
 <langSet xml:lang="de-DE"><descripGrp><descrip type="definition">Kraft mal Hebelarm</descrip></descripGrp>
  <tig><term>Drehmoment</term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></tig>
  <ntig><termGrp><term>Drehkraft</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote>
  </termGrp></ntig></langSet>
 <langSet xml:lang="en"><tig><term>torque</term></tig>
  <tig><term>moment of force</term><termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></tig>
 </langSet><langSet xml:lang="ja"><tig><term>トルク</term></tig></langSet>
</termEntry></body></text></martif>"""
TBX3 = """<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
 xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic"><text><body>
<conceptEntry id="c7"><min:subjectField>brakes</min:subjectField>
 <langSec xml:lang="en"><basic:definition>what stops</basic:definition>
  <termSec><term>brake disc</term><min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec>
  <termSec><term>rotor</term><min:administrativeStatus>supersededTerm-admn-sts</min:administrativeStatus></termSec>
 </langSec><langSec xml:lang="zh-CN"><termSec><term>制动盘</term></termSec></langSec>
</conceptEntry></body></text></tbx>"""


def test_import_tbx_2_reads_terms_statuses_domain_and_definition(catalog: Catalog, take: Take) -> None:
    done = take(TBX2, "terms.tbx")
    (concept,) = catalog.concepts(["service"])
    assert (concept.id, concept.domain, concept.definitions) == ("c5", "assembly", {"de": "Kraft mal Hebelarm"})
    assert concept.terms == (
        Term("Drehmoment", "de", PREFERRED), Term("Drehkraft", "de", FORBIDDEN), Term("torque", "en", PREFERRED),
        Term("moment of force", "en", ADMITTED),
    )  # fmt: skip
    assert [problem.kind for problem in done.problems] == ["ignored"], "the Japanese term is told, not lost in silence"


def test_import_tbx_3_reads_data_categories_as_elements(catalog: Catalog, take: Take) -> None:
    take(TBX3, "terms.tbx")
    (concept,) = catalog.concepts(["service"])
    assert concept.terms == (
        Term("brake disc", "en", PREFERRED), Term("rotor", "en", FORBIDDEN), Term("制动盘", "zh", PREFERRED),
    )  # fmt: skip
    assert (concept.domain, concept.definitions) == ("brakes", {"en": "what stops"})


def test_import_xlsx_gives_what_the_same_csv_gives(catalog: Catalog, take: Take, tmp_path: Path) -> None:
    rows = [
        ["ID", "German", "English (forbidden)", "English", "Remarks"], [7, "Mutter", "screw nut", "nut; hex nut", ""],
    ]  # fmt: skip
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    done = import_glossary(catalog, tmp_path / "t.xlsx", "a")
    take("\n".join(";".join(f'"{cell}"' for cell in row) for row in rows), "t.csv", "b")
    (first,), (second,) = catalog.concepts(["a"]), catalog.concepts(["b"])
    assert (first.id, set(first.terms)) == (second.id, set(second.terms))
    assert set(first.terms) == {
        Term("Mutter", "de"), Term("screw nut", "en", FORBIDDEN), Term("nut", "en"), Term("hex nut", "en", ADMITTED),
    }  # fmt: skip
    assert [problem.message for problem in done.problems] == ["The column 'Remarks' is not known and was passed over."]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_import_one_term_a_row_groups_by_concept(catalog: Catalog, take: Take, encoding: str) -> None:
    text = "concept\tlanguage\tterm\tstatus\n1\tde\tMutter\t\n1\tpl\tnakrętka\tpreferred\n1\tpl\tmutra\tforbidden\n"
    take(text.encode(encoding), "t.tsv")
    (concept,) = catalog.concepts()
    assert concept.terms == (Term("Mutter", "de"), Term("nakrętka", "pl"), Term("mutra", "pl", FORBIDDEN))


def test_import_pairs_and_the_column_use(catalog: Catalog, take: Take) -> None:
    take("source_language,source,target_language,target\nde,Mutter,en,nut\n", kb="pairs")
    take("term,language,use\nscrew nut,en,nut\n", kb="use")
    assert [term.text for term in catalog.concepts(["pairs"])[0].terms] == ["Mutter", "nut"]
    assert catalog.concepts(["use"])[0].terms == (Term("nut", "en"), Term("screw nut", "en", FORBIDDEN))


@pytest.mark.parametrize(("text", "expected"), [
    ("id,lang,preferred,synonyms,forbidden\n1,en,nut,hex nut,screw nut\n1,de,Mutter,,\n",
     [("en", "nut", PREFERRED), ("en", "hex nut", ADMITTED), ("en", "screw nut", FORBIDDEN),
      ("de", "Mutter", PREFERRED)]),
    ("concept,term,language,forbidden\n1,nut,en,no\n1,screw nut,en,yes\n",
     [("en", "nut", PREFERRED), ("en", "screw nut", FORBIDDEN)]),
    ("source_lang,target_lang,source_term,target_term,forbidden\nde,en,Mutter,nut,screw nut; nut thing\n",
     [("de", "Mutter", PREFERRED), ("en", "nut", PREFERRED), ("en", "screw nut", FORBIDDEN),
      ("en", "nut thing", FORBIDDEN)]),
    ("term_de,term_en,en_synonyms_forbidden,preferred_fr\nMutter,nut,screw nut,écrou\n",
     [("de", "Mutter", PREFERRED), ("en", "nut", PREFERRED), ("en", "screw nut", FORBIDDEN),
      ("fr", "écrou", PREFERRED)]),
    ("de,en,forbidden\nMutter,nut,en: screw nut | de: Schraubenmutter\n",
     [("de", "Mutter", PREFERRED), ("en", "nut", PREFERRED), ("en", "screw nut", FORBIDDEN),
      ("de", "Schraubenmutter", FORBIDDEN)]),
])  # fmt: skip
def test_import_takes_tables_as_people_lay_them_out(
    catalog: Catalog, take: Take, text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert take(text).problems == ()
    (concept,) = catalog.concepts()
    assert [(term.language, term.text, term.status) for term in concept.terms] == expected


def test_import_xlsx_reads_every_sheet_of_terms(catalog: Catalog, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Our terms, edition 3"])
    for name, term in (("a", "nut"), ("b", "bolt")):
        sheet = book.create_sheet(name)
        sheet.append(["concept", "en"])
        sheet.append([name, term])
    book.save(tmp_path / "t.xlsx")
    done = import_glossary(catalog, tmp_path / "t.xlsx", "service")
    assert [concept.preferred("en") for concept in catalog.concepts()] == ["nut", "bolt"]
    assert [problem.message for problem in done.problems] == ["The sheet 'Sheet' holds no terms and was passed over."]


@pytest.mark.parametrize(("text", "says"), [
    ("en,en_forbidden\nbolt,screw\nscrew,bolt\n", "circle"),
    ("term,language,use\nA,en,B\nB,en,C\nC,en,A\n", "circle: a -> b -> c -> a"),
    ("en,en_forbidden\ncooling plate,cold plate\ncold plate,chill plate\n", "forbids 'cold plate'"),
    ("de,de_forbidden\nTür,tür\n", "both preferred and forbidden"),
    ("concept,language,term,status\n1,en,nut,prefered\n", "the status 'prefered' is not known"),
    ("concept,language,term\n1,Klingon,nut\n", "the language 'Klingon'"),
    ("foo,bar\n1,2\n", "names no column of terms"),
    ("de,en,forbidden\nMutter,nut,thing\n", "of which language is 'thing'"),
    ("term,language\nnut,en\n", "lacks the column 'concept'"),
    ("de,en\n,\n", "holds no term"),
    (f"de,en\nMutter,{'n' * 201}\n", "201 characters"),
    ("de,en\nMutter,---\n", "is no term"),
    ("", "is empty"),
    (b"de,en\nT\xfcr,door\n", "UTF-8"),
    (b"PK\x03\x04nothing", "no sound XLSX"),
    ("<tbx><text>", "no sound XML"),
    ("<html/>", "no termEntry"),
    ('<!DOCTYPE martif [<!ENTITY a "b">]><martif><termEntry/></martif>', "declares entities"),
])  # fmt: skip
def test_import_what_is_not_sound_leaves_the_glossary_as_it_was(
    catalog: Catalog, take: Take, text: str | bytes, says: str
) -> None:
    take("de,en\nTor,gate\n")
    before, version = catalog.concepts(), catalog.glossary_version()
    with pytest.raises(UsageError, match=says.replace("(", r"\(")) as caught:
        take(text, "bad")
    assert caught.value.cure
    assert (catalog.concepts(), catalog.glossary_version()) == (before, version)


def test_import_contradicting_what_is_there_is_refused(catalog: Catalog, take: Take) -> None:
    take("concept,en,en_forbidden\n1,bolt,screw\n")
    with pytest.raises(UsageError, match="circle"):
        take("concept,en,en_forbidden\n2,screw,bolt\n")
    take("concept,en,en_forbidden\n2,screw,bolt\n", kb="other")
    take("concept,en,en_forbidden\n2,screw,bolt\n", replace=True)
    assert [concept.id for concept in catalog.concepts(["service"])] == ["2"]


def test_import_a_long_chain_ends(take: Take) -> None:
    rows = "".join(f"t{number},en,t{number + 1}\n" for number in range(3000))
    with pytest.raises(UsageError, match="and 2994 more"):
        take("term,language,use\n" + rows)
    with pytest.raises(UsageError, match="circle"):
        take("term,language,use\n" + rows + "t3000,en,t0\n")


def test_import_again_replaces_concepts_by_id_and_keeps_others(catalog: Catalog, take: Take) -> None:
    take("concept,de,en\n1,Mutter,nut\n2,Schraube,bolt\n")
    take("concept,de,en\n1,Mutter,hex nut\n")
    assert {concept.id: concept.preferred("en") for concept in catalog.concepts()} == {"1": "hex nut", "2": "bolt"}


def test_import_one_term_under_two_concepts_is_told(take: Take) -> None:
    done = take("concept,en,de\n1,spring,Feder\n2,spring,Quelle\n")
    assert [(problem.kind, problem.concepts) for problem in done.problems] == [("duplicate", ("1", "2"))]


def test_import_two_preferred_terms_keep_the_first_and_say_so(catalog: Catalog, take: Take) -> None:
    done = take("concept,language,term,status\n1,en,nut,preferred\n1,en,hex nut,preferred\n")
    assert catalog.concepts()[0].terms == (Term("nut", "en"), Term("hex nut", "en", ADMITTED))
    assert [problem.kind for problem in done.problems] == ["duplicate"]


def test_glossary_acts_at_once_in_whoever_has_it_open(catalog: Catalog, take: Take) -> None:
    glossary = Glossary(catalog)
    assert glossary.matches("Mutter", "de", "en", ["service"]) == []
    before = glossary.version()
    take("de,en\nMutter,nut\n")
    assert [match.target_term for match in glossary.matches("Mutter", "de", "en", ["service"])] == ["nut"]
    assert glossary.version() != before


def test_catalog_of_before_the_glossary_gets_its_tables(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    Catalog.at(path).close()
    with sqlite3.connect(path) as connection:
        connection.executescript("drop table terms; drop table term_concepts;")
    connection.close()
    assert Catalog.at(path).concepts() == []
