"""Filing folders, and putting documents into them (ITI TF-3, 4.1.4)."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

import msgspec
from django.db import connection

from espace import edge
from espace.kernel.words import ActorKind, Grant
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context
from espace.record import rules
from espace.record.facts import FolderStated, Status
from espace.record.queries import FILED_FOLDER, depositor
from espace.wire.xds import Folder

_INSERT = """
WITH filed AS (
    INSERT INTO record_filed_folder (patient_id, id, submission_id, status, filed_at, depositor, sealed)
    SELECT %(patient)s, id, %(submission)s, %(status)s, %(at)s, %(depositor)s, sealed
    FROM unnest(%(ids)s::uuid[], %(sealed)s::bytea[]) AS filed (id, sealed)
)
INSERT INTO record_locator (entry_id, patient_id) SELECT id, %(patient)s FROM unnest(%(ids)s::uuid[]) AS located (id)
"""
_PUT = """
INSERT INTO record_filed_member (patient_id, folder_id, entry_id, submission_id, added_at)
SELECT %s, folder, entry, %s, %s FROM unnest(%s::uuid[], %s::uuid[]) AS placed (folder, entry)
ON CONFLICT DO NOTHING
"""


def file_folders(grant: Grant, folders: Mapping[UUID, Folder], *, submission: UUID) -> None:
    """Folders that are new, by the ids that they get; what is in them is put there by `put_in`."""
    organisation = grant.actor.organisation
    if not folders or organisation is None:
        return
    professional = grant.actor.name if grant.actor.kind is ActorKind.PROFESSIONAL else ""
    name = grant.actor.organisation_name or grant.actor.name
    sealed = [
        seal_folder(grant, one, FolderStated(folder, organisation, name, professional))
        for one, folder in folders.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "patient": grant.patient,
                "submission": submission,
                "status": Status.APPROVED,
                "at": grant.at,
                "depositor": depositor(grant, organisation),
                "ids": list(folders),
                "sealed": sealed,
            },
        )


def seal_folder(grant: Grant, folder_id: UUID, stated: FolderStated) -> bytes:
    plain = msgspec.json.encode(stated)
    return keys.keys_of(grant).seal(KeyKind.METADATA, plain, context(FILED_FOLDER, folder_id))


def put_in(grant: Grant, places: Collection[tuple[UUID, UUID]], *, submission: UUID) -> None:
    """Put documents into folders, (folder, document) each; again changes nothing. Whoever else changes one of these
    folders now fails to serialise, and runs again."""
    if not places:
        return
    folders, entries = zip(*dict.fromkeys(places), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_filed_folder SET status = status WHERE patient_id = %s AND id = ANY(%s)",
            [grant.patient, list(set(folders))],
        )
        cursor.execute(_PUT, [grant.patient, submission, grant.at, list(folders), list(entries)])


def new_ids(folders: Iterable[Folder]) -> dict[UUID, Folder]:
    return {edge.new_id(): one for one in folders}


def members_of(folder: Folder, ids: Mapping[str, UUID]) -> list[UUID]:
    """The documents of a folder by ids; `ids` by bare uniqueId or reference."""
    return [ids[rules.bare_id(name)] for name in folder.members]
