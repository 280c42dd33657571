"""What happens to a record."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

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
    """A document that was held from the patient shows now: a professional told them, or said that they were told.

    `versions`: it and those that it replaces, which show with it.
    """

    patient: UUID
    document: UUID
    at: datetime
    versions: tuple[UUID, ...] = ()
