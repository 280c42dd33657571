"""Of whom something is said, and whether it is so: subjects, links that deny, moods, coded answers, none of a sort."""

import pytest

from clinical.extraction.entries_made import (
    C_CDA,
    CISIS,
    ICD_10,
    LOINC,
    NATIONAL,
    PCC,
    SNOMED,
    attribute,
    coded,
    codes,
    concern,
    extracted,
    linked,
    medicine,
    observation,
    only,
    product,
    section,
    status,
    templates,
    unread,
    value,
)
from espace.clinical.facts import Detail, Extracted, Fact, Kind, State
from espace.clinical.rules.extraction import extract
from espace.wire.clinical_statements.values import Concept, Value
from espace.wire.xds import Coded
from wire.cda.cda_samples import HEADER, cda, read

PROBLEMS, ALLERGIES, MEDICINES, VACCINES = "11450-4", "48765-2", "10160-0", "11369-6"
DIAGNOSIS = coded("code", "282291009", SNOMED, "interprétation diagnostique")
DIABETES = value("E10", ICD_10, "Diabète de type 1")
WEIGHT = coded("code", "29463-7", LOINC, "Poids")
KILOS = '<value xsi:type="PQ" value="3.2" unit="kg"/>'


def related(inside: str, kind: str = "PRS") -> str:
    return f'<subject><relatedSubject classCode="{kind}">{inside}</relatedSubject></subject>'


def role(code: str) -> str:
    return coded("code", code, "2.16.840.1.113883.5.111")


def of_model(model: str, *sections: str) -> Extracted:
    header = HEADER.replace("1.2.250.1.213.1.1.1.13", f"1.2.250.1.213.1.1.1.{model}", 1)
    document = read(
        cda(header, f"<component><structuredBody>{''.join(sections)}</structuredBody></component>")
    ).document
    assert document is not None
    return extract(document)


def procedure(*inside: str, negated: bool = False) -> str:
    said = ' negationInd="true"' if negated else ""
    return f'<procedure classCode="PROC" moodCode="EVN"{said}>{"".join(inside)}</procedure>'


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        (related('<code nullFlavor="UNK"/>'), Kind.FAMILY),
        (related("<subject><name>Anne</name></subject>"), Kind.FAMILY),
        (related(role("DON")), Kind.FAMILY),
        (related(role("ONESELF")), Kind.MEASURE),
        (related("", kind="PAT"), Kind.MEASURE),
        (related(coded("code", "387976007", SNOMED, "Rattus rattus"), kind="PAT"), Kind.FAMILY),
    ],
)
def test_somebody_whose_relation_is_not_told_is_not_the_patient(subject: str, kind: Kind) -> None:
    assert only("8716-3", observation(WEIGHT, subject, KILOS, template=CISIS + "50")).kind is kind


def test_a_relative_whose_relation_is_not_told_has_none() -> None:
    found = only("10157-6", observation(DIAGNOSIS, related("<subject/>"), DIABETES, template=PCC + "13.3"))
    assert (found.kind, codes(found)) == (Kind.FAMILY, {Detail.CATEGORY: ["282291009"]})


@pytest.mark.parametrize(
    ("model", "code", "expected"),
    [
        ("12.3", "10162-6", (Kind.FAMILY, "MTH")),  # synthesis of a child in the delivery room
        ("12.3", "57074-7", (Kind.FAMILY, "MTH")),
        ("12.5", "57078-8", (Kind.FAMILY, "MTH")),
        ("12.3", "57075-4", (Kind.MEASURE, "")),
        ("12.2", "57075-4", (Kind.FAMILY, "CHILD")),  # of the mother
        ("12.4", "57075-4", (Kind.FAMILY, "CHILD")),
        ("12.2", "8716-3", (Kind.MEASURE, "")),
        ("30", "57075-4", (Kind.MEASURE, "")),  # rare diseases: one's own birth
    ],
)
def test_a_birth_is_told_of_mother_and_child_apart(model: str, code: str, expected: tuple[Kind, str]) -> None:
    [found] = of_model(model, section(code, observation(WEIGHT, KILOS, template=CISIS + "50"))).facts
    relative = found.details.get(Detail.RELATIVE, (Concept(),))
    assert (found.kind, relative[0].code) == expected


def test_a_link_that_is_denied_denies_what_hangs_from_it() -> None:
    """CI-SIS AVC: the places that a stroke spared hang by links with `negationInd`."""
    place = coded("code", "39111-0", LOINC, "Localisation anatomique")
    hit, spared = (observation(place, value(code, SNOMED)) for code in ("255549009", "55438003"))
    inside = f'{linked("SPRT", hit)}<entryRelationship typeCode="SPRT" negationInd="true">{spared}</entryRelationship>'
    scan = observation(coded("code", "ACQK001", NATIONAL, "Scanner"), value("I63.9", ICD_10), inside)
    assert [fact.absent for fact in extracted(section("30954-2", scan)).facts] == [False, False, True]


def test_a_concern_that_is_denied_holds_what_is_not_there() -> None:
    held = concern(PCC + "5.2", "active", observation(DIAGNOSIS, DIABETES, template=PCC + "5"))
    found = only(PROBLEMS, held.replace('moodCode="EVN">', 'moodCode="EVN" negationInd="true">', 1))
    assert (found.what.code, found.absent, found.state) == ("E10", True, State.UNKNOWN)


@pytest.mark.parametrize("mood", ["DEF", "RSK", "SLOT", "EVN.CRT"])
def test_what_neither_is_nor_is_meant_is_no_fact(mood: str) -> None:
    assert unread(PROBLEMS, observation(DIAGNOSIS, DIABETES, template=PCC + "5", mood=mood)) == []


def test_what_is_advised_is_a_plan() -> None:
    found = only("18776-5", observation(coded("code", "24331-1", LOINC, "Bilan lipidique"), mood="RMD"))
    assert (found.kind, found.state) == (Kind.PLAN, State.PLANNED)


@pytest.mark.parametrize(
    ("said", "absent"),
    [
        (value("373067005", SNOMED, "non"), True),
        (value("373066001", SNOMED, "oui"), False),
        (value("2667000", SNOMED, "absent"), True),
        (value("LA32-8", LOINC, "No"), True),
        (value("LA33-6", LOINC, "Yes"), False),
        (value("N", "2.16.840.1.113883.12.136", "No"), True),
    ],
)
def test_a_coded_yes_or_no_answers_and_names_nothing(said: str, absent: bool) -> None:
    asthma = coded("code", "J45", ICD_10, "Asthme")
    found = only("11348-0", observation(asthma, said, template=PCC + "5"))
    assert (found.what.code, found.absent) == ("J45", absent)


@pytest.mark.parametrize(("code", "system"), [("261665006", SNOMED), ("373068000", SNOMED), ("385432009", SNOMED)])
def test_unknown_by_code_is_no_problem(code: str, system: str) -> None:
    assert unread("11348-0", observation(DIAGNOSIS, value(code, system), template=PCC + "5")) == []


def test_a_complaint_is_a_sort_of_problem() -> None:
    complaint = coded("code", "1269496002", SNOMED, "plainte")
    found = only("42349-1", observation(complaint, value("R06.0", ICD_10, "Dyspnée")))
    assert (found.kind, found.what.code) == (Kind.PROBLEM, "R06.0")


@pytest.mark.parametrize(
    ("said", "absent", "state"),
    [
        (attribute("33999-4", "2667000", template=PCC + "1.1"), True, State.UNKNOWN),
        (attribute("33999-4", "70753007", template=PCC + "1.1"), False, State.OVER),
        (status("active"), False, State.ACTIVE),
        (attribute("MED-072", "723511001"), True, State.UNKNOWN),  # CI-SIS SDM-MR: the diagnosis is refuted
        (attribute("MED-072", "255545003"), False, State.ACTIVE),  # definite
    ],
)
def test_a_status_says_whether_a_problem_is_there(said: str, absent: bool, state: State) -> None:
    found = extracted(section(PROBLEMS, observation(DIAGNOSIS, DIABETES, said, template=PCC + "5"))).facts[0]
    assert (found.what.code, found.absent, found.state) == ("E10", absent, state)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Aucune allergie connue", "716186003"),
        ("Pas d’allergie.", "716186003"),
        ("NKDA", "409137002"),
        ("No known drug allergies", "409137002"),
        ("Aucune allergie alimentaire connue à ce jour", "429625007"),
        ("Pas d’allergie à la pénicilline", ""),
        ("Aucune allergie sauf au latex", ""),
    ],
)
def test_words_that_say_that_there_is_no_allergy_name_none(words: str, code: str) -> None:
    agent = f'<participant typeCode="CSM"><participantRole><playingEntity><name>{words}</name></playingEntity>'
    for said in (f"<text>{words}</text>", f"{agent}</participantRole></participant>"):
        found = only(ALLERGIES, observation(coded("code", "ALG", "2.16.840.1.113883.5.4"), said, template=PCC + "6"))
        assert (found.what.code, found.what.words, found.absent) == (code, words, code != "")


@pytest.mark.parametrize(
    ("section_code", "entry", "expected"),
    [
        ("11348-0", observation(DIAGNOSIS, "<text>Aucun antécédent médical particulier</text>", template=PCC + "5"),
         (Kind.PROBLEM, "443508001")),
        (PROBLEMS, observation(DIAGNOSIS, value("443508001", SNOMED, "Pas d’antécédent personnel"), template=PCC + "5"),
         (Kind.PROBLEM, "443508001")),
        ("10157-6", observation(DIAGNOSIS, "<text>Aucun antécédent familial</text>", template=PCC + "13.3"),
         (Kind.FAMILY, "160266009")),
        ("47519-4", procedure("<text>Aucun antécédent chirurgical</text>"), (Kind.PROCEDURE, "416128008")),
        ("47519-4", procedure(coded("code", "71388002", SNOMED, "Procedure"), negated=True),
         (Kind.PROCEDURE, "416128008")),
        ("10213-7", procedure(coded("code", "MED-222", NATIONAL, "Pas d'anesthésie")), (Kind.PROCEDURE, "MED-222")),
        (MEDICINES, medicine(made=product("410942007", SNOMED, "drug or medication"), negated=True),
         (Kind.TREATMENT, "787481004")),
    ],
)  # fmt: skip
def test_that_there_is_none_of_a_sort_is_said_by_its_code(
    section_code: str, entry: str, expected: tuple[Kind, str]
) -> None:
    found = only(section_code, entry)
    assert ((found.kind, found.what.code), found.absent) == (expected, True)


def test_the_name_of_a_code_that_is_not_known_says_that_there_is_none() -> None:
    agent = coded("code", "NO_KNOWN_DRUG_A", "1.2.3", "NKDA")
    who = f'<participant typeCode="CSM"><participantRole><playingEntity>{agent}</playingEntity></participantRole>'
    found = only(
        ALLERGIES,
        observation(coded("code", "ALG", "2.16.840.1.113883.5.4"), f"{who}</participant>", template=PCC + "6"),
    )
    assert (found.what.code, found.what.words, found.absent) == ("409137002", "NKDA", True)
    assert found.what.others == (Coded("NO_KNOWN_DRUG_A", "1.2.3", "NKDA"),)


def test_a_degree_that_hangs_from_a_concern_alone_is_no_allergy() -> None:
    severity = observation(coded("code", "SEV", "2.16.840.1.113883.5.4"), value("371924009", SNOMED, "Sévère"))
    assert unread(ALLERGIES, concern(PCC + "5.3", "active", severity)) == []


def test_a_risk_is_not_what_it_is_a_risk_of() -> None:
    """C-CDA R2.1 Risk Concern Act."""
    problem = observation(coded("code", "29308-4", LOINC), value("22298006", SNOMED, "Infarctus"), template=C_CDA + "4")
    head = f"{templates(C_CDA + '136')}{coded('code', '281694009', SNOMED, 'At risk for')}"
    found = only("75310-3", f'<act classCode="ACT" moodCode="EVN">{head}{linked("REFR", problem)}</act>')
    assert (found.kind, found.what.code) == (Kind.EXAM, "281694009")
    assert found.value == Value(concept=Concept("22298006", SNOMED, "Infarctus"))


def test_why_a_vaccine_was_refused_is_told_with_it_alone() -> None:
    refusal = observation(coded("code", "ASSERTION", "2.16.840.1.113883.5.4"), value("PATOBJ", "2.16.840.1.113883.5.8"))
    made = product("61402737", "1.2.250.1.213.2.3.1", "PRIORIX")
    found = only(VACCINES, medicine(linked("RSON", refusal), made=made, template=PCC + "12", negated=True))
    assert (found.kind, found.absent, codes(found)[Detail.INDICATION]) == (Kind.VACCINATION, True, ["PATOBJ"])


def test_a_vaccination_that_was_given_up_was_not_done() -> None:
    given_up = medicine(
        '<statusCode code="aborted"/>', made=product("88", "2.16.840.1.113883.12.292", "Grippe"), template=PCC + "12"
    )
    assert only(VACCINES, given_up).absent is True


def test_that_somebody_is_not_pregnant_answers_the_question() -> None:
    asserted = coded("code", "ASSERTION", "2.16.840.1.113883.5.4")
    pregnant = value("77386006", SNOMED, "Pregnant")
    found: Fact = only(
        "29762-2", observation(asserted, pregnant, template="2.16.840.1.113883.10.20.15.3.8", negated=True)
    )
    assert (found.kind, found.what.code, found.absent) == (Kind.PREGNANCY, "82810-3", False)
    assert found.value == Value(concept=Concept("60001007", SNOMED, "Absence de grossesse"))


def test_a_problem_in_the_history_of_the_family_is_never_the_patients() -> None:
    """With the template of the patient's own problems, and nobody named."""
    found = only("10157-6", observation(DIAGNOSIS, DIABETES, template=PCC + "5"))
    assert (found.kind, codes(found)[Detail.RELATIVE]) == (Kind.FAMILY, ["FAMMEMB"])
