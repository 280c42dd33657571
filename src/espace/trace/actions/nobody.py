"""Refusals about people who have no space: no register is theirs, and there may be any number of them."""

from django.db import connection

from espace.edge import random_bytes
from espace.keys.queries import patient_keys, seal_system
from espace.trace.facts import TraceEvent
from espace.trace.queries.nobody import DOMAIN
from espace.trace.rules.canonical import canonical

PLACES = 10_000
"""Lines that are kept at most."""

_PUT = """
INSERT INTO trace_nobody (slot, at, sealed) VALUES (%s, %s, %s)
ON CONFLICT (slot) DO UPDATE SET at = EXCLUDED.at, sealed = EXCLUDED.sealed
"""


def append_about_nobody(event: TraceEvent) -> None:
    """Write one refusal, in the caller's transaction, in the place of an old one that chance chooses. As many
    statements as a line of a register takes, of either database: time does not tell whose number is nobody's."""
    patient_keys(event.patient)
    slot = int.from_bytes(random_bytes(4)) % PLACES
    sealed = seal_system(DOMAIN, canonical(event), str(slot).encode())
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [slot, event.at, sealed])
