"""Who may feed or read by state of the space, and how states follow each other (A01-A42)."""

from datetime import timedelta

from espace.enrolment.facts import State, Step
from espace.kernel.reasons import Reason
from espace.kernel.reasons import decisions as reasons

INVITATION_LIFETIME = timedelta(weeks=6)
"""B01: a provisional code is valid six weeks."""

INVITATION_ATTEMPTS = 5
"""Wrong birth dates after which a link is dead (ENU-03)."""

FEEDING: dict[State, Reason | None] = {
    State.NOT_INVITED: reasons.SPACE_NOT_OPEN,
    State.INFORMED: reasons.SPACE_NOT_OPEN,
    State.OPPOSED: reasons.SPACE_OPPOSED,
    State.OPENED: None,
    State.ACTIVATED: None,
    State.SUSPENDED: None,
    State.CLOSED: reasons.SPACE_NOT_OPEN,
    State.ERASURE_REQUESTED: reasons.SPACE_NOT_OPEN,
    State.ERASED: reasons.SPACE_NOT_OPEN,
    State.DECEASED: reasons.SPACE_NOT_OPEN,
}
"""Why a space in this state may not be fed, or None."""

READING: dict[State, Reason | None] = {**FEEDING, State.SUSPENDED: reasons.SPACE_SUSPENDED}
"""Why a space in this state may not be read, or None."""

TRANSITIONS: dict[tuple[State, Step], State] = {
    (State.NOT_INVITED, Step.OPEN): State.OPENED,
    (State.INFORMED, Step.OPEN): State.OPENED,
    (State.NOT_INVITED, Step.OBJECT): State.OPPOSED,
    (State.INFORMED, Step.OBJECT): State.OPPOSED,
    (State.OPENED, Step.ACTIVATE): State.ACTIVATED,
    (State.OPENED, Step.ASK_CLOSING): State.SUSPENDED,
    (State.ACTIVATED, Step.ASK_CLOSING): State.SUSPENDED,
    (State.SUSPENDED, Step.CLOSE): State.CLOSED,
    (State.SUSPENDED, Step.REOPEN): State.ACTIVATED,
    (State.CLOSED, Step.REOPEN): State.ACTIVATED,
}

ACTIVABLE = tuple(state for state, step in TRANSITIONS if step is Step.ACTIVATE)
REOPENABLE = frozenset(state for state, step in TRANSITIONS if step is Step.REOPEN)


def after(state: State, step: Step) -> State | None:
    """The next state, or None where this step cannot happen in this state."""
    return TRANSITIONS.get((state, step))
