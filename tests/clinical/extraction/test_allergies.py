"""Allergies: what somebody must not be given, as its document says it, and never what it does not say."""

import pytest

from clinical.extraction.entries_made import (
    C_CDA,
    CIS,
    CISIS,
    PCC,
    SNOMED,
    attribute,
    coded,
    codes,
    comment,
    concern,
    during,
    extracted,
    linked,
    medicine,
    observation,
    only,
    product,
    section,
    status,
    unread,
    value,
)
from espace.clinical.facts import Detail, Kind, State, Unread
from espace.wire.clinical_statements.values import Concept, When

ALLERGIES = "48765-2"
ABSENT = "2.16.840.1.113883.5.1150.1"
NO_DRUG, NO_FOOD = "no-known-medication-allergies", "no-known-food-allergies"
DRUG_ALLERGY = coded("code", "416098002", SNOMED, "allergie médicamenteuse")


def agent(code: str, name: str = "", system: str = CIS) -> str:
    entity = f'<playingEntity classCode="MMAT">{coded("code", code, system, name)}</playingEntity>'
    return f'<participant typeCode="CSM"><participantRole classCode="MANU">{entity}</participantRole></participant>'


def allergy(*inside: str, negated: bool = False, concerned: str = "active") -> str:
    return concern(PCC + "5.3", concerned, observation(*inside, template=PCC + "6", negated=negated))


AMOXICILLIN = agent("61492463", "AMOXICILLINE")


def test_an_allergy_says_its_agent_its_type_and_what_it_did() -> None:
    reaction = observation(
        coded("code", "418799008", SNOMED, "symptôme"),
        value("39579001", SNOMED, "choc anaphylactique"),
        attribute("SEV", "24484000", name="sévère", template=PCC + "1"),
        template=PCC + "5",
    )
    found = only(
        ALLERGIES,
        allergy(
            DRUG_ALLERGY,
            during("20180603"),
            AMOXICILLIN,
            status("active"),
            linked("MFST", reaction),
            attribute("82606-5", "high", "2.16.840.1.113883.4.642.4.130"),
            attribute("66455-7", "confirmed", "2.16.840.1.113883.4.642.1.1075"),
            comment("Aux urgences en 2018"),
        ),
    )
    assert (found.kind, found.what, found.state) == (
        Kind.ALLERGY,
        Concept("61492463", CIS, "AMOXICILLINE"),
        State.ACTIVE,
    )
    assert (found.when, found.absent, found.comment) == (When("2018-06-03", ""), False, "Aux urgences en 2018")
    assert codes(found) == {
        Detail.CATEGORY: ["416098002"],
        Detail.REACTION: ["39579001"],
        Detail.SEVERITY: ["24484000"],
        Detail.CRITICALITY: ["high"],
        Detail.CERTAINTY: ["confirmed"],
        Detail.CLINICAL_STATUS: ["active"],
    }


@pytest.mark.parametrize(
    ("entry", "what", "absent", "state"),
    [
        (allergy(DRUG_ALLERGY, AMOXICILLIN, negated=True), "61492463", True, State.UNKNOWN),
        (allergy(DRUG_ALLERGY, AMOXICILLIN, attribute("66455-7", "refuted")), "61492463", True, State.UNKNOWN),
        (allergy(DRUG_ALLERGY, AMOXICILLIN, attribute("66455-7", "unconfirmed")), "61492463", False, State.ACTIVE),
        (allergy(DRUG_ALLERGY, AMOXICILLIN, status("inactive")), "61492463", False, State.OVER),
        (allergy(DRUG_ALLERGY, AMOXICILLIN, status("resolved")), "61492463", False, State.OVER),
        (allergy(DRUG_ALLERGY, AMOXICILLIN, status("recurrence")), "61492463", False, State.ACTIVE),
        (allergy(DRUG_ALLERGY, AMOXICILLIN, concerned="completed"), "61492463", False, State.UNKNOWN),
        (allergy(DRUG_ALLERGY, during("2018", "2019"), AMOXICILLIN), "61492463", False, State.OVER),
        (allergy(DRUG_ALLERGY, during("20180603", "20180603"), AMOXICILLIN), "61492463", False, State.ACTIVE),
        (allergy(value("no-known-allergies", ABSENT)), "no-known-allergies", True, State.UNKNOWN),
        (allergy(DRUG_ALLERGY, value(NO_DRUG, ABSENT)), NO_DRUG, True, State.UNKNOWN),
        (allergy(coded("code", "716186003", SNOMED)), "716186003", True, State.UNKNOWN),
        (allergy(DRUG_ALLERGY, agent(NO_FOOD, system=ABSENT)), NO_FOOD, True, State.UNKNOWN),
        (allergy(DRUG_ALLERGY, value("91936005", SNOMED)), "91936005", False, State.ACTIVE),
    ],
)
def test_near_misses(entry: str, what: str, absent: bool, state: State) -> None:
    found = only(ALLERGIES, entry)
    assert (found.what.code, found.absent, found.state) == (what, absent, state)


@pytest.mark.parametrize(("answer", "absent"), [("Oui", False), ("Non", True), ("non.", True)])
def test_a_plain_yes_or_no_answers_for_its_type(answer: str, absent: bool) -> None:
    said = f'<value xsi:type="CD"><originalText>{answer}</originalText></value>'
    found = only(ALLERGIES, allergy(DRUG_ALLERGY, said))
    assert (found.what.code, found.absent, found.details) == ("416098002", absent, {})


def test_the_words_of_the_author_name_what_has_no_code() -> None:
    said = '<value xsi:type="CD"><originalText>Pollen de bouleau</originalText></value>'
    assert only(ALLERGIES, allergy(DRUG_ALLERGY, said)).what == Concept(words="Pollen de bouleau")


def test_an_agent_with_a_name_alone() -> None:
    entity = '<playingEntity classCode="MMAT"><code nullFlavor="UNK"/><name>Latex</name></playingEntity>'
    participant = (
        f'<participant typeCode="CSM"><participantRole classCode="MANU">{entity}</participantRole></participant>'
    )
    assert only(ALLERGIES, allergy(DRUG_ALLERGY, participant)).what == Concept(words="Latex")


@pytest.mark.parametrize(
    "entry",
    [
        allergy(value("no-allergy-info", ABSENT)),
        allergy(DRUG_ALLERGY, '<value xsi:type="CD" nullFlavor="UNK"/>'),
        allergy(DRUG_ALLERGY),
        allergy(DRUG_ALLERGY, "<statusCode code='nullified'/>", AMOXICILLIN),
    ],
)
def test_what_says_nothing_is_no_fact(entry: str) -> None:
    found = extracted(section(ALLERGIES, entry))
    assert (found.facts, found.unread) == ((), ())


def test_an_allergy_to_nobody_knows_what_is_counted() -> None:
    severe = attribute("SEV", "24484000", template=PCC + "1")
    assert unread(ALLERGIES, allergy(DRUG_ALLERGY, severe)) == [Unread.NO_CODE]


def test_a_date_that_does_not_exist_leaves_the_allergy() -> None:
    found = only(ALLERGIES, allergy(DRUG_ALLERGY, during("20180231"), AMOXICILLIN))
    assert (found.what.code, found.when) == ("61492463", When())


def test_what_stands_beside_the_agent_is_its_type_or_what_it_did() -> None:
    typed = only(ALLERGIES, allergy(value("419199007", SNOMED), AMOXICILLIN))
    described = only(ALLERGIES, allergy(DRUG_ALLERGY, value("126485001", SNOMED, "urticaire"), AMOXICILLIN))
    assert codes(typed) == {Detail.CATEGORY: ["419199007"]}
    assert codes(described) == {Detail.CATEGORY: ["416098002"], Detail.REACTION: ["126485001"]}


def test_another_country_writes_the_same() -> None:
    """C-CDA R2.1: other templates, the same section, the severity inside the reaction; an age is not an allergy."""
    reaction = observation(
        coded("code", "ASSERTION", "2.16.840.1.113883.5.4"),
        value("247472004", SNOMED, "Hives"),
        attribute("SEV", "371924009", template=C_CDA + "8"),
        template=C_CDA + "9",
    )
    entry = concern(
        C_CDA + "30",
        "active",
        observation(
            coded("code", "ASSERTION", "2.16.840.1.113883.5.4"),
            during("200802"),
            value("419199007", SNOMED, "Allergy to substance"),
            agent("7980", "Penicillin", "2.16.840.1.113883.6.88"),
            linked("MFST", reaction),
            template=C_CDA + "7",
        ),
    )
    found = only(ALLERGIES, entry)
    assert (found.what.code, found.state, found.when) == ("7980", State.ACTIVE, When("2008-02", ""))
    assert codes(found) == {
        Detail.CATEGORY: ["419199007"],
        Detail.REACTION: ["247472004"],
        Detail.SEVERITY: ["371924009"],
    }


def test_without_a_template_the_section_tells() -> None:
    onset = observation(coded("code", "445518008", SNOMED), '<value xsi:type="PQ" value="57" unit="a"/>')
    hives = observation(coded("code", "418799008", SNOMED), value("126485001", SNOMED))
    entry = observation(DRUG_ALLERGY, AMOXICILLIN, linked("SUBJ", onset), linked("MFST", hives))
    found = extracted(section(ALLERGIES, entry))
    assert [(each.what.code, codes(each)[Detail.REACTION]) for each in found.facts] == [("61492463", ["126485001"])]
    assert found.unread == ()


def test_what_a_medicine_did_names_the_medicine() -> None:
    culprit = medicine(made=product("3400935186607", "1.2.250.1.213.2.3.2", "AMOXICILLINE EG 1 G"))
    reaction = observation(
        coded("code", "418799008", SNOMED), value("MD90.0", "2.16.840.1.113883.6.347"), template=PCC + "5"
    )
    effect = observation(
        coded("code", "79899007", SNOMED, "interaction médicamenteuse"),
        linked("COMP", culprit),
        linked("MFST", reaction),
        attribute("GEN-318", "17162000", template=CISIS + "211"),
        attribute("94030-4", "255604002", template=CISIS + "212"),
        attribute("GEN-319", "1352007006", template=CISIS + "213"),
        template=CISIS + "210",
    )
    found = only("44939-7", effect)
    assert (found.kind, found.what.code, found.state) == (Kind.ALLERGY, "3400935186607", State.UNKNOWN)
    assert codes(found) == {
        Detail.CATEGORY: ["79899007"],
        Detail.REACTION: ["MD90.0"],
        Detail.SEVERITY: ["255604002"],
        Detail.CERTAINTY: ["17162000"],
        Detail.OUTCOME: ["1352007006"],
    }
    alone = observation(coded("code", "79899007", SNOMED), template=CISIS + "210")
    assert unread("44939-7", alone) == [Unread.NO_CODE]


def test_an_allergy_of_the_child_to_be_born_is_not_the_mothers() -> None:
    relation = coded("code", "CHILD", "2.16.840.1.113883.5.111")
    child = f'<subject><relatedSubject classCode="PRS">{relation}</relatedSubject></subject>'
    found = only(ALLERGIES, observation(DRUG_ALLERGY, child, AMOXICILLIN, template=PCC + "6"))
    assert (found.kind, codes(found)[Detail.RELATIVE]) == (Kind.FAMILY, ["CHILD"])
