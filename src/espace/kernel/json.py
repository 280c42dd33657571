"""Reading our own values back from JSON."""

from threading import Lock
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
_MAKING = Lock()
_READERS: dict[Any, msgspec.json.Decoder[Any]] = {}


def decode(data: bytes | str | memoryview, kind: type[T]) -> T:
    """A value of this type, which we wrote as JSON; msgspec.DecodeError where it is none.

    msgspec learns a type when it is first asked for it, and another thread that reads the same type meanwhile follows
    a pointer that is not there yet: the process dies (msgspec 0.22, seen under load). Here one thread learns at a time,
    and nobody reads before.
    """
    value: T = _decoder(kind).decode(data)
    return value


def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    found = _READERS.get(kind)
    if found is None:
        with _MAKING:
            found = _READERS.setdefault(kind, msgspec.json.Decoder(kind))
    return found
