"""What the holder added themselves, what of it they removed, and the folders in which they put documents."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from espace.kernel.reasons import decisions as reasons
from espace.kernel.words import PERSONAL, Grant, Purpose, Refused
from espace.keys import queries as keys
from espace.keys.facts import SealBroken
from espace.record import rules
from espace.record.facts import Document, Folder, Status
from espace.record.queries.filing import depositor
from espace.record.queries.rows import ALL, FOLDER, Row, altered, documents_of, opened, rows, seen


@dataclass(frozen=True, slots=True)
class KeptFolder:
    """The sealed part of a folder. `secret`: a minor made it themselves; what they call what they keep from their
    representatives is no more for these to know than what is in it."""

    name: str
    secret: bool = False


def removed(grant: Grant) -> tuple[Document, ...]:
    """The documents that the holder removed and may still put back, the last removed first.

    `changed_at` is when each was removed; it may be put back for ESPACE_TRASH_DAYS from then on.
    """
    grant.require(PERSONAL)
    mine = ((row.document, row.stated.sha256) for row in own(grant).values())
    found = rules.restorable(mine, at=grant.at, days=settings.ESPACE_TRASH_DAYS)
    grant.note(*(one.id for one in found))
    return found


def folders(grant: Grant, *, among: Iterable[Document] | None = None) -> tuple[Folder, ...]:
    """The holder's folders by name, each with how many current documents are in it that they see. One that a minor made
    does not exist for who helps them.

    `among` are the documents that the same grant answered already: the record is not read again for them.
    """
    grant.require(PERSONAL)
    documents = rules.for_people(seen(grant, documents_of(grant, ALL, {}, about=()))) if among is None else among
    counted = Counter(one.folder for one in documents if one.status is not Status.DEPRECATED)
    found = (Folder(one, kept.name, counted[one]) for one, kept in kept_folders(grant).items() if kept)
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


def in_folders(grant: Grant, documents: Iterable[Document]) -> tuple[tuple[Document, ...], tuple[Folder, ...]]:
    """Documents that the same grant answered, each in a folder that the reader may know of or in none; and `folders`
    among them."""
    every = tuple(documents)
    known = folders(grant, among=every)
    return rules.in_known_folders(every, {one.id for one in known}), known


def kept_folders(grant: Grant) -> dict[UUID, KeptFolder | None]:
    """What each folder of the record says; None for what the reader may not know of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, sealed FROM record_folder WHERE patient_id = %s", [grant.patient])
        return {folder: folder_in(grant, folder, sealed) for folder, sealed in cursor.fetchall()}


def folder_in(grant: Grant, folder: UUID, sealed: Any) -> KeptFolder | None:
    """What a row says; None for what the reader may not know of. One that was altered has no name, and is no
    representative's."""
    try:
        kept = opened(keys.keys_of(grant), sealed, FOLDER, folder, KeptFolder)
    except SealBroken:
        kept = altered(folder, KeptFolder("", secret=True))
    return None if kept.secret and grant.purpose is not Purpose.HOLDER else kept


def shown(grant: Grant, entry_ids: Collection[UUID]) -> dict[UUID, Document]:
    """Those of these documents that the holder sees, for an act of theirs on them; notes nothing."""
    grant.require(PERSONAL)
    found = documents_of(grant, ALL + " AND e.id = ANY(%(ids)s)", {"ids": list(entry_ids)}, about=())
    return {one.id: one for one in seen(grant, found)}


def own(grant: Grant) -> dict[UUID, Row]:
    """What the holder added, as it is stored, removed or not; for their own acts, notes nothing."""
    grant.require(PERSONAL)
    mine = {"depositor": depositor(grant, grant.patient)}
    return {row.document.id: row for row in rows(grant, ALL + " AND e.depositor = %(depositor)s", mine, about=())}


def taken(grant: Grant) -> tuple[int, int, UUID | None]:
    """How many documents the holder added, their bytes, and one of them: those that they removed count until they are
    forgotten. Nothing of them is opened."""
    grant.require(PERSONAL)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), COALESCE(sum(size), 0)::bigint, (array_agg(id ORDER BY id))[1] FROM record_entry"
            " WHERE patient_id = %s AND depositor = %s AND size > 0",
            [grant.patient, depositor(grant, grant.patient)],
        )
        count, size, first = cursor.fetchone()
    return count, size, first


def own_row(grant: Grant, entry_id: UUID) -> Row:
    """One document that the holder added, to change what they say of it; noted.

    Refused(DOCUMENT_UNKNOWN) for what they may not see, Refused(NOT_YOUR_DOCUMENT) for what others deposited.
    """
    grant.require(PERSONAL)
    found = rows(grant, ALL + " AND e.id = %(entry)s", {"entry": entry_id}, about=(entry_id,))
    if not seen(grant, (row.document for row in found)):
        raise Refused(reasons.DOCUMENT_UNKNOWN)
    rules.require_own(found[0].document)
    grant.note(entry_id)
    return found[0]
