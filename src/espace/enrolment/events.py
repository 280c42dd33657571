"""What the life of a space announces."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from espace.enrolment.facts import Step
from espace.outbox.facts import Event


@dataclass(frozen=True, slots=True)
class HolderInvited(Event):
    """A holder was sent a link to activate their space; `token` is its secret (travels sealed)."""

    patient: UUID
    token: str


@dataclass(frozen=True, slots=True)
class SpaceMoved(Event):
    """The holder asked for their space to be closed (which it is `until` then), it was, or they reopened it."""

    patient: UUID
    step: Step
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClosingDue(Event):
    """A space that was suspended then is to be closed now, unless it was reopened."""

    patient: UUID
    since: datetime
