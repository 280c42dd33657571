"""The International Patient Summary as a FHIR document: its sections, its references, what is said where nothing is."""

import json
from xml.etree import ElementTree

import pytest

from clinical.said import fact, result, said, stated
from espace.clinical.facts import Kind, Sourced, State
from espace.clinical.rules.international import MOST, MOST_MEASURED
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, Quantity, Value
from espace.wire.nomenclature.systems import ABSENT_OR_UNKNOWN
from exchange.facts import cases
from exchange.facts.cases import PATIENT
from exchange.facts.summaries import BASE, PROFILES, Json, every, made

ALLERGIES, MEDICINES, PROBLEMS, RESULTS = "48765-2", "10160-0", "11450-4", "30954-2"


def sections(bundle: Json) -> dict[str, Json]:
    return {one["code"]["coding"][0]["code"]: one for one in bundle["entry"][0]["resource"]["section"]}


def lines(section: Json) -> list[str]:
    """The narrative, as XHTML has it."""
    root = ElementTree.fromstring(section["text"]["div"])
    assert root.tag == "{http://www.w3.org/1999/xhtml}div"
    assert root.attrib == {"{http://www.w3.org/XML/1998/namespace}lang": "fr", "lang": "fr"}
    return [one.text or "" for one in root.iter("{http://www.w3.org/1999/xhtml}li")]


def references(value: object) -> list[str]:
    """Every reference in a resource."""
    if isinstance(value, list):
        return [one for item in value for one in references(item)]
    if not isinstance(value, dict):
        return []
    own = [value["reference"]] if isinstance(value.get("reference"), str) else []
    return [*own, *(one for item in value.values() for one in references(item))]


def test_a_document_is_a_composition_then_all_that_it_names() -> None:
    bundle = made(*every())
    first = bundle["entry"][0]
    composition = first["resource"]
    assert (bundle["type"], bundle["meta"]["profile"]) == ("document", [f"{PROFILES}/Bundle-uv-ips"])
    assert first["fullUrl"] == f"urn:uuid:{composition['id']}" == bundle["identifier"]["value"]
    assert composition["subject"] == {"reference": f"{BASE}/Patient/{PATIENT}"}
    assert composition["type"]["coding"][0]["code"] == "60591-5"
    addresses = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(addresses) == len(set(addresses))
    assert set(references(composition)) <= set(addresses)
    for entry in bundle["entry"][3:]:
        whole = {one if ":" in one else f"{BASE}/{one}" for one in references(entry["resource"])}
        assert {one for one in whole if "/DocumentReference/" not in one} <= set(addresses)
        assert entry["fullUrl"] == f"{BASE}/{entry['resource']['resourceType']}/{entry['resource']['id']}"


def test_each_section_has_its_kinds_of_resources_and_a_line_for_each() -> None:
    bundle = made(*every())
    found = sections(bundle)
    named = {
        code: sorted(entry["reference"].split("/")[-2] for entry in one.get("entry", ())) for code, one in found.items()
    }
    assert named == {
        ALLERGIES: ["AllergyIntolerance"] * 3,
        MEDICINES: ["MedicationRequest", "MedicationStatement", "MedicationStatement", "MedicationStatement"],
        PROBLEMS: ["Condition"] * 2,
        "11348-0": ["Condition"],
        "47519-4": ["Procedure"],
        "11369-6": ["Immunization"] * 2,
        RESULTS: ["Observation"] * 6,
        "8716-3": ["Observation"] * 2,
        "10162-6": ["Observation"],
        "46264-8": ["DeviceUseStatement"],
        "10157-6": ["FamilyMemberHistory"],
        "29762-2": ["Observation"] * 3,
        "18776-5": ["CarePlan"],
        "42348-3": ["Consent"],
    }
    assert found[MEDICINES]["title"] == "Traitements en cours"
    assert found[MEDICINES]["code"]["text"] == "Current medicines"
    [penicillin, disputed, *_] = lines(found[ALLERGIES])[1:]
    assert penicillin == (
        "Pénicilline (SNOMED CT 373270004), urticaire, «\u202fH\u202f», «\u202fCRITH\u202f», "
        "Confirmée par un allergologue, depuis mai 2019 – Document d’un professionnel, 4 mars 2025"
    )
    assert disputed == "Pas d’allergie connue – Document d’un professionnel, 4 mars 2025"
    assert lines(found["11369-6"])[0] == (
        "REVAXIS (ATC J07CA01), Tétanos, Diphtérie, dose 3, lot AB123, 2 octobre 2023"
        " – Document d’un professionnel, 4 mars 2025"
    )
    assert lines(found["42348-3"]) == [
        "Directives anticipées, Pas d’acharnement – Document d’un professionnel, 4 mars 2025"
    ]
    uses = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "DeviceUseStatement"]
    assert [(one["status"], one["timingPeriod"]) for one in uses] == [("active", {"start": "2018-04-03"})]


UNKNOWN = [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]


def test_what_a_profile_makes_mandatory_is_said_to_be_unknown_and_one_that_does_not_fit_is_not_claimed() -> None:
    told = {one["resource"]["id"]: one["resource"] for one in made(*every())["entry"]}
    by_name = {
        (one.get("medicationCodeableConcept") or one.get("code") or {}).get("text"): one for one in told.values()
    }
    assert by_name["ASPIRINE 75 MG"]["effectivePeriod"] == {"extension": UNKNOWN}
    assert by_name["Troponine"]["effectivePeriod"] == {"extension": UNKNOWN}
    assert by_name["Troponine"]["performer"] == [{"extension": UNKNOWN}]
    assert by_name["Tabac"]["meta"]["profile"] == [f"{PROFILES}/Observation-tobaccouse-uv-ips"]
    assert "profile" not in by_name["Alcool"]["meta"]
    assert "profile" not in by_name["Fumeur"]["meta"]


def test_where_nothing_is_known_the_three_mandatory_sections_say_so() -> None:
    found = sections(made())
    assert list(found) == [ALLERGIES, MEDICINES, PROBLEMS]
    for one in found.values():
        assert lines(one) == ["Aucune information disponible."]
        assert (one["emptyReason"]["coding"][0]["code"], "entry" in one) == ("unavailable", False)


@pytest.mark.parametrize(
    ("kind", "code", "section", "name"),
    [
        (Kind.ALLERGY, "no-known-allergies", ALLERGIES, "AllergyIntolerance"),
        (Kind.PROBLEM, "no-known-problems", PROBLEMS, "Condition"),
        (Kind.TREATMENT, "no-known-medications", MEDICINES, "MedicationStatement"),
        (Kind.VACCINATION, "no-known-immunizations", "11369-6", "Immunization"),
        (Kind.PROCEDURE, "no-known-procedures", "47519-4", "Procedure"),
    ],
)
def test_that_there_is_none_is_told_with_its_code(kind: Kind, code: str, section: str, name: str) -> None:
    one = replace(fact(kind, "", absent=True), what=Concept(code, ABSENT_OR_UNKNOWN.oid))
    bundle = made(stated(one))
    [entry] = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == name]
    concept = entry.get("code") or entry.get("medicationCodeableConcept") or entry["vaccineCode"]
    assert concept["coding"][0]["code"] == code
    assert "emptyReason" not in sections(bundle)[section]
    [line] = lines(sections(bundle)[section])
    assert line.startswith("Aucun") and line.endswith(" – Déclaré par le patient, 4 mars 2025")


def test_no_device_is_in_the_narrative_alone() -> None:
    one = replace(fact(Kind.DEVICE, "", absent=True), what=Concept("no-known-devices", ABSENT_OR_UNKNOWN.oid))
    bundle = made(said(one))
    assert lines(sections(bundle)["46264-8"]) == [
        "Aucun appareil porté connu – Document d’un professionnel, 4 mars 2025"
    ]
    assert [entry["resource"]["resourceType"] for entry in bundle["entry"]] == ["Composition", "Patient", "Device"]


def test_what_sources_contradict_is_told_as_each_of_them_says_it() -> None:
    iodine = fact(Kind.ALLERGY, "Iode", state=State.ACTIVE)
    bundle = made(said(iodine, 1), said(replace(iodine, absent=True, state=State.UNKNOWN), 2, "2025-03-05"))
    told = [one["resource"] for one in bundle["entry"][3:]]
    assert [one.get("verificationStatus", {}).get("coding", [{}])[0].get("code") for one in told] == [None, "refuted"]
    [line] = lines(sections(bundle)[ALLERGIES])
    assert "affirmé ici, nié ailleurs" in line


def test_of_sources_that_agree_the_newest_with_a_code_speaks() -> None:
    coded = fact(Kind.ALLERGY, "Pénicilline", code="764146007", system="2.16.840.1.113883.6.96", state=State.ACTIVE)
    words = replace(coded, what=Concept(words="pénicilline"))
    bundle = made(said(coded, 1), stated(replace(coded, what=Concept(display="Pénicilline")), "2025-03-20"))
    [told] = [one["resource"] for one in bundle["entry"][3:]]
    assert told["code"]["coding"][0]["code"] == "764146007"
    assert [one["code"] for one in told["meta"]["tag"]] == ["extracted", "stated"]
    assert lines(sections(bundle)[ALLERGIES])[0].endswith("Document d’un professionnel, 4 mars 2025")
    [alone] = [one["resource"] for one in made(stated(words))["entry"][3:]]
    assert alone["code"] == {"text": "pénicilline"}


def test_a_day_that_was_answered_is_told_as_a_day() -> None:
    due = fact(Kind.PREGNANCY, "Date prévue", start="2025-03-01", value=Value(words="2025-09-03"))
    assert lines(sections(made(said(due)))["10162-6"]) == [
        "Date prévue, 3 septembre 2025, 1er mars 2025 – Document d’un professionnel, 4 mars 2025"
    ]


def test_hostile_words_stay_words() -> None:
    name = "<script>&\x00\x0b]]>\ufffe</li>"
    bundle = made(said(replace(fact(Kind.ALLERGY, ""), what=Concept(words=name))))
    assert lines(sections(bundle)[ALLERGIES]) == ["<script>&  ]]> </li> – Document d’un professionnel, 4 mars 2025"]


def test_a_document_is_bounded_and_says_what_it_leaves() -> None:
    def many(kind: Kind, count: int) -> list[Sourced]:
        names = (f"Chose {number}" for number in range(count))
        value = Value(quantity=Quantity("1", "g/L"))
        made_of = {"value": value} if kind is Kind.RESULT else {"state": State.ACTIVE}
        return [
            said(replace(fact(kind, "", **made_of), what=Concept(words=name)), number + 1)
            for number, name in enumerate(names)
        ]

    found = sections(made(*many(Kind.ALLERGY, MOST + 3), *many(Kind.RESULT, MOST_MEASURED + 2)))
    assert (len(found[ALLERGIES]["entry"]), lines(found[ALLERGIES])[-1]) == (
        100,
        "Et 3 autres, qui ne sont pas repris ici.",
    )
    assert (len(found[RESULTS]["entry"]), lines(found[RESULTS])[-1]) == (
        60,
        "Et 2 autres, qui ne sont pas repris ici.",
    )


def test_of_one_analyte_the_newest_result_alone() -> None:
    bundle = made(said(result("7.2", "%", "2024-01-01"), 1), said(result("6.9", "%", "2025-01-02", high="7"), 2))
    assert lines(sections(bundle)[RESULTS]) == [
        "Hémoglobine glyquée (LOINC 4548-4), 6,9\u00a0%, attendu\u202f: ≤\u00a07, 2 janvier 2025"
        " – Document d’un professionnel, 4 mars 2025"
    ]
    assert json.dumps(bundle).count('"7.2"') == 0 and cases.PATIENT == PATIENT
