"""What the worker does with a request that a page may not answer differently, whoever it is about."""

from espace import edge
from espace.identity.actions.advising import forget_passed
from espace.identity.actions.recovery import make_links
from espace.identity.events import RecoveryAsked, SessionOver
from espace.kernel.ids import PatientId


def make_recovery_links(event: RecoveryAsked) -> None:
    """The links of whoever typed this, if it is somebody."""
    make_links(typed=event.typed, at=edge.now())


def forget_session(event: SessionOver) -> None:
    """The account of whom a digital adviser helped says it no more."""
    forget_passed(PatientId(event.patient), at=edge.now())
