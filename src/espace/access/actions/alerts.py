"""Writing the operator's queue: alerts raised by what happens, examined by somebody, closed by two."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from espace import edge
from espace.access.facts import AlertKind, Outcome
from espace.access.models.alerts import NOBODY
from espace.access.rules.alerting import same_person

_RAISE = """
INSERT INTO access_alert (id, kind, professional_id, organisation_id, subject, first_at, last_at, count,
                          examined_by, closed_by, closed_second, outcome)
SELECT %(id)s::uuid, %(kind)s::varchar, %(professional)s::uuid, %(organisation)s::uuid, %(subject)s::bytea,
       %(at)s::timestamptz, %(at)s::timestamptz, 1, '', '', '', ''
WHERE NOT EXISTS (SELECT FROM access_alert WHERE kind = %(kind)s::varchar AND professional_id = %(professional)s::uuid
  AND organisation_id = %(organisation)s::uuid AND subject = %(subject)s::bytea AND closed_at IS NULL
  AND last_at > %(at)s::timestamptz - interval '1 minute')
ON CONFLICT (kind, professional_id, organisation_id, subject) WHERE closed_at IS NULL
DO UPDATE SET count = access_alert.count + 1, last_at = EXCLUDED.last_at
"""
# The line of a minute ago is looked at without its lock: thousands who are refused at once do not queue for it.
_CLOSE = """
UPDATE access_alert SET closed_at = %s, closed_by = %s, closed_second = %s, outcome = %s
WHERE id = %s AND closed_at IS NULL
"""


def raise_alert(
    *,
    kind: AlertKind,
    at: datetime,
    professional: UUID | None = None,
    organisation: UUID | None = None,
    subject: bytes = b"",
) -> None:
    """Put one line in the operator's queue, in the caller's transaction; one that is open already counts once more, at
    most once a minute. What is about a patient is dated to the hour, and counts once an hour: a precise instant would
    tell whose record was opened then.

    For whoever finds something that an operator should look at: with the grant of an open record (its line and this
    alert are committed together), or from a reaction to an event. `subject` is `queries.subject_of_alert(patient)`,
    never anything that names one; empty where it is about no patient.
    """
    when = at.replace(minute=0, second=0, microsecond=0) if subject else at
    values: dict[str, Any] = {
        "id": UUID(bytes=edge.random_bytes(16), version=4), "kind": str(kind), "professional": professional or NOBODY,
        "organisation": organisation or NOBODY, "subject": subject, "at": when,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, values)


def examine(alert: UUID, *, by: str) -> bool:
    """Say who looks at it; False where no such alert is open."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_alert SET examined_by = %s WHERE id = %s AND closed_at IS NULL", [by, alert])
        return bool(cursor.rowcount)


def close(alert: UUID, *, by: str, second: str, outcome: Outcome, at: datetime) -> bool:
    """Close an alert for good: whoever looked at it, and somebody else who agrees; what holders wrote to
    them goes. False where no such alert is open.

    Raises ValueError where the two are one, or one has no name.
    """
    if not (by.strip() and second.strip()) or same_person(by, second):
        raise ValueError("an alert is closed by two people")
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [at, by, second, outcome, alert])
        closed = bool(cursor.rowcount)
        if closed:
            cursor.execute("DELETE FROM access_told WHERE alert_id = %s", [alert])
        return closed
