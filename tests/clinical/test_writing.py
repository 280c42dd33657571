"""A medical summary out of facts: what is proposed, what is kept, and what a reader finds again in the document."""

import os
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree

from cast import Holder, fresh_ins
from clinical.said import fact, medicine, result, said, stated
from clinical.scene import frame
from espace.clinical.facts import Detail, Dosage, Extracted, Fact, Kind, Sourced, State
from espace.clinical.rules.extraction import extract
from espace.clinical.rules.writing import Added, Choices, Fault, Kept, Line, Part, correctable, draft, faults, kept
from espace.clinical.rules.writing.drafting import MOST
from espace.identity.facts import Traits
from espace.kernel.ids import PatientId
from espace.kernel.words import Actor, ActorKind
from espace.wire import cda
from espace.wire.cda_writing import medical_summary
from espace.wire.clinical_statements.values import Concept, Interval, Quantity, Value, When
from espace.wire.xds import Coded
from espace.workstation.pages.summary.wording import chapters

SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data")) / "cda"
AT = date(2025, 6, 1)
ICD_10, SNOMED, ATC = "2.16.840.1.113883.6.3", "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.73"
NO_ALLERGY = fact(Kind.ALLERGY, "Aucune allergie connue", code="716186003", system=SNOMED, absent=True)
DIABETES = fact(
    Kind.PROBLEM, "Diabète de type 2", code="E11.9", system=ICD_10, start="2014-05", state=State.ACTIVE,
    details={
        Detail.SEVERITY: (Concept("6736007", SNOMED, "modéré"),),
        Detail.CERTAINTY: (Concept("410605003", SNOMED, "confirmé"),),
        Detail.SITE: (Concept("15497006", SNOMED, "ovaire", qualifiers=(Coded("7771000", SNOMED, "gauche"),)),),
        Detail.LATERALITY: (Concept("7771000", SNOMED, "gauche"),),
    },
)  # fmt: skip
PENICILLIN = fact(
    Kind.ALLERGY, "Pénicilline", code="764146007", system=SNOMED, start="1996", state=State.ACTIVE,
    details={
        Detail.CATEGORY: (Concept("416098002", SNOMED, "allergie médicamenteuse"),),
        Detail.REACTION: (Concept("126485001", SNOMED, "urticaire"), Concept(words="gonflement du visage")),
        Detail.CRITICALITY: (Concept("high", "2.16.840.1.113883.4.642.1.130", "élevée"),),
    },
)  # fmt: skip


def proposed(*facts: Sourced) -> list[tuple[str, str, bool]]:
    return [(line.part.value, line.fact.what.display or line.fact.what.words, line.proposed) for line in lines(*facts)]


def lines(*facts: Sourced) -> list[Line]:
    """Without what is offered of parts that say nothing."""
    return [line for line in draft(facts, AT) if line.sources]


def only(*facts: Sourced) -> Line:
    (line,) = lines(*facts)
    return line


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


# -- what is proposed


def test_the_parts_that_has_asks_for_are_filled_in_their_order() -> None:
    facts = (
        said(DIABETES),
        said(fact(Kind.PROBLEM, "Pyélonéphrite", code="N10", start="2018-04-22", end="2018-04-30")),
        said(fact(Kind.PROCEDURE, "Cataracte", code="BFGA004", start="2024", end="2024", state=State.OVER)),
        said(PENICILLIN),
        said(medicine(Kind.TREATMENT, "Metformine", atc="A10BA02", start="2020")),
        said(fact(Kind.LIFESTYLE, "Tabac", code="74011-8", value=Value(quantity=Quantity("25", "{pack}/a")))),
        said(fact(Kind.FAMILY, "Diabète", code="E11", details={Detail.RELATIVE: (Concept("MTH", "", "Mère"),)})),
        said(fact(Kind.DEVICE, "Stimulateur", code="J0101", start="2019")),
        said(result("7.4", "%", "2025-05-02", low="4", high="6")),
    )
    assert proposed(*facts) == [
        ("pathologies", "Diabète de type 2", True),
        ("antecedents", "Pyélonéphrite", True),
        ("actes", "Cataracte", True),
        ("allergies", "Pénicilline", True),
        ("traitements", "Metformine", True),
        ("mode-de-vie", "Tabac", True),
        ("famille", "Diabète", True),
        ("vigilance", "Stimulateur", True),
        ("vigilance", "Hémoglobine glyquée", True),
    ]


def test_what_may_be_said_of_a_part_without_a_source_is_offered_and_never_proposed() -> None:
    found = [(line.part, line.fact.what.code, line.proposed) for line in draft((), AT)]
    assert found == [
        (Part.PROBLEMS, "no-known-problems", False),
        (Part.ALLERGIES, "no-known-allergies", False),
        (Part.TREATMENTS, "no-known-medications", False),
    ]
    assert [line.fact.what.code for line in draft((said(NO_ALLERGY),), AT) if line.part is Part.ALLERGIES] == [
        "716186003"
    ]


def test_what_is_contradicted_is_not_proposed_and_says_so() -> None:
    gone = replace(DIABETES, state=State.OVER)
    line = only(said(DIABETES, 1, "2024-01-01"), said(gone, 2, "2025-01-01"))
    assert (line.proposed, [clash.value for clash in line.clashes]) == (False, ["over"])
    assert line.fact == DIABETES
    assert proposed(said(PENICILLIN), said(NO_ALLERGY, 2)) == [
        ("allergies", "Pénicilline", False), ("allergies", "Aucune allergie connue", False),
    ]  # fmt: skip
    ended = medicine(Kind.TREATMENT, "Metformine", atc="A10BA02", state=State.STOPPED)
    again = only(said(medicine(Kind.TREATMENT, "Metformine", atc="A10BA02")), said(ended, 2, "2025-05-01"))
    assert (again.stopped, again.proposed) == (True, False)


def test_that_there_is_none_is_proposed_where_nobody_says_otherwise_and_once() -> None:
    other = replace(NO_ALLERGY, what=Concept("no-known-allergies", "2.16.840.1.113883.5.1150.1", "Aucune allergie"))
    one = fact(Kind.ALLERGY, "Arachide", code="762952008", system=SNOMED, absent=True)
    assert proposed(said(NO_ALLERGY), said(other, 2, "2025-01-01"), said(one, 3, "2024-01-01")) == [
        ("allergies", "Aucune allergie connue", True),
        ("allergies", "Aucune allergie", False),
        ("allergies", "Arachide", False),
    ]


def test_what_the_patient_alone_states_is_not_proposed_but_for_allergies() -> None:
    asthma = fact(Kind.PROBLEM, "Asthme", state=State.ACTIVE)
    peanut = fact(Kind.ALLERGY, "Arachide", state=State.ACTIVE)
    assert proposed(stated(asthma), stated(peanut)) == [
        ("pathologies", "Asthme", False),
        ("allergies", "Arachide", True),
    ]
    assert only(stated(asthma), said(asthma)).proposed


@pytest.mark.parametrize(
    ("kind", "others", "proposed"),
    [
        (Kind.TREATMENT, {}, True),
        (Kind.PRESCRIPTION, {"start": "2025-05-20", "end": "2025-06-03"}, False),
        (Kind.PRESCRIPTION, {"start": "2025-04-01", "end": "2025-06-24"}, True),
        (Kind.PRESCRIPTION, {"start": "2025-05-20", "end": "2025-06-03", "repeats": "3"}, True),
        (Kind.PRESCRIPTION, {"start": "2025-05", "repeats": "0"}, False),
        (Kind.PRESCRIPTION, {"start": "2025-05-20", "repeats": "2"}, True),
        (Kind.DISPENSATION, {"start": "2025-05-20", "end": "2025-05-20"}, False),
    ],
)
def test_of_medicines_what_is_taken_for_long_is_proposed(kind: Kind, others: dict[str, str], proposed: bool) -> None:
    found = fact(kind, "Amoxicilline", **others)
    assert only(said(found, day="2025-05-20")).proposed is proposed


def test_what_is_delivered_again_is_taken_for_long_as_it_was_ordered() -> None:
    first, again = (
        medicine(Kind.DISPENSATION, "Metformine", atc="A10BA02", start=day, end=day)
        for day in ("2025-04-02", "2025-05-02")
    )
    ordered = medicine(Kind.PRESCRIPTION, "Metformine 1 g", atc="A10BA02", start="2025-04-01", words="1 matin et soir")
    coded = replace(ordered, what=Concept("3400938022209", "1.2.250.1.213.2.3.2", "Metformine 1 g"))
    line = only(said(first, 1, "2025-04-02"), said(again, 2, "2025-05-02"))
    assert (line.proposed, line.fact.when) == (True, When("2025-05-02"))
    line = only(said(first, 1, "2025-04-02"), said(again, 2, "2025-05-02"), said(coded, 3, "2025-04-01"))
    assert (line.fact.what.code, line.fact.dosage) == ("3400938022209", Dosage("1 matin et soir"))


def test_a_code_is_kept_where_one_source_has_it_and_since_when_where_one_says_it() -> None:
    bare = fact(Kind.PROBLEM, "Diabète de type 2", start="2014", state=State.ACTIVE)
    undated = replace(DIABETES, when=When(), details={})
    line = only(said(undated, 1, "2024-01-01"), said(bare, 2, "2025-01-01"))
    assert (line.fact.what.code, line.fact.when.start) == ("E11.9", "2014")


def test_no_part_has_more_lines_than_a_page_takes() -> None:
    facts = [said(fact(Kind.PROBLEM, f"Maladie {number}", state=State.ACTIVE), number) for number in range(MOST + 5)]
    assert len(lines(*facts)) == 40


def test_old_results_and_those_within_their_range_wait_for_their_author() -> None:
    assert not only(said(result("7.4", "%", "2023-05-02", low="4", high="6"), day="2023-05-02")).proposed
    assert not only(said(result("5.4", "%", "2025-05-02", low="4", high="6"))).proposed


# -- what is kept


def test_what_is_kept_is_corrected_and_added_part_by_part() -> None:
    asthma = only(said(fact(Kind.PROBLEM, "Asthme", state=State.ACTIVE)))
    taken = only(said(medicine(Kind.TREATMENT, "Metformine", words="1 matin")))
    smokes = only(said(fact(Kind.LIFESTYLE, "Tabac", value=Value(words="10 par jour"))))
    choices = Choices(
        (taken.key, asthma.key, smokes.key, "unknown"),
        {asthma.key: "Asthme d’effort", taken.key: "2 matin", smokes.key: "arrêté"},
        (
            Added(Part.ATTENTION, "Vit seule"),
            Added(Part.HISTORY, "Varicelle"),
            Added(Part.TREATMENTS, "Zinc", "1 par jour"),
        ),
    )
    found = kept((taken, asthma, smokes), choices)
    assert [
        (one.part.value, one.fact.what.display or one.fact.what.words if one.fact else one.prose) for one in found
    ] == [
        ("pathologies", "Asthme d’effort"),
        ("antecedents", "Varicelle"),
        ("traitements", "Metformine"),
        ("traitements", "Zinc"),
        ("mode-de-vie", "Tabac"),
        ("vigilance", "Vit seule"),
    ]
    told = [one.fact for one in found if one.fact]
    assert [one.state for one in told[:2]] == [State.ACTIVE, State.OVER]
    assert [one.dosage for one in told[2:4]] == [Dosage("2 matin"), Dosage("1 par jour")]
    assert told[4].value == Value(words="arrêté")


def test_a_changed_dosage_is_told_in_words_alone_and_an_emptied_name_stays() -> None:
    coded = Dosage(
        "1 matin", Interval(Quantity("1"), Quantity("1")), Quantity("24", "h"), Concept("20053000", "", "Voie orale")
    )
    taken = only(said(replace(medicine(Kind.TREATMENT, "Metformine"), dosage=coded)))
    bare = only(said(fact(Kind.TREATMENT, "Zinc")))
    asthma = only(said(fact(Kind.PROBLEM, "Asthme")))
    assert [correctable(one) for one in (taken, bare, asthma)] == ["1 matin", "", "Asthme"]
    assert correctable(only(said(DIABETES))) is None and correctable(only(said(NO_ALLERGY))) is None
    all_of_them = (taken, bare, asthma)
    keys = tuple(line.key for line in all_of_them)
    assert [one.fact for one in kept(all_of_them, Choices(keys)) if one.part is Part.TREATMENTS] == [
        taken.fact,
        bare.fact,
    ]
    found = kept(all_of_them, Choices(keys, {taken.key: "2 matin", bare.key: "", asthma.key: ""}))
    told = {one.fact.what.display: one.fact for one in found if one.fact}
    assert told["Metformine"].dosage == Dosage("2 matin", route=coded.route)
    assert told["Zinc"].dosage is None and told["Asthme"].state is State.ACTIVE
    found = kept((bare,), Choices((bare.key,), {bare.key: "1 par jour"}))
    assert [one.fact.dosage for one in found if one.fact] == [Dosage("1 par jour")]


def test_what_must_be_settled_before_it_is_signed() -> None:
    nothing, allergy = Choices(), only(said(PENICILLIN))
    assert list(faults((), nothing)) == [(Fault.NOTHING, None)]
    both = (Kept(Part.ALLERGIES, NO_ALLERGY), Kept(Part.ALLERGIES, allergy.fact))
    assert list(faults(both, nothing)) == [(Fault.DENIED, Part.ALLERGIES)]
    assert list(faults(both[:1], nothing)) == list(faults(both[1:], nothing)) == []
    assert list(faults(both[1:], Choices(words={"k": "x" * 201}))) == [(Fault.LONG, None)]


# -- what a reader finds again


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
        "J0101", "82810-3", "4548-4", "60234100", "",
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
    "IPS-FR_2024.01.xml": 27,
    "DLU-EHPAD-DLU_2022.01.xml": 3,
}
"""How many coded facts of each make the summary."""


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
