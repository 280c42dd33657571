"""The session of a professional in a browser: a row that anybody entitled can end, and a key of its cookie's session.

It has a key of its own ("pro"): a holder signed in with the same browser is somebody else. A sign-in that is
under way is kept in a signed cookie, so that nothing is written for whoever has not signed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import rotate_token
from django.urls import reverse

from espace.access.gate import run_again
from espace.identity.actions.sessions import act_in, begin_professional_session, end_professional_session
from espace.identity.facts.sessions import ProfessionalSession
from espace.identity.queries.sessions import professional_session
from espace.workstation.signing_in import WAITS, Pending, Recognised

LONGEST = timedelta(hours=8)
IDLE = timedelta(minutes=30)
NOTED_EVERY = timedelta(minutes=1)
"""How precisely we know when somebody was last there; nothing is written in between."""
MOST_PENDING = 3
"""Sign-ins begun in several tabs of one browser."""

SIGNED_IN = "pro"
COOKIE = SALT = "pro_pending"


@dataclass(frozen=True, slots=True)
class Left:
    """What a session that ended leaves: the ID token, by which the provider knows which of its own to end."""

    id_token: str


def pending_of(request: HttpRequest) -> tuple[Pending, ...]:
    """The sign-ins begun in this browser; none when their cookie is not one of ours, or too old."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=WAITS)
    except signing.BadSignature:
        return ()
    return tuple(
        Pending(state, nonce, verifier, datetime.fromisoformat(asked_at), then)
        for state, nonce, verifier, asked_at, then in kept
    )


def keep_pending(response: HttpResponseBase, waiting: Sequence[Pending]) -> None:
    """The last sign-ins begun in this browser, and no other; each serves once, so that what served is left out."""
    path = reverse("pro_home")
    if not waiting:
        response.delete_cookie(COOKIE, path=path, samesite="Lax")
        return
    kept = [
        (one.state, one.nonce, one.verifier, one.asked_at.isoformat(), one.then) for one in waiting[-MOST_PENDING:]
    ]
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=SALT, compress=True),
        max_age=WAITS,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


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
        regulates=recognised.stated.regulates,
        at=at,
        until=at + LONGEST,
    )
    session_id = run_again(begun)
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
    run_again(partial(act_in, session_id=session.id, organisation=organisation))


def end(request: HttpRequest, *, at: datetime) -> Left | None:
    """Sign out; None when nobody was signed in. A session of somebody else in the same browser stays."""
    kept = request.session.pop(SIGNED_IN, None)
    if kept is None:
        return None
    run_again(partial(end_professional_session, session_id=UUID(kept["session"]), at=at))
    if not request.session.keys():
        request.session.flush()
    return Left(kept["id_token"])


def way_out(request: HttpRequest) -> str:
    """The origin to which the form that signs out may lead; "" for none."""
    kept = request.session.get(SIGNED_IN)
    return str(kept["leave"]) if kept else ""
