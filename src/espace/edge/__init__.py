"""The edge of the pure world: the one clock and the one source of chance."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from uuid import UUID

from espace.kernel.ids import ENTROPY_BYTES, uuid7

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC; the one set by `clock_at` inside a test."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def clock_at(instant: datetime) -> Iterator[None]:
    """Make `now()` answer `instant` (aware) until the block ends."""
    mark = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(mark)


def random_bytes(count: int) -> bytes:
    return os.urandom(count)


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return uuid7(now(), random_bytes(ENTROPY_BYTES))


def new_token() -> str:
    """A secret of 256 bits, for URLs and headers."""
    return secrets.token_urlsafe(32)
