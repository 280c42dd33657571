"""The holder removes what they added, and puts it back for a time (D26). What others deposited stays."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from espace.kernel.reasons import decisions
from espace.kernel.reasons import documents as reasons
from espace.kernel.words import PERSONAL, Grant, Refused, Verb
from espace.record import queries, rules
from espace.record.actions.naming import name_bytes
from espace.record.facts import Status


def remove(grant: Grant, *, documents: Collection[UUID]) -> None:
    """Remove documents that the holder added, at most ten, all or none; again changes nothing.

    Refused: TOO_MANY_AT_ONCE, DOCUMENT_UNKNOWN where one may not be seen, NOT_YOUR_DOCUMENT.
    """
    grant.require(PERSONAL, Verb.REMOVE)
    wanted = _few(documents)
    mine, shown = queries.own(grant), queries.shown(grant, wanted)
    days = settings.ESPACE_TRASH_DAYS
    gone = {one for one, row in mine.items() if rules.removed_lately(row.document, at=grant.at, days=days)}
    _require_known(wanted, {*shown, *gone})
    for one in shown.values():
        rules.require_own(one)
    _put(grant, (one for one in wanted if one in shown), Status.DELETED, removed_at=grant.at)
    grant.note(*wanted)


def restore(grant: Grant, *, documents: Collection[UUID]) -> None:
    """Put back what the holder removed within ESPACE_TRASH_DAYS, at most ten, all or none; again changes nothing.

    Refused: TOO_MANY_AT_ONCE, DOCUMENT_UNKNOWN for what may not be put back: what others deposited, what was removed
    too long ago, and what has since been added again.
    """
    grant.require(PERSONAL, Verb.RESTORE)
    wanted, mine = _few(documents), queries.own(grant)
    known = ((row.document, row.stated.sha256) for row in mine.values())
    back = {one.id for one in rules.restorable(known, at=grant.at, days=settings.ESPACE_TRASH_DAYS)}
    there = {one for one, row in mine.items() if row.document.status is not Status.DELETED}
    _require_known(wanted, back | there)
    again = [one for one in wanted if one in back]
    _put(grant, again, Status.APPROVED, removed_at=None)
    name_bytes(grant, {mine[one].stated.sha256: one for one in again})
    grant.note(*wanted)


def _few(documents: Collection[UUID]) -> tuple[UUID, ...]:
    wanted = tuple(dict.fromkeys(documents))
    if len(wanted) > rules.REMOVED_AT_ONCE:
        raise Refused(reasons.TOO_MANY_AT_ONCE, detail=f"≤ {rules.REMOVED_AT_ONCE}")
    return wanted


def _require_known(wanted: Iterable[UUID], known: Collection[UUID]) -> None:
    if any(one not in known for one in wanted):
        raise Refused(decisions.DOCUMENT_UNKNOWN)


def _put(grant: Grant, documents: Iterable[UUID], status: Status, *, removed_at: datetime | None) -> None:
    """From `removed_at` on a document waits to be forgotten (`forgetting`)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_entry SET status = %s, changed_at = %s, revision = revision + 1, removed_at = %s"
            " WHERE patient_id = %s AND id = ANY(%s)",
            [status, grant.at, removed_at, grant.patient, list(documents)],
        )
