"""What happens to a record."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from espace.kernel.words import Visibility
from espace.outbox.facts import Event


@dataclass(frozen=True, slots=True)
class DocumentsFiled(Event):
    """Documents that were not there before were filed at `at`; again, with nothing new, announces nothing.

    `shown`: the holder may see at least one of them, and did not add it themselves. Where it is false nobody on the
    holder's side is told.
    """

    patient: UUID
    submission: UUID
    shown: bool
    at: datetime


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
