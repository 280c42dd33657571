"""Measures, lifestyle, pregnancy, scores, exams: what else was observed, of the patient or of somebody else."""

import pytest

from clinical.extraction.entries_made import (
    C_CDA,
    CISIS,
    ICD_10,
    LOINC,
    PCC,
    SNOMED,
    attribute,
    coded,
    codes,
    extracted,
    linked,
    observation,
    only,
    section,
    templates,
    unread,
    value,
)
from espace.clinical.facts import Detail, Kind, State, Unread
from espace.clinical.rules.extraction import extract
from espace.wire.clinical_statements.values import Concept, Quantity, Value, When
from wire.cda.cda_samples import HEADER, cda, read

WEIGHT = coded("code", "29463-7", LOINC, "Poids")
KILOS = '<value xsi:type="PQ" value="59" unit="kg"/>'
SIMPLE = PCC + "13"
MOTHER = '<subject><relatedSubject><code code="MTH" displayName="Mère"/></relatedSubject></subject>'
CHILD = '<subject><relatedSubject><code code="CHILD" displayName="Enfant"/></relatedSubject></subject>'


@pytest.mark.parametrize(
    ("section_code", "template", "kind"),
    [
        ("8716-3", PCC + "13.2", Kind.MEASURE),
        ("8716-3", CISIS + "50", Kind.MEASURE),
        ("8716-3", C_CDA + "27", Kind.MEASURE),
        ("8716-3", "", Kind.MEASURE),
        ("29762-2", PCC + "13.4", Kind.LIFESTYLE),
        ("29762-2", C_CDA + "78", Kind.LIFESTYLE),
        ("29762-2", SIMPLE, Kind.LIFESTYLE),
        ("57207-3", "", Kind.LIFESTYLE),
        ("10162-6", PCC + "13.5", Kind.PREGNANCY),
        ("57078-8", SIMPLE, Kind.PREGNANCY),
        ("30954-2", SIMPLE, Kind.EXAM),
        ("70182-1", CISIS + "6", Kind.EXAM),
        ("42545-4", "", Kind.EXAM),
        ("", "", Kind.EXAM),
        ("30954-2", C_CDA + "2", Kind.RESULT),
    ],
)
def test_the_template_says_what_it_is_and_else_the_section(section_code: str, template: str, kind: Kind) -> None:
    assert only(section_code, observation(WEIGHT, KILOS, template=template)).kind is kind


ALERT = coded("code", "44944-7", LOINC, "Autres alertes")
WARNED = '<value xsi:type="ST">Pas d’œstrogènes</value>'


@pytest.mark.parametrize(
    ("section_code", "entry", "what", "absent"),
    [
        ("30954-2", observation(ALERT, WARNED, template=SIMPLE), Concept(words="Pas d’œstrogènes"), False),
        ("44944-7", observation(WEIGHT, WARNED), Concept(words="Pas d’œstrogènes"), False),
        (
            "44944-7",
            observation(ALERT, value("281647001", SNOMED, "réaction"), template=SIMPLE, negated=True),
            Concept("281647001", SNOMED, "réaction"),
            True,
        ),
    ],
)
def test_a_point_of_vigilance_is_an_alert_in_its_own_words(
    section_code: str, entry: str, what: Concept, absent: bool
) -> None:
    """CI-SIS: FR-Points-de-vigilances-non-code has the code 44944-7."""
    found = only(section_code, entry)
    assert (found.kind, found.what, found.absent, found.value) == (Kind.ALERT, what, absent, None)


def test_an_alert_that_is_meant_is_a_plan_and_one_that_says_nothing_is_none() -> None:
    meant = only("44944-7", observation(ALERT, WARNED, template=SIMPLE, mood="INT"))
    assert (meant.kind, meant.state) == (Kind.PLAN, State.PLANNED)
    assert unread("44944-7", observation(ALERT, template=SIMPLE)) == [Unread.NO_VALUE]
    nothing = observation(ALERT, '<value xsi:type="ST" nullFlavor="UNK"/>', template=SIMPLE)
    assert extracted(section("44944-7", nothing)).entries == 0


def test_a_measure_has_the_moment_of_its_organizer_where_it_has_none() -> None:
    head = f"{templates(CISIS + '49')}{coded('code', '85353-1', LOINC, 'Signes vitaux')}"
    inside = observation(WEIGHT, KILOS, template=CISIS + "50")
    found = only(
        "8716-3",
        f'<organizer classCode="CLUSTER" moodCode="EVN">{head}<effectiveTime value="202401021130"/>'
        f"<component>{inside}</component></organizer>",
    )
    assert found.when == When("2024-01-02T11:30", "2024-01-02T11:30")
    assert (found.group, found.value) == ("Signes vitaux", Value(quantity=Quantity("59", "kg")))


def test_a_measure_at_a_moment_that_does_not_exist_is_not_read() -> None:
    entry = observation(WEIGHT, '<effectiveTime value="20241301"/>', KILOS, template=CISIS + "50")
    assert unread("8716-3", entry) == [Unread.BAD_TIME]


def test_what_is_said_of_somebody_else_is_never_the_patients() -> None:
    own, hers = extracted(section("8716-3", observation(WEIGHT, KILOS), observation(WEIGHT, KILOS, MOTHER))).facts
    assert (own.kind, codes(own)) == (Kind.MEASURE, {})
    assert (hers.kind, codes(hers)) == (Kind.FAMILY, {Detail.RELATIVE: ["MTH"]})


def test_the_subject_of_an_organizer_or_of_a_section_is_that_of_what_it_holds() -> None:
    entry = observation(WEIGHT, KILOS)
    held = f'<organizer classCode="CLUSTER" moodCode="EVN">{MOTHER}<component>{entry}</component></organizer>'
    whole = section("8716-3", entry, narrative="-").replace("<text>", f"{MOTHER}<text>")
    kinds = [fact.kind for fact in extracted(section("8716-3", held), whole).facts]
    assert kinds == [Kind.FAMILY, Kind.FAMILY]


def test_a_pregnancy_tells_of_the_child_too() -> None:
    found = only("10162-6", observation(WEIGHT, KILOS, CHILD, template=CISIS + "53"))
    assert (found.kind, codes(found)) == (Kind.PREGNANCY, {Detail.RELATIVE: ["CHILD"]})


def test_the_pregnancy_in_a_childs_certificate_is_the_mothers() -> None:
    """CI-SIS « Certificat de santé de l'enfant » (…1.1.1.5.1): its patient is the newborn."""
    entry = section(
        "10162-6", section("57078-8", observation(WEIGHT, KILOS)).join(("", "")), observation(WEIGHT, KILOS)
    )
    header = HEADER.replace("1.2.250.1.213.1.1.1.13", "1.2.250.1.213.1.1.1.5.1", 1)
    document = read(cda(header, f"<component><structuredBody>{entry}</structuredBody></component>")).document
    assert document is not None
    found = extract(document)
    assert found.model == "1.2.250.1.213.1.1.1.5.1"
    assert {(fact.kind, fact.details[Detail.RELATIVE][0].code) for fact in found.facts} == {(Kind.FAMILY, "MTH")}


def test_what_is_meant_is_a_plan() -> None:
    found = only("18776-5", observation(WEIGHT, KILOS, mood="GOL"))
    assert (found.kind, found.state) == (Kind.PLAN, State.PLANNED)


def test_a_negation_says_that_it_was_not_there() -> None:
    fever = coded("code", "386661006", SNOMED, "fièvre")
    found = only("42545-4", observation(fever, template=SIMPLE, negated=True))
    assert (found.absent, found.value, found.kind) == (True, None, Kind.EXAM)


def test_an_assertion_is_about_its_value() -> None:
    asserted = observation(
        coded("code", "ASSERTION", "2.16.840.1.113883.5.4"), value("77386006", SNOMED, "enceinte"), template=SIMPLE
    )
    found = only("10162-6", asserted)
    assert (found.what, found.value) == (Concept("77386006", SNOMED, "enceinte"), None)


def test_without_a_value_its_paragraph_is_what_it_says() -> None:
    text = '<text><reference value="#p"/></text>'
    narrative = '<paragraph ID="p">Marche avec une canne</paragraph>'
    found = only("42545-4", observation(WEIGHT, text, template=SIMPLE), narrative)
    assert (found.value, found.place.anchor) == (Value(words="Marche avec une canne"), "cda-n-p")


def test_one_without_a_value_that_holds_others_groups_them() -> None:
    inside = observation(coded("code", "21905-5", LOINC, "TNM T"), value("T1b", "2.1"), template=SIMPLE)
    whole = observation(coded("code", "75620-5", LOINC, "Stade TNM"), linked("COMP", inside), template=SIMPLE)
    found = only("42545-4", whole)
    assert (found.what.code, found.group) == ("21905-5", "Stade TNM")


def test_the_side_of_a_site_is_kept() -> None:
    right = '<qualifier><value code="24028007"/></qualifier>'
    eye = f'<targetSiteCode code="81745001" displayName="oeil">{right}</targetSiteCode>'
    assert codes(only("70938-6", observation(WEIGHT, KILOS, eye, template=SIMPLE))) == {
        Detail.SITE: ["81745001"],
        Detail.LATERALITY: ["24028007"],
    }


def test_a_delivery_date_is_of_the_pregnancy_a_note_is_its_narrative_and_an_age_is_its_problem_s() -> None:
    """C-CDA R2.1: pregnancy observation, note activity, age observation."""
    due = observation(
        coded("code", "11778-8", LOINC),
        '<value xsi:type="TS" value="20240919"/>',
        template="2.16.840.1.113883.10.20.15.3.1",
    )
    note = f'<act classCode="ACT" moodCode="EVN">{templates(C_CDA + "202")}{coded("code", "34109-9", LOINC)}</act>'
    (expected,) = extracted(section("29762-2", due, note)).facts
    assert (expected.kind, expected.value) == (Kind.PREGNANCY, Value(words="2024-09-19"))
    age = observation(
        coded("code", "445518008", SNOMED), '<value xsi:type="PQ" value="57" unit="a"/>', template=C_CDA + "31"
    )
    pneumonia = observation(
        coded("code", "55607006", SNOMED),
        value("233604007", SNOMED, "Pneumonie"),
        linked("SUBJ", age),
        template=C_CDA + "4",
    )
    (problem,) = extracted(section("11450-4", pneumonia)).facts
    assert (problem.kind, problem.details[Detail.ONSET]) == (Kind.PROBLEM, (Concept(words="57 a"),))


def test_the_classification_that_was_used_is_its_method() -> None:
    named = attribute("GEN-101", "FIGO", "2.1")
    found = only("42545-4", observation(WEIGHT, value("II", "2.1"), named, template=SIMPLE))
    assert codes(found) == {Detail.METHOD: ["FIGO"]}


def test_what_is_found_of_a_problem_is_told_beside_it_under_its_name() -> None:
    score = observation(
        coded("code", "MED-352", "2.1", "Epworth"), '<value xsi:type="INT" value="3"/>', template=SIMPLE
    )
    apnoea = observation(
        coded("code", "282291009", SNOMED, "diagnostic"),
        value("G47.3", ICD_10, "Apnée du sommeil"),
        linked("REFR", score),
        template=PCC + "5",
    )
    problem, found = extracted(section("11450-4", apnoea)).facts
    assert (problem.kind, found.kind, found.group) == (Kind.PROBLEM, Kind.EXAM, "Apnée du sommeil")


def test_the_type_of_an_attached_document_says_nothing_of_health() -> None:
    assert extracted(section("55107-7", observation(coded("code", "69764-9", LOINC), value("1", "2.1")))).entries == 0


def test_an_act_without_template_groups_or_was_done() -> None:
    bare = f'<act classCode="ACT" moodCode="EVN">{coded("code", "1", "2.1", "Pansement")}</act>'
    around = f'<act classCode="ACT" moodCode="EVN"><code code="2"/>{linked("COMP", observation(WEIGHT, KILOS))}</act>'
    done, measured = extracted(section("42545-4", bare, around)).facts
    assert (done.kind, done.what.display, measured.what.code) == (Kind.PROCEDURE, "Pansement", "29463-7")
