"""What happens to a record."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from espace.kernel.words import Purpose, Visibility
from espace.outbox.facts import Event


@dataclass(frozen=True, slots=True)
class Titled:
    """A document as the portal tells its holder of it: its title of that day, what hides it from those who help them,
    and whether it takes the place of another one."""

    id: UUID
    title: str
    hidden: frozenset[Visibility] = frozenset()
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class DocumentsFiled(Event):
    """Documents that were not there before were filed at `at`; again, with nothing new, announces nothing.

    `shown`: the holder may see at least one of them, and neither they nor who stands for them added it. Where it is
    false nobody on the holder's side is told. `secret`: all of those are kept from a minor's representatives, who may
    read their mail.
    """

    patient: UUID
    submission: UUID
    shown: bool
    at: datetime
    secret: bool = False
    documents: tuple[Titled, ...] = ()
    """Those that the holder may see."""
    who: str = ""
    place: str = ""
    to_read: tuple[UUID, ...] = ()
    """Those that the platform reads (`rules.extracting`), whoever may see them: for their facts and their words."""


@dataclass(frozen=True, slots=True)
class DocumentDeleted(Event):
    """Its author or depositor deleted a document, for good, whoever could see it, or one that its holder removed is
    forgotten: what was made of it goes with it."""

    patient: UUID
    document: UUID


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A document that goes by mail alone: its uniqueId, title, kind and bytes, and from whom it is hidden."""

    unique_id: str
    title: str
    type_code: str
    mime_type: str
    content: bytes
    hidden: frozenset[Visibility] = frozenset()


@dataclass(frozen=True, slots=True)
class MailAsked(Event):
    """Documents that were filed, replaced, deleted or relabelled (`act`: `wire.hl7v2.Act`) are to be told of by secure
    mail as well: to professionals at these addresses, to the patient.

    Nobody handles it until there is messaging: it waits in the outbox. Whoever does asks, when it sends, what hides the
    documents then: what is hidden from the patient, or from the representatives who read their mail, goes to them no
    more. The texts are the bodies that the sender wrote, "" for none; `receipt` and `reading` ask for a notice of each.
    `contents` are those of what is not in the record, and is nowhere else.
    """

    patient: UUID
    act: str
    documents: tuple[UUID, ...]
    at: datetime
    who: str
    place: str
    to_professionals: tuple[str, ...] = ()
    to_patient: bool = False
    reply_to: tuple[str, ...] = ()
    text: str = ""
    text_for_patient: str = ""
    receipt: bool = False
    reading: bool = False
    contents: tuple[Enclosed, ...] = ()


class Changing(StrEnum):
    DELETED = "deleted"
    UNMASKED = "unmasked"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class DocumentChanged(Event):
    """Its author or depositor deleted a document that the holder may see, shows it to professionals again, or states
    otherwise what it is."""

    patient: UUID
    document: Titled
    change: Changing
    at: datetime
    who: str
    place: str


@dataclass(frozen=True, slots=True)
class DocumentAnnounced(Event):
    """A document that was held from the patient shows now: a professional said that they were told, or its time came.

    `versions`: it and those that it replaces, which show with it. `told` is false for one that was deleted meanwhile:
    only the lines of the access log about it show. `still` hides it yet from others.
    """

    patient: UUID
    document: UUID
    at: datetime
    versions: tuple[UUID, ...] = ()
    told: bool = True
    still: frozenset[Visibility] = frozenset()
    title: str = ""


@dataclass(frozen=True, slots=True)
class CopyGoesOn(Event):
    """The next step of making a copy of a whole space is due; `step` says which, so that each is done once."""

    patient: UUID
    copy: UUID
    step: int
    account: UUID
    own: UUID
    name: str
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class CopyReady(Event):
    """A copy of a whole space can be downloaded; `own` is the patient who asked for it, of the same space or not."""

    own: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class HoldLasts(Event):
    """The time has come to tell the patient to consult, if this document is held from them still. Posted without
    patient: in clear, that somebody has such a document would be for everybody who sees the queue."""

    patient: UUID
    document: UUID


@dataclass(frozen=True, slots=True)
class HoldEnds(Event):
    """The time has come for this document to show, if it is held from the patient still. Posted without patient."""

    patient: UUID
    document: UUID
