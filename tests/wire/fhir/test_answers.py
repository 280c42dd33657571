"""What the door answers: outcomes in two languages, documents as read, statements."""

import json
from datetime import UTC, datetime
from uuid import UUID

from espace.kernel.reasons import decisions, documents, transport
from espace.kernel.words import Problem, Refused, RefusedProblems, Visibility
from espace.wire.fhir.answers import Known, document_reference, encode
from espace.wire.fhir.outcome import outcome, problems_of
from espace.wire.fhir.resources import Identifier
from espace.wire.xds import Author, Coded, DocumentEntry

ONE = UUID("01900000-0000-7000-8000-000000000001")
TWO = UUID("01900000-0000-7000-8000-000000000002")
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
        authors=(Author(family="Le Goff", given="Anne", person_id="8100", institution="Hôpital"),),
        service_start=AT,
        visibility=frozenset({Visibility.INVISIBLE_PATIENT}),
    )
    known = Known(ONE, entry, "Deprecated", AT, 12, frozenset({Visibility.MASQUE_PS}), replaces=TWO)
    subject = Identifier(system="urn:oid:1.2.250.1.213.1.4.10", value="279035121518989")
    found = json.loads(encode(document_reference(known, base="https://e.test/fhir", subject=subject)))
    assert found["masterIdentifier"]["value"] == "urn:oid:1.2.250.1.999.1.1.8"
    assert found["status"] == "superseded"
    assert found["type"]["coding"] == [{"system": "http://loinc.org", "code": "11502-2", "display": "CR"}]
    assert found["content"][0]["format"] == {"system": "urn:oid:1.2.3.4", "code": "x"}
    assert found["content"][0]["attachment"]["url"] == f"https://e.test/fhir/Binary/{ONE}"
    assert found["author"] == [{"identifier": {"value": "8100"}, "display": "Anne Le Goff, Hôpital"}]
    assert [label["coding"][0]["code"] for label in found["securityLabel"]] == ["N", "MASQUE_PS"]
    assert found["relatesTo"] == [{"code": "replaces", "target": {"reference": f"DocumentReference/{TWO}"}}]
    assert found["context"]["period"] == {"start": "2026-03-04T09:30:00+00:00"}


def test_nothing_stated_is_nothing_told() -> None:
    bare = Known(ONE, DocumentEntry("", "urn:uuid:x", "text/plain"), "Approved", AT, 1)
    subject = Identifier(value="1")
    found = json.loads(encode(document_reference(bare, base="b", subject=subject)))
    assert set(found) == {
        "resourceType",
        "id",
        "masterIdentifier",
        "status",
        "subject",
        "date",
        "securityLabel",
        "content",
    }
