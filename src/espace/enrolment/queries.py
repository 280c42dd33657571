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


def state_since(patient: PatientId) -> tuple[State, datetime] | tuple[None, None]:
    """The state of a space and since when; (None, None) where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, state_since FROM enrolment_space WHERE patient_id = %s", [patient])
        row = cursor.fetchone()
    return (State(row[0]), row[1]) if row else (None, None)


def suspended_since(patient: PatientId) -> datetime | None:
    """Since when the space is suspended; None where it is not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state_since FROM enrolment_space WHERE patient_id = %s AND state = %s", [patient, State.SUSPENDED]
        )
        row = cursor.fetchone()
    return row[0] if row else None


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def invitation(token: str, *, at: datetime) -> Invitation | None:
    """The live invitation of this link; None, always the same answer, when it is unknown, used, expired or tried too
    often, or when the space is not one that can be activated.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.patient_id, i.expires_at, i.attempts FROM enrolment_invitation i"
            " JOIN enrolment_space s ON s.patient_id = i.patient_id"
            " WHERE i.token_hash = %s AND i.used_at IS NULL AND i.expires_at > %s AND i.attempts < %s"
            " AND s.state = ANY(%s)",
            [token_hash(token), at, rules.INVITATION_ATTEMPTS, list(rules.ACTIVABLE)],
        )
        row = cursor.fetchone()
    return Invitation(PatientId(row[0]), row[1], row[2]) if row else None


def leads_to_activated(token: str) -> bool:
    """Whether this link, live or not, is one to a space that its holder has activated."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM enrolment_invitation i JOIN enrolment_space s ON s.patient_id = i.patient_id"
            " WHERE i.token_hash = %s AND s.state = %s",
            [token_hash(token), State.ACTIVATED],
        )
        return cursor.fetchone() is not None


def birth_date_agrees(patient: PatientId, birth_date: date) -> bool:
    return identity.person(patient).traits.birth_date == birth_date
