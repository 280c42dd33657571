"""The holder arranges their record: folders and pins, which nobody else learns of (D33, D35)."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

import msgspec
from django.db import connection

from espace import edge
from espace.kernel.reasons import decisions
from espace.kernel.reasons import documents as reasons
from espace.kernel.words import PERSONAL, Grant, Refused, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context
from espace.record import queries, rules
from espace.record.actions.placing import place, placed
from espace.record.facts import UNSET, Arranged, Unset
from espace.record.queries import FOLDER


def arrange(
    grant: Grant, *, documents: Collection[UUID], folder: UUID | Unset | None = UNSET, pinned: bool | None = None
) -> None:
    """Put documents that the holder sees in a folder (None: in none), pin them or not; again changes nothing.

    All of them or none: Refused(DOCUMENT_UNKNOWN) where one may not be seen, FOLDER_UNKNOWN, TOO_MANY_AT_ONCE.
    """
    grant.require(PERSONAL, Verb.ARRANGE)
    wanted = tuple(dict.fromkeys(documents))
    if len(wanted) > rules.ARRANGED_AT_ONCE:
        raise Refused(reasons.TOO_MANY_AT_ONCE, detail=f"≤ {rules.ARRANGED_AT_ONCE}")
    seen = queries.shown(grant, wanted)
    if len(seen) != len(wanted):
        raise Refused(decisions.DOCUMENT_UNKNOWN)
    if isinstance(folder, UUID):
        _hold_folder(grant, folder)
    grant.note(*wanted)
    now = {one: Arranged(seen[one].folder, seen[one].pinned) for one in wanted}
    then = {one: _moved(where, folder, pinned) for one, where in now.items()}
    place(grant, {one: where for one, where in then.items() if where != now[one]})


def _moved(now: Arranged, folder: UUID | Unset | None, pinned: bool | None) -> Arranged:
    moved = now if isinstance(folder, Unset) else replace(now, folder=folder)
    return moved if pinned is None else replace(moved, pinned=pinned)


def make_folder(grant: Grant, *, name: str) -> UUID:
    """A folder of that name: the one that has it already, if there is one.

    Refused: FOLDER_NAME_REFUSED, FOLDERS_TOO_MANY.
    """
    grant.require(PERSONAL, Verb.ARRANGE)
    kept, blind = _named(grant, name)
    there = _bearer(grant, blind)
    if there:
        return there
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM record_folder WHERE patient_id = %s", [grant.patient])
        if cursor.fetchone()[0] >= rules.FOLDERS_AT_MOST:
            raise Refused(reasons.FOLDERS_TOO_MANY, detail=f"≤ {rules.FOLDERS_AT_MOST}")
        folder = edge.new_id()
        cursor.execute(
            "INSERT INTO record_folder (patient_id, id, blind, sealed) VALUES (%s, %s, %s, %s)",
            [grant.patient, folder, blind, _sealed(grant, folder, kept)],
        )
    return folder


def rename_folder(grant: Grant, *, folder: UUID, name: str) -> None:
    """Refused: FOLDER_UNKNOWN, FOLDER_NAME_REFUSED, FOLDER_EXISTS where another folder has this name."""
    grant.require(PERSONAL, Verb.ARRANGE)
    _hold_folder(grant, folder)
    kept, blind = _named(grant, name)
    if _bearer(grant, blind) not in (None, folder):
        raise Refused(reasons.FOLDER_EXISTS, place="name")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_folder SET blind = %s, sealed = %s WHERE patient_id = %s AND id = %s",
            [blind, _sealed(grant, folder, kept), grant.patient, folder],
        )


def remove_folder(grant: Grant, *, folder: UUID) -> None:
    """Its documents stay, in no folder. Refused(FOLDER_UNKNOWN)."""
    grant.require(PERSONAL, Verb.ARRANGE)
    _hold_folder(grant, folder)
    inside = {one: where for one, where in placed(grant).items() if where.folder == folder}
    place(grant, {one: replace(where, folder=None) for one, where in inside.items()})
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_folder WHERE patient_id = %s AND id = %s", [grant.patient, folder])


def _hold_folder(grant: Grant, folder: UUID) -> None:
    """Whoever else removes this folder, or puts something in it, now fails to serialise, and runs again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_folder SET blind = blind WHERE patient_id = %s AND id = %s", [grant.patient, folder]
        )
        if not cursor.rowcount:
            raise Refused(reasons.FOLDER_UNKNOWN)


def _named(grant: Grant, name: str) -> tuple[str, bytes]:
    """The name as it is kept, and the index by which two folders never have the same one."""
    kept = rules.folder_name(name)
    if kept is None:
        raise Refused(reasons.FOLDER_NAME_REFUSED, place="name")
    return kept, keys.blind_index("folder", f"{grant.patient}|{kept.casefold()}")


def _bearer(grant: Grant, blind: bytes) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM record_folder WHERE patient_id = %s AND blind = %s", [grant.patient, blind])
        row = cursor.fetchone()
    return row[0] if row else None


def _sealed(grant: Grant, folder: UUID, name: str) -> bytes:
    return keys.keys_of(grant).seal(KeyKind.METADATA, msgspec.json.encode(name), context(FOLDER, folder))
