"""Which documents wait for their facts to be extracted: ids, before any record is opened, so that a record of which
nothing waits is not. It opens nothing and serves nobody."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from espace.clinical import rules
from espace.kernel.ids import PatientId

NOBODY = UUID(int=0)
"""Before every patient."""

_UNREAD = """
FROM record_entry e LEFT JOIN clinical_block b ON b.patient_id = e.patient_id AND b.entry_id = e.id
WHERE e.status <> 'Deleted' AND (b.rules IS NULL OR b.rules < %(rules)s)
  AND NOT EXISTS (SELECT FROM clinical_choice c WHERE c.patient_id = e.patient_id)
"""


def waits(patient: PatientId, only: Collection[UUID] | None = None) -> bool:
    """Whether a document of this record, or one of these, was not read by the present rules, and its holder lets it
    be."""
    which = "" if only is None else " AND e.id = ANY(%(only)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT {_UNREAD} AND e.patient_id = %(patient)s{which})",
            {"rules": rules.RULES, "patient": patient, "only": list(only or ())},
        )
        return bool(cursor.fetchone()[0])


def patients_waiting(after: UUID, limit: int) -> tuple[PatientId, ...]:
    """People of whom documents wait, in the order of their ids, from the one that comes after `after`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT e.patient_id {_UNREAD} AND e.patient_id > %(after)s ORDER BY e.patient_id LIMIT %(most)s",
            {"rules": rules.RULES, "after": after, "most": limit},
        )
        return tuple(PatientId(row[0]) for row in cursor.fetchall())
