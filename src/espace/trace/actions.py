"""Adding to the register: requests write their lines, one sequencer appends their leaves."""

from django.db import connection, transaction

from espace.edge import random_bytes
from espace.keys.actions import ensure_patient_keys
from espace.keys.facts import KeyKind
from espace.keys.queries import PatientKeys
from espace.keys.rules import context
from espace.trace.facts import TraceEvent
from espace.trace.rules.canonical import NONCE_BYTES, canonical, commitment

SEQUENCER_LOCK = 0x7472616365
"""The advisory lock of the one sequencer: « trace » in ASCII."""

_APPEND = """
WITH line AS (
    INSERT INTO trace_event (patient_id, id, commitment, sealed) VALUES (%s, %s, %s, %s) RETURNING commitment
)
INSERT INTO trace_pending (commitment) SELECT commitment FROM line
"""

_SEQUENCE = """
WITH taken AS (
    DELETE FROM trace_pending
    WHERE arrival IN (SELECT arrival FROM trace_pending ORDER BY arrival LIMIT %s)
    RETURNING commitment
)
INSERT INTO trace_leaf (index, commitment)
SELECT (SELECT coalesce(max(index), -1) FROM trace_leaf) + row_number() OVER (ORDER BY commitment), commitment
FROM taken
"""


def append(event: TraceEvent, *, keys: PatientKeys | None = None) -> None:
    """Write one line, in the caller's transaction: one statement there, one in the keys database.

    The line exists when, and only when, the caller commits. `keys` saves the second statement to
    a caller that has them at hand.
    """
    at_hand = keys if keys and keys.complete else ensure_patient_keys(event.patient)
    nonce, line = random_bytes(NONCE_BYTES), canonical(event)
    sealed = at_hand.seal(KeyKind.LOG, nonce + line, context("trace_event", event.id))
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, [event.patient, event.id, commitment(nonce, line), sealed])


def sequence(limit: int) -> int:
    """Append at most `limit` waiting commitments as leaves, in one transaction; answers how many.

    Indexes follow each other without a gap whatever is killed or rolled back. Inside a batch the
    order is that of the commitments, which is chance: a leaf's place tells no more than its batch. Nought
    when nothing waits, or when another sequencer is at work.

    READ COMMITTED, so that what is read after taking the lock includes all that its last keeper wrote.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
        if cursor.fetchone() != (True,):
            return 0
        cursor.execute(_SEQUENCE, [limit])
        return int(cursor.rowcount)
