"""The way back of a holder who cannot sign in any more: asked for, waited for, then used once (ADR 0019)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from espace.kernel.ids import PatientId


class RecoveryStep(StrEnum):
    """What is told by mail."""

    ASKED = "asked"
    BEGUN = "begun"
    READY = "ready"
    CANCELLED = "cancelled"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Recovery:
    """A live way back: it opens at `due_at`, None until its holder gave their birth date, and ends at `expires_at`."""

    account_id: UUID
    patient: PatientId
    due_at: datetime | None
    expires_at: datetime

    def open_at(self, at: datetime) -> bool:
        """Whether the wait is over."""
        return self.due_at is not None and self.due_at <= at
