"""The links of what an organisation filed, those that it ended too: to change them, and nothing else."""

from uuid import UUID

from django.db import connection

from espace.kernel.words import Grant, Purpose, Verb
from espace.record.facts import OwnLink
from espace.record.queries.filing import depositor

_OWN = """
SELECT a.kind, a.source_id, a.target_id, false FROM record_association a
JOIN record_entry e ON e.patient_id = a.patient_id AND e.id = a.source_id
WHERE a.patient_id = %(patient)s AND e.depositor = %(depositor)s
UNION ALL
SELECT 'HasMember', m.folder_id, m.entry_id, false FROM record_filed_member m
JOIN record_filed_folder f ON f.patient_id = m.patient_id AND f.id = m.folder_id
WHERE m.patient_id = %(patient)s AND f.depositor = %(depositor)s
UNION ALL
SELECT kind, source_id, target_id, true FROM record_ended_link
WHERE patient_id = %(patient)s AND depositor = %(depositor)s
"""


_BETWEEN = """
SELECT kind, source_id, target_id FROM record_association WHERE patient_id = %(patient)s
AND ((source_id = %(one)s AND target_id = %(other)s) OR (source_id = %(other)s AND target_id = %(one)s))
"""


def links_between(grant: Grant, one: UUID, other: UUID) -> tuple[OwnLink, ...]:
    """Those of two own documents to each other."""
    grant.require(Purpose.FEED, Verb.AMEND)
    with connection.cursor() as cursor:
        cursor.execute(_BETWEEN, {"patient": grant.patient, "one": one, "other": other})
        return tuple(OwnLink(*row) for row in cursor.fetchall())


def own_links(grant: Grant) -> tuple[OwnLink, ...]:
    """Of documents and folders that the organisation filed in this record, and of nobody else's."""
    grant.require(Purpose.FEED, Verb.AMEND)
    mine = depositor(grant, grant.actor.organisation)
    with connection.cursor() as cursor:
        cursor.execute(_OWN, {"patient": grant.patient, "depositor": mine})
        return tuple(OwnLink(*row) for row in cursor.fetchall())
