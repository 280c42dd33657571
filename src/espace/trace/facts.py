"""The vocabulary of the register of accesses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from espace.kernel.ids import PatientId
from espace.kernel.words import ActorKind, Purpose, Verb, Visibility

ADDED_ONLY = ("trace_leaf", "trace_tile", "trace_checkpoint")
"""Tables of which nobody ever takes a row away."""
INSERT_ONLY_TABLES = ("trace_event", "trace_link", *ADDED_ONLY)
"""Tables on which the application's role may only SELECT and INSERT; triggers say so a second time."""


class Outcome(StrEnum):
    ALLOWED = "allowed"
    REFUSED = "refused"


class Audience(StrEnum):
    """Who reads a chain of lines: it holds all those that these people may read, and no other."""

    HOLDER = "holder"
    REPRESENTATIVES = "representatives"


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One line of a patient's register: who did or tried what, why, and what was decided.

    `id` is a UUIDv7 and gives the order of lines; `at` is aware. The actor's and the organisation's
    names are those of that day. `reason` is the logged code. `objects` are the ids answered or filed,
    `asked` the search criteria (never contents), `count` how many objects were answered. The line is
    shown to nobody from whom its objects are hidden (`hidden_from`). `grounds` are what a professional's reading stood
    on: their profession, the consent of that day.
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
    grounds: Mapping[str, str] = field(default_factory=dict)


CHANGED = "changed "
"""Before the id of a document, among the grounds of a line: which attributes of it changed, by their names in XDS. The
line has those of its own objects."""


@dataclass(frozen=True, slots=True)
class TraceLine:
    """A line as read again: the event, and what ties it to its leaf of the tree.

    `nonce` (32 bytes) and the canonical event give `commitment` (32 bytes), the only part that the
    tree holds.
    """

    event: TraceEvent
    nonce: bytes
    commitment: bytes


@dataclass(frozen=True, slots=True)
class History:
    """Some of a patient's lines, of `rows` read: those that are what was committed to, and how many are not; `last` is
    the id of the oldest row, altered or not, before which the older ones are; None where none was read."""

    lines: tuple[TraceLine, ...]
    altered: int
    rows: int
    last: UUID | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of one chain of a patient: its last number (0 before the first line) and link (32 bytes)."""

    number: int
    link: bytes


@dataclass(frozen=True, slots=True)
class Linked:
    """What one leaf added to a patient's chains: the line, the leaf's index, and per audience what came before and
    after; equal where the audience may not read the line, or had it already."""

    line: UUID
    leaf: int
    before: Mapping[Audience, Head]
    after: Mapping[Audience, Head]

    def adds_to(self, audience: Audience) -> bool:
        return self.before[audience] != self.after[audience]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement about the tree: how many leaves, their root, and the signed note that says so."""

    size: int
    root: bytes
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Leaf:
    """A published entry with its place and its proof in the tree of a checkpoint."""

    index: int
    data: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class ProvedLine:
    """A line that its audience may prove: `event` canonical, its own leaf, its link and the leaf that holds the link
    (the same one, unless the line was hidden for some time)."""

    event: bytes
    nonce: bytes
    entry: Leaf
    number: int
    previous: bytes
    link_entry: Leaf


@dataclass(frozen=True, slots=True)
class Proof:
    """What a proof file says. `waiting` counts lines that no checkpoint covers yet."""

    audience: Audience
    chain_key: bytes
    checkpoint: Checkpoint
    lines: tuple[ProvedLine, ...]
    waiting: int
