"""The vocabulary of keys: their kinds, what a key service does, and what goes wrong."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from espace.kernel.reasons import transport
from espace.kernel.words import Refused


class KeyKind(StrEnum):
    """The three keys of a patient: erasure destroys the first two, the end of trace retention the third."""

    CONTENT = "content"
    METADATA = "metadata"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class LogKey:
    """A public key of the log, under its name; `algorithm` is the C2SP signature type (1: Ed25519, 32 bytes).

    `retired`: it signs no more, and what it signed still holds.
    """

    name: str
    algorithm: int
    public: bytes
    retired: bool = False


class KeysMissing(Exception):
    """No key of this kind was ever made for this patient: nothing of theirs is sealed under it."""


class KeysDestroyed(Exception):
    """The key was destroyed: what it sealed is unreadable, for ever."""


class SealBroken(Exception):
    """The sealed bytes are not those that were sealed here: altered, cut, or moved from another row."""


class KeyServiceUnavailable(Refused):
    """The key service or its database does not answer; `why` is for the operator, never told outside."""

    def __init__(self, why: str) -> None:
        super().__init__(transport.TEMPORARILY_UNAVAILABLE)
        self.why = why

    def __str__(self) -> str:
        return self.why


class KeyService(Protocol):
    """Holds the keys that never leave it. `context` must be the same again to unwrap or open.

    Every method raises KeyServiceUnavailable when the service does not answer; `unwrap` and `open`
    raise SealBroken for bytes or a context that are not those of `wrap` and `seal`.
    """

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Seal a patient's 32-byte key under the current key-encryption key."""
        ...

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes: ...

    def hmac(self, data: bytes) -> bytes:
        """HMAC-SHA-256 under the index key: 32 bytes, always the same for the same data."""
        ...

    def seal(self, data: bytes, context: bytes) -> bytes:
        """Seal data that belong to no patient; no bound on the number of calls matters."""
        ...

    def open(self, sealed: bytes, context: bytes) -> bytes: ...

    def health(self) -> None: ...
