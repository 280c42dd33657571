"""The session of a professional in a browser: a row that anybody entitled can end, and a key of its cookie's session.

Everything is under keys of its own ("pro…"): a holder signed in with the same browser is somebody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from espace.identity.actions.sessions import act_in, begin_professional_session, end_professional_session
from espace.identity.facts.sessions import ProfessionalSession
from espace.identity.queries.sessions import professional_session
from espace.workstation.again import again
from espace.workstation.oidc.signing_in import Pending, Recognised

LONGEST = timedelta(hours=8)
IDLE = timedelta(minutes=30)
NOTED_EVERY = timedelta(minutes=1)
"""How precisely we know when somebody was last there; nothing is written in between."""
MOST_PENDING = 3
"""Sign-ins begun in several tabs of one browser."""

SIGNED_IN = "pro"
PENDING = "pro_pending"


@dataclass(frozen=True, slots=True)
class Left:
    """What a session that ended leaves: the ID token, by which the provider knows which of its own to end."""

    id_token: str


def keep_pending(request: HttpRequest, pending: Pending) -> None:
    entry = {
        "state": pending.state,
        "nonce": pending.nonce,
        "verifier": pending.verifier,
        "asked_at": pending.asked_at.isoformat(),
        "then": pending.then,
    }
    request.session[PENDING] = [*request.session.get(PENDING, []), entry][-MOST_PENDING:]


def take_pending(request: HttpRequest, state: str, *, at: datetime) -> Pending | None:
    """The sign-in that this browser began under this state, which serves once; None when there is none, or too old."""
    kept: list[Mapping[str, str]] = request.session.get(PENDING, [])
    found = next((one for one in kept if one["state"] == state), None)
    if found is None:
        return None
    request.session[PENDING] = [one for one in kept if one is not found]
    asked_at = datetime.fromisoformat(found["asked_at"])
    pending = Pending(found["state"], found["nonce"], found["verifier"], asked_at, found["then"])
    return pending if pending.waits(at) else None


def begin(
    request: HttpRequest,
    recognised: Recognised,
    *,
    professional: UUID,
    organisation: UUID | None,
    leave: str,
    at: datetime,
) -> None:
    """Sign somebody in, under a new cookie; whoever was signed in here before is signed out.

    `leave` is the origin to which the browser goes to sign out, "" for none.
    """
    end(request, at=at)
    begun = partial(
        begin_professional_session,
        professional=professional,
        organisation=organisation,
        names=recognised.names,
        at=at,
        until=at + LONGEST,
    )
    session_id = again(begun)
    request.session.cycle_key()
    rotate_token(request)
    request.session[SIGNED_IN] = {
        "session": str(session_id),
        "seen": at.isoformat(),
        "id_token": recognised.id_token,
        "leave": leave,
    }


def current(request: HttpRequest, *, at: datetime) -> ProfessionalSession | None:
    """The session of this browser, noted as used; None when there is none, or none any more."""
    kept = request.session.get(SIGNED_IN)
    if kept is None:
        return None
    seen = datetime.fromisoformat(kept["seen"])
    found = professional_session(UUID(kept["session"]), at=at) if at - seen < IDLE else None
    if found is None:
        del request.session[SIGNED_IN]
    elif at - seen >= NOTED_EVERY:
        request.session[SIGNED_IN] = {**kept, "seen": at.isoformat()}
    return found


def act(session: ProfessionalSession, organisation: UUID) -> None:
    """From now on, the professional acts there."""
    again(partial(act_in, session_id=session.id, organisation=organisation))


def end(request: HttpRequest, *, at: datetime) -> Left | None:
    """Sign out; None when nobody was signed in. A session of somebody else in the same browser stays."""
    kept = request.session.pop(SIGNED_IN, None)
    if kept is None:
        return None
    again(partial(end_professional_session, session_id=UUID(kept["session"]), at=at))
    if not set(request.session.keys()) - {PENDING}:
        request.session.flush()
    return Left(kept["id_token"])


def way_out(request: HttpRequest) -> str:
    """The origin to which the form that signs out may lead; "" for none."""
    kept = request.session.get(SIGNED_IN)
    return str(kept["leave"]) if kept else ""
