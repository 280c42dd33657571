"""Identifiers: UUID version 7 (RFC 9562, section 5.7), made from values the edge hands in.

The microseconds take the place of the first random bits (section 6.2, method 3): what one process makes in one
millisecond, the lines of an access log for example, is in order too.
"""

from datetime import UTC, datetime, timedelta
from typing import NewType
from uuid import UUID

PatientId = NewType("PatientId", UUID)
"""The platform's own identifier of a person, by which addresses name them; never an INS, and it opens nothing."""

ENTROPY_BYTES = 10
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_RANDOM = (1 << 66) - 1
"""What stays of the entropy; version and variant are written over it."""


def uuid7(at: datetime, entropy: bytes) -> UUID:
    """A UUIDv7 for the instant `at` (aware) and 10 random bytes; ValueError on another length."""
    if len(entropy) != ENTROPY_BYTES:
        raise ValueError(f"{ENTROPY_BYTES} bytes of entropy are needed, {len(entropy)} were given")
    milliseconds, microseconds = divmod((at - _EPOCH) // _MICROSECOND, 1000)
    value = (milliseconds << 80) | (microseconds << 66) | (int.from_bytes(entropy) & _RANDOM)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
