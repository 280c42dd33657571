"""The holder's rules of masking, and what they are about."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from espace.kernel.words import PERSONAL, Grant
from espace.keys import queries as keys
from espace.keys.facts import SealBroken
from espace.record import rules
from espace.record.facts import Extent, Masking
from espace.record.queries.rows import ALL, Row, altered, opened, rows, seen

MASKING = "record_masking"


def masking_rules(grant: Grant) -> Masking:
    """The rules that the holder of the opened record has in force."""
    grant.require(PERSONAL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM record_masking WHERE patient_id = %s", [grant.patient])
        row = cursor.fetchone()
    return masking_in(grant, row[0] if row else None)


def masking_in(grant: Grant, sealed: Any) -> Masking:
    """The rules of a row, none without one. One that was altered masks whatever arrives until somebody has looked."""
    try:
        return opened(keys.keys_of(grant), sealed, MASKING, grant.patient, Masking) if sealed else Masking()
    except SealBroken:
        return altered(grant.patient, Masking(frozenset({rules.NEW})))


def stored(grant: Grant) -> list[Row]:
    """Every document of the record as it is stored, seen or not: for the holder's acts on many, answers nobody."""
    grant.require(PERSONAL)
    return rows(grant, ALL, {}, about=())


def extents(grant: Grant, found: list[Row] | None = None) -> Mapping[str, Extent]:
    """How many documents that the holder sees each rule is about; notes nothing. `found`: what `stored` answered."""
    grant.require(PERSONAL)
    every = stored(grant) if found is None else found
    shown = rules.for_people(seen(grant, (row.document for row in every)))
    return dict(rules.extents(shown, {row.document.id: row.restricted for row in every}))
