"""Vaccinations: given, not given, advised; never only bought."""

import pytest

from clinical.extraction.entries_made import (
    ATC,
    C_CDA,
    CIS,
    CISIS,
    ICD_10,
    LOINC,
    PCC,
    SNOMED,
    coded,
    codes,
    comment,
    extracted,
    linked,
    medicine,
    observation,
    only,
    product,
    section,
    unread,
    value,
)
from espace.clinical.facts import Detail, Kind, State, Unread
from espace.wire.clinical_statements.values import Concept, When
from espace.wire.xds import Coded

VACCINES, PLANNED = "11369-6", "18776-5"
REVAXIS = product(
    "60917345", CIS, "REVAXIS", coded("translation", "J07CA01", ATC), "<lotNumberText>4456672</lotNumberText>"
)
GIVEN_BY = (
    '<performer typeCode="PRF"><assignedEntity><assignedPerson><name>Charles Muller</name>'
    "</assignedPerson><representedOrganization><name>Cabinet du Port</name></representedOrganization></assignedEntity>"
    "</performer>"
)


def vaccine(
    *inside: str, template: str = PCC + "12", code: str = "BOOSTER", made: str = REVAXIS, **others: object
) -> str:
    mood, negated = str(others.get("mood", "EVN")), bool(others.get("negated"))
    return medicine(*inside, template=template, code=code, made=made, mood=mood, negated=negated)


def on(day: str) -> str:
    return f'<effectiveTime value="{day}"/>'


def rank(number: str) -> str:
    dose = observation(
        coded("code", "30973-2", LOINC), f'<value xsi:type="INT" value="{number}"/>', template=CISIS + "82"
    )
    return linked("SUBJ", dose)


def test_a_vaccination_says_what_which_dose_by_whom_and_what_it_did() -> None:
    fever = observation(coded("code", "418799008", SNOMED), value("R50.2", ICD_10, "Fièvre"), template=PCC + "5")
    protects = observation(coded("code", "282291009", SNOMED), value("76902006", SNOMED, "tétanos"), template=PCC + "5")
    entry = vaccine(
        on("20090928") + coded("approachSiteCode", "16217701000119102", SNOMED),
        GIVEN_BY,
        rank("2"),
        linked("CAUS", fever),
        linked("RSON", protects),
        comment("Bien toléré"),
    )
    found = extracted(section(VACCINES, entry)).facts[0]
    assert found.what == Concept("60917345", CIS, "REVAXIS", "", (Coded("J07CA01", ATC, ""),))
    assert (found.kind, found.absent, found.state) == (Kind.VACCINATION, False, State.UNKNOWN)
    assert (found.when, found.lot, found.comment) == (When("2009-09-28", "2009-09-28"), "4456672", "Bien toléré")
    assert (found.author, found.place_name) == ("Charles Muller", "Cabinet du Port")
    assert found.details[Detail.DOSE_NUMBER] == (Concept(words="2"),)
    assert codes(found) == {
        Detail.CATEGORY: ["BOOSTER"],
        Detail.DOSE_NUMBER: ["2"],
        Detail.TARGET: ["76902006"],
        Detail.REACTION: ["R50.2"],
        Detail.SITE: ["16217701000119102"],
    }


@pytest.mark.parametrize(
    ("code", "entry", "kind", "absent"),
    [
        (VACCINES, vaccine('<effectiveTime nullFlavor="NAV"/>'), Kind.VACCINATION, False),
        (VACCINES, vaccine(on("2009"), negated=True), Kind.VACCINATION, True),
        (VACCINES, vaccine(on("2009"), template=CISIS + "45"), Kind.VACCINATION, False),
        (VACCINES, vaccine(on("2009"), template=C_CDA + "52"), Kind.VACCINATION, False),
        (VACCINES, vaccine(on("2009"), template=""), Kind.VACCINATION, False),
        (PLANNED, vaccine(on("2030"), template=PCC + "12.2", mood="INT"), Kind.ADVICE, False),
        (PLANNED, vaccine(on("2030"), template=CISIS + "47", mood="PRP", negated=True), Kind.ADVICE, True),
        (VACCINES, vaccine(code="no-known-immunizations", made=""), Kind.VACCINATION, True),
    ],
)
def test_given_not_given_advised(code: str, entry: str, kind: Kind, absent: bool) -> None:
    found = only(code, entry)
    assert (found.kind, found.absent) == (kind, absent)
    assert found.state is (State.PLANNED if kind is Kind.ADVICE else State.UNKNOWN)


def test_why_it_was_not_given() -> None:
    """C-CDA R2.1: refused; the reason is the code of an observation."""
    refused = observation(coded("code", "PATOBJ", "2.16.840.1.113883.5.8"), template=C_CDA + "53")
    entry = vaccine(
        on("2009"), "<repeatNumber value='3'/>", linked("RSON", refused), template=C_CDA + "52", negated=True
    )
    found = only(VACCINES, entry)
    assert codes(found) == {Detail.CATEGORY: ["BOOSTER"], Detail.DOSE_NUMBER: ["3"], Detail.INDICATION: ["PATOBJ"]}


def test_a_vaccine_that_was_bought_is_not_known_to_be_given() -> None:
    bought = f'<supply classCode="SPLY" moodCode="EVN"><templateId root="{CISIS}44"/></supply>'
    found = extracted(section(VACCINES, vaccine('<effectiveTime nullFlavor="UNK"/>', linked("REFR", bought))))
    assert [(each.kind, each.what.code) for each in found.facts] == [(Kind.DISPENSATION, "60917345")]


def test_a_vaccine_of_which_only_the_class_is_told() -> None:
    """The certificates of a child: the words of the author are an answer, which is kept as words and names nothing."""
    translation = coded("translation", "J07AN", ATC, "vaccins de la tuberculose")
    code = f"<code><originalText>Oui</originalText>{translation}</code>"
    made = f"<manufacturedProduct><manufacturedMaterial>{code}</manufacturedMaterial></manufacturedProduct>"
    assert only(VACCINES, vaccine(made=made)).what == Concept("J07AN", ATC, "vaccins de la tuberculose", "Oui")


@pytest.mark.parametrize(
    ("entry", "why"),
    [(vaccine(code="IMMUNIZ", made=""), [Unread.NO_CODE]), (vaccine(on("20230230")), [Unread.BAD_TIME])],
)
def test_what_cannot_be_read(entry: str, why: list[Unread]) -> None:
    assert unread(VACCINES, entry) == why


def test_no_information_is_no_fact() -> None:
    found = extracted(section(VACCINES, vaccine(code="no-immunization-info", made="")))
    assert (found.facts, found.unread) == ((), ())
