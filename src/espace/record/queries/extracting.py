"""Documents as the platform reads them, to know what they state of somebody's health."""

from collections.abc import Collection
from uuid import UUID

from espace.kernel.words import Grant, Purpose, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.rules import context
from espace.record.adapters import ContentMissing, ContentUnavailable, content_store
from espace.record.facts import Status
from espace.record.queries.rows import ALL, CONTENT, Row, rows


def to_extract(grant: Grant, only: Collection[UUID] | None = None) -> list[Row]:
    """Every document that is not deleted, whatever hides it from whomever, or those of these ids; notes nothing. One
    statement."""
    grant.require(Purpose.EXTRACTION, Verb.EXTRACT)
    statement = ALL if only is None else ALL + " AND e.id = ANY(%(ids)s)"
    found = rows(grant, statement, {} if only is None else {"ids": list(only)}, about="each")
    return [row for row in found if row.document.status is not Status.DELETED]


def bytes_to_extract(grant: Grant, row: Row) -> bytes | None:
    """What was deposited; None where it is lost or was altered. ContentUnavailable while the store does not answer."""
    grant.require(Purpose.EXTRACTION, Verb.EXTRACT)
    try:
        sealed, place = content_store().reading(row.content), context(CONTENT, row.content)
        return keys.keys_of(grant).open_in_pieces(KeyKind.CONTENT, *sealed, place)
    except ContentUnavailable:
        raise
    except (ContentMissing, SealBroken):
        return None
