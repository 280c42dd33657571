"""What a sign-in leaves: the session that its holder sees, the time of the second factor, a browser that is known.

Kept in the web session: when the holder came in, when they last gave a second factor, when they were last seen.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from espace.identity.actions.web_sessions import QUARTER, begin_web_session, follow_web_session, touch_web_session
from espace.identity.events import NewBrowser
from espace.identity.rules.browsers import browser_of
from espace.looks.sessions import row_key
from espace.outbox import actions as outbox

CAME_IN, SECOND_FACTOR, SEEN = "came_in", "second_factor", "seen"
COOKIE = "espace_device"
COOKIE_AGE = timedelta(days=400)
"""As long as browsers keep a cookie."""
MOST_HOLDERS = 8
"""Of one browser: a family’s."""
_SALT = "espace.device"


def entered(request: HttpRequest, user: Any, *, at: datetime) -> None:
    """After a sign-in with two factors: the session is listed, and the second factor is fresh."""
    for name in (CAME_IN, SECOND_FACTOR, SEEN):
        request.session[name] = at.isoformat()
    begin_web_session(
        account_id=user.pk, key=own_key(request), browser=browser_of(request.headers.get("User-Agent", "")), at=at
    )


def keep_signed_in(request: HttpRequest, user: Any) -> None:
    """After another password, which signs every session out: this one goes on, under another cookie."""
    before = own_key(request)
    update_session_auth_hash(request, user)
    follow_web_session(account_id=user.pk, key=before, now_called=own_key(request))


def own_key(request: HttpRequest) -> str:
    """What `django_session` calls the session of this request."""
    return row_key(request.session.session_key)


def still_here(request: HttpRequest, account_id: UUID, *, at: datetime) -> bool:
    """Note a use of the session, to the quarter of an hour; false, and signed out, when it is too old.

    A session ends twelve hours after its sign-in (SESSION_COOKIE_AGE), however much it is used.
    """
    came_in, seen = instant(request, CAME_IN), instant(request, SEEN)
    if came_in and at - came_in > timedelta(seconds=settings.SESSION_COOKIE_AGE):
        logout(request)
        return False
    if seen and at - seen >= QUARTER:
        request.session[SEEN] = at.isoformat()
        touch_web_session(account_id=account_id, key=own_key(request), at=at)
    return True


def instant(request: HttpRequest, name: str) -> datetime | None:
    """An instant that this module keeps in the session."""
    kept = request.session.get(name)
    return datetime.fromisoformat(kept) if kept else None


def recognise(request: HttpRequest, response: HttpResponse, user: Any, *, at: datetime, tell: bool = True) -> None:
    """Make the browser known as this holder's; a mail tells them where it was not, unless `tell` is false.

    The cookie names nobody: it holds, signed, one keyed hash for each account. It opens nothing.
    """
    mark = salted_hmac(_SALT, str(user.pk), algorithm="sha256").hexdigest()[:32]
    known = _marks(request)
    if mark not in known and tell and user.patient_id:
        outbox.post(NewBrowser(user.patient_id, at), patient=user.patient_id, at=at)
    kept = [mark, *(one for one in known if one != mark)][:MOST_HOLDERS]
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=_SALT),
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> list[str]:
    try:
        return list(signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT))
    except signing.BadSignature:
        return []
