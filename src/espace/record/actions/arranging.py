"""The holder arranges their record: folders and pins, which nobody else learns of (D33, D35)."""

from collections.abc import Collection
from uuid import UUID

import msgspec
from django.db import connection

from espace import edge
from espace.kernel.reasons import decisions
from espace.kernel.reasons import documents as reasons
from espace.kernel.values import replace
from espace.kernel.words import PERSONAL, Grant, Purpose, Refused, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context
from espace.record import queries, rules
from espace.record.actions.placing import by_minor, place, placed
from espace.record.facts import UNSET, Arranged, Unset
from espace.record.queries import FOLDER
from espace.record.queries.owning import KeptFolder, folder_in, kept_folders

_LENGTH = 512
"""Bytes of what is sealed, filled up with spaces: its length would tell of the name."""


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
    now = {one: Arranged(seen[one].folder, seen[one].pinned, seen[one].topics) for one in wanted}
    stay = frozenset[UUID | None]() if isinstance(folder, Unset) else _left(grant, now.values())
    then = {one: _moved(where, folder, pinned, stay) for one, where in now.items()}
    place(grant, {one: where for one, where in then.items() if where != now[one]})


def _moved(
    now: Arranged, folder: UUID | Unset | None, pinned: bool | None, stay: Collection[UUID | None]
) -> Arranged:
    stays = folder is None and now.folder in stay
    moved = now if isinstance(folder, Unset) or stays else replace(now, folder=folder)
    return moved if pinned is None else replace(moved, pinned=pinned)


def _left(grant: Grant, now: Collection[Arranged]) -> frozenset[UUID | None]:
    """The folders that the actor may not know of: what lies there is in none for them, and stays there when they put it
    in none. That a minor takes something out of one of their own is no representative's to know."""
    kept, left = kept_folders(grant), {one.folder for one in now}
    grant.secret |= any(one is not None and one.secret and folder in left for folder, one in kept.items())
    return frozenset(folder for folder, one in kept.items() if one is None)


def make_folder(grant: Grant, *, name: str) -> UUID:
    """A folder of that name: the one that has it already, if there is one. Of a minor's own, their representatives know
    nothing.

    Refused: FOLDER_NAME_REFUSED, FOLDERS_TOO_MANY.
    """
    grant.require(PERSONAL, Verb.ARRANGE)
    kept = KeptFolder(_named(name), secret=by_minor(grant))
    if there := _bearers(grant, kept.name):
        return min(there)
    _require_room(grant, secret=kept.secret)
    folder = edge.new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO record_folder (patient_id, id, blind, sealed) VALUES (%s, %s, %s, %s)",
            [grant.patient, folder, _blind(grant, kept.name, secret=kept.secret), _sealed(grant, folder, kept)],
        )
    grant.secret |= kept.secret
    return folder


def rename_folder(grant: Grant, *, folder: UUID, name: str) -> None:
    """Refused: FOLDER_UNKNOWN, FOLDER_NAME_REFUSED, FOLDER_EXISTS where another folder has this name."""
    grant.require(PERSONAL, Verb.ARRANGE)
    kept = replace(_hold_folder(grant, folder), name=_named(name))
    if _bearers(grant, kept.name) - {folder}:
        raise Refused(reasons.FOLDER_EXISTS, place="name")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_folder SET blind = %s, sealed = %s WHERE patient_id = %s AND id = %s",
            [_blind(grant, kept.name, secret=kept.secret), _sealed(grant, folder, kept), grant.patient, folder],
        )


def remove_folder(grant: Grant, *, folder: UUID) -> None:
    """Its documents stay, in no folder. Refused(FOLDER_UNKNOWN)."""
    grant.require(PERSONAL, Verb.ARRANGE)
    _hold_folder(grant, folder)
    inside = {one: where for one, where in placed(grant).items() if where.folder == folder}
    place(grant, {one: replace(where, folder=None) for one, where in inside.items()})
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_folder WHERE patient_id = %s AND id = %s", [grant.patient, folder])


def _hold_folder(grant: Grant, folder: UUID) -> KeptFolder:
    """A folder that the actor may know of; whoever else removes it, or puts something in it, now fails to serialise,
    and runs again. Refused(FOLDER_UNKNOWN)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_folder SET blind = blind WHERE patient_id = %s AND id = %s RETURNING sealed",
            [grant.patient, folder],
        )
        row = cursor.fetchone()
    kept = folder_in(grant, folder, row[0]) if row else None
    if kept is None:
        raise Refused(reasons.FOLDER_UNKNOWN)
    grant.secret |= kept.secret
    return kept


def _require_room(grant: Grant, *, secret: bool) -> None:
    """A minor's own and the others are counted apart: a refusal would tell."""
    if sum(one is not None and one.secret is secret for one in kept_folders(grant).values()) >= rules.FOLDERS_AT_MOST:
        raise Refused(reasons.FOLDERS_TOO_MANY, detail=f"≤ {rules.FOLDERS_AT_MOST}")


def _named(name: str) -> str:
    kept = rules.folder_name(name)
    if kept is None:
        raise Refused(reasons.FOLDER_NAME_REFUSED, place="name")
    return kept


def _blind(grant: Grant, name: str, *, secret: bool) -> bytes:
    """The index by which two folders never have the same name: but a minor's own and one of their representatives."""
    side = "own|" if secret else ""
    return keys.blind_index("folder", f"{grant.patient}|{side}{name.casefold()}")


def _bearers(grant: Grant, name: str) -> set[UUID]:
    """The folders of this name that the actor may know of: for who helps a minor, not those that these made."""
    sides = (False, True) if grant.purpose is Purpose.HOLDER else (False,)
    blinds = [_blind(grant, name, secret=one) for one in sides]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM record_folder WHERE patient_id = %s AND blind = ANY(%s)", [grant.patient, blinds]
        )
        return {row[0] for row in cursor.fetchall()}


def _sealed(grant: Grant, folder: UUID, kept: KeptFolder) -> bytes:
    plain = msgspec.json.encode(kept).ljust(_LENGTH)
    return keys.keys_of(grant).seal(KeyKind.METADATA, plain, context(FOLDER, folder))
