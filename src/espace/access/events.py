"""What happens to a holder's relations with professionals."""

from dataclasses import dataclass
from uuid import UUID

from espace.outbox.facts import Event


@dataclass(frozen=True, slots=True)
class ConsentRecorded(Event):
    """A professional recorded the patient's consent: the holder is told at once."""

    patient: UUID


@dataclass(frozen=True, slots=True)
class AttendingDoctorNamed(Event):
    """The patient has another attending doctor, or none any more."""

    patient: UUID
