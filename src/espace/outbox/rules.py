"""Names, bytes and patience."""

import re
from collections.abc import Iterable
from datetime import timedelta

import msgspec

from espace.kernel.json import decode as read
from espace.outbox.facts import Event, Registry

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 20
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
ERROR_MOST = 64

_CODE = re.compile(rf"[A-Za-z][A-Za-z0-9._]{{0,{ERROR_MOST - 1}}}", re.ASCII)


def name_of(kind: type[Event]) -> str:
    """The name under which an event is stored: "room.EventName"."""
    return f"{kind.__module__.split('.')[1]}.{kind.__name__}"


def registry(kinds: Iterable[type[Event]]) -> Registry:
    """Name → class; ValueError when two classes would have one name."""
    named: dict[str, type[Event]] = {}
    for kind in kinds:
        if named.setdefault(name_of(kind), kind) is not kind:
            raise ValueError(f"two events are called {name_of(kind)}")
    return named


def encode(event: Event) -> bytes:
    return msgspec.json.encode(event)


def decode(kind: type[Event], payload: bytes) -> Event:
    """The event that `encode` wrote; ValueError when the class has changed since in a way it cannot read."""
    event: Event = read(payload, kind)
    return event


def next_wait(attempts: int) -> timedelta | None:
    """How long to wait after the failure of attempt number `attempts`; None when it was the last."""
    if attempts >= MAX_ATTEMPTS:
        return None
    doublings: int = 2 ** (attempts - 1)
    return min(LONGEST_WAIT, FIRST_WAIT * doublings)


def error_code(error: str) -> str:
    """What is kept of a failure: a code or a class name, never a message, which might quote data."""
    return error if _CODE.fullmatch(error) else "unnamed"
