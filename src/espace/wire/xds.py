"""The vocabulary of IHE XDS (ITI TF-3, 4.1-4.2), as values shared by every door.

Attributes that a sender did not state are None or empty; nothing is guessed here.
Dates and times stay aware datetimes; local times without an offset never reach these values.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import msgspec

from espace.kernel.words import Visibility

Data = bytes | memoryview
"""The bytes of a document: where they are many, a view of the request that they came in, which is then not copied."""


class Coded(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A code with the OID or URI of its system, and the display the sender gave."""

    code: str
    system: str = ""
    display: str = ""


class Author(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """XDS author: a person or a device (`person_id`, XCN.1), in an institution (XON). `later`: named since the deposit
    only (ITI-57), which tells who wrote it and gives no right over it."""

    family: str = ""
    given: str = ""
    person_id: str = ""
    specialty: Coded | None = None
    role: Coded | None = None
    institution: str = ""
    institution_id: str = ""
    later: bool = False


@dataclass(frozen=True, slots=True)
class PatientStatement:
    """Who the patient is, as one place of what was sent states it.

    `number` is the 15-character INS and `authority` its OID. `given_names` are the birth given names in
    order, the first one first. `reliability` is an explicit identity status when the sender gives one
    (FHIR identity reliability, HL7 v2 PID-32), else "". `place` is where it was read.
    """

    place: str
    number: str = ""
    authority: str = ""
    birth_name: str = ""
    first_given: str = ""
    given_names: tuple[str, ...] = ()
    birth_date: date | None = None
    sex: str = ""
    birth_place: str = ""
    reliability: str = ""
    local_ids: tuple[Coded, ...] = ()

    @property
    def has_ins(self) -> bool:
        return bool(self.number)


class DocumentEntry(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """XDS DocumentEntry as stated by its sender (ITI TF-3, table 4.1.3.2-1; CI-SIS model). `repository` is the OID
    of the one that keeps the bytes (repositoryUniqueId) where that is not this platform's."""

    place: str
    unique_id: str
    mime_type: str
    type: Coded | None = None
    class_: Coded | None = None
    format: Coded | None = None
    title: str = ""
    comments: str = ""
    language: str = ""
    creation_time: datetime | None = None
    service_start: datetime | None = None
    service_stop: datetime | None = None
    authors: tuple[Author, ...] = ()
    legal_authenticator: Author | None = None
    facility_type: Coded | None = None
    practice_setting: Coded | None = None
    confidentiality: str = "N"
    visibility: frozenset[Visibility] = frozenset()
    event_codes: tuple[Coded, ...] = ()
    reference_ids: tuple[Coded, ...] = ()
    hash: str | None = None
    size: int | None = None
    set_id: str = ""
    version: str = ""
    custodian_id: str = ""
    repository: str = ""


class Linking(StrEnum):
    """How one document is linked to another: the last part of the associationType (ITI TF-3, 4.2.2.2)."""

    REPLACES = "RPLC"
    TRANSFORMS_AND_REPLACES = "XFRM_RPLC"
    APPENDS = "APND"
    TRANSFORMS = "XFRM"
    SIGNS = "signs"


@dataclass(frozen=True, slots=True)
class Related:
    """What a document appends or transforms: `DocumentReference/<id>`, or a uniqueId, which may be that of a document
    of the same submission."""

    kind: Linking
    target: str


@dataclass(frozen=True, slots=True)
class NewDocument:
    """One document of a submission: its entry, its bytes, and the entry it replaces, if any, `by_transforming` it
    (XFRM_RPLC) or not (RPLC).

    `patients` are all the statements of identity found for it (metadata and header). A signature names by their
    uniqueIds the documents of its submission that it `signs`; `signs_set`: by signing the set itself.
    """

    entry: DocumentEntry
    content: Data
    patients: tuple[PatientStatement, ...] = ()
    replaces: str | None = None
    signs: frozenset[str] = frozenset()
    signs_set: bool = False
    related: tuple[Related, ...] = ()
    by_transforming: bool = False


@dataclass(frozen=True, slots=True)
class Folder:
    """XDS Folder as stated by its sender (ITI TF-3, table 4.1.3.2-3). `members` are documents of the same submission
    by their uniqueIds, or filed before: `DocumentReference/<id>`."""

    place: str
    unique_id: str
    title: str = ""
    codes: tuple[Coded, ...] = ()
    comments: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A document, named as in `Folder.members`, that is put into a folder filed before: `List/<id>`."""

    place: str
    folder: str
    member: str


@dataclass(frozen=True, slots=True)
class Submission:
    """XDS SubmissionSet with its documents and folders; `source_id` is the OID or URI the sender gives as source."""

    unique_id: str
    source_id: str
    submission_time: datetime | None
    documents: tuple[NewDocument, ...]
    content_type: Coded | None = None
    title: str = ""
    comments: str = ""
    author: Author | None = None
    patients: tuple[PatientStatement, ...] = ()
    place: str = ""
    folders: tuple[Folder, ...] = ()
    placed: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    """The bytes of one document, as received; `place` is where they were. A `signature` of the lot says nothing of a
    patient."""

    place: str
    mime_type: str
    data: Data
    signature: bool = False
