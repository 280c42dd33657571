"""Reactions of the indicators."""

from espace.indicators import actions
from espace.outbox.events import Counted


def count(event: Counted) -> None:
    """Add one to the day's counter; the same event again changes nothing."""
    actions.count(event)
