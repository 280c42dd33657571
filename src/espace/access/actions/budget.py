"""Spending an account's budget, before a record is opened; forgetting what no budget counts any more."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from espace.access.queries.budget import DAY, seen_lately, subject_of, within_budget

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_FORGET = """
DELETE FROM access_seen WHERE (professional_id, subject, at) IN (
  SELECT professional_id, subject, at FROM access_seen WHERE at <= %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""
_FORGET_GUESSES = """
DELETE FROM access_guess WHERE (professional_id, id) IN (
  SELECT professional_id, id FROM access_guess WHERE at <= %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""


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


def purge_expired(*, at: datetime, limit: int) -> int:
    """Delete at most `limit` rows of each kind older than the longest window, a day, whoever's they are: an account
    that never comes back leaves no trace of whom it opened. How many went; fewer than `limit` when none is left.

    In its own transaction, which waits for nobody: what an account is spending, the next purge takes. READ COMMITTED,
    so that a row which is gone meanwhile is passed over, not fatal.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        count = 0
        for forget in (_FORGET, _FORGET_GUESSES):
            cursor.execute(forget, [at - DAY, limit])
            count += cursor.rowcount
    return count
