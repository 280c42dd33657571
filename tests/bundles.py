"""An ITI-65 bundle written out by hand, to be spoiled one element at a time."""

import base64
import copy
import hashlib
import json
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

SET_URL = "urn:uuid:11111111-1111-4111-8111-111111111111"
DOCUMENT_URL = "urn:uuid:22222222-2222-4222-8222-222222222222"
BINARY_URL = "urn:uuid:33333333-3333-4333-8333-333333333333"
CONTENT = b"Glyc\xc3\xa9mie 5,1 mmol/L"
MHD = "https://profiles.ihe.net/ITI/MHD/StructureDefinition"
FR_CORE = "https://hl7.fr/ig/fhir/core/StructureDefinition"
INS = {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "279035121518989"}

PATIENT: Json = {
    "resourceType": "Patient",
    "id": "patient",
    "identifier": [INS, {"system": "urn:oid:1.2.3.4", "value": "IPP-1"}],
    "extension": [
        {"url": f"{FR_CORE}/fr-core-identity-reliability", "valueCoding": {"code": "VALI"}},
        {
            "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
            "valueAddress": {
                "city": "Paris",
                "extension": [{"url": f"{FR_CORE}/fr-core-address-insee-code", "valueCoding": {"code": "75056"}}],
            },
        },
    ],
    "name": [
        {"use": "usual", "family": "PAT-UN", "given": ["Dominique"]},
        {
            "use": "official",
            "family": "PAT-TROIS",
            "given": ["DOMINIQUE"],
            "extension": [
                {"url": f"{FR_CORE}/fr-core-patient-birth-list-given-name", "valueString": "DOMINIQUE MARIE"}
            ],
        },
    ],
    "gender": "female",
    "birthDate": "1979-03-05",
}


def coding(code: str, system: str = "", display: str = "") -> Json:
    stated = {"system": system, "code": code, "display": display}
    return {"coding": [{key: value for key, value in stated.items() if value}]}


def submission_set() -> Json:
    return {
        "resourceType": "List",
        "contained": [{"resourceType": "Practitioner", "id": "source", "name": [{"family": "Le Goff"}]}],
        "extension": [
            {"url": f"{MHD}/ihe-designationType", "valueCodeableConcept": coding("07", "urn:oid:1.2.250.1.213.2.2")},
            {
                "url": f"{MHD}/ihe-sourceId",
                "valueIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1.1"},
            },
        ],
        "identifier": [
            {"use": "usual", "system": "urn:ietf:rfc:3986", "value": "urn:uuid:99999999-9999-4999-8999-999999999999"},
            {"use": "official", "system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1.1.7"},
        ],
        "status": "current",
        "mode": "working",
        "title": "Bilan de printemps",
        "code": coding("submissionset", "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"),
        "subject": {"identifier": INS},
        "date": "2026-03-04T10:30:00+01:00",
        "source": {"reference": "#source"},
        "note": [{"text": "Deux tubes"}],
        "entry": [{"item": {"reference": DOCUMENT_URL}}],
    }


def document() -> Json:
    return {
        "resourceType": "DocumentReference",
        "contained": [
            copy.deepcopy(PATIENT),
            {
                "resourceType": "PractitionerRole",
                "id": "role",
                "practitioner": {"reference": "#doctor"},
                "organization": {"reference": "#hospital"},
                "specialty": [coding("G15_10/SM26", "urn:oid:1.2.250.1.213.1.1.4.5", "Médecin généraliste")],
            },
            {
                "resourceType": "Practitioner",
                "id": "doctor",
                "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "810001288385"}],
                "name": [{"family": "Le Goff", "given": ["Anne", "Marie"]}],
            },
            {
                "resourceType": "Organization",
                "id": "hospital",
                "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.2", "value": "1990000017"}],
                "name": "Hôpital des Remparts",
            },
        ],
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1.1.8"},
        "status": "current",
        "type": coding("11502-2", "http://loinc.org", "CR d'examens biologiques"),
        "category": [coding("10", "urn:oid:1.2.250.1.213.1.1.4.1", "Compte rendu")],
        "subject": {"reference": "Patient/local-17"},
        "date": "2026-03-04T10:30:00+01:00",
        "author": [{"reference": "#role"}],
        "authenticator": {"reference": "#doctor"},
        "custodian": {"reference": "#hospital"},
        "description": "À jeun",
        "securityLabel": [
            coding("N", "https://mos.esante.gouv.fr/NOS/TRE_A07-StatusVisibiliteDocument"),
            coding("MASQUE_PS", "urn:oid:1.2.250.1.213.1.1.4.13"),
        ],
        "content": [
            {
                "attachment": {
                    "contentType": "text/plain",
                    "language": "fr-FR",
                    "url": BINARY_URL,
                    "size": len(CONTENT),
                    "hash": base64.b64encode(hashlib.sha1(CONTENT).digest()).decode(),
                    "title": "Biologie",
                    "creation": "2026-03-04T09:30:00Z",
                },
                "format": {"code": "urn:ihe:iti:xds-sd:text:2008"},
            }
        ],
        "context": {
            "event": [coding("GLU")],
            "period": {"start": "2026-03-04", "end": "2026-03-04T09:45:00+01:00"},
            "facilityType": coding("SA01"),
            "practiceSetting": coding("ETABLISSEMENT"),
            "sourcePatientInfo": {"reference": "#patient"},
            "related": [{"identifier": {"system": "urn:oid:1.2.250.1.999.9", "value": "ACC-5"}}],
        },
    }


def binary() -> Json:
    return {"resourceType": "Binary", "contentType": "text/plain", "data": base64.b64encode(CONTENT).decode()}


def entry(url: str, resource: Json) -> Json:
    return {"fullUrl": url, "resource": resource, "request": {"method": "POST", "url": resource["resourceType"]}}


def patch(target: str = "DocumentReference/old-1") -> Json:
    part = [
        {"name": "type", "valueCode": "replace"},
        {"name": "path", "valueString": "DocumentReference.status"},
        {"name": "value", "valueCode": "superseded"},
    ]
    resource = {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": part}]}
    return {
        "fullUrl": "urn:uuid:44444444-4444-4444-8444-444444444444",
        "resource": resource,
        "request": {"method": "PATCH", "url": target},
    }


def bundle() -> Json:
    """Entry 0 is the List, 1 the DocumentReference, 2 the Binary."""
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [entry(SET_URL, submission_set()), entry(DOCUMENT_URL, document()), entry(BINARY_URL, binary())],
    }


def spoiled(*changes: Callable[[Json, Json, Json, Json], object]) -> bytes:
    """The bundle after each change, a function of (bundle, set, document, binary)."""
    made = bundle()
    parts = [one["resource"] for one in made["entry"]]
    for change in changes:
        change(made, *parts)
    return json.dumps(made, ensure_ascii=False).encode()
