"""The vocabulary of documents as the record keeps and answers them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from espace.kernel.words import Visibility
from espace.wire.xds import DocumentEntry


class Status(StrEnum):
    """availabilityStatus (JDV_J52): the last part of the URN, as stored."""

    APPROVED = "Approved"
    DEPRECATED = "Deprecated"
    ARCHIVED = "Archived"
    DELETED = "Deleted"


@dataclass(frozen=True, slots=True)
class Document:
    """One entry of a record, opened: what its sender stated, and what the platform knows of it.

    `restrictions` are those in force; `organisation` deposited it, `organisation_name` as it was then.
    `replaced_by`/`replaces` are entries the reader may see.
    """

    id: UUID
    entry: DocumentEntry
    status: Status
    deposited_at: datetime
    organisation: UUID | None
    organisation_name: str
    restrictions: frozenset[Visibility]
    size: int
    replaces: UUID | None = None
    replaced_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a document, exactly as deposited."""

    document: Document
    data: bytes


@dataclass(frozen=True, slots=True)
class Deposit:
    """What a feeder sees of its own deposits: ids and status, no content (product.md, « Rules »)."""

    id: UUID
    unique_id: str
    status: Status
    deposited_at: datetime


@dataclass(frozen=True, slots=True)
class Filed:
    """The answer to a submission: its id and, in the order sent, the ids of its documents.

    `repeated` is true where the same organisation had already deposited the same bytes under the
    same uniqueId: those ids are the first ones again.
    """

    submission: UUID
    documents: tuple[UUID, ...]
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Stated:
    """The sealed part of an entry: what its sender stated, and who the sender was."""

    entry: DocumentEntry
    organisation: UUID
    organisation_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Restricted:
    """The sealed part of a restriction: its code, who set it and when."""

    code: Visibility
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry already filed, as far as filing another one needs it."""

    id: UUID
    submission: UUID
    status: Status
    organisation: UUID
    sha256: str
    restricted: tuple[Restricted, ...]
