"""What the extraction of facts announces to itself, for later."""

from dataclasses import dataclass
from uuid import UUID

from espace.outbox.facts import Event


@dataclass(frozen=True, slots=True)
class ExtractionGoesOn(Event):
    """Documents of this record wait for their facts to be extracted: one more batch of them."""

    patient: UUID
