"""Facts told as resources of R4: each kind, literally, and what near misses change."""

import json

import pytest

from clinical.said import ATC, fact, said, stated
from espace.clinical.facts import Detail, Fact, Kind, Sourced, State
from espace.exchange.fhir.facts.telling import SERVED, sources, told
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, When
from espace.wire.fhir.answers import encode
from exchange.facts import cases
from exchange.facts.cases import BORN, WHOSE
from exchange.facts.literal import ID, META, MICRO, SCT, TERMINOLOGY, TOLD, WHO, Json, code

WISH = "urn:espace:extension:wish"
DUE = {"coding": [{"system": "http://loinc.org", "code": "30980-7", "display": "Date vaccine due"}]}
OVERDUE = {
    "coding": [{"system": "http://loinc.org", "code": "59778-1", "display": "Date when overdue for immunization"}]
}


def all_told(name: str, *facts: Sourced) -> list[Json]:
    return [json.loads(encode(one.resource)) for one in told(name, facts, WHOSE)]


def alone(name: str, fact: Fact) -> Json:
    [found] = all_told(name, said(fact))
    return found


@pytest.mark.parametrize("name", TOLD)
def test_what_a_document_says_of_each_kind(name: str) -> None:
    fact, expected = TOLD[name]
    assert alone(name, fact) == {"resourceType": name, "id": ID, "meta": META, **expected}


def test_every_type_is_told_here_or_beside() -> None:
    assert set(TOLD) | {"DiagnosticReport"} == set(SERVED)


@pytest.mark.parametrize(
    ("fact", "clinical", "verification"),
    [
        (cases.NO_ALLERGY, "active", None),
        (cases.NOT_ALLERGIC, "active", "refuted"),
        (replace(cases.PENICILLIN, state=State.OVER), "resolved", "confirmed"),
        (replace(cases.PENICILLIN, state=State.STOPPED, details={}), "inactive", None),
        (replace(cases.PENICILLIN, state=State.UNKNOWN, details={Detail.CERTAINTY: cases.one("?")}), "active", None),
    ],
)
def test_an_allergy_whose_document_does_not_say_that_it_is_over_is_not(
    fact: Fact, clinical: str, verification: str | None
) -> None:
    """« No known allergy » is itself true: denying one is another thing."""
    found = alone("AllergyIntolerance", fact)
    assert found["clinicalStatus"]["coding"][0]["code"] == clinical
    said_to_be = found.get("verificationStatus")
    assert (said_to_be["coding"][0]["code"] if said_to_be else None) == verification


@pytest.mark.parametrize(
    ("fact", "clinical", "abated", "verification"),
    [
        (cases.DIABETES, "active", None, None),
        (cases.OVER, "resolved", "2020-02", None),
        (replace(cases.OVER, state=State.ACTIVE), "active", None, None),
        (replace(cases.OVER, state=State.UNKNOWN), None, None, None),
        (cases.DENIED, None, None, "refuted"),
        (replace(cases.OVER, absent=True), None, None, "refuted"),
    ],
)
def test_only_what_is_over_has_an_end(
    fact: Fact, clinical: str | None, abated: str | None, verification: str | None
) -> None:
    found = alone("Condition", fact)
    codes = [
        found[name]["coding"][0]["code"] if name in found else None for name in ("clinicalStatus", "verificationStatus")
    ]
    assert (codes, found.get("abatementDateTime")) == ([clinical, verification], abated)


@pytest.mark.parametrize(
    ("name", "fact", "status"),
    [
        ("MedicationStatement", cases.NOT_TAKEN, "not-taken"),
        ("MedicationStatement", cases.NO_MEDICINE, "unknown"),
        ("MedicationStatement", replace(cases.METFORMIN, state=State.STOPPED), "stopped"),
        ("MedicationStatement", replace(cases.METFORMIN, state=State.PLANNED), "intended"),
        ("MedicationDispense", replace(cases.DELIVERED, absent=True), "declined"),
        ("MedicationAdministration", replace(cases.GIVEN, absent=True), "not-done"),
        ("MedicationAdministration", cases.GIVEN_ONCE, "unknown"),
        ("Immunization", cases.REFUSED_VACCINE, "not-done"),
        ("Immunization", cases.UNDATED_VACCINE, "completed"),
        ("Procedure", replace(cases.SURGERY, absent=True), "not-done"),
        ("Procedure", replace(cases.SURGERY, state=State.PLANNED), "preparation"),
        ("Encounter", replace(cases.STAY, absent=True), "cancelled"),
        ("Device", replace(cases.PACEMAKER, absent=True), "inactive"),
        ("CarePlan", replace(cases.PLAN, state=State.STOPPED), "revoked"),
    ],
)
def test_what_is_denied_stopped_or_planned_has_its_status(name: str, fact: Fact, status: str) -> None:
    assert alone(name, fact)["status"] == status


@pytest.mark.parametrize(
    ("fact", "status", "wish"),
    [
        (cases.EVERY["Consent"][1], "inactive", [{"url": "urn:espace:extension:absent", "valueBoolean": True}]),
        (cases.EVERY["Consent"][2], "inactive", [{"url": WISH, "valueString": "EHPAD du Port"}]),
        (cases.EVERY["Consent"][3], "proposed", [{"url": WISH, "valueString": "Oui"}]),
    ],
)
def test_a_directive_says_what_is_wished_and_whether_it_holds(fact: Fact, status: str, wish: list[Json]) -> None:
    found = alone("Consent", fact)
    assert (found["status"], found["extension"]) == (status, wish)


def test_the_words_of_a_directive_that_the_patient_states_are_its_source() -> None:
    [found] = all_told("Consent", stated(replace(cases.DIRECTIVE, value=None)))
    assert ("extension" in found, found["performer"]) == (False, [WHO])
    assert found["sourceAttachment"] == {
        "contentType": "text/plain; charset=utf-8",
        "data": "UGFzIGTigJlhY2hhcm5lbWVudC4=",
    }
    [bare] = all_told("Consent", stated(replace(cases.DIRECTIVE, comment="")))
    assert "sourceAttachment" not in bare


def test_what_the_calendar_makes_of_a_child_is_one_resource_that_no_document_says() -> None:
    dose = fact(Kind.VACCINATION, "", code="J07BD52", system=ATC, start="2025-11-03")
    [found] = [json.loads(encode(one.resource)) for one in told("ImmunizationRecommendation", [said(dose)], BORN)]
    assert (found["date"], found["meta"]["tag"][0]["code"]) == ("2026-11-23", "calendar")
    assert found["authority"] == {
        "display": "Calendrier des vaccinations 2025 du ministère de la Santé, mis à jour en décembre 2025"
    }
    by_disease = {one["targetDisease"]["coding"][0]["code"]: one for one in found["recommendation"]}
    assert by_disease["measles"] == {
        "vaccineCode": [{"text": "Rougeole-oreillons-rubéole (ROR)"}],
        "targetDisease": {"coding": [{"system": "urn:espace:disease", "code": "measles"}], "text": "Rougeole"},
        "forecastStatus": {
            "coding": [
                {"system": f"{TERMINOLOGY}/immunization-recommendation-status", "code": "overdue"},
                {"system": "urn:espace:vaccine-standing", "code": "late"},
            ]
        },
        "forecastReason": [
            {
                "coding": [{"system": "urn:espace:vaccine-reason", "code": "dose_late"}],
                "text": "Dose 2 sur 2\u202f: prévue avant le 01/06/2026, elle n’est pas notée ici.",
            }
        ],
        "dateCriterion": [
            {"code": DUE, "value": "2026-03-01"},
            {"code": OVERDUE, "value": "2026-06-01"},
        ],
        "description": "Obligatoire",
        "series": "Calendrier 2025",
        "doseNumberPositiveInt": 2,
        "seriesDosesPositiveInt": 2,
    }
    assert by_disease["hpv"]["forecastStatus"]["coding"] == [{"system": "urn:espace:vaccine-standing", "code": "later"}]
    assert "dengue" not in by_disease
    assert list(sources(["ImmunizationRecommendation"], [said(dose)], BORN)) == []
    assert list(told("ImmunizationRecommendation", [said(dose)], WHOSE)) == []


def test_what_must_not_be_done_says_so() -> None:
    assert alone("MedicationRequest", replace(cases.PRESCRIBED, absent=True))["doNotPerform"] is True
    assert alone("CarePlan", replace(cases.PLAN, absent=True))["activity"][0]["detail"]["doNotPerform"] is True
    denied = alone("FamilyMemberHistory", cases.NO_FAMILY)
    assert ("condition" in denied, denied["note"]) == (False, [{"text": "Absent\u202f: Cancer du sein"}])


ABSENT = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}


def test_what_r4_cannot_do_without_is_said_to_be_unknown() -> None:
    vaccine = alone("Immunization", cases.UNDATED_VACCINE)
    assert vaccine["occurrenceString"] == "unknown"
    assert vaccine["protocolApplied"] == [{"targetDisease": [{"text": "Tuberculose"}], "doseNumberString": "unknown"}]
    assert alone("Immunization", cases.REFUSED_VACCINE)["protocolApplied"] == [{"doseNumberString": "rappel"}]
    given = alone("MedicationAdministration", cases.GIVEN_ONCE)
    assert given["effectivePeriod"] == ABSENT
    assert ("dosage" in given, given["note"]) == (False, [{"text": "à la demande"}])
    assert alone("Encounter", cases.OTHER_STAY)["class"] == ABSENT


@pytest.mark.parametrize(
    ("fact", "element", "value"),
    [
        (cases.BELOW, "valueQuantity", {"value": 0.01, "comparator": "<", **MICRO}),
        (cases.BETWEEN, "valueRange", {"low": {"value": 1, "unit": "G/L"}, "high": {"value": 5, "unit": "G/L"}}),
        (cases.POSITIVE, "valueCodeableConcept", code(SCT, "10828004", "Positif")),
        (cases.WORDED, "valueString", "Flore variée"),
        (cases.NO_NUMBER, "valueString", "hémolysé mmol/L"),
        (cases.SILENT, "dataAbsentReason", code(f"{TERMINOLOGY}/data-absent-reason", "unknown")),
        (cases.ABSENT_SIGN, "valueBoolean", False),
        (cases.ASSERTED, "valueBoolean", True),
        (cases.TRUE, "valueBoolean", True),
    ],
)
def test_what_was_found_has_one_element(fact: Fact, element: str, value: object) -> None:
    found = alone("Observation", fact)
    elements = [name for name in found if name.startswith("value") or name == "dataAbsentReason"]
    assert (elements, found[element]) == ([element], value)


@pytest.mark.parametrize(
    ("kind", "category"),
    [
        (Kind.RESULT, "laboratory"),
        (Kind.MEASURE, "vital-signs"),
        (Kind.EXAM, "exam"),
        (Kind.LIFESTYLE, "social-history"),
        (Kind.PREGNANCY, "social-history"),
        (Kind.ALERT, "exam"),
    ],
)
def test_an_observation_has_the_category_of_its_kind(kind: Kind, category: str) -> None:
    assert alone("Observation", replace(cases.SILENT, kind=kind))["category"][0]["coding"][0]["code"] == category


def test_what_to_beware_of_answers_what_other_alerts_there_are() -> None:
    found = alone("Observation", replace(cases.SILENT, kind=Kind.ALERT, what=Concept(words="Risque de chute")))
    assert found["code"]["coding"][0]["code"] == "44944-7"
    assert found["valueCodeableConcept"] == {"text": "Risque de chute"}
    assert "dataAbsentReason" not in found


def test_the_same_fact_of_two_documents_is_one_with_the_id_that_the_first_gave() -> None:
    facts = [said(cases.PENICILLIN, 7, "2025-04-01"), said(cases.PENICILLIN, 3, "2024-01-05")]
    [found] = all_told("AllergyIntolerance", *facts)
    assert (found["id"], found["recordedDate"]) == (
        "00000000-0000-0000-0000-000000000003.0",
        "2025-04-01T10:00:00+00:00",
    )
    [alone_there] = all_told("AllergyIntolerance", facts[0])
    assert alone_there["id"] == "00000000-0000-0000-0000-000000000007.0"


def test_facts_that_contradict_each_other_are_told_as_each_document_says_them() -> None:
    denied = replace(cases.PENICILLIN, absent=True, details={})
    facts = [said(cases.PENICILLIN, 1), said(denied, 2), said(cases.PENICILLIN, 3)]
    found = all_told("AllergyIntolerance", *facts)
    clash = [{"url": "urn:espace:extension:clash", "valueCode": "denied"}]
    assert {(one["id"], one["verificationStatus"]["coding"][0]["code"]) for one in found} == {
        ("00000000-0000-0000-0000-000000000001.0", "confirmed"),
        ("00000000-0000-0000-0000-000000000002.0", "refuted"),
    }
    assert [one["extension"] for one in found] == [clash, clash]


def test_what_the_patient_states_says_so() -> None:
    [found] = all_told("AllergyIntolerance", stated(cases.NOT_ALLERGIC))
    assert found["meta"] == {
        "lastUpdated": "2025-03-04T08:00:00+00:00",
        "tag": [{"system": "urn:espace:origin", "code": "stated"}],
    }
    assert found["asserter"] == WHO
    [vaccine] = all_told("Immunization", stated(cases.VACCINE))
    assert vaccine["primarySource"] is False
    assert vaccine["reportOrigin"] == code(f"{TERMINOLOGY}/immunization-origin", "recall")
    [both] = all_told("AllergyIntolerance", said(cases.NOT_ALLERGIC), stated(cases.NOT_ALLERGIC))
    assert [one["code"] for one in both["meta"]["tag"]] == ["extracted", "stated"]
    assert both["id"] == ID


def test_ids_are_those_of_r4_and_each_is_of_one_fact() -> None:
    twice = [said(cases.PLAN, 1), said(replace(cases.PLAN, what=Concept(words="IRM")), 1), stated(cases.PLAN)]
    found = [one["id"] for one in all_told("CarePlan", *twice)]
    assert sorted(found)[:2] == [ID, f"{ID}.2"]
    assert len(set(found)) == 3
    assert all(len(one) <= 64 for one in found)


def test_a_report_is_a_document_with_its_results_and_its_conclusion() -> None:
    second = replace(cases.GLUCOSE, what=Concept(words="Créatinine"), place=replace(cases.GLUCOSE.place, order=1))
    older = said(cases.GLUCOSE, 1, "2025-03-01")
    facts = [said(cases.GLUCOSE, 2), said(second, 2), said(cases.CONCLUSION, 2), older, said(cases.SILENT, 3)]
    first, other = sorted(all_told("DiagnosticReport", *facts), key=lambda one: str(one["id"]))
    assert [one["reference"] for one in first["result"]] == [f"Observation/{ID}"]
    assert {one["reference"] for one in other["result"]} == {
        f"Observation/{ID}",
        "Observation/00000000-0000-0000-0000-000000000002.1",
    }
    assert (other["id"], other["conclusion"]) == ("00000000-0000-0000-0000-000000000002", "Pas d’anomalie.")
    assert other["category"] == [code(f"{TERMINOLOGY}/v2-0074", "LAB")]
    assert other["presentedForm"] == [
        {
            "contentType": "text/xml",
            "url": "https://espace.example/fhir/Binary/00000000-0000-0000-0000-000000000002",
            "title": "Document 2",
        }
    ]


def test_where_a_fact_comes_from_names_each_document_with_its_section_and_paragraph() -> None:
    facts = [said(cases.PENICILLIN, 2, "2025-04-01"), said(cases.PENICILLIN, 1), stated(cases.PENICILLIN)]
    [found] = [json.loads(encode(one.resource)) for one in sources(["AllergyIntolerance"], facts, WHOSE)]
    section = {"system": "http://loinc.org", "code": "48765-2", "display": "Allergies"}
    place = [
        {"url": "urn:espace:extension:section", "valueCoding": section},
        {"url": "urn:espace:extension:paragraph", "valueString": "s1"},
    ]
    author = code(f"{TERMINOLOGY}/provenance-participant-type", "author")
    assert found == {
        "resourceType": "Provenance",
        "id": f"AI.{ID}",
        "meta": {"lastUpdated": "2025-04-01T12:00:00+00:00"},
        "target": [{"reference": f"AllergyIntolerance/{ID}"}],
        "recorded": "2025-04-01T12:00:00+00:00",
        "agent": [{"type": author, "who": {"display": "Cabinet"}}, {"type": author, "who": WHO}],
        "entity": [
            {
                "extension": place,
                "role": "source",
                "what": {"reference": f"DocumentReference/00000000-0000-0000-0000-00000000000{number}"},
            }
            for number in (2, 1)
        ],
    }


def test_an_author_of_the_statement_comes_before_that_of_the_document() -> None:
    assert alone("Condition", replace(cases.DIABETES, author="Jean Petit"))["asserter"] == {"display": "Jean Petit"}


def test_what_is_undated_has_no_period() -> None:
    undated = replace(cases.OTHER_STAY, when=When())
    assert "period" not in alone("Encounter", undated)
