"""The vocabulary of the register of accesses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from espace.kernel.ids import PatientId
from espace.kernel.words import ActorKind, Purpose, Verb, Visibility

INSERT_ONLY_TABLES = ("trace_event", "trace_leaf")
"""Tables on which the application's role may only SELECT and INSERT; triggers say so a second time."""


class Outcome(StrEnum):
    ALLOWED = "allowed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One line of a patient's register: who did or tried what, why, and what was decided.

    `id` is a UUIDv7 and gives the order of lines; `at` is aware. The actor's and the organisation's
    names are those of that day. `reason` is the logged code. `objects` are the ids answered or filed,
    `asked` the search criteria (never contents), `count` how many objects were answered. The line is
    shown to nobody from whom its objects are hidden (`hidden_from`).
    """

    patient: PatientId
    id: UUID
    at: datetime
    actor_kind: ActorKind
    actor_id: UUID
    actor_name: str
    purpose: Purpose
    verb: Verb
    outcome: Outcome
    reason: str
    organisation_name: str = ""
    objects: tuple[UUID, ...] = ()
    asked: Mapping[str, str] = field(default_factory=dict)
    count: int = 0
    hidden_from: frozenset[Visibility] = frozenset()
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class TraceLine:
    """A line as read again: the event, and what ties it to its leaf of the tree.

    `nonce` (32 bytes) and the canonical event give `commitment` (32 bytes), the only part that the
    tree holds.
    """

    event: TraceEvent
    nonce: bytes
    commitment: bytes
