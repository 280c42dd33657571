"""Whether an account may open one more patient (C39; promises: a stolen account cannot empty the country)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from espace.keys import queries as keys

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

_COUNTS = """
SELECT count(DISTINCT subject) FILTER (WHERE at > %(hour)s), count(DISTINCT subject),
       coalesce(bool_or(subject = %(subject)s), false)
FROM access_seen WHERE professional_id = %(professional)s AND at > %(day)s
"""


def subject_of(professional: UUID, name: str) -> bytes:
    """One patient, or one INS that nobody bears, as one account's budget knows it."""
    return keys.blind_index("seen", f"{professional}|{name}")


def seen_lately(professional: UUID, subject: bytes, at: datetime) -> bool:
    """Whether this account opened this patient within the hour: that costs nothing more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM access_seen WHERE professional_id = %s AND subject = %s AND at > %s)",
            [professional, subject, at - HOUR],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def within_budget(professional: UUID, subject: bytes, at: datetime) -> bool:
    """Whether the windows of the last hour and the last day leave room for this patient."""
    values: dict[str, Any] = {"professional": professional, "subject": subject, "hour": at - HOUR, "day": at - DAY}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, values)
        hour, day, known_today = cursor.fetchone() or (0, 0, False)
    return hour < settings.ESPACE_BUDGET_HOUR and (known_today or day < settings.ESPACE_BUDGET_DAY)


def has_room(*, professional: UUID, name: str, at: datetime) -> bool:
    """Whether this account may open this patient now; nothing is counted."""
    subject = subject_of(professional, name)
    return seen_lately(professional, subject, at) or within_budget(professional, subject, at)
