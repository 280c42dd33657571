"""Writing aggregates."""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from espace.outbox.events import Counted

REMEMBERED = timedelta(days=40)
"""How long a counter event is known as counted: far longer than the outbox delivers one again."""

_COUNT = """
WITH sent (id, day, what, kind, sector, region, channel) AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(days)s::date[], %(whats)s::text[], %(kinds)s::text[],
        %(sectors)s::text[], %(regions)s::text[], %(channels)s::text[])
), fresh AS (
    INSERT INTO indicator_counted (day, id) SELECT day, id FROM sent ORDER BY day, id
    ON CONFLICT DO NOTHING RETURNING id
)
INSERT INTO indicator_counter AS counter (day, what, kind, sector, region, channel, count)
SELECT day, what, kind, sector, region, channel, count(*) FROM sent JOIN fresh USING (id)
GROUP BY day, what, kind, sector, region, channel ORDER BY day, what, kind, sector, region, channel
ON CONFLICT (day, what, kind, sector, region, channel) DO UPDATE SET count = counter.count + EXCLUDED.count
"""

_FORGET = """
DELETE FROM indicator_counted WHERE (day, id) IN
    (SELECT day, id FROM indicator_counted WHERE day < %s ORDER BY day, id LIMIT %s FOR UPDATE SKIP LOCKED)
"""


def count(*events: Counted) -> None:
    """Add one to the counter of each event's day, once for each event id, in one transaction of its own.

    Each call also forgets two marks older than `REMEMBERED` for each event: the table of marks keeps its size
    with no job to clean it. READ COMMITTED, so that two workers adding to one counter wait instead of failing;
    in the order of the counters, so that they never wait for one another.
    """
    values: dict[str, Any] = {
        "ids": [event.id for event in events],
        "days": [event.day for event in events],
        "whats": [event.what.value for event in events],
        "kinds": [event.kind for event in events],
        "sectors": [event.sector for event in events],
        "regions": [event.region for event in events],
        "channels": [event.channel for event in events],
    }
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        cursor.execute(_COUNT, values)
        cursor.execute(_FORGET, [max(event.day for event in events) - REMEMBERED, 2 * len(events)])
