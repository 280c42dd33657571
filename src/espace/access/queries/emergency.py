"""Emergencies that were declared, for whom they concern."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from espace.access.facts import Relation
from espace.kernel.ids import PatientId
from espace.kernel.json import decode
from espace.kernel.reasons.care import ATTENDING_DOCTOR
from espace.kernel.words import Actor, ActorKind, Grant, Purpose, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context

EMERGENCY = "access_emergency"
TOLD_FOR = timedelta(days=30)
MOST_TOLD = 20

_OF_DOCTOR = """
SELECT patient_id, at FROM access_emergency WHERE attending = %s AND at > %s ORDER BY at DESC LIMIT %s
"""

_OF_PATIENT = """
SELECT id, sealed FROM access_emergency WHERE patient_id = %s AND at > %s ORDER BY at DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Told:
    """That somebody opened a patient's record in an emergency: whose, and when. Who and why is read in the record."""

    patient: PatientId
    at: datetime


def emergencies_of(actor: Actor, at: datetime) -> tuple[Told, ...]:
    """The emergencies of a month at the patients whose attending doctor this professional was then (CSP R1111-48)."""
    if actor.kind is not ActorKind.PROFESSIONAL:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_OF_DOCTOR, [blind_doctor(actor.id), at - TOLD_FOR, MOST_TOLD])
        return tuple(Told(PatientId(patient), when) for patient, when in cursor.fetchall())


def declared(grant: Grant) -> tuple[Relation, ...]:
    """The emergencies of a month in this record, newest first, for its attending doctor: who, and what they said."""
    grant.require(Purpose.CARE, Verb.LIST)
    if grant.reason is not ATTENDING_DOCTOR:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_OF_PATIENT, [grant.patient, grant.at - TOLD_FOR, MOST_TOLD])
        rows = cursor.fetchall()
    at_hand = keys.keys_of(grant)
    opened = (at_hand.open(KeyKind.METADATA, bytes(sealed), context(EMERGENCY, row)) for row, sealed in rows)
    return tuple(decode(text, Relation) for text in opened)


def blind_doctor(professional: UUID | None) -> bytes:
    """An attending doctor, across their patients; empty for none."""
    return keys.blind_index("attending", str(professional)) if professional else b""
