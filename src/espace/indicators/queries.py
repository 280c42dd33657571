"""Reading aggregates."""

from datetime import date

from django.db import connection

from espace.indicators.facts import Count
from espace.outbox.events import What


def counts(first: date, last: date) -> tuple[Count, ...]:
    """The counters of the days from `first` to `last`, both included, in the order of days."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT day, what, kind, sector, region, channel, count FROM indicator_counter "
            "WHERE day BETWEEN %s AND %s ORDER BY day, what, kind, sector, region, channel",
            [first, last],
        )
        return tuple(Count(row[0], What(row[1]), *row[2:]) for row in cursor.fetchall())
