"""Reading a patient's register. Who may see which line is for the caller, who knows the objects."""

from uuid import UUID

from django.db import connection

from espace.kernel.ids import PatientId
from espace.kernel.words import Grant, Purpose
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.queries import PatientKeys, keys_of
from espace.keys.rules import context
from espace.trace.facts import TraceLine
from espace.trace.rules.canonical import NONCE_BYTES, commitment, read

MOST_LINES = 500

_HISTORY = """
SELECT id, commitment, sealed FROM trace_event
WHERE patient_id = %s AND (%s::uuid IS NULL OR id < %s::uuid)
ORDER BY id DESC LIMIT %s
"""


def history(grant: Grant, *, before: UUID | None = None, limit: int = 50) -> tuple[TraceLine, ...]:
    """Lines of the grant's patient, newest first, those before the line `before` (to turn pages).

    The caller leaves out the lines that the reader must not see (`event.hidden_from`, objects).
    SealBroken when a line was altered, KeysDestroyed after the end of retention.
    """
    grant.require(Purpose.HOLDER)
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, [grant.patient, before, before, max(0, min(limit, MOST_LINES))])
        rows = cursor.fetchall()
    if not rows:
        return ()
    keys = keys_of(grant)
    return tuple(_opened(grant.patient, keys, row[0], bytes(row[1]), bytes(row[2])) for row in rows)


def _opened(patient: PatientId, keys: PatientKeys, line_id: UUID, committed: bytes, sealed: bytes) -> TraceLine:
    opened = keys.open(KeyKind.LOG, sealed, context("trace_event", line_id))
    nonce, canonical = opened[:NONCE_BYTES], opened[NONCE_BYTES:]
    event = read(canonical)
    if commitment(nonce, canonical) != committed or (event.id, event.patient) != (line_id, patient):
        raise SealBroken("the line is not the one that was committed to")
    return TraceLine(event, nonce, committed)
