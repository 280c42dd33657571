"""Writing aggregates."""

from datetime import date, timedelta
from uuid import UUID

from django.db import connection, transaction

from espace.outbox.events import Counted

REMEMBERED = timedelta(days=40)
"""How long a counter event is known as counted: far longer than the outbox delivers one again."""

_COUNT = """
WITH fresh AS (
    INSERT INTO indicator_counted (day, id) VALUES (%(day)s, %(id)s) ON CONFLICT DO NOTHING RETURNING day
)
INSERT INTO indicator_counter AS counter (day, what, kind, sector, region, channel, count)
SELECT day, %(what)s, %(kind)s, %(sector)s, %(region)s, %(channel)s, 1 FROM fresh
ON CONFLICT (day, what, kind, sector, region, channel) DO UPDATE SET count = counter.count + 1
"""

_FORGET = """
DELETE FROM indicator_counted WHERE (day, id) IN
    (SELECT day, id FROM indicator_counted WHERE day < %s ORDER BY day, id LIMIT 2 FOR UPDATE SKIP LOCKED)
"""


def count(event: Counted) -> None:
    """Add one to the counter of the event's day, once for each event id, in its own transaction.

    Each call also forgets two marks older than `REMEMBERED`: the table of marks keeps its size with no
    job to clean it. READ COMMITTED, so that two workers adding to one counter wait instead of failing.
    """
    values: dict[str, UUID | date | str] = {
        "id": event.id, "day": event.day, "what": event.what.value, "kind": event.kind,
        "sector": event.sector, "region": event.region, "channel": event.channel,
    }  # fmt: skip
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        cursor.execute(_COUNT, values)
        cursor.execute(_FORGET, [event.day - REMEMBERED])
