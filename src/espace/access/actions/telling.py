"""Remembering that somebody was told of a reading, so that they are told once a day (M05)."""

from datetime import date
from uuid import UUID

import msgspec
from django.db import connection

from espace.access.queries.relations import blind, opened_telling, telling_context
from espace.access.rules.telling import told_on, untold
from espace.kernel.ids import PatientId
from espace.keys.facts import KeyKind
from espace.keys.queries import patient_keys
from espace.trace.facts import Audience

_LENGTH = 96
"""Bytes of what is sealed, filled up with spaces: its length would tell that some know more than others."""

_HOLD = """
INSERT INTO access_telling AS kept (patient_id, professional, sealed) VALUES (%s, %s, NULL)
ON CONFLICT (patient_id, professional) DO UPDATE SET sealed = kept.sealed RETURNING sealed
"""
_KEEP = "UPDATE access_telling SET sealed = %s WHERE patient_id = %s AND professional = %s"


def tell_reading(
    *, patient: PatientId, professional: UUID, shown: frozenset[Audience], day: date
) -> tuple[frozenset[Audience], frozenset[Audience]]:
    """Of those who may know of this reading, whom to tell of it now: for the first time ever, and again that day.

    In the caller's READ COMMITTED transaction, in which they are told; of two at once, the second waits, and tells
    nobody. Raises KeysMissing, KeysDestroyed.
    """
    at_hand, index = patient_keys(patient), blind(patient, professional)
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [patient, index])
        (sealed,) = cursor.fetchone()
        told = opened_telling(at_hand, index, sealed)
        now = untold(told, day) & shown
        kept = msgspec.json.encode(told_on(told, now, day)).ljust(_LENGTH)
        cursor.execute(_KEEP, [at_hand.seal(KeyKind.METADATA, kept, telling_context(index)), patient, index])
    first = frozenset(one for one in now if told.on(one) is None)
    return first, now - first
