"""The vocabulary of a space's life (A36)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from espace.identity.facts import Ins, Traits
from espace.kernel.ids import PatientId


class State(StrEnum):
    NOT_INVITED = "not_invited"
    INFORMED = "informed"
    OPPOSED = "opposed"
    OPENED = "opened"
    ACTIVATED = "activated"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    ERASURE_REQUESTED = "erasure_requested"
    ERASED = "erased"
    DECEASED = "deceased"


class Step(StrEnum):
    """What happens to a space."""

    OPEN = "open"
    OBJECT = "object"
    ACTIVATE = "activate"
    ASK_CLOSING = "ask_closing"
    """The holder asks: nobody reads any more, and it is closed after a while (A30)."""
    CLOSE = "close"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A mailed link that lets one holder activate their space."""

    patient: PatientId
    expires_at: datetime
    attempts: int


class Enrolled(StrEnum):
    """What came of one line of an enrolment file."""

    OPENED = "opened"
    ALREADY = "already"
    OPPOSED = "opposed"
    OTHER_TRAITS = "other_traits"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to open a space for; what the sick fund holds."""

    ins: Ins
    traits: Traits
    email: str
