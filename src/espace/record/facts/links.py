"""What links filed objects, as whoever filed them changes it (ITI-57)."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from espace.wire.xds import Linking

MEMBER: Final = "HasMember"
"""The kind of the link of a filed folder to a document in it, beside those of `Linking`."""
ENDED: Final = frozenset({MEMBER, Linking.APPENDS.value, Linking.TRANSFORMS.value})
"""The links that may be made and ended between objects filed before: what replaces or signs another is deposited so,
and stays."""


@dataclass(frozen=True, slots=True)
class OwnLink:
    """A link of what the organisation filed, by its kind (`Linking`, MEMBER); `ended`: it was, and is told no more."""

    kind: str
    source: UUID
    target: UUID
    ended: bool = False
