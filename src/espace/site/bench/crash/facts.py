"""The vocabulary of a crash campaign: what is killed, what clients do, what can be found wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import msgspec


class Act(StrEnum):
    """What a client asks for."""

    DEPOSIT = "deposit"
    REPLACE = "replace"
    MASK = "mask"
    UNMASK = "unmask"
    DELETE = "delete"
    READ = "read"
    SEARCH = "search"
    DOCTOR_READ = "doctor_read"
    DOCTOR_SEARCH = "doctor_search"


FILED = frozenset({Act.DEPOSIT, Act.REPLACE})
MASKINGS = frozenset({Act.MASK, Act.UNMASK})
READINGS = frozenset({Act.READ, Act.DOCTOR_READ})
SEARCHES = frozenset({Act.SEARCH, Act.DOCTOR_SEARCH})


class Phase(StrEnum):
    """`SEND`: about to be sent. `ACK`: the whole answer came. `UNKNOWN`: the connection broke, or a 5xx came.
    `REFUSED`: a 4xx to what nothing forbids. `STUCK`: given up."""

    SEND = "send"
    ACK = "ack"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    STUCK = "stuck"


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the ledger: what a client was about to do, or what came of it.

    `number` names the operation, however often it is sent; `at` is the monotonic clock, which every process of the
    machine reads alike. `document` is the identifier that the client chose, `entry` the one that the platform gave,
    `digest` the SHA-256 of the content sent, or of the one that was served; `listed` the entries that a search told.
    """

    number: int
    phase: Phase
    act: Act
    at: float
    patient: str
    document: str = ""
    entry: str = ""
    digest: str = ""
    target: str = ""
    status: int = 0
    listed: tuple[str, ...] = ()


class Person(msgspec.Struct, frozen=True):
    """Somebody whose record is used: the tokens and the cookie with which clients come, and what they deposit.

    `bundle` is an ITI-65 bundle, `document` the CDA in it, cut where its identifier stands.
    """

    patient: str
    named: str
    feeder: str
    holder: str
    doctor: str
    cookie: str
    bundle: bytes
    document: list[bytes]


class Orders(msgspec.Struct, frozen=True):
    """What the process of the clients is told; it ends soon after the file `stop` exists."""

    port: int
    clients: int
    seed: int
    ledger: str
    stop: str
    people: list[Person]


class Target(StrEnum):
    """What is killed with SIGKILL: one web process or all, the worker, one process of PostgreSQL or its postmaster, the
    S3 server."""

    WEB_WORKER = "web-process"
    APPLICATION = "web-server"
    WORKER = "worker"
    BACKEND = "postgresql-process"
    POSTMASTER = "postmaster"
    STORE = "s3-server"


class Point(StrEnum):
    """A place in a program where its process kills itself, once told to."""

    CONTENT_BEFORE_FSYNC = "content-before-fsync"
    CONTENT_AFTER_FSYNC = "content-after-fsync"
    CONTENT_AFTER_RENAME = "content-after-rename"
    CONTENT_KEPT = "content-kept"
    ROWS_BEFORE_LINE = "rows-before-line"
    BEFORE_COMMIT = "before-commit"
    AFTER_COMMIT = "after-commit"
    LEASED = "worker-leased"
    BEFORE_DONE = "worker-before-done"
    SEQUENCER_BEFORE_COMMIT = "sequencer-before-commit"
    SEQUENCER_AFTER_COMMIT = "sequencer-after-commit"


IN_WORKER = frozenset({Point.LEASED, Point.BEFORE_DONE, Point.SEQUENCER_BEFORE_COMMIT, Point.SEQUENCER_AFTER_COMMIT})
IN_FILES = frozenset({Point.CONTENT_BEFORE_FSYNC, Point.CONTENT_AFTER_FSYNC, Point.CONTENT_AFTER_RENAME})
"""Where contents are files of ours: nobody comes there when they are in a bucket."""


class Fault(StrEnum):
    LOST = "lost"
    ALTERED = "altered"
    HALF_VISIBLE = "half_visible"
    DUPLICATE = "duplicate"
    UNDONE = "undone"
    SHOWN = "shown"
    UNTRACED = "untraced"
    TRACE_GAP = "trace_gap"
    UNASKED = "unasked"
    DROPPED = "dropped"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


MEANING: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.LOST: "what was acknowledged is not there: no row, no content, or not served",
        Fault.ALTERED: "what is stored or served is not, byte for byte, what was sent",
        Fault.HALF_VISIBLE: "a part of a deposit without the others, or a document told that nobody sent",
        Fault.DUPLICATE: "the same deposit twice: two rows, two identifiers, told twice, counted twice",
        Fault.UNDONE: "an acknowledged replacement, mask, unmasking or deletion is not in force",
        Fault.SHOWN: "a masked or deleted document was shown to whom it must not be",
        Fault.UNTRACED: "something was served or done without its line in the access log",
        Fault.TRACE_GAP: "a line that does not open, or lines and leaves of the tree that do not match, or a gap",
        Fault.UNASKED: "a line of the access log that no request explains",
        Fault.DROPPED: "an event given up or left waiting, or a counter that is wrong",
        Fault.REFUSED: "a right request was refused",
        Fault.UNANSWERED: "a request that was sent again and again and never answered",
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """Something wrong; `what` says which, by ids."""

    fault: Fault
    what: str
