"""The vocabulary of documents as the record keeps and answers them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from espace.kernel.reasons import Reason
from espace.kernel.words import Visibility
from espace.wire.xds import DocumentEntry, Linking, Submission
from espace.wire.zip import Member


class Status(StrEnum):
    """availabilityStatus (JDV_J52): the last part of the URN, as stored; « Deprecated » is never stored, for it is so
    only to whoever knows of what replaces the document."""

    APPROVED = "Approved"
    DEPRECATED = "Deprecated"
    ARCHIVED = "Archived"
    DELETED = "Deleted"


NOBODY = UUID(int=0)
NO_SET = UUID(int=0)
NO_CONTENT = UUID(int=0)
"""What a row names whose content left the store for good (`actions.forgetting`)."""


class Linked(msgspec.Struct, frozen=True, gc=False):
    """What links a document to another one, of whichever end it is told: it appends or transforms it."""

    kind: Linking
    other: UUID


class Document(msgspec.Struct, frozen=True, gc=False):
    """One entry of a record, opened: what its sender stated, and what the platform knows of it.

    `restrictions` are those in force; `organisation` deposited it, `organisation_name` as it was then, or the
    `professional` of that name who acted there ("" for its software), in the set `submission`; `changed_at` is when
    its depositor last archived it, deleted it or changed its visibility, `revision` how many times its metadata were
    set, the deposit among them. `replaced_by`/`replaces` are entries the reader may see. `damaged`: its row was altered
    in the database and nothing of what it stated can be believed; it is shown as such, never left out. `signs` are
    the documents of its set that it is the signature of, none for a document of health; `signs_set`: it was said to
    sign the set; `signed_by` are the signatures of this one itself that the reader may see.
    `own`: the holder added it. `folder`, `pinned` and `topics` are how the holder arranged it, and nobody else's to
    know; `kept_from` are the professionals from whom the holder hides it by name, `masked_by` the holder's rules and
    topics that mask it (`Restricted.rule`), and no professional's to know.
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
    submission: UUID = NO_SET
    changed_at: datetime | None = None
    professional: str = ""
    own: bool = False
    folder: UUID | None = None
    pinned: bool = False
    kept_from: frozenset[UUID] = frozenset()
    topics: frozenset[UUID] = frozenset()
    masked_by: frozenset[str] = frozenset()
    revision: int = 1
    signs: tuple[UUID, ...] = ()
    signs_set: bool = False
    signed_by: tuple[UUID, ...] = ()
    related: tuple[Linked, ...] = ()
    related_by: tuple[Linked, ...] = ()
    by_transforming: bool = False
    replaced_by_transforming: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that the holder adds: its `name` where it came from, what they say it is (`wire.files.OWN_TYPES`), under
    what title ("" for its name), and the day that it is about, if they know it."""

    name: str
    data: bytes
    title: str
    type_code: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that was looked into before any record was opened: its media type and what is kept of it, or why it is
    refused."""

    upload: Upload
    found: str | Reason


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the holder's; `count` of the documents in it that they may see."""

    id: UUID
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Unset:
    """What a change leaves as it is, where None means « none »."""


UNSET: Final = Unset()


@dataclass(frozen=True, slots=True)
class Arranged:
    """The sealed part of an arrangement: where the holder put a document, and to which topics they linked it."""

    folder: UUID | None = None
    pinned: bool = False
    topics: frozenset[UUID] = frozenset()


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
    changed_at: datetime | None = None
    revision: int = 1


@dataclass(frozen=True, slots=True)
class SubmissionSet:
    """A set of documents deposited together, as its sender stated it, with those that its reader may see. `damaged`:
    its row was altered in the database and nothing of what it stated can be believed."""

    id: UUID
    stated: Submission
    submitted_at: datetime
    members: tuple[UUID, ...]
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Filed:
    """The answer to a submission: its id and, in the order sent, the ids of its documents.

    `repeated` says of each document whether the same organisation had already deposited the same bytes
    under the same uniqueId: its id is then the first one again. `folders` are the ids of its folders, and which of
    them were there.
    """

    submission: UUID
    documents: tuple[UUID, ...]
    repeated: tuple[bool, ...]
    folders: tuple[tuple[UUID, bool], ...] = ()


class Stated(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The sealed part of an entry: what its sender stated, who the sender was (`professional` by name, "" for software
    of the organisation; no organisation for the holder), what it replaced, what it signs (`Document.signs`), and what
    it was first said to append or transform."""

    entry: DocumentEntry
    organisation: UUID | None
    organisation_name: str
    sha256: str
    replaces: UUID | None = None
    professional: str = ""
    signs: tuple[UUID, ...] = ()
    signs_set: bool = False
    related: tuple[Linked, ...] = ()
    by_transforming: bool = False


@dataclass(frozen=True, slots=True)
class Restricted:
    """The sealed part of a restriction: its code, who set it and when; `by_holder` tells the holder's own mask from
    what the depositor stated, `rule` the masks of one of the holder's rules (`Masking`), or of one of their topics (its
    id), from those of one document.
    `about` is the one professional from whom the holder hides it; None for a restriction that is everybody's.
    `follows` is the document that was restricted, where this one is because it appends or transforms it: it is lifted
    with that one's."""

    code: Visibility
    by: UUID
    at: datetime
    by_holder: bool = False
    rule: str = ""
    about: UUID | None = None
    follows: UUID | None = None


@dataclass(frozen=True, slots=True)
class Masking:
    """What the holder masks beforehand: the rules in force (`rules.masking`: every new document, everything, or one
    kind), and the account that decided last. The documents that one of them masked bear its name."""

    rules: frozenset[str] = frozenset()
    by: UUID = NOBODY


@dataclass(frozen=True, slots=True)
class Extent:
    """How many current documents the holder sees that a rule is about: all of them, those that professionals see, and
    those that they would see again without it."""

    documents: int = 0
    open: int = 0
    freed: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry already filed, as far as filing another one needs it; `stated` is what its sender first said."""

    id: UUID
    submission: UUID
    status: Status
    stated: Stated
    restricted: tuple[Restricted, ...]


@dataclass(frozen=True, slots=True)
class Amendable:
    """A document as its depositor or author knows it, to change its state: `visibility` is what they set, and never
    the holder's own mask; `confidentiality` is N, R or V."""

    id: UUID
    unique_id: str
    status: Status
    deposited_at: datetime
    changed_at: datetime | None
    confidentiality: str
    visibility: frozenset[Visibility]
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Change:
    """What its depositor or author wants a document to be; None leaves as it is. `entry`: all that it states from now
    on; its place is where a refusal says what may not be so."""

    archived: bool | None = None
    deleted: bool = False
    visibility: frozenset[Visibility] | None = None
    entry: DocumentEntry | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A document that waits to be announced to its patient: since when; `deleted` by its depositor meanwhile; `secret`
    from a minor's representatives too."""

    since: datetime
    deleted: bool
    secret: bool = False


class CopyState(StrEnum):
    MAKING = "making"
    WAITING = "waiting"
    """The content store does not answer: it goes on by itself."""
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a whole space, as who asked for it is told of it: `done` of `total` documents are in it, `size` is in
    bytes; it is destroyed after `expires_at`. `step` counts how often it was gone on with."""

    id: UUID
    state: CopyState
    asked_at: datetime
    ready_at: datetime | None
    expires_at: datetime
    step: int
    done: int
    total: int
    size: int


@dataclass(frozen=True, slots=True)
class CopyMember:
    """A file of a copy; `document` is the one that it comes from."""

    written: Member
    document: UUID | None = None


class Unseen(StrEnum):
    """Why somebody else would not see a document that the holder sees: their profession does not read this kind
    (entitlement matrix), it is masked to professionals, it is hidden from them by name, a minor keeps it from their
    representatives, or they may not open the record."""

    KIND = "kind"
    MASKED = "masked"
    NAMED = "named"
    REPRESENTATIVES = "representatives"
    REFUSED = "refused"


class Step(StrEnum):
    """What moves a document from one status to another."""

    REPLACE = "replace"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    DELETE = "delete"
    RESTORE = "restore"


class Ailment(StrEnum):
    """What `./espace fsck` finds wrong with a document that a row names."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    ALTERED = "altered"
    ROW_ALTERED = "row_altered"
    NO_KEY = "no_key"
