"""What the holder removed is forgotten once it can be put back no more: what was said of it, then its bytes (D26).

Its row stays, empty, with its id: the lines of the access log that name it stay shown to whoever could read it. Two
steps, each of which a crash leaves to the next run:

1. in one transaction the row loses what was said, its place and the names of its bytes, is put back by nobody, and it
   is announced that what was made of it goes with it;
2. after the grace period of orphans its content leaves the store, and then its name the row. A back-up, which copies
   the databases first, so never has a document without its bytes.

A worker's job: it serves nobody, opens no content, and leaves no line in anybody's log, where nobody read anything.
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection, transaction

from espace.kernel.ids import PatientId
from espace.keys.facts import KeyKind, KeysDestroyed, KeyServiceUnavailable, KeysMissing
from espace.keys.queries import PatientKeys, patient_keys_of
from espace.keys.rules import context
from espace.outbox import actions as outbox
from espace.outbox.queries import database_now
from espace.record.actions.contents import own_store
from espace.record.adapters import content_store
from espace.record.events import DocumentDeleted
from espace.record.facts import NO_CONTENT, Stated
from espace.record.queries import ENTRY
from espace.wire.xds import DocumentEntry

LATER = timedelta(days=1)
"""Beyond the days for which it may be put back: the machines of an installation need not have one clock."""
_FORGOTTEN = Stated(DocumentEntry(place="", unique_id="", mime_type=""), None, "", "")
_log = logging.getLogger("espace.worker")

_DUE = """
SELECT patient_id, id FROM record_entry WHERE removed_at < %s AND size > 0 AND status = 'Deleted'
ORDER BY removed_at LIMIT %s FOR UPDATE SKIP LOCKED
"""
_FORGET = """
WITH gone AS (
    SELECT patient, entry, sealed FROM unnest(%(patients)s::uuid[], %(entries)s::uuid[], %(sealed)s::bytea[])
        AS gone (patient, entry, sealed)
), placed AS (
    DELETE FROM record_arrangement a USING gone WHERE a.patient_id = gone.patient AND a.entry_id = gone.entry
), named AS (
    DELETE FROM record_unique_id u USING gone WHERE u.patient_id = gone.patient AND u.target_id = gone.entry
)
UPDATE record_entry e SET sealed = COALESCE(gone.sealed, e.sealed), size = 0, removed_at = %(at)s
FROM gone WHERE e.patient_id = gone.patient AND e.id = gone.entry
"""
_LEFT = """
SELECT e.content, NOT EXISTS (SELECT 1 FROM record_entry o WHERE o.content = e.content AND o.size > 0)
FROM record_entry e WHERE e.removed_at < %s AND e.size = 0 ORDER BY e.removed_at LIMIT %s
"""


def forget_removed(*, at: datetime, limit: int) -> int:
    """One batch of each step; the larger of the two counts, fewer than `limit` when none is left.

    By the slower of our clock and the database's: one that jumped ahead forgets nothing. What cannot be done now is
    said, and done by a later run. Raises DatabaseError.
    """
    then = min(at, database_now())
    try:
        return max(_forget(then, limit), _drop_contents(then, limit))
    except (OSError, KeyServiceUnavailable):
        _log.warning("what holders removed was not forgotten", exc_info=True)
        return 0


def _forget(at: datetime, limit: int) -> int:
    """READ COMMITTED, so that what its holder puts back meanwhile is passed over, not fatal."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        cursor.execute(_DUE, [at - timedelta(days=settings.ESPACE_TRASH_DAYS) - LATER, limit])
        due = [(PatientId(patient), entry) for patient, entry in cursor.fetchall()]
        if not due:
            return 0
        keys = patient_keys_of({patient for patient, _ in due})
        values: dict[str, Any] = {
            "at": at,
            "patients": [patient for patient, _ in due],
            "entries": [entry for _, entry in due],
            "sealed": [_emptied(keys[patient], entry) for patient, entry in due],
        }
        cursor.execute(_FORGET, values)
        for patient, entry in due:
            # Without patient: their keys may be gone, and this names nobody in clear.
            outbox.post(DocumentDeleted(patient, entry), patient=None, at=at)
    _log.info("removed documents forgotten", extra={"count": len(due)})
    return len(due)


def _emptied(keys: PatientKeys, entry: UUID) -> bytes | None:
    """The sealed part of a row that says nothing; None where no key is left, and nothing can be read anyway."""
    try:
        return keys.seal(KeyKind.METADATA, msgspec.json.encode(_FORGOTTEN), context(ENTRY, entry))
    except (KeysDestroyed, KeysMissing):
        return None


def _drop_contents(at: datetime, limit: int) -> int:
    """The bytes first: a crash after them leaves rows that are seen to again, and name what is not there any more."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [at - timedelta(hours=settings.ESPACE_ORPHAN_HOURS), limit])
        found: list[tuple[UUID, bool]] = cursor.fetchall()
        if not found:
            return 0
        if not own_store(claim=False):
            _log.error("the content store is another installation's: nothing is removed in it")
            return 0
        content_store().remove(name for name, alone in found if alone)
        cursor.execute(
            "UPDATE record_entry SET content = %s, removed_at = NULL WHERE content = ANY(%s) AND size = 0",
            [NO_CONTENT, [name for name, _ in found]],
        )
    return len(found)
