"""What is denied, doubtful, of a relative or not final, as resources of R4: it is never told as found."""

import json

import pytest

from clinical.said import said
from espace.clinical.facts import Detail, Fact, State
from espace.exchange.fhir.facts.telling import told
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, Quantity, Value, When
from espace.wire.fhir.answers import encode
from exchange.facts import cases
from exchange.facts.cases import WHOSE
from exchange.facts.literal import Json


def alone(name: str, fact: Fact) -> Json:
    [found] = told(name, [said(fact)], WHOSE)
    resource: Json = json.loads(encode(found.resource))
    return resource


@pytest.mark.parametrize(
    ("value", "told_so"),
    [
        (
            Value(concept=Concept("77386006", display="Enceinte")),
            {"valueBoolean": False, "note": "Absent\u202f: Enceinte"},
        ),
        (Value(words="Fièvre"), {"valueBoolean": False, "note": "Absent\u202f: Fièvre"}),
        (Value(truth=False), {"valueBoolean": False}),
        (Value(quantity=Quantity("38", "wk")), {"valueQuantity": 38}),
    ],
)
def test_a_value_that_is_denied_is_never_told_as_found(value: Value, told_so: Json) -> None:
    """R4 has no way of denying the value of an observation."""
    found = alone("Observation", replace(cases.ABSENT_SIGN, value=value))
    shown = {name: one for name, one in found.items() if name.startswith("value")}
    if "valueQuantity" in shown:
        shown["valueQuantity"] = shown["valueQuantity"]["value"]
    notes = {"note": found["note"][0]["text"]} if "note" in found else {}
    assert shown | notes == told_so


@pytest.mark.parametrize(
    ("value", "note"),
    [
        (Value(quantity=Quantity("3200", "g")), "Cancer du sein\u202f: 3200 g"),
        (Value(concept=Concept(words="A positif")), "Cancer du sein\u202f: A positif"),
        (Value(words="Bac +3"), "Cancer du sein\u202f: Bac +3"),
        (Value(truth=False), "Absent\u202f: Cancer du sein"),
        (Value(truth=True), ""),
        (None, ""),
    ],
)
def test_what_is_measured_of_a_relative_is_no_disease(value: Value | None, note: str) -> None:
    found = alone("FamilyMemberHistory", replace(cases.NO_FAMILY, absent=False, value=value))
    assert ("condition" in found, found.get("note", [{"text": ""}])[0]["text"]) == (note == "", note)


def test_a_result_that_is_not_validated_yet_is_not_final() -> None:
    states = [replace(cases.GLUCOSE, state=state) for state in (State.ACTIVE, State.STOPPED, State.UNKNOWN)]
    assert [alone("Observation", each)["status"] for each in states] == ["registered", "cancelled", "final"]
    assert alone("Observation", replace(cases.SILENT, state=State.ACTIVE))["status"] == "final"


@pytest.mark.parametrize(
    ("stated", "of_problem", "of_allergy"),
    [
        ("provisional", "provisional", "unconfirmed"),
        ("differential", "differential", "unconfirmed"),
        ("unconfirmed", "unconfirmed", "unconfirmed"),
        ("410605003", "confirmed", "confirmed"),
    ],
)
def test_how_sure_it_is_has_more_words_for_a_problem(stated: str, of_problem: str, of_allergy: str) -> None:
    sure = {Detail.CERTAINTY: cases.one(stated)}
    problem = alone("Condition", replace(cases.DIABETES, details=sure))
    allergy = alone("AllergyIntolerance", replace(cases.PENICILLIN, details=sure))
    assert [each["verificationStatus"]["coding"][0]["code"] for each in (problem, allergy)] == [of_problem, of_allergy]


@pytest.mark.parametrize(
    ("sort", "kind"),
    [("OINT", "intolerance"), ("NAINT", "intolerance"), ("609328004", "allergy"), ("intolerance", "intolerance")],
)
def test_an_allergy_and_an_intolerance_are_told_apart(sort: str, kind: str) -> None:
    found = alone("AllergyIntolerance", replace(cases.PENICILLIN, details={Detail.CATEGORY: cases.one(sort)}))
    assert (found["type"], "category" in found) == (kind, False)


@pytest.mark.parametrize(
    ("certainty", "notes"),
    [
        ((Concept("unconfirmed", display="Non confirmé"),), [{"text": "Certitude\u202f: Non confirmé"}]),
        ((Concept(words=" "),), None),
        ((), None),
    ],
)
def test_how_sure_an_observation_is_stands_in_a_note(certainty: tuple[Concept, ...], notes: list[Json] | None) -> None:
    found = alone("Observation", replace(cases.ABSENT_SIGN, details={Detail.CERTAINTY: certainty}))
    assert found.get("note") == notes


def test_a_treatment_that_has_begun_and_no_end_is_taken_since() -> None:
    found = alone("MedicationStatement", replace(cases.METFORMIN, when=When("2024-01-01")))
    assert ("effectiveDateTime" in found, found["effectivePeriod"]) == (False, {"start": "2024-01-01"})
    once = alone("MedicationStatement", replace(cases.METFORMIN, when=When("2024-01-01", "2024-01-01")))
    assert ("effectivePeriod" in once, once["effectiveDateTime"]) == (False, "2024-01-01")


@pytest.mark.parametrize(
    ("name", "fact"), [("MedicationDispense", cases.DELIVERED), ("MedicationAdministration", cases.GIVEN)]
)
def test_what_was_delivered_or_given_on_a_day_is_done(name: str, fact: Fact) -> None:
    said_no_more = replace(fact, state=State.UNKNOWN)
    assert alone(name, said_no_more)["status"] == "completed"
    assert alone(name, replace(said_no_more, when=When()))["status"] == "unknown"
