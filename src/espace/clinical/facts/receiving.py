"""The vocabulary of measures that software sends, where nobody typed them (API Mesures)."""

from collections.abc import Mapping
from dataclasses import dataclass

from espace.clinical.facts.profile import Received


@dataclass(frozen=True, slots=True)
class Ready:
    """A measure once checked: its fields as they are kept, how it came, and its place in what was sent."""

    place: str
    values: Mapping[str, str]
    received: Received
