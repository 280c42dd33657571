"""The vocabulary of indicators."""

from dataclasses import dataclass
from datetime import date

from espace.outbox.events import What


@dataclass(frozen=True, slots=True)
class Count:
    """How many deposits or readings of one kind, sector, region and channel happened on one day."""

    day: date
    what: What
    kind: str
    sector: str
    region: str
    channel: str
    count: int
