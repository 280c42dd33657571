"""A professional's own patients: whom something lets them read."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.timezone import localdate

from espace.access.facts import Listed
from espace.access.rules.listing import still
from espace.kernel.ids import PatientId
from espace.kernel.json import decode
from espace.kernel.words import Actor, ActorKind
from espace.keys import queries as keys
from espace.keys.facts import SealBroken

LISTED = "listed"
MOST_LISTED = 1000
"""Patients of one professional that are looked through, those whose authorisation changed last: at 20 µs each."""
_OF = """
SELECT subject, sealed FROM access_listed WHERE professional = %s AND (until IS NULL OR until >= %s)
ORDER BY day DESC LIMIT %s
"""


def own_patients(actor: Actor, at: datetime, *, secret: bool) -> tuple[Listed, ...]:
    """Whom this professional may still read, the last authorised first; in a session of a minor's `secret` care, whom
    they may in such a session. It says whose records may be opened, and nothing else: each is decided when it is."""
    if actor.kind is not ActorKind.PROFESSIONAL:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_OF, [listed_by(actor.id), localdate(at), MOST_LISTED])
        rows = cursor.fetchall()
    found = [one for subject, sealed in rows if (one := _opened(bytes(subject), bytes(sealed)))]
    return tuple(sorted((one for one in found if still(one, at, secret=secret)), key=lambda one: one.at, reverse=True))


def _opened(subject: bytes, sealed: bytes) -> Listed | None:
    """A row that was altered is none."""
    try:
        return decode(keys.open_system(LISTED, sealed, subject), Listed)
    except SealBroken:
        return None


def listed_by(professional: UUID) -> bytes:
    """A professional, across their patients."""
    return keys.blind_index("listed_by", str(professional))


def listed_as(patient: PatientId, professional: UUID) -> bytes:
    return keys.blind_index(LISTED, f"{professional}|{patient}")
