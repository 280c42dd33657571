"""Filed folders. A folder none of whose documents shows does not exist, nor does one that holds none."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from espace.kernel.words import Grant, Purpose, Verb
from espace.keys import queries as keys
from espace.keys.facts import SealBroken
from espace.keys.queries import PatientKeys
from espace.record import rules
from espace.record.facts import FiledFolder, FolderStated, KeptFolder, OwnFolder, Page, Search, Status
from espace.record.queries.filing import depositor
from espace.record.queries.rows import altered, opened
from espace.wire.xds import Folder

FILED_FOLDER = "record_filed_folder"
_UNREADABLE = FolderStated(Folder("", ""), UUID(int=0), "")

_MINE = """
SELECT f.id, f.status, f.filed_at, f.changed_at, f.revision, f.sealed,
  ARRAY(SELECT m.entry_id::text FROM record_filed_member m
    WHERE m.patient_id = f.patient_id AND m.folder_id = f.id ORDER BY m.entry_id),
  (SELECT max(m.added_at) FROM record_filed_member m WHERE m.patient_id = f.patient_id AND m.folder_id = f.id)
FROM record_filed_folder f WHERE f.patient_id = %(patient)s AND f.depositor = %(depositor)s
  AND (%(ids)s::uuid[] IS NULL OR f.id = ANY(%(ids)s)) ORDER BY f.id
"""


def folder_of(
    at_hand: PatientKeys, row: tuple[Any, ...], seen: Collection[UUID], when: Mapping[UUID, datetime]
) -> FiledFolder | None:
    """A folder with its documents that show (`seen`) and when each was put into it (`when`); None where none does.

    `row`: its id, set, status, when it was last changed, revision and sealed part. When it was last updated is told by
    what shows alone; of one whose documents do not all show, no more than a sender has to state.
    """
    folder_id, submission, status, changed_at, revision, sealed = row
    members = tuple(sorted(one for one in when if one in seen))
    if not members:
        return None
    found = _stated(at_hand, folder_id, sealed)
    updated = max([*(when[one] for one in members), *([changed_at] if changed_at else [])])
    told = rules.told_of_folder(found.stated, whole=len(members) == len(when))
    return FiledFolder(
        folder_id, told, Status(status), updated, members, submission, revision, damaged=found is _UNREADABLE
    )


def _stated(at_hand: PatientKeys, folder_id: UUID, sealed: Any) -> FolderStated:
    try:
        return opened(at_hand, sealed, FILED_FOLDER, folder_id, FolderStated)
    except SealBroken:
        return altered(folder_id, _UNREADABLE)


def own_folders(grant: Grant, search: Search) -> Page[OwnFolder]:
    """The folders that the organisation filed in this record, and nothing of anybody else: ids and status."""
    grant.require(Purpose.FEED, Verb.OWN_DEPOSITS)
    found = (
        OwnFolder(row[0], kept.stated.stated.unique_id, kept.status, _updated(row), kept.members, kept.revision)
        for row, kept in _mine(grant, None)
    )
    return rules.page_of(found, rules.OWN_FOLDER_ITEMS, search)


def _updated(row: tuple[Any, ...]) -> datetime:
    _, _, filed_at, changed_at, _, _, _, added_at = row
    known: list[datetime] = [one for one in (filed_at, changed_at, added_at) if one]
    return max(known)


def kept_folders(grant: Grant, ids: Collection[UUID] | None) -> dict[UUID, KeptFolder]:
    """The sender's own folders of these ids, or all of them, with every document in them: for filing and changing
    only."""
    grant.require(Purpose.FEED, Verb.DEPOSIT, Verb.AMEND)
    return {row[0]: kept for row, kept in _mine(grant, None if ids is None else list(ids))}


def _mine(grant: Grant, ids: list[UUID] | None) -> list[tuple[tuple[Any, ...], KeptFolder]]:
    at_hand = keys.keys_of(grant)
    mine = depositor(grant, grant.actor.organisation)
    with connection.cursor() as cursor:
        cursor.execute(_MINE, {"patient": grant.patient, "depositor": mine, "ids": ids})
        rows = cursor.fetchall()
    return [(row, _kept(at_hand, row)) for row in rows]


def _kept(at_hand: PatientKeys, row: tuple[Any, ...]) -> KeptFolder:
    folder_id, status, _, _, revision, sealed, members, _ = row
    stated = _stated(at_hand, folder_id, sealed)
    return KeptFolder(folder_id, Status(status), stated, tuple(map(UUID, members)), revision)
