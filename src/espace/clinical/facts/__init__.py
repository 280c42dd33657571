"""The vocabulary of what is known of somebody's health."""

from espace.clinical.facts.extracted import (
    Detail,
    Dosage,
    Extracted,
    Fact,
    Kind,
    NotRead,
    Origin,
    Place,
    Sourced,
    State,
    Unread,
)
from espace.clinical.facts.kept import FREQUENT, Choice, Few, Known, Shared, UnreadCount

__all__ = [
    "FREQUENT",
    "Choice",
    "Detail",
    "Dosage",
    "Extracted",
    "Fact",
    "Few",
    "Kind",
    "Known",
    "NotRead",
    "Origin",
    "Place",
    "Shared",
    "Sourced",
    "State",
    "Unread",
    "UnreadCount",
]
