"""What happens to a holder's relations with professionals."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from espace.outbox.facts import Event


@dataclass(frozen=True, slots=True)
class ConsentRecorded(Event):
    """A professional recorded the patient's consent: the holder is told at once."""

    patient: UUID


@dataclass(frozen=True, slots=True)
class GlassBroken(Event):
    """A professional opened the record in an emergency, without consent, at `at`: the holder is told at once."""

    patient: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class AttendingDoctorNamed(Event):
    """The patient has another attending doctor, or none any more."""

    patient: UUID
