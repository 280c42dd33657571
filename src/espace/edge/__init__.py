"""The edge of the pure world: the one clock, the one source of chance, and the name of the request under way."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from uuid import UUID

from espace.kernel.ids import ENTROPY_BYTES, uuid7

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)
_request: ContextVar[str] = ContextVar("request", default="")


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


def present_request() -> str:
    """The id of the request that this thread answers, "" where it answers none."""
    return _request.get()


def request_id() -> str:
    """`present_request`, or a fresh id where there is none: what ties the lines of one request in our logs."""
    return _request.get() or str(new_id())


@contextmanager
def answering(request: str) -> Iterator[None]:
    """Inside the block this thread answers the request of that id."""
    mark = _request.set(request)
    try:
        yield
    finally:
        _request.reset(mark)


def new_token() -> str:
    """A secret of 256 bits, for URLs and headers."""
    return secrets.token_urlsafe(32)
