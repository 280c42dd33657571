"""The rows of restrictions, sealed: who restricted what, and when."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from espace import edge
from espace.kernel.words import Grant
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.rules import context
from espace.record.facts import Restricted
from espace.record.queries import RESTRICTION

Row = tuple[UUID, UUID, Restricted]
"""A row of restriction: its id, its document, what it says."""


def restrict(grant: Grant, entry_id: UUID, restricted: Restricted) -> None:
    """One more restriction of a document."""
    row = edge.new_id()
    sealed = keys.keys_of(grant).seal(KeyKind.METADATA, msgspec.json.encode(restricted), context(RESTRICTION, row))
    _execute(
        "INSERT INTO record_restriction (patient_id, id, entry_id, sealed) VALUES (%s, %s, %s, %s)",
        (grant.patient, row, entry_id, sealed),
    )
    grant.restricted[entry_id] = grant.restricted.get(entry_id, frozenset()) | {restricted.code}


def restrictions(grant: Grant, entry_ids: Collection[UUID]) -> list[Row]:
    """The restrictions of these documents. One that was altered is not among them: nothing lifts it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, entry_id, sealed FROM record_restriction WHERE patient_id = %s AND entry_id = ANY(%s)",
            (grant.patient, list(entry_ids)),
        )
        return list(_opened(grant, cursor.fetchall()))


def _opened(grant: Grant, rows: Iterable[tuple[Any, ...]]) -> Iterator[Row]:
    opened = keys.keys_of(grant)
    for row, entry_id, sealed in rows:
        try:
            text = opened.open(KeyKind.METADATA, bytes(sealed), context(RESTRICTION, row))
        except SealBroken:
            continue
        yield row, entry_id, msgspec.json.decode(text, type=Restricted)


def lift(grant: Grant, rows: Collection[UUID]) -> None:
    _execute("DELETE FROM record_restriction WHERE patient_id = %s AND id = ANY(%s)", (grant.patient, list(rows)))


def hold(grant: Grant, entry_ids: Collection[UUID]) -> None:
    """Whoever else restricts, amends or replaces one of these documents now fails to serialise, and runs again."""
    _execute(
        "UPDATE record_entry SET status = status WHERE patient_id = %s AND id = ANY(%s)",
        (grant.patient, list(entry_ids)),
    )


def _execute(statement: str, values: tuple[Any, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
