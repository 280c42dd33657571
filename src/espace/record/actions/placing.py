"""The rows of arrangements, sealed: where the holder put a document; and whose it is to know."""

from collections.abc import Mapping
from uuid import UUID

import msgspec
from django.db import connection
from django.utils.timezone import localdate

from espace.identity import queries as identity
from espace.kernel.json import decode
from espace.kernel.words import Grant, Purpose
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.rules import context
from espace.record import rules
from espace.record.facts import Arranged
from espace.record.queries import ARRANGEMENT

_LENGTH = 1024
"""Bytes of what is sealed, filled up with spaces: its length would tell of a folder, and of how many topics."""
_PLACE = """
INSERT INTO record_arrangement (patient_id, entry_id, sealed)
SELECT %(patient)s, id, sealed FROM unnest(%(ids)s::uuid[], %(sealed)s::bytea[]) AS placed (id, sealed)
ON CONFLICT (patient_id, entry_id) DO UPDATE SET sealed = EXCLUDED.sealed
"""


def place(grant: Grant, wanted: Mapping[UUID, Arranged]) -> None:
    """Put each document where it is wanted, in one statement."""
    if not wanted:
        return
    at_hand = keys.keys_of(grant)
    sealed = [
        at_hand.seal(KeyKind.METADATA, msgspec.json.encode(where).ljust(_LENGTH), context(ARRANGEMENT, entry_id))
        for entry_id, where in wanted.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, {"patient": grant.patient, "ids": list(wanted), "sealed": sealed})


def placed(grant: Grant, only: UUID | None = None) -> dict[UUID, Arranged]:
    """Where the documents of the record were put, or the one named; one that was altered was put nowhere."""
    at_hand, found = keys.keys_of(grant), dict[UUID, Arranged]()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry_id, sealed FROM record_arrangement"
            " WHERE patient_id = %(patient)s AND (%(only)s::uuid IS NULL OR entry_id = %(only)s)",
            {"patient": grant.patient, "only": only},
        )
        rows = cursor.fetchall()
    for entry_id, sealed in rows:
        try:
            text = at_hand.open(KeyKind.METADATA, bytes(sealed), context(ARRANGEMENT, entry_id))
        except SealBroken:
            continue
        found[entry_id] = decode(text, Arranged)
    return found


def arrange_alike(grant: Grant, entry_id: UUID, before: UUID) -> None:
    """A new version goes where the holder had put the one that it replaces."""
    where = placed(grant, before).get(before)
    if where:
        place(grant, {entry_id: where})


def by_minor(grant: Grant) -> bool:
    """Whether a minor does this themselves: nobody who stands for them is to know."""
    born = identity.own_person(grant).traits.birth_date if grant.purpose is Purpose.HOLDER else None
    return born is not None and not rules.is_adult(born, localdate(grant.at))
