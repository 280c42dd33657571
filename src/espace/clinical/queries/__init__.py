"""The only readers of facts. Every one that serves somebody takes the Grant first."""

from espace.clinical.queries.blocks import PARTS
from espace.clinical.queries.earlier import said_then
from espace.clinical.queries.extracted import (
    CHOICE,
    extracts,
    facts_of,
    known,
    read_already,
    switched_off,
    unread_counts,
)
from espace.clinical.queries.newest import newest
from espace.clinical.queries.shared import shared
from espace.clinical.queries.waiting import NOBODY, patients_waiting, waits

__all__ = [
    "CHOICE",
    "NOBODY",
    "PARTS",
    "extracts",
    "facts_of",
    "known",
    "newest",
    "patients_waiting",
    "read_already",
    "said_then",
    "shared",
    "switched_off",
    "unread_counts",
    "waits",
]
