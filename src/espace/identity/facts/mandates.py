"""Who helps whom, by what right, and until when (A18-A27)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from espace.kernel.ids import PatientId


class Helps(StrEnum):
    """By what right somebody acts in another person's space."""

    PARENT = "parent"
    """A legal representative of a minor."""
    GUARDIAN = "guardian"
    """Whom a court has represent a protected adult."""
    CARER = "carer"
    """Whom the holder chose."""
    ADVISER = "adviser"
    """A digital adviser, in a session that the holder began with a code, sees and ends."""


CHOSEN = frozenset({Helps.CARER, Helps.ADVISER})
"""Whom the holder chose, and who stands for nobody: who reads and who helps is not theirs to know nor to decide."""


class Scope(StrEnum):
    """How far a helper may go: read, or do all that their right lets them do."""

    READ = "read"
    ACT = "act"


class Protection(StrEnum):
    """A protection measure (Code civil, 425 to 494-12). Curatelle assists, and gives no access."""

    TUTELLE = "tutelle"
    HABILITATION = "habilitation_familiale"
    FUTURE = "mandat_protection_future"
    CURATELLE = "curatelle"


class MandateState(StrEnum):
    WAITING = "waiting"
    """Asked, and not answered."""
    IN_FORCE = "in_force"
    REFUSED = "refused"
    LAPSED = "lapsed"
    """Never answered."""
    OVER = "over"
    """Its end date came; that of a parent is the child's majority."""
    ENDED = "ended"
    """One of the two ended it, or the operator did."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a guardian's mandate rests on: the measure, and the reference of the decision."""

    protection: Protection
    decision: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """One person's right to help another. Names are those of the day when it was asked or answered.

    `helper` is None until somebody answers; `address` is where the invitation went, "" where it was stated by an
    authority. `until` is its last moment, None for none; `answer_by` that of an invitation. `first`: the legal
    representative who may invite the second one. `ended_by` is a name. `contested_at`: somebody says that it is wrong.
    Of a digital adviser, where they work (`structure`), and the account by which they came (`account`).
    """

    id: UUID
    kind: Helps
    scope: Scope
    helped_name: str
    asked_at: datetime
    asked_by: str
    answer_by: datetime
    helper: UUID | None = None
    helper_name: str = ""
    address: str = ""
    until: datetime | None = None
    first: bool = False
    proof: Proof | None = None
    accepted_at: datetime | None = None
    refused_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    contested_at: datetime | None = None
    structure: str = ""
    account: UUID | None = None


@dataclass(frozen=True, slots=True)
class Adviser:
    """An account that the operator named a digital adviser's: its address, and where they work."""

    account: UUID
    address: str
    structure: str


@dataclass(frozen=True, slots=True)
class Contested:
    """A right that somebody says is wrong, as the operator sees it: a reference, and since when."""

    reference: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class Helped:
    """Somebody whom a person helps, as the switch between spaces names them."""

    patient: PatientId
    mandate: Mandate
    state: MandateState
