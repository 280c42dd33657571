"""Which mails a holder wants, and where they go."""

from django.db import connection

from espace.enrolment.facts import State
from espace.enrolment.queries import state
from espace.identity.queries.accounts import address_of
from espace.kernel.ids import PatientId
from espace.kernel.words import PERSONAL, Grant
from espace.notices import rules
from espace.notices.facts import Preferences, Recipient, Topic


def preferences(grant: Grant) -> Preferences:
    """What the holder of the opened record chose; everything, as long as they did not choose."""
    grant.require(PERSONAL)
    return _preferences(grant.patient)


def recipient(patient: PatientId, topic: Topic) -> Recipient | None:
    """Where to mail on this topic, for handlers; None for somebody who does not want it or cannot come and look:
    the space is not activated, or not readable any more, or the account has no address."""
    if state(patient) is not State.ACTIVATED:
        return None
    address = address_of(patient)
    return Recipient(*address) if address and rules.wanted(topic, _preferences(patient)) else None


def _preferences(patient: PatientId) -> Preferences:
    with connection.cursor() as cursor:
        cursor.execute("SELECT new_document, access FROM notices_preference WHERE patient_id = %s", [patient])
        row = cursor.fetchone()
    return Preferences(*row) if row else Preferences()
