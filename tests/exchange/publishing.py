"""Simplified publications and changes of what was deposited, as a client sends them."""

import base64
import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import connection

import bundles
from cast import Holder
from door import FHIR_JSON, Answer, call, patient_of
from espace.wire.cda_writing import (
    BIOCHEMISTRY,
    Address,
    Chapter,
    Frame,
    Measure,
    Organisation,
    Patient,
    Professional,
    biology,
    text_letter,
)
from espace.wire.nomenclature import FACILITY_TYPES, PRACTICE_SETTINGS, SPECIALTIES

Json = dict[str, Any]
WINTER = timezone(timedelta(hours=1))
ANNE = "810001288385"
FEED = "system/DocumentReference.cuds"
IS_ARCHIVED = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived"
IS_DELETED = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-deleted"
JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"

_ADDRESS = Address("27", "rue du Canal-Vert", "44000", "NANTES")
_PRACTICE = Organisation(
    "1990000017",
    "Hôpital des Remparts",
    _ADDRESS,
    "0299000004",
    FACILITY_TYPES["SA01"],
    PRACTICE_SETTINGS["ETABLISSEMENT"],
)


def frame(of: Holder, *, confidentiality: str = "N") -> Frame:
    """What every CDA of this person says of itself, written by Anne Le Goff at the hospital."""
    traits = of.traits
    patient = Patient(
        of.ins.number,
        of.ins.authority,
        traits.birth_name,
        traits.given_names,
        traits.birth_date,
        traits.sex,
        traits.birth_place,
        "NANTES",
        _ADDRESS,
    )
    doctor = Professional(ANNE, "LE GOFF", "Anne", "MME", "DR", SPECIALTIES["G15_10/SM54"], _PRACTICE)
    return Frame(
        id=f"2.25.{uuid4().int}",
        set_id=f"2.25.{uuid4().int}",
        version=1,
        written=datetime(2026, 3, 4, 10, 30, tzinfo=WINTER),
        patient=patient,
        author=doctor,
        performer=doctor,
        began=datetime(2026, 3, 4, 10, 0, tzinfo=WINTER),
        ended=datetime(2026, 3, 4, 10, 20, tzinfo=WINTER),
        confidentiality=confidentiality,
    )


def report(written: Frame) -> bytes:
    """A level-3 report of biology."""
    sodium = Measure("2951-2", "Sodium", Decimal(140), "mmol/L", "mmol/L", Decimal(136), Decimal(145))
    return biology(written, (Chapter(BIOCHEMISTRY, (sodium,)),))


def letter(written: Frame) -> bytes:
    """A level-1 letter."""
    return text_letter(written, "11490-0", "Lettre de liaison", ("Tout va bien.",))


def simplified(content: bytes, *, mime: str = "text/xml", **stated: Any) -> Json:
    """The least that may be published: what a CDA does not say, and whatever else is stated."""
    attachment = {"contentType": mime, "data": base64.b64encode(content).decode()}
    return {"resourceType": "DocumentReference", "status": "current", "content": [{"attachment": attachment}], **stated}


def whole(of: Holder, content: bytes = b"%PDF-1.4 x", *, mime: str = "application/pdf") -> Json:
    """Everything that a content without a header must state."""
    made = bundles.document()
    made["contained"][0] = patient_of(of)
    made["masterIdentifier"]["value"] = f"urn:uuid:{uuid4()}"
    made["securityLabel"] = [bundles.coding("N")]
    del made["custodian"]
    made["content"][0]["attachment"] = {
        "contentType": mime,
        "language": "fr-FR",
        "data": base64.b64encode(content).decode(),
        "title": "Biologie",
        "creation": "2026-03-04T09:30:00Z",
    }
    made["content"][0]["format"] = {"code": "urn:ihe:iti:xds-sd:pdf:2008"}
    return made


def publish(made: Json, token: str, **headers: str) -> Answer:
    return call(
        "POST", "/fhir/DocumentReference", json.dumps(made).encode(), token=token, kind=FHIR_JSON, **headers
    )


def patch(identifier: str, body: object, token: str, *, kind: str = JSON_PATCH, **headers: str) -> Answer:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return call("PATCH", f"/fhir/DocumentReference/{identifier}", sent, token=token, kind=kind, **headers)


def stored(of: Holder) -> list[tuple[object, ...]]:
    """Everything of this record that a change could touch."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.status, e.changed_at, r.id FROM record_entry e"
            " LEFT JOIN record_restriction r ON r.patient_id = e.patient_id AND r.entry_id = e.id"
            " WHERE e.patient_id = %s ORDER BY e.id, r.id",
            [of.patient],
        )
        return list(cursor.fetchall())

