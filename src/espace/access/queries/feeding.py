"""What a patient told an organisation of its feeding their space."""

from uuid import UUID

from django.db import connection

from espace.access.facts import FeedingWish
from espace.kernel.ids import PatientId
from espace.kernel.json import decode
from espace.kernel.words import PERSONAL, Grant, Purpose
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context

TABLE = "access_feeding_wish"


def feeding_objections(grant: Grant) -> tuple[FeedingWish, ...]:
    """The organisations that said that the holder objects to their deposits, by name; whoever helps the holder knows of
    none of a minor's."""
    grant.require(PERSONAL)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation, sealed FROM access_feeding_wish WHERE patient_id = %s ORDER BY organisation",
            [grant.patient],
        )
        rows = cursor.fetchall()
    wishes = (_opened(grant, bytes(index), bytes(sealed)) for index, sealed in rows)
    found = (one for one in wishes if one.objects and not (one.secret and grant.purpose is not Purpose.HOLDER))
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.organisation)))


def feeding_wish_of(grant: Grant) -> FeedingWish | None:
    """The last word of the organisation that acts, or where the professional does, for the decision itself: nothing is
    granted yet. SealBroken when the row was altered: then nothing is filed on its word."""
    if grant.actor.organisation is None:
        return None
    index = blind_feeder(grant.patient, grant.actor.organisation)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sealed FROM access_feeding_wish WHERE patient_id = %s AND organisation = %s", [grant.patient, index]
        )
        row = cursor.fetchone()
    return _opened(grant, index, bytes(row[0])) if row else None


def _opened(grant: Grant, index: bytes, sealed: bytes) -> FeedingWish:
    return decode(keys.keys_of(grant).open(KeyKind.METADATA, sealed, wish_context(index)), FeedingWish)


def blind_feeder(patient: PatientId, organisation: UUID) -> bytes:
    return keys.blind_index("feeding_wish", f"{patient}|{organisation}")


def wish_context(index: bytes) -> bytes:
    return context(TABLE, UUID(bytes=index[:16]))
