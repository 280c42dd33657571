"""Writing a deposit: `Submission` → the JSON of an ITI-65 Comprehensive bundle (MHD 4.2, PDSm 3.1.1).

What `./espace feed` sends, and what the tests send: a sender's software, not the platform's answer.
"""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from espace.wire.fhir.relating import stated_of
from espace.wire.nomenclature import VISIBILITIES, systems
from espace.wire.xds import Author, Coded, Data, DocumentEntry, NewDocument, Submission

_MHD = "https://profiles.ihe.net/ITI/MHD/StructureDefinition"
_PDSM = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition"
_MHD_LISTS = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"

Json = dict[str, Any]

_NOTHING: tuple[Any, ...] = ("", None, [], {})


def provide_bundle(submission: Submission, ids: Sequence[UUID]) -> bytes:
    """The transaction; `ids` gives two UUIDs for each document, and one for the set (fullUrls).

    The patient is stated by INS alone: a CDA carries the traits.
    """
    set_url, *urls = (f"urn:uuid:{one}" for one in ids)
    entries: list[Json] = []
    for number, document in enumerate(submission.documents):
        reference_url, binary_url = urls[2 * number : 2 * number + 2]
        entries.append(_entry(reference_url, _reference(document, submission, binary_url)))
        binary = {"resourceType": "Binary", "contentType": document.entry.mime_type, "data": _base64(document.content)}
        entries.append(_entry(binary_url, binary))
    references = urls[0::2][: len(submission.documents)]
    bundle = {
        "resourceType": "Bundle",
        "meta": {"profile": [f"{_PDSM}/pdsm-comprehensive-provide-document-bundle"]},
        "type": "transaction",
        "entry": [_entry(set_url, _set(submission, references)), *entries],
    }
    return msgspec.json.encode(bundle)


def _entry(url: str, resource: Json) -> Json:
    return {"fullUrl": url, "resource": resource, "request": {"method": "POST", "url": resource["resourceType"]}}


def _set(submission: Submission, references: Sequence[str]) -> Json:
    content_type = submission.content_type or Coded("07", systems.ACTIVITY.oid)
    return {
        "resourceType": "List",
        "meta": {"profile": [f"{_PDSM}/pdsm-submissionset-comprehensive"]},
        "extension": [
            {"url": f"{_MHD}/ihe-designationType", "valueCodeableConcept": _concept(content_type)},
            {"url": f"{_MHD}/ihe-sourceId", "valueIdentifier": {"value": _uri(submission.source_id)}},
        ],
        "identifier": [{"use": "official", "system": "urn:ietf:rfc:3986", "value": _uri(submission.unique_id)}],
        "status": "current",
        "mode": "working",
        "code": {"coding": [{"system": _MHD_LISTS, "code": "submissionset"}]},
        "subject": _subject(submission),
        "date": _time(submission.submission_time),
        "entry": [{"item": {"reference": url}} for url in references],
    }


def _reference(document: NewDocument, submission: Submission, binary_url: str) -> Json:
    entry = document.entry
    stated = {
        "resourceType": "DocumentReference",
        "meta": {"profile": [f"{_PDSM}/pdsm-comprehensive-document-reference"]},
        "contained": [one for number, author in enumerate(entry.authors) for one in _contained(number, author)],
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": _uri(entry.unique_id)},
        "status": "current",
        "type": _concept(entry.type),
        "category": [_concept(entry.class_)],
        "subject": _subject(submission),
        "date": _time(entry.creation_time),
        "author": [{"reference": f"#author{number}"} for number, _ in enumerate(entry.authors)],
        "description": entry.comments,
        "securityLabel": _labels(entry),
        "content": [{"attachment": _attachment(document, binary_url), "format": _coding(entry.format)}],
        "context": {
            "period": {"start": _time(entry.service_start), "end": _time(entry.service_stop)},
            "facilityType": _concept(entry.facility_type),
            "practiceSetting": _concept(entry.practice_setting),
        },
        "relatesTo": [_related(code, target) for code, target in stated_of(document)],
    }
    return _without_nothing(stated)


def _attachment(document: NewDocument, binary_url: str) -> Json:
    return {
        "contentType": document.entry.mime_type,
        "language": document.entry.language or "fr-FR",
        "url": binary_url,
        "size": len(document.content),
        "hash": _base64(hashlib.sha1(document.content, usedforsecurity=False).digest()),
        "title": document.entry.title,
        "creation": _time(document.entry.creation_time),
    }


def _related(code: str, target: str) -> Json:
    if "DocumentReference/" in target:
        return {"code": code, "target": {"reference": target}}
    identifier = {"system": "urn:ietf:rfc:3986", "value": _uri(target)}
    return {"code": code, "target": {"identifier": identifier}}


def _labels(entry: DocumentEntry) -> list[Json]:
    codes = [Coded(entry.confidentiality, systems.CONFIDENTIALITY_CODE.oid)]
    codes += [VISIBILITIES[one] for one in sorted(entry.visibility)]
    return [_concept(code) for code in codes]


def _contained(number: int, author: Author) -> list[Json]:
    """An author: a person in an institution with a speciality (PractitionerRole), or the institution alone."""
    institution = _organization(f"author{number}-organization", author)
    if not (author.family or author.given or author.person_id):
        return [institution | {"id": f"author{number}"}]
    person = {
        "resourceType": "Practitioner",
        "id": f"author{number}-person",
        "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": author.person_id}] if author.person_id else [],
        "name": [{"family": author.family, "given": [author.given] if author.given else []}],
    }
    placed = bool(author.institution or author.institution_id)
    role = {
        "resourceType": "PractitionerRole",
        "id": f"author{number}",
        "practitioner": {"reference": f"#author{number}-person"},
        "organization": {"reference": f"#author{number}-organization"} if placed else {},
        "specialty": [_concept(author.specialty)],
    }
    return [_without_nothing(role), _without_nothing(person), *([institution] if placed else [])]


def _organization(identifier: str, author: Author) -> Json:
    number = {"system": "urn:oid:1.2.250.1.71.4.2.2", "value": author.institution_id}
    stated = {
        "resourceType": "Organization",
        "id": identifier,
        "identifier": [number] if author.institution_id else [],
        "name": author.institution,
    }
    return _without_nothing(stated)


def _subject(submission: Submission) -> Json:
    """The INS as any statement of the submission gives it."""
    statements = (*submission.patients, *(s for d in submission.documents for s in d.patients))
    stated = next(s for s in statements if s.has_ins)
    return {"type": "Patient", "identifier": {"system": f"urn:oid:{stated.authority}", "value": stated.number}}


def _concept(coded: Coded | None) -> Json:
    return {"coding": [_coding(coded)]} if coded else {}


def _coding(coded: Coded | None) -> Json:
    if coded is None:
        return {}
    known = systems.system_of(coded.system)
    system = known.uri if known else _uri(coded.system)
    return _without_nothing({"system": system, "code": coded.code, "display": coded.display})


def _uri(identifier: str) -> str:
    """An OID as a URI; whatever is a URI already stays as it is."""
    return f"urn:oid:{identifier}" if identifier and identifier.replace(".", "").isdigit() else identifier


def _time(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _base64(data: Data) -> str:
    return base64.b64encode(data).decode()


def _without_nothing(value: Json) -> Json:
    """FHIR has no empty objects, arrays or strings."""
    kept = {key: _kept(item) for key, item in value.items()}
    return {key: item for key, item in kept.items() if item not in _NOTHING}


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return _without_nothing(value)
    if isinstance(value, list):
        return [item for item in map(_kept, value) if item not in _NOTHING]
    return value
