"""What operators read of the queue: never an event, never whose it is; and the clock by which things are due."""

from datetime import datetime

from django.db import connection

from espace.outbox.facts import DeadLetter, Line


def database_now() -> datetime:
    """The clock of the database: what time brings about for good comes by the slower of it and ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def dead_letters(limit: int = 100) -> tuple[DeadLetter, ...]:
    """Events given up, the last ones first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, attempts, last_error, dead_at FROM outbox_event "
            "WHERE dead_at IS NOT NULL ORDER BY dead_at DESC, id DESC LIMIT %s",
            [limit],
        )
        return tuple(DeadLetter(*row) for row in cursor.fetchall())


def count_of_dead_letters() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_event WHERE dead_at IS NOT NULL")
        return int(cursor.fetchone()[0])


def lines(at: datetime) -> tuple[Line, ...]:
    """What waits at this instant, by kind, whether a worker holds it, and last failure; dead letters are not in it.

    Reads the whole queue: for an operator's question, not for a page.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, coalesce(leased_until > %s, false) AS leased, last_error, count(*), max(attempts), "
            "min(created_at), min(due_at) FROM outbox_event WHERE dead_at IS NULL "
            "GROUP BY kind, leased, last_error ORDER BY kind, leased, last_error",
            [at],
        )
        return tuple(Line(*row) for row in cursor.fetchall())
