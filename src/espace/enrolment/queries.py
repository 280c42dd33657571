"""The state of a space, and the invitations to activate it."""

import hashlib
from datetime import date, datetime

from django.db import connection

from espace.enrolment import rules
from espace.enrolment.facts import Invitation, State
from espace.identity import queries as identity
from espace.kernel.ids import PatientId


def state(patient: PatientId) -> State | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM enrolment_space WHERE patient_id = %s", [patient])
        row = cursor.fetchone()
    return State(row[0]) if row else None


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def invitation(token: str, *, at: datetime) -> Invitation | None:
    """The live invitation of this link; None when unknown, used, expired or tried too often (same answer)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT patient_id, expires_at, attempts FROM enrolment_invitation"
            " WHERE token_hash = %s AND used_at IS NULL AND expires_at > %s AND attempts < %s",
            [token_hash(token), at, rules.INVITATION_ATTEMPTS],
        )
        row = cursor.fetchone()
    return Invitation(PatientId(row[0]), row[1], row[2]) if row else None


def birth_date_agrees(invited: Invitation, birth_date: date) -> bool:
    """Whether the person who opened the link knows the holder's birth date."""
    return identity.person(invited.patient).traits.birth_date == birth_date
