"""What the worker does with a request that a page may not answer differently, whoever it is about."""

from espace import edge
from espace.identity.actions.recovery import make_links
from espace.identity.events import RecoveryAsked


def make_recovery_links(event: RecoveryAsked) -> None:
    """The links of whoever typed this, if it is somebody."""
    make_links(typed=event.typed, at=edge.now())
