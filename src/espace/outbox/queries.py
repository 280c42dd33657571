"""What operators read of the queue: never an event, never whose it is."""

from django.db import connection

from espace.outbox.facts import DeadLetter


def dead_letters(limit: int = 100) -> tuple[DeadLetter, ...]:
    """Events given up, the last ones first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, attempts, last_error, dead_at FROM outbox_event "
            "WHERE dead_at IS NOT NULL ORDER BY dead_at DESC, id DESC LIMIT %s",
            [limit],
        )
        return tuple(DeadLetter(*row) for row in cursor.fetchall())
