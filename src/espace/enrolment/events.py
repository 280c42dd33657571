"""What the life of a space announces."""

from dataclasses import dataclass
from uuid import UUID

from espace.outbox.facts import Event


@dataclass(frozen=True, slots=True)
class SpaceOpened(Event):
    """A space was opened; `token` is the secret of the activation link (travels sealed)."""

    patient: UUID
    token: str
