"""The rows of restrictions, sealed: who restricted what, and when."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from espace import edge
from espace.kernel.json import decode
from espace.kernel.words import Grant
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.rules import context
from espace.record import rules
from espace.record.facts import Restricted
from espace.record.queries import RESTRICTION

Row = tuple[UUID, UUID, Restricted]
"""A row of restriction: its id, its document, what it says."""


_LENGTH = 256
"""Bytes of what is sealed, filled up with spaces: its length would tell which restriction it is."""

_INSERT = """
INSERT INTO record_restriction (patient_id, id, entry_id, sealed)
SELECT %s, id, entry_id, sealed FROM unnest(%s::uuid[], %s::uuid[], %s::bytea[]) AS said (id, entry_id, sealed)
"""


def restrict(grant: Grant, entry_id: UUID, restricted: Restricted) -> None:
    """One more restriction of a document."""
    restrict_all(grant, [(entry_id, restricted)])


def restrict_all(grant: Grant, wanted: Collection[tuple[UUID, Restricted]]) -> None:
    """More restrictions, of as many documents: one statement, even for none, so that their number tells nothing."""
    at_hand, rows = keys.keys_of(grant), [edge.new_id() for _ in wanted]
    sealed = [
        at_hand.seal(KeyKind.METADATA, msgspec.json.encode(said).ljust(_LENGTH), context(RESTRICTION, row))
        for row, (_, said) in zip(rows, wanted, strict=True)
    ]
    _execute(_INSERT, (grant.patient, rows, [entry_id for entry_id, _ in wanted], sealed))
    for entry_id, said in wanted:
        grant.restricted[entry_id] = grant.restricted.get(entry_id, frozenset()) | rules.codes([said])


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
        yield row, entry_id, decode(text, Restricted)


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
