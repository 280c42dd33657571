"""Reactions of the indicators."""

from espace.indicators import actions
from espace.outbox.events import Counted


def count(*events: Counted) -> None:
    """Add one to the day's counter for each; the same event again changes nothing."""
    actions.count(*events)
