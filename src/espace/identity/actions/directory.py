"""Importing a directory, batch by batch: what is equal is left untouched, who is not in it may be marked inactive."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from espace.identity.actions.professionals import Written, write
from espace.identity.actions.structures import put_structures
from espace.identity.facts import Professional
from espace.kernel.values import replace

_LIST = """
INSERT INTO identity_listed (batch, line, national_id, organisation_id, refused)
SELECT %s, line, national_id, organisation_id, refused
FROM unnest(%s::int[], %s::text[], %s::uuid[], %s::bool[]) AS one (line, national_id, organisation_id, refused)
"""
_MISSING = """
UPDATE identity_professional p SET active = false
WHERE p.active AND NOT EXISTS (
  SELECT FROM identity_listed l WHERE l.batch = %s AND l.national_id = p.national_id)
"""
# Somebody with a refused line keeps their activities: it may have stated one of them.
_ENDED = """
DELETE FROM identity_activity a USING identity_professional p, (
  SELECT national_id, array_agg(organisation_id) AS stated FROM identity_listed WHERE batch = %s
  GROUP BY national_id HAVING NOT bool_or(refused)) l
WHERE a.professional_id = p.id AND l.national_id = p.national_id
  AND NOT coalesce(a.organisation_id = ANY(l.stated), false)
"""


def put_lines(lines: Sequence[Professional]) -> tuple[Written, list[Professional]]:
    """The professionals that some lines of a directory state, one activity each; the same lines, in their order, with
    the ids of the organisations that are stored.

    Several lines about one professional are put together, the last one's names and specialty being taken; activities
    stated nowhere here stay. Callers hold the transaction.
    """
    found = put_structures(lines)
    together: dict[str, Professional] = {}
    for line in found:
        before = together.get(line.national_id)
        together[line.national_id] = replace(line, activities=(before.activities if before else ()) + line.activities)
    return write(together.values()), found


def remember(batch: UUID, lines: Sequence[tuple[int, str, UUID | None, bool]]) -> None:
    """Note who is in the file: number of the line, national id, organisation, whether the line was refused."""
    if lines:
        with connection.cursor() as cursor:
            cursor.execute(_LIST, [batch, *(list(column) for column in zip(*lines, strict=True))])


def remembered(batch: UUID) -> int:
    """How many lines were noted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity_listed WHERE batch = %s", [batch])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def forget(batch: UUID) -> None:
    """Drop the notes of an import, and those that interrupted imports before it have left (version 7 ids sort by
    time)."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_listed WHERE batch <= %s", [batch])


def end_missing(batch: UUID) -> tuple[int, int]:
    """Mark inactive the professionals whom the file of this import does not name, and end the activities that it does
    not state; how many of each."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, [batch])
        inactive = cursor.rowcount
        cursor.execute(_ENDED, [batch])
        return inactive, cursor.rowcount
