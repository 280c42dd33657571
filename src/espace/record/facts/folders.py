"""Filed folders (XDS Folder, « classeurs déposés »): what those who deposit put together; never the holder's own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from espace.record.facts.documents import NO_SET, Status
from espace.wire.xds import Folder


@dataclass(frozen=True, slots=True)
class FolderStated:
    """The sealed part of a filed folder: what its sender stated, and who the sender was (`professional` by name, ""
    for software of the organisation)."""

    stated: Folder
    organisation: UUID
    organisation_name: str
    professional: str = ""


@dataclass(frozen=True, slots=True)
class FiledFolder:
    """A filed folder with those of its documents that its reader may see. `updated_at` is when one of these was put
    into it, or when its depositor last changed it; `revision` how many times its metadata were set. `damaged`: its row
    was altered in the database and nothing of what it stated can be believed."""

    id: UUID
    stated: Folder
    status: Status
    updated_at: datetime
    members: tuple[UUID, ...]
    submission: UUID = NO_SET
    revision: int = 1
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class OwnFolder:
    """What a feeder sees of its own folders: ids, status, and of its members those that are in force."""

    id: UUID
    unique_id: str
    status: Status
    updated_at: datetime
    members: tuple[UUID, ...] = ()
    revision: int = 1


@dataclass(frozen=True, slots=True)
class KeptFolder:
    """A folder already filed, as far as filing needs it."""

    id: UUID
    status: Status
    stated: FolderStated
    members: tuple[UUID, ...]
    revision: int = 1
