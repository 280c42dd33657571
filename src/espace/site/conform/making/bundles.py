"""FHIR as a feeder writes it: ITI-65 of MHD 4.2 with comprehensive metadata, as PDSm 3.1.1 has it, and ITI-105."""

import base64
import json
from typing import Any

from espace.site.conform.letters import CLASS, FORMAT, TITLE, TYPE, Letter, new_uuid
from espace.site.conform.staging import Stage

FHIR_JSON = "application/fhir+json"
Json = dict[str, Any]
_MHD = "https://profiles.ihe.net/ITI/MHD/StructureDefinition"
_RELIABILITY = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability"
_GENDERS = {"F": "female", "M": "male"}


def bundle(stage: Stage, name: str = "first", *, replaces: str = "") -> Json:
    """A transaction of one set of one document; `replaces` is the letter that it takes the place of."""
    letter, urls = stage.letter(name), [new_uuid() for _ in range(3)]
    document = _document(stage, letter, urls[2])
    if replaces:
        target = {"identifier": {"system": "urn:ietf:rfc:3986", "value": stage.letter(replaces).name}}
        document["relatesTo"] = [{"code": "replaces", "target": target}]
    resources = (
        _set(stage, stage.id(f"set {name}", new_uuid), urls[1]),
        document,
        {"resourceType": "Binary", "contentType": "text/xml", "data": letter.base64},
    )
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"fullUrl": url, "request": {"method": "POST", "url": one["resourceType"]}, "resource": one}
            for url, one in zip(urls, resources, strict=True)
        ],
    }


def document_of(made: Json) -> Json:
    """The DocumentReference of a bundle."""
    found: Json = made["entry"][1]["resource"]
    return found


def encoded(made: Json) -> bytes:
    return json.dumps(made, ensure_ascii=False).encode()


def reliability(code: str) -> Json:
    """How sure the sender is of the identity (FR Core)."""
    return {"url": _RELIABILITY, "valueCoding": {"code": code}}


def published(stage: Stage) -> Json:
    """ITI-105: one document with its content inside, everything else read from it."""
    letter = stage.letter()
    attachment = {"contentType": "text/xml", "data": letter.base64}
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "masterIdentifier": _named(letter.name),
        "content": [{"attachment": attachment}],
    }


def _named(value: str) -> Json:
    return {"system": "urn:ietf:rfc:3986", "value": value}


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def _set(stage: Stage, unique_id: str, document: str) -> Json:
    patient = stage.kit.patient
    return {
        "resourceType": "List",
        "status": "current",
        "mode": "working",
        "code": _coded("https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes", "submissionset"),
        "identifier": [{"use": "official", **_named(unique_id)}],
        "extension": [
            {"url": f"{_MHD}/ihe-sourceId", "valueIdentifier": _named(f"urn:oid:{stage.kit.source_id}")},
            {"url": f"{_MHD}/ihe-designationType", "valueCodeableConcept": _coded("urn:oid:1.2.250.1.213.2.2", "07")},
        ],
        "title": TITLE,
        "subject": {"identifier": {"system": f"urn:oid:{patient.authority}", "value": patient.ins}},
        "date": "2026-03-04T10:00:00+01:00",
        "source": {"display": "Anne LE GOFF"},
        "entry": [{"item": {"reference": document}}],
    }


def _document(stage: Stage, letter: Letter, content: str) -> Json:
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "contained": [_patient(stage)],
        "masterIdentifier": _named(letter.name),
        "type": _coded("http://loinc.org", TYPE),
        "category": [_coded("urn:oid:1.2.250.1.213.1.1.4.1", CLASS)],
        "subject": {"reference": "#patient"},
        "date": "2026-03-04T10:00:00+01:00",
        "author": [{"display": "Anne LE GOFF"}],
        "securityLabel": [_coded("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N")],
        "content": [
            {
                "attachment": {
                    "contentType": "text/xml",
                    "language": "fr-FR",
                    "title": TITLE,
                    "creation": "2026-03-04T10:00:00+01:00",
                    "url": content,
                    "size": len(letter.content),
                    "hash": base64.b64encode(letter.sha1).decode(),
                },
                "format": {"system": "urn:oid:1.2.250.1.213.1.1.4.2.282", "code": FORMAT},
            }
        ],
        "context": {
            "facilityType": _coded("urn:oid:1.2.250.1.71.4.2.4", "SA01"),
            "practiceSetting": _coded("urn:oid:1.2.250.1.213.1.1.4.9", "ETABLISSEMENT"),
            "sourcePatientInfo": {"reference": "#patient"},
        },
    }


def _patient(stage: Stage) -> Json:
    patient = stage.kit.patient
    return {
        "resourceType": "Patient",
        "id": "patient",
        "identifier": [{"system": f"urn:oid:{patient.authority}", "value": patient.ins}],
        "name": [{"use": "official", "family": patient.birth_name, "given": list(patient.given_names)}],
        "gender": _GENDERS.get(patient.sex, "unknown"),
        "birthDate": f"{patient.birth_date}",
    }
