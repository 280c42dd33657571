"""Spending an account's budget, before a record is opened."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from espace.access.queries.budget import DAY, seen_lately, subject_of, within_budget

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def spend(*, professional: UUID, name: str, at: datetime) -> bool:
    """Whether this account may open this patient (or ask about this INS) now: what it opens is counted once an hour.

    In its own short transaction, where one account's new patients wait for each other: requests at the same time
    cannot each find the last place free. READ COMMITTED, so that what is read after the lock is what the last
    keeper wrote.
    """
    subject = subject_of(professional, name)
    if seen_lately(professional, subject, at):
        return True
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        cursor.execute(_LOCK, [f"budget|{professional}"])
        if not within_budget(professional, subject, at):
            return False
        cursor.execute("DELETE FROM access_seen WHERE professional_id = %s AND at <= %s", [professional, at - DAY])
        cursor.execute(
            "INSERT INTO access_seen (professional_id, subject, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [professional, subject, at],
        )
    return True
