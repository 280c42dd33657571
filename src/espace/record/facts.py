"""The vocabulary of documents as the record keeps and answers them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar
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
    `replaced_by`/`replaces` are entries the reader may see. `damaged`: its row was altered in the database
    and nothing of what it stated can be believed; it is shown as such, never left out.
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
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a document, exactly as deposited."""

    document: Document
    data: bytes


@dataclass(frozen=True, slots=True)
class Deposit:
    """What a feeder sees of its own deposits: ids and status, no content."""

    id: UUID
    unique_id: str
    status: Status
    deposited_at: datetime


@dataclass(frozen=True, slots=True)
class Filed:
    """The answer to a submission: its id and, in the order sent, the ids of its documents.

    `repeated` says of each document whether the same organisation had already deposited the same bytes
    under the same uniqueId: its id is then the first one again.
    """

    submission: UUID
    documents: tuple[UUID, ...]
    repeated: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What a search asks for; empty and None mean « any ». `after` is the id that ended the page before."""

    unique_ids: frozenset[str] = frozenset()
    statuses: frozenset[Status] = frozenset()
    after: UUID | None = None
    count: int | None = None


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a search, newest first: `total` counts every page, `more` says that another one follows."""

    found: tuple[T, ...]
    total: int
    more: bool


@dataclass(frozen=True, slots=True)
class Stated:
    """The sealed part of an entry: what its sender stated, who the sender was, and what it replaced."""

    entry: DocumentEntry
    organisation: UUID
    organisation_name: str
    sha256: str
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True)
class Restricted:
    """The sealed part of a restriction: its code, who set it and when."""

    code: Visibility
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry already filed, as far as filing another one needs it; `stated` is what its sender first said."""

    id: UUID
    submission: UUID
    status: Status
    stated: Stated
    restricted: tuple[Restricted, ...]
