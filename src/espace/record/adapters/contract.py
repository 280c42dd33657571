"""What a content store is: sealed bytes under a name, written durably before the row that names them is committed.

Protocol: the bytes are durable under their name → then the database transaction. Readers only open what a committed
row names; what no row names is an orphan, collected after a grace period (`record.actions.contents`).

A store bears a mark, which says whose it is. A folder without one takes nothing: it is rather the place where a volume
is not mounted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import NamedTuple, Protocol
from uuid import UUID

READ_AT_ONCE = 1024 * 1024 + 64
"""Bytes: no more than a content that is sealed in one shot has."""
MARK = UUID(int=0)
"""The name under which a store says whose it is; never a content's, which are UUIDv7, and so never listed."""


class ContentMissing(Exception):
    """The store cannot give these bytes."""


class ContentUnavailable(ContentMissing):
    """The store does not answer, or cannot read them now: whether it has them is not known."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A whole content in the store, and when it was written by the clock of the store (aware)."""

    name: UUID
    written_at: datetime

    @property
    def latest(self) -> datetime:
        """The later of the two clocks that say when it was written: the one in its name, the store's."""
        return max(self.written_at, named_at(self.name))


class Pieces(Protocol):
    """Bytes in pieces that need not be in memory together: the same ones each time they are read."""

    def __len__(self) -> int:
        """Of all of them, in bytes."""

    def __iter__(self) -> Iterator[bytes]: ...


class Reading(NamedTuple):
    """A content that is being read: how many bytes it has, and they, in pieces, once."""

    size: int
    pieces: Iterator[bytes]


class ContentStore(Protocol):
    """Where sealed contents are. Names are UUIDv7, which say when they were given."""

    def write(self, name: UUID, data: bytes | Pieces) -> None:
        """Keep `data` durably, whole or not at all; OSError when it cannot.

        A name is written once: the same bytes again are the same content, other bytes are refused (FileExistsError)
        and the first stay. A folder that bears no mark takes nothing (OSError, ENODEV).
        """

    def mark(self, data: bytes) -> None:
        """Keep `data` as the store's mark, once and for ever; FileExistsError where there is another already."""

    def read(self, name: UUID) -> bytes:
        """The bytes kept; ContentMissing when there are none, ContentUnavailable when they cannot be read."""

    def reading(self, name: UUID) -> Reading:
        """What `read` gives, and as it does, in pieces where the store can: none but the first, which is the largest,
        is read before it is asked for. ContentUnavailable also between two pieces."""

    def listing(self, *, since: datetime | None, until: datetime) -> Iterator[Stored]:
        """The whole contents whose names were given from `since` on and before `until`, lazily, in memory that does
        not grow; those written meanwhile may be there or not. OSError when the store does not answer."""

    def remove(self, names: Iterable[UUID]) -> None:
        """Remove contents for good; names that are not there are no error. OSError when it cannot, ENODEV as
        `write`."""

    def unfinished(self, *, before: datetime) -> int:
        """How many writes that began before then were cut short and left something; nobody reads that."""

    def sweep(self, *, before: datetime) -> int:
        """Remove what those left; how many."""

    def links(self) -> Iterator[str]:
        """Names of contents, or of the folders they are in, that are links to other files: no store makes any, and a
        back-up follows none."""

    def check(self) -> None:
        """OSError unless the store answers and can be listed, ENODEV as `write`; writes nothing."""


def pieces_of(data: bytes | Pieces) -> Iterator[bytes]:
    return iter((data,)) if isinstance(data, bytes) else iter(data)


def whole_of(data: bytes | Pieces) -> bytes:
    """All of it at once, each piece written where it stays: a BytesIO gives its bytes without a copy."""
    if isinstance(data, bytes):
        return data
    whole = BytesIO(bytes(len(data)))
    for piece in data:
        whole.write(piece)
    return whole.getvalue()


def named_at(name: UUID) -> datetime:
    """When a UUIDv7 was given (RFC 9562, section 5.7), by the clock of who gave it; the last day of the calendar for
    a time beyond it."""
    try:
        return datetime.fromtimestamp((name.int >> 80) / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=UTC)


def content_name(text: str) -> UUID | None:
    """The name that these 32 hexadecimal digits write, as the stores write them; None for anything else."""
    if len(text) != 32 or not set(text) <= set("0123456789abcdef"):
        return None
    name = UUID(text)
    return name if name.version == 7 else None
