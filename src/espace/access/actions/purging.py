"""Deleting what has expired, a batch at a time."""

from datetime import date

from django.db import connection, transaction


def purge(kinds: tuple[tuple[str, date], ...], limit: int) -> int:
    """Each of these statements, which deletes at most `limit` rows of before a day or an instant; how many went.

    In a transaction of its own, which waits for nobody: what somebody is writing, the next purge takes. READ COMMITTED,
    so that a row which is gone meanwhile is passed over, not fatal.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        count = 0
        for forget, before in kinds:
            cursor.execute(forget, [before, limit])
            count += cursor.rowcount
    return count
