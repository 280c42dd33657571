"""Refusals about people who have no space, for the operator: who asked, never about whom."""

from django.db import connection

from espace.keys.queries import open_system
from espace.trace.facts import TraceEvent
from espace.trace.rules.canonical import read

DOMAIN = "trace-nobody"


def about_nobody(limit: int) -> tuple[TraceEvent, ...]:
    """The newest of them first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT slot, sealed FROM trace_nobody ORDER BY at DESC LIMIT %s", [limit])
        rows = cursor.fetchall()
    return tuple(read(open_system(DOMAIN, bytes(sealed), str(slot).encode())) for slot, sealed in rows)
