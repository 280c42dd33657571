"""What the door answers: outcomes in two languages, documents as read, statements."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from espace.kernel.reasons import decisions, documents, transport
from espace.kernel.values import replace
from espace.kernel.words import Problem, Refused, RefusedProblems, Visibility
from espace.wire.fhir.answers import Known, deposit, document_reference, encode, shortened, subject_of
from espace.wire.fhir.outcome import outcome, problems_of
from espace.wire.fhir.resources import Identifier
from espace.wire.fhir.searching import Summary
from espace.wire.xds import Author, Coded, DocumentEntry

ONE = UUID("01900000-0000-7000-8000-000000000001")
TWO = UUID("01900000-0000-7000-8000-000000000002")
SUBJECT = subject_of(TWO, Identifier(value="1"))
AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


def test_every_problem_is_an_issue_with_its_code_sentence_place_and_fix() -> None:
    problems = (
        Problem(documents.VALUE_INVALID, "Bundle.entry[1].resource.date", "an instant is expected"),
        Problem(documents.XML_MALFORMED, "Bundle.entry[2].resource.data line 3, column 7", "mismatched tag"),
    )
    assert json.loads(outcome(problems, language="en")) == {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "value",
                "details": {
                    "coding": [{"system": "urn:espace:reason", "code": "value_invalid"}],
                    "text": "A value does not have the expected form.",
                },
                "diagnostics": "Bundle.entry[1].resource.date : an instant is expected"
                " — Correct the value at the place shown.",
                "expression": ["Bundle.entry[1].resource.date"],
            },
            {
                "severity": "error",
                "code": "structure",
                "details": {
                    "coding": [{"system": "urn:espace:reason", "code": "xml_malformed"}],
                    "text": "The document is not well-formed XML.",
                },
                "diagnostics": "Bundle.entry[2].resource.data line 3, column 7 : mismatched tag"
                " — Correct the XML at the line shown.",
                "expression": ["Bundle.entry[2].resource.data"],
            },
        ],
    }


def test_what_is_told_hides_what_is_logged() -> None:
    told = [
        json.loads(outcome(problems_of(Refused(reason))))["issue"][0]
        for reason in (decisions.SPACE_OPPOSED, decisions.SPACE_UNKNOWN)
    ]
    assert told[0] == told[1]
    assert told[0]["details"]["coding"][0]["code"] == "space_unknown"
    assert "expression" not in told[0]


def test_a_refusal_gives_all_its_problems() -> None:
    problem = Problem(transport.REQUEST_MALFORMED, "a")
    assert problems_of(RefusedProblems((problem, problem))) == (problem, problem)
    assert problems_of(Refused(transport.REQUEST_MALFORMED, place="a")) == (problem,)


def test_a_document_is_told_with_fhir_names_and_present_restrictions() -> None:
    entry = DocumentEntry(
        place="",
        unique_id="1.2.250.1.999.1.1.8",
        mime_type="application/pdf",
        type=Coded("11502-2", "2.16.840.1.113883.6.1", "CR"),
        format=Coded("x", "1.2.3.4"),
        authors=(Author(family="Le Goff", given="Anne", person_id="810001288385", institution="Hôpital"),),
        service_start=AT,
        visibility=frozenset({Visibility.INVISIBLE_PATIENT}),
    )
    known = Known(ONE, entry, "Deprecated", AT, 12, frozenset({Visibility.MASQUE_PS}), replaces=TWO)
    subject = subject_of(TWO, Identifier(system="urn:oid:1.2.250.1.213.1.4.10", value="279035121518989"))
    found = json.loads(encode(document_reference(known, base="https://e.test/fhir", subject=subject)))
    assert found["masterIdentifier"]["value"] == "urn:oid:1.2.250.1.999.1.1.8"
    assert found["status"] == "superseded"
    assert found["type"]["coding"] == [{"system": "http://loinc.org", "code": "11502-2", "display": "CR"}]
    assert found["content"][0]["format"] == {"system": "urn:oid:1.2.3.4", "code": "x"}
    assert found["content"][0]["attachment"]["url"] == f"https://e.test/fhir/Binary/{ONE}"
    assert found["identifier"] == [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{ONE}"}]
    ins = {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "279035121518989"}
    assert found["subject"] == {"reference": f"Patient/{TWO}", "type": "Patient", "identifier": ins}
    assert found["author"] == [{"reference": "#author0", "display": "Anne Le Goff, Hôpital"}]
    assert found["contained"] == [
        {"resourceType": "Patient", "id": "patient", "identifier": [ins]},
        {
            "resourceType": "PractitionerRole",
            "id": "author0",
            "practitioner": {"reference": "#author0-person"},
            "organization": {"reference": "#author0-organization"},
        },
        {
            "resourceType": "Practitioner",
            "id": "author0-person",
            "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "810001288385"}],
            "name": [{"family": "Le Goff", "given": ["Anne"]}],
        },
        {"resourceType": "Organization", "id": "author0-organization", "name": "Hôpital"},
    ]
    assert found["meta"] == {"lastUpdated": "2026-03-04T09:30:00+00:00"}
    assert [label["coding"][0]["code"] for label in found["securityLabel"]] == ["N", "MASQUE_PS"]
    assert found["relatesTo"] == [{"code": "replaces", "target": {"reference": f"DocumentReference/{TWO}"}}]
    assert found["context"]["period"] == {"start": "2026-03-04T09:30:00+00:00"}
    assert found["context"]["sourcePatientInfo"] == {"reference": "#patient"}


@pytest.mark.parametrize(
    ("place", "expression"),
    [
        ("Bundle", ["Bundle"]),
        ("Bundle.entry[0].resource.identifier", ["Bundle.entry[0].resource.identifier"]),
        (
            "Bundle.entry[1].resource.content[0].attachment.hash",
            ["Bundle.entry[1].resource.content[0].attachment.hash"],
        ),
        ("Bundle.entry[2].resource.data /ClinicalDocument/id[1]", ["Bundle.entry[2].resource.data"]),
        ("http.accept", ["http.accept"]),
        ("http.patient.identifier", ["http.patient.identifier"]),
        ("", None),
        ("$", None),
        ("byte 12", None),
        ("Bundle.entry[0].?", None),
        ("Bundle.entry[x]", None),
        ("/ClinicalDocument/id[1]", None),
        ("jwks.keys[0]", None),
    ],
)
def test_an_expression_is_a_path_of_fhir_or_of_http_or_absent(place: str, expression: list[str] | None) -> None:
    [issue] = json.loads(outcome((Problem(documents.VALUE_INVALID, place),)))["issue"]
    assert issue.get("expression") == expression


def test_a_deposit_says_that_its_content_is_masked() -> None:
    found = json.loads(encode(deposit(id=ONE, unique_id="1.2.3", status="Archived", deposited_at=AT)))
    assert found["status"] == "current"
    masked = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}
    assert found["content"] == [{"attachment": {"extension": [masked]}}]
    assert "subject" not in found


def test_an_author_of_whom_nothing_can_be_said_is_left_out_and_never_an_empty_object() -> None:
    empty = Author(specialty=Coded("G15_10/SM26"))
    hospital = [{"reference": "#author1", "display": "Hôpital"}]
    for authors, told in (((empty,), None), ((empty, Author(institution="Hôpital")), hospital)):
        entry = DocumentEntry("", "urn:uuid:x", "text/plain", authors=authors, legal_authenticator=empty)
        found = json.loads(encode(document_reference(Known(ONE, entry, "Approved", AT, 1), base="b", subject=SUBJECT)))
        assert (found.get("author"), "authenticator" in found) == (told, False)


def test_an_author_who_signs_is_contained_once() -> None:
    one, other = Author(family="Le Goff"), Author(family="Morel")
    for signer, told in ((one, "#author0"), (other, "#authenticator")):
        entry = DocumentEntry("", "urn:uuid:x", "text/plain", authors=(one,), legal_authenticator=signer)
        found = json.loads(encode(document_reference(Known(ONE, entry, "Approved", AT, 1), base="b", subject=SUBJECT)))
        assert found["authenticator"]["reference"] == told
        assert len([c for c in found["contained"] if c["resourceType"] == "Practitioner"]) == 1 + (signer is other)


FULL = DocumentEntry(
    place="",
    unique_id="1.2.3",
    mime_type="text/plain",
    type=Coded("11502-2"),
    class_=Coded("10"),
    format=Coded("x"),
    title="Biologie",
    comments="À jeun",
    language="fr-FR",
    creation_time=AT,
    service_start=AT,
    authors=(Author(family="Le Goff"),),
    legal_authenticator=Author(family="Le Goff"),
    facility_type=Coded("SA01"),
    practice_setting=Coded("ETABLISSEMENT"),
    hash="CXnlAaW9J3md1/qfyI5JnxDIQIk=",
    custodian_id="1990000017",
)
MHD = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.Comprehensive.DocumentReference"
PDSM = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-comprehensive-document-reference"


def told(entry: DocumentEntry, status: str = "Approved", summary: Summary = Summary.FALSE) -> dict[str, Any]:
    found = document_reference(Known(ONE, entry, status, AT, 1), base="b", subject=SUBJECT)
    read: dict[str, Any] = json.loads(encode(shortened(found, summary)))
    return read


def test_a_profile_is_claimed_where_what_was_stated_conforms_to_it() -> None:
    assert told(FULL)["meta"]["profile"] == [MHD, PDSM]
    for less in ("title", "hash", "service_start", "legal_authenticator", "authors"):
        nothing: dict[str, Any] = {"authors": (), "title": ""}
        assert told(replace(FULL, **{less: nothing.get(less)}))["meta"]["profile"] == [MHD]
    for needed in ("type", "class_", "format", "creation_time", "facility_type", "practice_setting"):
        assert "profile" not in told(replace(FULL, **{needed: None}))["meta"]
    for needed in ("unique_id", "language", "mime_type"):
        assert "profile" not in told(replace(FULL, **{needed: ""}))["meta"]


def test_an_archived_document_is_current_and_says_that_it_is_archived() -> None:
    archived = {
        "url": "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived",
        "valueBoolean": True,
    }
    assert (told(FULL, "Archived")["status"], told(FULL, "Archived")["extension"]) == ("current", [archived])
    assert "extension" not in told(FULL)


def test_a_summary_leaves_out_what_the_standard_says_and_claims_no_profile() -> None:
    marked = {
        "lastUpdated": "2026-03-04T09:30:00+00:00",
        "tag": [
            {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"},
        ],
    }
    short = told(FULL, summary=Summary.TRUE)
    assert set(told(FULL)) - set(short) == {"authenticator", "custodian"}
    assert (short["meta"], short["context"]) == (marked, {"period": {"start": "2026-03-04T09:30:00+00:00"}})
    assert [one["id"] for one in short["contained"]] == ["author0", "author0-person"]
    text = told(FULL, summary=Summary.TEXT)
    assert set(text) == {"resourceType", "id", "meta", "status", "content"}
    assert text["meta"] == marked
    assert told(FULL, summary=Summary.DATA) == told(FULL)


def test_a_document_whose_row_was_altered_has_no_empty_text() -> None:
    known = Known(ONE, DocumentEntry("", "", ""), "Approved", AT, 7)
    found = json.loads(encode(document_reference(known, base="b", subject=SUBJECT)))
    assert "masterIdentifier" not in found
    assert found["content"] == [{"attachment": {"url": f"b/Binary/{ONE}", "size": 7}}]


def test_nothing_stated_is_nothing_told() -> None:
    bare = Known(ONE, DocumentEntry("", "urn:uuid:x", "text/plain"), "Approved", AT, 1)
    found = json.loads(encode(document_reference(bare, base="b", subject=SUBJECT)))
    assert set(found) == {
        "resourceType",
        "id",
        "meta",
        "contained",
        "context",
        "identifier",
        "masterIdentifier",
        "status",
        "subject",
        "date",
        "securityLabel",
        "content",
    }
