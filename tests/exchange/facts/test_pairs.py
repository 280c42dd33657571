"""What the published pairs of C-CDA and FHIR ask for (C-CDA on FHIR): our own facts, in the shapes that those give."""

import pytest

from clinical.said import fact
from espace.clinical.facts import Detail, Dosage, Fact, Kind, State
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, Interval, Quantity, Value
from espace.wire.xds import Coded
from exchange.facts import cases
from exchange.facts.literal import SCT, TERMINOLOGY, Json, code
from exchange.facts.test_telling import alone

SNOMED = "2.16.840.1.113883.6.96"
FISH = fact(Kind.ALLERGY, "Fish", code="227037002", system=SNOMED, state=State.ACTIVE)


def snomed(code: str) -> tuple[Concept, ...]:
    return cases.one(code, SNOMED)


@pytest.mark.parametrize(
    ("sort", "kind", "categories"),
    [
        ("414285001", "allergy", ["food"]),
        ("416098002", "allergy", ["medication"]),
        ("426232007", "allergy", ["environment"]),
        ("59037007", "intolerance", ["medication"]),
        ("419511003", None, ["medication"]),
        ("419199007", "allergy", None),
        ("418038007", None, None),
    ],
)
def test_the_sort_of_an_allergy_is_its_type_and_its_category(
    sort: str, kind: str | None, categories: list[str] | None
) -> None:
    found = alone("AllergyIntolerance", replace(FISH, details={Detail.CATEGORY: snomed(sort)}))
    assert (found.get("type"), found.get("category")) == (kind, categories)


@pytest.mark.parametrize(
    ("whole", "degrees", "expected"),
    [
        ("24484000", ["6736007"], ["moderate"]),  # of what happened, rather than of the allergy
        ("24484000", [""], ["severe"]),
        ("24484000", ["255604002", ""], ["mild", None]),  # of two, the whole tells of neither
        ("255604002", ["371924009"], ["severe"]),  # moderate to severe
        ("255604002", ["?"], ["mild"]),
    ],
)
def test_each_reaction_is_as_bad_as_it_is_said_to_be(
    whole: str, degrees: list[str], expected: list[str | None]
) -> None:
    reactions = tuple(
        Concept(f"24747200{number}", SNOMED, qualifiers=(Coded(degree, SNOMED),) if degree else ())
        for number, degree in enumerate(degrees)
    )
    found = alone(
        "AllergyIntolerance", replace(FISH, details={Detail.REACTION: reactions, Detail.SEVERITY: snomed(whole)})
    )
    assert [one.get("severity") for one in found["reaction"]] == expected


@pytest.mark.parametrize(
    ("kind", "resource", "said", "state", "expected"),
    [
        (Kind.ALLERGY, "AllergyIntolerance", "73425007", State.OVER, "inactive"),
        (Kind.ALLERGY, "AllergyIntolerance", "413322009", State.OVER, "resolved"),
        (Kind.ALLERGY, "AllergyIntolerance", "246455001", State.ACTIVE, "active"),
        (Kind.PROBLEM, "Condition", "246455001", State.ACTIVE, "recurrence"),
        (Kind.PROBLEM, "Condition", "277022003", State.OVER, "remission"),
        (Kind.PROBLEM, "Condition", "relapse", State.ACTIVE, "relapse"),
        (Kind.PROBLEM, "Condition", "?", State.OVER, "resolved"),
    ],
)
def test_a_status_is_as_precise_as_it_was_stated(
    kind: Kind, resource: str, said: str, state: State, expected: str
) -> None:
    found = alone(resource, fact(kind, "Asthme", state=state, details={Detail.CLINICAL_STATUS: snomed(said)}))
    assert found["clinicalStatus"]["coding"][0]["code"] == expected


AGE = {"value": 65, "unit": "a", "system": "http://unitsofmeasure.org", "code": "a"}


@pytest.mark.parametrize(
    ("start", "words", "dated", "age"),
    [("", "65 a", None, AGE), ("", "65", None, AGE), ("2012-08-06", "65 a", "2012-08-06", None)],
)
def test_a_problem_began_on_a_day_else_at_an_age(start: str, words: str, dated: str | None, age: Json | None) -> None:
    onset = {Detail.ONSET: (Concept(words=words),)}
    found = alone("Condition", fact(Kind.PROBLEM, "Pneumonie", start=start, details=onset))
    assert (found.get("onsetDateTime"), found.get("onsetAge")) == (dated, age)


def test_a_relative_s_disease_has_its_age_and_its_outcome() -> None:
    details = {Detail.ONSET: (Concept(words="57 a"),), Detail.OUTCOME: cases.one("419099009", SNOMED, "Dead")}
    [found] = alone("FamilyMemberHistory", fact(Kind.FAMILY, "Infarctus", start="1967", details=details))["condition"]
    assert (found["onsetAge"], found["outcome"]) == (AGE | {"value": 57}, code(SCT, "419099009", "Dead"))
    assert "onsetString" not in found


def test_a_dosage_has_its_rhythm_its_reason_its_rate_and_its_most() -> None:
    puff, slow, fast = Quantity("1", "{puff}"), Quantity("1", "mL/h"), Quantity("2", "mL/h")
    dosage = Dosage(
        dose=Interval(puff, puff),
        every=Quantity("4", "h"),
        every_most=Quantity("6", "h"),
        events=("ACM", "IC"),
        rate=Interval(slow, fast),
        needed=True,
        needed_for=cases.one("56018004", SNOMED, "Wheezing"),
        most="200 mg/1 d",
    )
    [found] = alone("MedicationStatement", fact(Kind.TREATMENT, "Salbutamol", dosage=dosage))["dosage"]
    assert found["timing"] == {
        "repeat": {"frequency": 1, "period": 4, "periodMax": 6, "periodUnit": "h", "when": ["ACM"]}
    }
    assert found["asNeededCodeableConcept"] == code(SCT, "56018004", "Wheezing")
    ((dose,), most) = found["doseAndRate"], found["maxDosePerPeriod"]
    assert (dose["doseQuantity"]["value"], dose["rateRange"]["low"]["value"], dose["rateRange"]["high"]["value"]) == (
        1,
        1,
        2,
    )
    assert [(most[one]["value"], most[one]["code"]) for one in ("numerator", "denominator")] == [(200, "mg"), (1, "d")]
    assert "additionalInstruction" not in found


@pytest.mark.parametrize(
    ("dosage", "element", "expected"),
    [
        (Dosage(needed=True), "asNeededBoolean", True),
        (Dosage(events=("HS",)), "timing", {"repeat": {"when": ["HS"]}}),
        (Dosage(most="4/1 d"), "maxDosePerPeriod", {
            "numerator": {"value": 4},
            "denominator": {"value": 1, "unit": "d", "system": "http://unitsofmeasure.org", "code": "d"},
        }),
        (Dosage(most="4 par jour"), "additionalInstruction", [{"text": "4 par jour"}]),
    ],
)  # fmt: skip
def test_what_is_said_alone_of_a_dosage(dosage: Dosage, element: str, expected: object) -> None:
    assert alone("MedicationStatement", fact(Kind.TREATMENT, "X", dosage=dosage))["dosage"] == [{element: expected}]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (
            "CDBD33F0-6CDE-11DB-9FE1-0800200C9A66",
            [{"system": "urn:ietf:rfc:3986", "value": "urn:uuid:cdbd33f0-6cde-11db-9fe1-0800200c9a66"}],
        ),
        (
            "cdbd33f0-6cde-11db-9fe1-0800200c9a66^7",
            [{"system": "urn:uuid:cdbd33f0-6cde-11db-9fe1-0800200c9a66", "value": "7"}],
        ),
        ("not an id", None),
    ],
)
def test_an_identifier_of_a_statement_may_be_a_uuid(stated: str, expected: list[Json] | None) -> None:
    assert alone("Condition", replace(cases.DIABETES, identifiers=(stated,))).get("identifier") == expected


@pytest.mark.parametrize(
    ("oid", "uri"),
    [
        ("2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm"),
        ("2.16.840.1.113883.12.292", "http://hl7.org/fhir/sid/cvx"),
        ("2.16.840.1.113883.6.90", "http://hl7.org/fhir/sid/icd-10-cm"),
    ],
)
def test_the_lists_of_another_country_have_the_names_that_fhir_gives_them(oid: str, uri: str) -> None:
    told: Fact = fact(Kind.PROBLEM, "X", code="1", system=oid)
    assert alone("Condition", told)["code"]["coding"][0]["system"] == uri


@pytest.mark.parametrize(
    ("words", "element"),
    [
        ("2023-02-14", {"valueDateTime": "2023-02-14"}),
        ("2023-02-14T10:20:00+01:00", {"valueDateTime": "2023-02-14T10:20:00+01:00"}),
        ("2023-02-14 ou le 15", {"valueString": "2023-02-14 ou le 15"}),
        ("2023", {"valueString": "2023"}),
    ],
)
def test_a_day_that_was_found_is_a_date(words: str, element: Json) -> None:
    found = alone("Observation", fact(Kind.PREGNANCY, "Terme", value=Value(words=words)))
    assert {name: one for name, one in found.items() if name.startswith("value")} == element


def test_the_class_of_a_stay_may_be_the_second_of_its_codes() -> None:
    visit = Concept("99213", "2.16.840.1.113883.6.12", "Visit", others=(Coded("AMB", cases.ACT),))
    found = alone("Encounter", replace(cases.STAY, what=visit))
    assert found["class"] == {"system": f"{TERMINOLOGY}/v3-ActCode", "code": "AMB"}
