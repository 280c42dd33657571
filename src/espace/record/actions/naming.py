"""The bytes of what the holder adds are a name inside their record: the same ones are never there twice."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from espace.kernel.words import Grant
from espace.keys import queries as keys

_NAME = """
INSERT INTO record_unique_id (patient_id, blind, target_id)
SELECT %(patient)s, blind, target FROM unnest(%(blinds)s::bytea[], %(targets)s::uuid[]) AS named (blind, target)
ON CONFLICT (patient_id, blind) DO UPDATE SET target_id = EXCLUDED.target_id
"""
# The same file added twice at once, or put back meanwhile: the second fails to serialise and finds the first.


def name_bytes(grant: Grant, bearers: Mapping[str, UUID]) -> None:
    """From now on, these bytes (SHA-256) are those of that document."""
    values: dict[str, Any] = {
        "patient": grant.patient,
        "blinds": [_blind(grant, digest) for digest in bearers],
        "targets": list(bearers.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NAME, values)


def bearers_of(grant: Grant, digests: Collection[str]) -> dict[str, UUID]:
    """The last own document with each of these bytes, removed or not."""
    blinds = {_blind(grant, digest): digest for digest in digests}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT blind, target_id FROM record_unique_id WHERE patient_id = %s AND blind = ANY(%s)",
            [grant.patient, list(blinds)],
        )
        return {blinds[bytes(blind)]: target for blind, target in cursor.fetchall()}


def _blind(grant: Grant, digest: str) -> bytes:
    return keys.blind_index("unique_id", f"{grant.patient}|own|{digest}")
