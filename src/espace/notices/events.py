"""What notices announce to themselves."""

from dataclasses import dataclass
from uuid import UUID

from espace.outbox.facts import Event


@dataclass(frozen=True, slots=True)
class MailPostponed(Event):
    """Something happened too soon after the last mail on this topic: the next one was put off until now."""

    patient: UUID
    topic: str
