"""Organisations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from espace.identity.facts import Organisation
from espace.identity.rules import bears
from espace.kernel.json import decode

_ORGANISATION = """
SELECT id, name, finess, siret, sector, region, source_ids, active, city, technical_id FROM identity_organisation
"""
# The three conditions are those of its indexes.
_NUMBERED = (
    _ORGANISATION
    + """
WHERE active AND ((finess <> '' AND finess = %s) OR (siret <> '' AND siret = %s)
  OR (technical_id <> '' AND technical_id = %s)) LIMIT 4
"""
)


def organisation(organisation_id: UUID) -> Organisation | None:
    with connection.cursor() as cursor:
        cursor.execute(_ORGANISATION + " WHERE id = %s", [organisation_id])
        row = cursor.fetchone()
    return organisation_in(row) if row else None


def organisation_of(structure: str) -> Organisation | None:
    """The active organisation with this Struct_IdNat; None where nobody bears it, or where it does not tell two apart.
    One statement."""
    number = structure[1:]
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERED, [number, number, number])
        found = [one for one in map(organisation_in, cursor.fetchall()) if bears(one, structure)]
    return found[0] if len(found) == 1 else None


def organisation_in(row: Sequence[Any]) -> Organisation:
    """The organisation of a row, its columns in the order of the statement above."""
    organisation_id, name, finess, siret, sector, region, source_ids, active, city, technical_id = row
    listed = source_ids if isinstance(source_ids, list) else decode(source_ids, list[str])
    return Organisation(
        organisation_id, name, finess, siret, sector, region, tuple(listed), active, city, technical_id
    )
