"""« Sécurité »: how one signs in, where one is signed in, and how to end that."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from espace.edge import now
from espace.identity.actions.web_sessions import end_other_web_sessions, end_web_session
from espace.identity.facts.web_sessions import Browser, WebSession
from espace.identity.queries.web_sessions import web_sessions
from espace.looks.frame import render, tabs
from espace.looks.notes import note_in
from espace.looks.plain import missing
from espace.looks.words import full_moment
from espace.portal.entering import own_key
from espace.portal.factors import factors_of
from espace.portal.pages.security_acts import asked, done
from espace.portal.pages.visit import Visit
from espace.portal.pages.way_back import waiting_words
from espace.portal.places import SHARING

TEMPLATE = "portal/security/security.html"

_NAMES = {
    "edge": "Edge",
    "opera": "Opera",
    "samsung": "Samsung Internet",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
    "": gettext_noop("Un navigateur"),
}
_SYSTEMS = {
    "android": "Android",
    "iphone": "iPhone",
    "ipad": "iPad",
    "windows": "Windows",
    "chromeos": "ChromeOS",
    "macos": "Mac",
    "linux": "Linux",
    "": gettext_noop("un appareil inconnu"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A session as the page shows it; `own` is the one that asks."""

    id: UUID
    label: str
    first: str
    last: str
    own: bool


def security(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    account, at, own = visit.actor.id, now(), own_key(request)
    sessions = [_shown(one, own) for one in web_sessions(account, at=at)]
    context = {
        "tabs": tabs(request, SHARING),
        "note": note_in(request, reader=account, at=at),
        "factors": factors_of(account),
        "email": get_user_model().objects.values_list("email", flat=True).get(pk=account),
        "way_back": waiting_words(account),
        "sessions": sorted(sessions, key=lambda one: not one.own),
        "others": any(not one.own for one in sessions),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def end_session(request: HttpRequest, visit: Visit, session_id: UUID) -> HttpResponseBase:
    """Somebody else's session, or one that has ended, is not there."""
    account, at = visit.actor.id, now()
    found = next((one for one in web_sessions(account, at=at) if one.id == session_id), None)
    if found is None or found.key == own_key(request):
        return missing(request, name=visit.name)
    if request.method == "POST":
        end_web_session(account_id=account, session_id=session_id)
        return done(visit, gettext("C’est fait : cette session est fermée."))
    return asked(
        request,
        visit,
        title=gettext("Fermer cette session ?"),
        about=words(found.browser),
        effects=(gettext("Cet appareil devra se connecter de nouveau, avec ses deux preuves."),),
        button=gettext("Fermer la session"),
    )


def end_others(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method == "POST":
        end_other_web_sessions(account_id=visit.actor.id, key=own_key(request))
        return done(visit, gettext("C’est fait : toutes les autres sessions sont fermées."))
    return asked(
        request,
        visit,
        title=gettext("Fermer toutes les autres sessions ?"),
        effects=(
            gettext("Les autres appareils devront se connecter de nouveau, avec leurs deux preuves."),
            gettext("Cette session reste ouverte."),
        ),
        button=gettext("Fermer les autres sessions"),
    )


def words(browser: Browser) -> str:
    """« Firefox sur Windows »."""
    said = {"browser": gettext(_NAMES[browser.name]), "system": gettext(_SYSTEMS[browser.system])}
    return gettext("%(browser)s sur %(system)s") % said


def _shown(session: WebSession, own: str) -> Shown:
    first, last = full_moment(session.first_at), full_moment(session.last_at)
    return Shown(session.id, words(session.browser), first, last, session.key == own)
