"""Copies of a whole space are destroyed once their days are over, or sooner when their asker wants it: the bytes first,
then the rows, so that a crash in between leaves rows that are seen to again.

A worker's job: it serves nobody, opens no content, and leaves no line in anybody's log, where nobody read anything.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from espace.keys.facts import KeyServiceUnavailable
from espace.outbox.queries import database_now
from espace.record.actions.contents import own_store
from espace.record.adapters import content_store

UNDER_WAY = timedelta(minutes=10)
"""A step that was under way when a copy ended, or a download, has ended by then."""
_log = logging.getLogger("espace.worker")

_PARTS = """
SELECT p.patient_id, p.id FROM record_copy_part p
LEFT JOIN record_copy c ON c.patient_id = p.patient_id AND c.id = p.copy_id
WHERE coalesce(c.expires_at, '-infinity') < %s ORDER BY c.expires_at LIMIT %s
"""
"""A part that no copy has any more, which no program of ours leaves, goes too: nobody else would destroy it."""
_EMPTY = """
DELETE FROM record_copy c WHERE c.expires_at < %s AND NOT EXISTS (
    SELECT 1 FROM record_copy_part p WHERE p.patient_id = c.patient_id AND p.copy_id = c.id)
"""


def destroy_copies(*, at: datetime, limit: int) -> int:
    """One batch: how many parts. By the slower of our clock and the database's; what cannot be done now is said, and
    done by a later run. Raises DatabaseError."""
    then = min(at, database_now()) - UNDER_WAY
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [then, limit])
        found = cursor.fetchall()
    if found and not _removed([name for _, name in found]):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM record_copy_part p USING unnest(%s::uuid[], %s::uuid[]) AS gone (patient, id) "
            "WHERE p.patient_id = gone.patient AND p.id = gone.id",
            [[patient for patient, _ in found], [name for _, name in found]],
        )
        cursor.execute(_EMPTY, [then])
    return len(found)


def _removed(names: list[UUID]) -> bool:
    try:
        if not own_store(claim=False):
            _log.error("the content store is another installation's: nothing is removed in it")
            return False
        content_store().remove(names)
    except (OSError, KeyServiceUnavailable):
        _log.warning("copies of spaces were not destroyed", exc_info=True)
        return False
    _log.info("copies of spaces destroyed", extra={"count": len(names)})
    return True
