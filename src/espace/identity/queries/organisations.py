"""Organisations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from espace.identity.facts import Organisation
from espace.kernel.json import decode

_ORGANISATION = """
SELECT id, name, finess, siret, sector, region, source_ids, active, city, technical_id FROM identity_organisation
"""


def organisation(organisation_id: UUID) -> Organisation | None:
    with connection.cursor() as cursor:
        cursor.execute(_ORGANISATION + " WHERE id = %s", [organisation_id])
        row = cursor.fetchone()
    return organisation_in(row) if row else None


def organisation_in(row: Sequence[Any]) -> Organisation:
    """The organisation of a row, its columns in the order of the statement above."""
    organisation_id, name, finess, siret, sector, region, source_ids, active, city, technical_id = row
    listed = source_ids if isinstance(source_ids, list) else decode(source_ids, list[str])
    return Organisation(
        organisation_id, name, finess, siret, sector, region, tuple(listed), active, city, technical_id
    )
