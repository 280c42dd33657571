"""What happens to a holder's relations with professionals."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from espace.outbox.facts import Event
from espace.trace.facts import Audience


@dataclass(frozen=True, slots=True)
class ConsentRecorded(Event):
    """A professional recorded the patient's consent: the holder is told at once. `secret`: a minor's, of which their
    representatives, who may read the minor's mail, must not know."""

    patient: UUID
    secret: bool = False
    who: str = ""
    place: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordOpened(Event):
    """A professional read the record for care, of which those of `shown` may know and were not all told that day.
    `first`: those who may read the holder's mail, of whom a minor's representatives may be, had never been told of
    them: a mail that is missing must not tell of secret care."""

    patient: UUID
    professional: UUID
    who: str
    place: str
    at: datetime
    shown: frozenset[Audience]
    first: bool


@dataclass(frozen=True, slots=True)
class GlassBroken(Event):
    """A professional opened the record in an emergency, without consent, at `at`: the holder is told at once."""

    patient: UUID
    at: datetime
    who: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class AttendingDoctorNamed(Event):
    """The patient has another attending doctor (`who`), or none any more."""

    patient: UUID
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AdministrationChanged(Event):
    """Somebody was named administrator of the space, or is it no more; or one of them (`who`), or the attending doctor,
    blocked a professional (`blocked`) for the holder."""

    patient: UUID
    who: str = ""
    place: str = ""
    blocked: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CareTeamChanged(Event):
    """A professional recorded the patient's consent for their care team, or added somebody (`added`) to it: told at
    once."""

    patient: UUID
    who: str = ""
    place: str = ""
    added: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedingWishStated(Event):
    """An organisation (`who`) says that the patient objects to its feeding their space, or does no more. `secret`: the
    patient is a minor, whose representatives may not know that they were there."""

    patient: UUID
    objects: bool
    who: str
    at: datetime
    secret: bool = False
