"""Identifiers: UUID version 7 (RFC 9562, section 5.7), made from values the edge hands in."""

from datetime import datetime
from typing import NewType
from uuid import UUID

PatientId = NewType("PatientId", UUID)
"""The platform's own identifier of a person, by which addresses name them; never an INS, and it opens nothing."""

ENTROPY_BYTES = 10


def uuid7(at: datetime, entropy: bytes) -> UUID:
    """A UUIDv7 for the instant `at` (aware) and 10 random bytes; ValueError on another length."""
    if len(entropy) != ENTROPY_BYTES:
        raise ValueError(f"{ENTROPY_BYTES} bytes of entropy are needed, {len(entropy)} were given")
    milliseconds = int(at.timestamp() * 1000)
    value = (milliseconds << 80) | int.from_bytes(entropy)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
