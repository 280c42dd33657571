"""Digital advisers: naming them, and what their sessions leave on accounts (O04, O05)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection

from espace import edge
from espace.identity.events import SessionOver
from espace.identity.facts.mandates import Mandate
from espace.identity.queries.advising import DOMAIN
from espace.identity.rules.advising import LENGTH, LETTERS, spelled
from espace.kernel.ids import PatientId
from espace.kernel.reasons import helping
from espace.kernel.words import Grant, Refused
from espace.keys.queries import PatientKeys, seal_system
from espace.outbox import actions as outbox

_NAME = "UPDATE identity_account SET adviser = %s WHERE id = %s"
_REMOVE = "UPDATE identity_account SET adviser = NULL WHERE id = %s AND adviser IS NOT NULL"
_HOLD = "UPDATE identity_account SET adviser = adviser WHERE id = %s AND is_active AND adviser IS NOT NULL"
_PASSED = "UPDATE identity_account SET advised_until = NULL WHERE patient_id = %s AND advised_until <= %s"
_ADVISED = "UPDATE identity_account SET advised_until = %s WHERE patient_id = %s"


def name_adviser(*, account: UUID, structure: str) -> None:
    """This account is a digital adviser's, who works there, from now on; another structure takes the place of one."""
    with connection.cursor() as cursor:
        cursor.execute(_NAME, [seal_system(DOMAIN, structure.encode(), account.bytes), account])


def remove_adviser(*, account: UUID) -> bool:
    """From the next request on this account's sessions are worth nothing; False where it was no adviser's. Ending them
    is for the caller, through the gate."""
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE, [account])
        return bool(cursor.rowcount)


def new_code() -> str:
    """One of 25 to the power of 8."""
    return spelled(int.from_bytes(edge.random_bytes(2 * LENGTH)) % len(LETTERS) ** LENGTH)


def begin_session(grant: Grant, began: Mandate, opened: PatientKeys) -> None:
    """What the beginning of a session leaves: on the holder's account until when, for their pages, and an event at that
    moment. An update holds the adviser's account: whoever is removed at the same time begins nothing.

    Refused: INVITATION_UNKNOWN for who is no adviser any more.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [grant.actor.id])
        if not cursor.rowcount:
            raise Refused(helping.INVITATION_UNKNOWN)
        cursor.execute(_ADVISED, [began.until, grant.patient])
    over = SessionOver(grant.patient, began.id)
    outbox.post(over, patient=grant.patient, at=grant.at, keys=opened, due=began.until)


def session_minutes() -> timedelta:
    """How long a session lasts at most."""
    return timedelta(minutes=settings.ESPACE_ADVISING_MINUTES)


def end_session_of(patient: PatientId) -> None:
    """No adviser helps this holder any more: their pages ask nothing about it."""
    with connection.cursor() as cursor:
        cursor.execute(_ADVISED, [None, patient])


def forget_passed(patient: PatientId, *, at: datetime) -> None:
    """The same for a session whose time is over; another one may have begun since, which is left as it is."""
    with connection.cursor() as cursor:
        cursor.execute(_PASSED, [patient, at])
