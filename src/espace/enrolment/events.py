"""What the life of a space announces."""

from dataclasses import dataclass
from uuid import UUID

from espace.outbox.facts import Event


@dataclass(frozen=True, slots=True)
class HolderInvited(Event):
    """A holder was sent a link to activate their space; `token` is its secret (travels sealed)."""

    patient: UUID
    token: str
