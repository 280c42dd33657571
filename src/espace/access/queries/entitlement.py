"""The entitlement matrix in force (helper « directory » replaces this module)."""

from datetime import datetime

from espace.kernel.words import EVERY_KIND, Kinds


def entitlement(profession: str, at: datetime) -> tuple[Kinds, Kinds]:
    """What this profession reads, and writes."""
    return EVERY_KIND, EVERY_KIND
