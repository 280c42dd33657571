"""A medical summary read back: our own reading finds in the document what its author kept, with its codes and times."""

import os
from datetime import UTC, date
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree

from cast import Holder, fresh_ins
from clinical.said import fact, result, said
from clinical.scene import frame
from clinical.test_writing import ATC, DIABETES, ICD_10, NO_ALLERGY, PENICILLIN, SNOMED, lines
from espace.clinical.facts import Detail, Dosage, Extracted, Fact, Kind, State
from espace.clinical.rules.extraction import extract
from espace.clinical.rules.writing import Choices, Kept, Part, kept
from espace.identity.facts import Traits
from espace.kernel.ids import PatientId
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind
from espace.wire import cda
from espace.wire.cda_writing import medical_summary
from espace.wire.clinical_statements.values import Concept, Interval, Quantity, Value
from espace.workstation.pages.summary.wording import chapters

SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data")) / "cda"


def somebody() -> Holder:
    who = PatientId(UUID(int=7))
    traits = Traits("DUVAL", ("CAMILLE",), date(1985, 3, 7), "F", "44109")
    return Holder(who, fresh_ins(), traits, Actor(ActorKind.HOLDER, UUID(int=8), "Camille Duval", patient=who))


def written(*found: Kept) -> Extracted:
    """What our own reading finds in the document that says it, and that it finds it whole."""
    content = medical_summary(frame(somebody()), chapters(found))
    result = cda.parse(content, zone=UTC)
    assert (result.problems, result.warnings) == ((), ()) and result.document is not None
    read = extract(result.document)
    assert read.unread == ()
    return read


LOINC, CCAM, EDQM = "2.16.840.1.113883.6.1", "1.2.250.1.215.300.1", "0.4.0.127.0.16.1.1.2.1"
PACKS, MOTHER = Value(quantity=Quantity("25", "{pack}/a")), Concept("MTH", "2.16.840.1.113883.5.111", "Mère")
PREGNANT = Value(concept=Concept("77386006", SNOMED, "enceinte", "Enceinte"))
OTITIS = fact(Kind.PROBLEM, "Otite", code="H66", system=ICD_10, start="2018-04-22", end="2018-04-30", state=State.OVER)
CATARACT = fact(
    Kind.PROCEDURE, "Cataracte", code="BFGA004", system=CCAM, start="2024-10-02", end="2024-10-02", state=State.OVER,
    details={Detail.INDICATION: (Concept("H25", ICD_10, "Cataracte sénile"),)},
)  # fmt: skip
METFORMIN = fact(
    Kind.TREATMENT, "Metformine", code="60234100", system="1.2.250.1.213.2.3.1", start="2020-03-04", state=State.ACTIVE,
    dosage=Dosage(
        "1 matin et soir", Interval(Quantity("1", "{tablet}"), Quantity("2", "{tablet}")), Quantity("12", "h"),
        Concept("20053000", EDQM, "Voie orale"), "4 {tablet}/1 d", Quantity("24", "h"), ("HS",),
        Interval(Quantity("1", "mL/h"), Quantity("1", "mL/h")), True, (Concept(words="douleur"),),
    ),
    details={
        Detail.SUBSTANCE: (Concept("A10BA02", ATC, "metformine"), Concept(words="chlorhydrate")),
        Detail.FORM: (Concept("10219000", EDQM, "Comprimé"),),
        Detail.INDICATION: (Concept("E11.9", ICD_10, "Diabète de type 2"),),
    },
)  # fmt: skip
FOUND = (
    Kept(Part.PROBLEMS, DIABETES),
    Kept(Part.PROBLEMS, fact(Kind.PROBLEM, "Cancer du sein", code="C50", system=ICD_10, absent=True)),
    Kept(Part.HISTORY, OTITIS),
    Kept(Part.HISTORY, fact(Kind.PROBLEM, "Varicelle", code="B01", system=ICD_10, start="1990", state=State.OVER)),
    Kept(Part.ACTS, CATARACT),
    Kept(Part.ALLERGIES, PENICILLIN),
    Kept(Part.HABITS, fact(Kind.LIFESTYLE, "Tabac", code="74011-8", system=LOINC, value=PACKS)),
    Kept(Part.HABITS, fact(Kind.LIFESTYLE, "Fumeur", code="77176002", system=SNOMED)),
    Kept(Part.HABITS, fact(Kind.LIFESTYLE, "Alcool", code="74013-4", system=LOINC, value=Value(truth=False))),
    Kept(Part.HABITS, fact(Kind.LIFESTYLE, "Sport", code="73985-4", system=LOINC, value=Value(words="marche"))),
    Kept(Part.FAMILY, fact(Kind.FAMILY, "Diabète", code="E11", system=ICD_10, details={Detail.RELATIVE: (MOTHER,)})),
    Kept(Part.FAMILY, fact(Kind.FAMILY, "Migraine", code="G43", system=ICD_10)),
    Kept(Part.ATTENTION, fact(Kind.DEVICE, "Stimulateur", code="J0101", system="1.2.250.1.213.2.68", start="2019")),
    Kept(Part.ATTENTION, fact(Kind.ALERT, "Risque de chute", code="129839007", system=SNOMED)),
    Kept(Part.ATTENTION, fact(Kind.PREGNANCY, "Grossesse", code="82810-3", system=LOINC, value=PREGNANT)),
    Kept(Part.ATTENTION, result("7.4", "%", "2025-05-02T10:20:00+02:00", low="4", high="6", interpretations=("H",))),
    Kept(Part.TREATMENTS, METFORMIN),
    Kept(Part.TREATMENTS, fact(Kind.TREATMENT, "Zinc", state=State.STOPPED, dosage=Dosage("2 le soir", needed=True))),
)


def facts_of(found: tuple[Kept, ...]) -> list[Fact]:
    return [one.fact for one in found if one.fact]


def bare(one: Fact) -> tuple[object, ...]:
    """A fact without the place where it stands, the words that the narrative adds, and the ids of its statement."""
    what = (one.what.code, one.what.system, one.what.display or one.what.words, one.what.others)
    details = {each: tuple((it.code or it.words, it.qualifiers) for it in found) for each, found in one.details.items()}
    return (
        one.kind,
        what,
        one.state,
        one.absent,
        one.when,
        one.value,
        one.interpretations,
        one.ranges,
        one.dosage,
        details,
    )


@pytest.mark.parametrize("one", FOUND, ids=lambda one: one.fact.what.display)
def test_a_fact_that_is_kept_is_read_back_as_it_was(one: Kept) -> None:
    (read,) = written(one).facts
    assert one.fact is not None
    told, back = bare(one.fact), bare(read)
    usual = {Detail.CATEGORY, Detail.CLINICAL_STATUS} - set(one.fact.details)
    details = {detail: found for detail, found in read.details.items() if detail not in usual}
    assert back[:-1] == told[:-1]
    assert set(details) == set(one.fact.details)


def test_the_whole_is_read_back_in_one_document() -> None:
    found = written(*FOUND, Kept(Part.ATTENTION, prose="Vit seule, au cinquième étage"))
    assert [one.what.code for one in found.facts] == [
        "E11.9", "C50", "H66", "B01", "BFGA004", "764146007", "74011-8", "77176002", "74013-4", "73985-4", "E11", "G43",
        "J0101", "129839007", "82810-3", "4548-4", "60234100", "",
    ]  # fmt: skip
    assert "Vit seule, au cinquième étage" in found.text
    assert "Metformine 1 matin et soir depuis le 4 mars 2020, Douleur Diabète de type 2" in found.text.replace(
        "\t", " "
    )


def test_no_known_allergy_is_read_back_as_that() -> None:
    (none,) = written(Kept(Part.ALLERGIES, NO_ALLERGY)).facts
    assert (none.kind, none.what.code, none.absent) == (Kind.ALLERGY, "716186003", True)


OFFICIAL = {
    "VSM_1.4_2022.01.xml": 10,
    "IPS-FR_2024.01.xml": 24,
    "DLU-EHPAD-DLU_2022.01.xml": 3,
}
"""How many coded facts of each make the summary; results within their range do not."""


@pytest.mark.parametrize(("name", "count"), OFFICIAL.items())
def test_what_official_documents_state_survives_being_summed_up(name: str, count: int) -> None:
    if not SHARED.is_dir():
        pytest.skip("the official examples are not on this machine")
    first = cda.parse((SHARED / name).read_bytes(), zone=UTC).document
    assert first is not None
    found = [said(one, day="2025-03-04") for one in extract(first).facts]
    proposed = [line for line in lines(*found) if not line.fact.absent and line.fact.kind is not Kind.DIRECTIVE]
    chosen = kept(proposed, Choices(tuple(line.key for line in proposed)))
    told, back = facts_of(chosen), written(*chosen).facts
    assert len(told) == len(back) == count
    assert {bare(one)[:5] for one in told} == {bare(one)[:5] for one in back}


H = {"h": "urn:hl7-org:v3"}


def templates(content: bytes) -> set[tuple[str, str, frozenset[str]]]:
    """Of every section its code and its templates; of every statement its element and its templates."""
    root, found = etree.fromstring(content), set()
    for tag in ("section", "act", "observation", "organizer", "procedure", "substanceAdministration", "subject"):
        for one in root.iterfind(f".//h:{tag}[h:templateId]", H):
            code = one.find("h:code", H) if tag == "section" else None
            roots = frozenset(str(each.get("root")) for each in one.iterfind("h:templateId", H))
            found.add((tag, "" if code is None else str(code.get("code")), roots))
    return found


def test_the_official_example_summed_up_has_its_sections_and_its_templates() -> None:
    if not SHARED.is_dir():
        pytest.skip("the official examples are not on this machine")
    official = (SHARED / "VSM_1.4_2022.01.xml").read_bytes()
    first = cda.parse(official, zone=UTC).document
    assert first is not None
    found = lines(*(said(one, day="2025-03-04") for one in extract(first).facts))
    chosen = kept(found, Choices(tuple(line.key for line in found)))
    allergy = Kept(Part.ALLERGIES, replace(PENICILLIN, state=State.OVER, details={}))
    content = medical_summary(frame(somebody()), chapters([*chosen, allergy]))
    missing = templates(official) - templates(content)
    assert {(tag, code) for tag, code, _ in missing} == {("section", "10161-8")}  # risks at work: in words, optional
    assert templates(content) <= templates(official)
