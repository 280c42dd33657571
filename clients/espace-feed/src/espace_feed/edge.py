"""The clock and chance: the only module that asks the machine for them."""

import secrets
import time
from datetime import UTC, datetime


def now() -> float:
    """Seconds since 1970, as files and the state have them."""
    return time.time()


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def local(at: float) -> datetime:
    """This moment with the offset of the machine's own zone."""
    return datetime.fromtimestamp(at, UTC).astimezone()


def new_id() -> str:
    return secrets.token_urlsafe(24)
